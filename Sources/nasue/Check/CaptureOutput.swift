import Alignment
import Capture
import NASCrypto
import Observer
import Reporting
import Trace

/// What `nasue check` prints, and the report files.
final class CaptureOutput {
  private let format: OutputArguments.Format
  private let printsEvents: Bool
  private let reports: [(kind: ReportFormat, file: OutputFile)]
  private let required: Set<String>
  private var style = TerminalStyle()
  private var ladder: Ladder
  private var lines: EventLines
  private var report: RunReport
  /// Names ciphered messages from the octets and K; nil when nothing shows them.
  private var observer: Observer?
  private var engine = CryptoEngine()
  private var observations: [Observation] = []

  init(
    format: OutputArguments.Format, printsEvents: Bool, reports: [(kind: ReportFormat, path: String)], showKeys: Bool,
    subscribers: [SubscriberCredentials], kasmes: [ToldKASME], required: Set<String>, title: String
  ) throws {
    self.format = format
    self.printsEvents = printsEvents
    self.required = required
    self.reports = try reports.map { ($0.kind, try OutputFile($0.path)) }
    style.colours = StandardStream.output.takesColour
    ladder = Ladder(style: style, names: TraceLog.Names(), showKeys: showKeys)
    lines = EventLines(names: TraceLog.Names(), showKeys: showKeys)
    report = RunReport(title: title, required: required, showKeys: showKeys)
    observer = printsEvents || !reports.isEmpty ? Observer(subscribers: subscribers, kasmes: kasmes) : nil
  }

  func show(_ event: TraceEvent, names: TraceLog.Names) {
    guard observer != nil else { return }
    observations.removeAll(keepingCapacity: true)
    observer?.consume(event, using: &engine, into: &observations)
    let deciphered = DecipheredNAS(of: event.index, in: observations)
    if !reports.isEmpty {
      report.names = names
      report.consume(event, deciphered: deciphered, ue: observations.first { $0.ue != nil }?.ue?.label)
    }
    guard printsEvents else { return }
    switch format {
    case .text:
      ladder.names = names
      StandardStream.output.write(ladder.consume(event, deciphered: deciphered))
    case .json:
      lines.names = names
      StandardStream.output.write(lines.consume(event, deciphered: deciphered))
    }
  }

  /// - Parameters:
  ///   - limit: verdicts listed before the aligned and undecided ones are only counted.
  ///   - failure: why the exit status is not 0.
  func finish(_ verdicts: [Verdict], of run: CaptureRun, subscribers: Int, kasmes: Int, limit: Int, failure: String?) throws {
    let facts = facts(of: run, subscribers: subscribers, kasmes: kasmes)
    switch format {
    case .text: write(verdicts, facts, unread: run.unread(), limit: limit)
    case .json:
      if printsEvents { StandardStream.output.write(lines.finish()) }
      for verdict in verdicts { StandardStream.output.write(verdict.jsonLine) }
    }
    for line in run.unread() { StandardStream.error.write("nasue: \(line)\n") }
    report.facts = facts
    report.failure = failure ?? ""
    report.finish(verdicts: verdicts)
    for wanted in reports {
      wanted.file.append(Array(report.text(as: wanted.kind).utf8))
      try wanted.file.finish()
    }
  }

  private func write(_ verdicts: [Verdict], _ facts: [RunReport.Fact], unread: [String], limit: Int) {
    if printsEvents { StandardStream.output.write(ladder.finish() + "\n") }
    StandardStream.output.write(facts.map { "\($0.name): \($0.value)\n" }.joined() + "\n")
    let text = VerdictLines(style: style)
    let listed = verdicts.count <= limit ? verdicts : verdicts.filter { $0.verdict == .misaligned || $0.verdict == .warning }
    for verdict in listed { StandardStream.output.write(text.text(of: verdict)) }
    if listed.count < verdicts.count {
      StandardStream.output.write(
        "\(verdicts.count - listed.count) verdicts not listed: aligned, observed or undecided (--verbose lists them)\n")
    }
    StandardStream.output.write(text.summary(of: verdicts, required: required))
  }

  private func facts(of run: CaptureRun, subscribers: Int, kasmes: Int) -> [RunReport.Fact] {
    let names = run.follower.names
    let gtp = run.follower.gtpMessages
    let between = gtp > 0 ? " and \(gtp) GTPv2-C messages between core nodes" : ""
    return [
      RunReport.Fact("Packets", "\(run.packets), \(run.follower.messages) S1AP messages\(between), \(seconds(run.duration)) s"),
      RunReport.Fact("MMEs", list(names.mmes.filter { $0.value.hasPrefix("MME ") })), RunReport.Fact("eNBs", list(names.eNBs)),
      RunReport.Fact(
        "UEs",
        "\(run.alignment.ueCount), K of \(subscribers) \(subscribers == 1 ? "subscriber" : "subscribers")"
          + (kasmes > 0 ? " and \(kasmes) \(kasmes == 1 ? "KASME" : "KASMEs")" : "") + " told"),
    ]
  }

  private func list(_ names: [Int: String]) -> String {
    let sorted = names.sorted { $0.key < $1.key }.map { $0.value.split(separator: " ", maxSplits: 1).last.map(String.init) ?? $0.value }
    return sorted.prefix(8).joined(separator: ", ") + (sorted.count > 8 ? " and \(sorted.count - 8) more" : "")
  }

  private func seconds(_ time: Duration) -> String {
    let (whole, rest) = time.components
    let milliseconds = String(rest / 1_000_000_000_000_000)
    return "\(whole)." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
  }
}
