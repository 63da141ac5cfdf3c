import Alignment
import ArgumentParser
import Capture
import NASCrypto
import Profiles
import Reporting
import Trace
import Transport

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reads a capture of S1AP and gives the verdicts of a run on it.",
    discussion: """
      The capture is pcap or pcapng: SCTP over IP on Ethernet, Linux cooked, raw IP or loopback; SCTP alone; or S1AP-PDUs as Wireshark
      exports them or srsRAN writes them. With the K of a subscriber every key of its UE is computed from the challenges in the capture,
      and what the network sent is compared with that. Where K is not known a file of KASMEs will do:

        kasmes:
          - {imsi: "001010123456780", eksi: 0, kasme: 64 hex digits}      # eksi may be left out: a message that verifies tells
          - {rand: 32 hex digits, kasme: 64 hex digits}                   # the challenge with this RAND, whoever's

      UEs without keys are followed as far as plain fields allow: eKSI, NCC, capabilities, algorithms; the rest is said to be undecided.

        nasue check trace.pcap --subscribers subscribers.yaml
        nasue check trace.pcap --kasmes kasmes.yaml
        nasue check trace.pcapng --imsi 001010123456780 --k … --opc … --report html=trace.html

      Frames in verdicts are packet numbers as Wireshark counts them. With many UEs only what is not aligned is listed; --verbose lists all.

      Exit status: 0 nothing misaligned; 1 something is, or what --require names stays open; 2 usage, no capture of
      S1AP, nothing in it that can be judged, or keys that are not those of its UEs.
      """)

  @Argument(help: ArgumentHelp("The capture; - is standard input.", valueName: "capture")) var path: String
  @OptionGroup(title: "Subscribers") var subscriber: SubscriberArguments
  @Option(help: ArgumentHelp("YAML file of KASMEs, of UEs whose K is not known.", valueName: "file")) var kasmes: String?
  @Option(
    help: ArgumentHelp("An assertion that must be decided for each UE that attaches, such as nh-genealogy; repeatable.", valueName: "slug"))
  var require: [String] = []
  @Flag(help: "Print the messages as a ladder, too.") var ladder = false
  @Flag(help: "List every verdict, of however many UEs.") var verbose = false
  @Option(help: "text for people, json for one object a line.") var format: OutputArguments.Format = .text
  @Option(help: ArgumentHelp("Write a report: html=FILE, junit=FILE, json=FILE or jsonl=FILE; repeatable.", valueName: "kind=file"))
  var report: [String] = []
  @Option(
    help: ArgumentHelp("Write the capture again, as pcapng with the verdicts as comments of their packets.", valueName: "file"))
  var pcapng: String?
  @Flag(help: "Print keys. Without it they are told apart by fingerprints.") var showKeys = false

  /// More verdicts than these are not listed when nothing is wrong with them.
  private static let listed = 400

  func run() throws { try guarded { try check() } }

  private func check() throws {
    if pcapng == path { throw Refusal.usage("--pcapng \(path): that is the capture itself") }
    if pcapng != nil, path == "-" { throw Refusal.usage("--pcapng: standard input cannot be read twice") }
    var engine = CryptoEngine()
    let subscribers = subscriber.isGiven ? try subscriber.all(using: &engine) : []
    for slug in require where !AssertionSlugs.all.contains(slug) {
      let near = Suggestions.nearest(to: slug, among: AssertionSlugs.all)
      throw Refusal.usage(
        "--require \(slug): no assertion has that name" + (near.isEmpty ? "" : "; perhaps \(near.joined(separator: ", "))"))
    }
    let told = try kasmes.map { try SubscriberArguments.kasmes($0) } ?? []
    let run = CaptureRun(subscribers: subscribers, kasmes: told, required: Set(require), showKeys: showKeys)
    // It lives as long as the process: taking the ledgers of ten thousand UEs apart at the end is of no use.
    _ = Unmanaged.passRetained(run)
    let shown = try CaptureOutput(
      format: format, printsEvents: ladder, reports: OutputArguments.reports(report), showKeys: showKeys, subscribers: subscribers,
      kasmes: told, required: Set(require), title: "nasue check \(path)")
    InterruptSignal.install()
    do throws(CaptureError) {
      try run.read(path, observe: shown.isWatching ? { shown.show($0, names: $1) } : nil, isInterrupted: { InterruptSignal.count > 0 })
    } catch {
      throw Refusal.usage("\(path): \(error)")
    }
    guard run.follower.messages > 0 else {
      let why = run.unread().map { "; \($0)" }.joined()
      throw Refusal.usage("\(path): no S1AP in its \(run.packets) packets\(why)")
    }
    let (failure, fault, verdicts) = try shown.finish(
      of: run, path: path, isInterrupted: InterruptSignal.count > 0, subscribers: subscribers.count, kasmes: told.count,
      limit: verbose ? .max : Self.listed, isKeepingAll: pcapng != nil)
    if let pcapng { try CommentedCapture.write(verdicts, of: path, packets: run.packets, to: pcapng) }
    if InterruptSignal.count > 0 { throw Refusal(status: ExitCode(130), message: "interrupted after packet \(run.packets)") }
    if let failure {
      if let fault { StandardStream.error.write("nasue: \(fault)\n") }
      throw Refusal(status: ExitStatus.checkFailed, message: failure)
    }
    if let fault { throw Refusal.usage(fault) }
  }
}
