import ArgumentParser
import Reporting

/// What `nasue run` tells, and where.
struct ProfileOutputArguments: ParsableArguments {
  @Option(help: "text for people, json for one object a profile.") var format: OutputArguments.Format = .text
  @Option(help: ArgumentHelp("Write a report: html=FILE, junit=FILE, json=FILE or jsonl=FILE; repeatable.", valueName: "kind=file"))
  var report: [String] = []
  @Option(
    help: ArgumentHelp(
      "Write what passed as a capture that Wireshark reads; of several profiles each has its own, with its number and name in the file's.",
      valueName: "file"))
  var pcap: String?
  @Flag(help: "Print each message as it passes.") var ladder = false
  @Flag(help: "Print keys. Without it they are told apart by fingerprints.") var showKeys = false
  @Flag(name: .shortAndLong, help: "A line a profile, without its steps.") var quiet = false
  @Flag(help: "Print the table of assertions, rules and verdicts at the end; with --mme always.") var conformance = false

  func reports() throws -> [(kind: ReportFormat, path: String)] { try OutputArguments.reports(report) }
}
