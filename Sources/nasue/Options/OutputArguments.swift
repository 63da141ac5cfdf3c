import ArgumentParser
import Reporting

/// What is told, and where.
struct OutputArguments: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "text for people, json for one object a line.") var format: Format = .text
  @Option(help: ArgumentHelp("Write what passed as a capture that Wireshark reads.", valueName: "file")) var pcap: String?
  @Option(help: ArgumentHelp("Write a report: html=FILE, junit=FILE, json=FILE or jsonl=FILE; repeatable.", valueName: "kind=file"))
  var report: [String] = []
  @Flag(help: "Print keys. Without it they are told apart by fingerprints.") var showKeys = false
  @Flag(name: .shortAndLong, help: "Print the verdicts only.") var quiet = false

  func reports() throws -> [(kind: ReportFormat, path: String)] { try Self.reports(report) }

  static func reports(_ report: [String]) throws -> [(kind: ReportFormat, path: String)] {
    try report.map { text in
      guard let request = ReportRequest(argument: text) else {
        throw Refusal.usage("--report \(text): expected html=FILE, junit=FILE, json=FILE or jsonl=FILE")
      }
      return (request.format, request.path)
    }
  }
}
