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

  /// Whether events are to be shown to it.
  var isWatching: Bool { observer != nil }

  func show(_ event: TraceEvent, names: TraceLog.Names) {
    guard observer != nil else { return }
    observations.removeAll(keepingCapacity: true)
    observer?.consume(event, using: &engine, into: &observations)
    let deciphered = DecipheredNAS(of: event.index, in: observations)
    if !reports.isEmpty {
      report.names = names
      report.consume(event, observations: observations)
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

  /// Tells the verdicts, one after the other: those of a large capture are not kept unless something needs all of them.
  /// - Parameters:
  ///   - limit: verdicts listed before the aligned and undecided ones are only counted.
  ///   - isKeepingAll: the verdicts are wanted afterwards.
  /// - Returns: what is wrong with the network, or left open that was required; what is wrong with the capture or the keys; and the
  ///   verdicts, if they were to be kept.
  func finish(
    of run: CaptureRun, path: String, isInterrupted: Bool, subscribers: Int, kasmes: Int, limit: Int, isKeepingAll: Bool
  ) throws -> (failure: String?, fault: String?, verdicts: [Verdict]) {
    let facts = facts(of: run, subscribers: subscribers, kasmes: kasmes)
    if printsEvents {
      switch format {
      case .text: StandardStream.output.write(ladder.finish() + "\n")
      case .json: StandardStream.output.write(lines.finish())
      }
    }
    if format == .text { StandardStream.output.write(facts.map { "\($0.name): \($0.value)\n" }.joined() + "\n") }
    var score = Scoreboard(required: required)
    var list = VerdictList(limit: limit, format: format, text: VerdictLines(style: style))
    var failure: String?
    var kept: [Verdict] = []
    let wantsAll = isKeepingAll || !reports.isEmpty
    run.tell(
      wantsAligned: { wantsAll || list.wantsMore },
      count: { aligned in
        score.consume(aligned: aligned)
        list.leaveOut(aligned)
      }
    ) { told in
      score.consume(told)
      if failure == nil, told.verdict == .misaligned { failure = "misaligned: \(told.slug) of UE \(told.ue)" }
      guard wantsAll || list.wants(told) else { return list.leaveOut(1) }
      let verdict = run.numbered(told)
      if wantsAll { kept.append(verdict) }
      list.take(verdict)
    }
    list.finish()
    let faults = run.faults()
    var fault = faults.first.map { "\(path): \($0)" }
    if fault == nil, !score.hasDecided {
      fault =
        run.alignment.ueCount > 0
        ? "\(path): nothing to judge: what can be read of its UEs decides nothing"
        : "\(path): nothing to judge: no message of a UE could be read in its \(run.follower.messages) S1AP messages"
    }
    if format == .text {
      let unfinished = isInterrupted ? "interrupted" : !score.hasDecided ? "nothing judged" : fault != nil ? "not to be relied on" : nil
      StandardStream.output.write(list.text.summary(of: score, unfinished: unfinished))
    }
    if failure == nil, !score.isPassed {
      failure = "nothing seen that decides \(score.open.map(\.slug).joined(separator: ", "))"
    }
    for line in run.unread() + faults.dropFirst() { StandardStream.error.write("nasue: \(line)\n") }
    report.facts = facts
    // What fails a verdict is told with it.
    report.failure = score.isPassed ? fault ?? "" : ""
    report.finish(verdicts: kept)
    for wanted in reports {
      wanted.file.append(Array(report.text(as: wanted.kind).utf8))
      try wanted.file.finish()
    }
    return (failure, fault, kept)
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
    return "\(whole)." + String(repeating: "0", count: max(0, 3 - milliseconds.count)) + milliseconds
  }
}
