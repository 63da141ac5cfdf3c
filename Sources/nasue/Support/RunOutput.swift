import Alignment
import Glibc
import NASCrypto
import Observer
import Reporting
import Scenario
import Trace

/// Everything a run shows and leaves behind: folds over its events, and where their texts go.
final class RunOutput {
  private let arguments: OutputArguments
  private let required: Set<String>
  private let reports: [(kind: ReportFormat, file: OutputFile)]
  private var ladder: Ladder
  private var lines: EventLines
  private var report: RunReport
  private let capture: TraceCapture?
  /// Names ciphered messages from the octets and K, as the verdicts are made.
  private var observer: Observer
  private var engine = CryptoEngine()
  private var observations: [Observation] = []

  /// - Parameters:
  ///   - title: `nasue attach`.
  ///   - facts: the table at the head of a report.
  init(
    _ arguments: OutputArguments, title: String, facts: [RunReport.Fact], names: TraceLog.Names, subscribers: [SubscriberCredentials],
    required: Set<String> = []
  ) throws {
    self.arguments = arguments
    reports = try arguments.reports().map { ($0.kind, try OutputFile($0.path)) }
    var style = TerminalStyle()
    style.colours = StandardStream.output.takesColour
    ladder = Ladder(style: style, names: names, showKeys: arguments.showKeys)
    lines = EventLines(names: names, showKeys: arguments.showKeys)
    report = RunReport(title: title, facts: facts, names: names, required: required, showKeys: arguments.showKeys)
    self.required = required
    capture = try arguments.pcap.map { TraceCapture(try OutputFile($0), names: names) }
    observer = Observer(subscribers: subscribers)
  }

  /// A context from before the run, under which the first messages may be.
  func know(_ stored: StoredContext) { observer.know(stored, using: &engine) }

  func show(_ event: TraceEvent) {
    observations.removeAll(keepingCapacity: true)
    observer.consume(event, using: &engine, into: &observations)
    let deciphered = DecipheredNAS(of: event.index, in: observations)
    capture?.show(event)
    if !reports.isEmpty { report.consume(event, observations: observations, namesUEs: false) }
    guard !arguments.quiet else { return }
    switch arguments.format {
    case .text: StandardStream.output.write(ladder.consume(event, deciphered: deciphered))
    case .json: StandardStream.output.write(lines.consume(event, deciphered: deciphered))
    }
  }

  /// The lines held back until a name is known: at the end, or when nothing has come for a while.
  func flush() {
    guard !arguments.quiet else { return }
    switch arguments.format {
    case .text: StandardStream.output.write(ladder.finish())
    case .json: StandardStream.output.write(lines.finish())
    }
  }

  /// Prints the verdicts and writes the files.
  ///
  /// - Parameter failure: what ended the run early, or made it fail, in one line.
  func finish(verdicts: [Verdict], results: [AttachRun.UEResult] = [], failure: String?) throws {
    flush()
    switch arguments.format {
    case .text:
      var style = TerminalStyle()
      style.colours = StandardStream.output.takesColour
      if !results.isEmpty { StandardStream.output.write("\n" + results.map { "UE \($0.imsi): \($0.summary)\n" }.joined()) }
      if !verdicts.isEmpty { StandardStream.output.write("\n" + VerdictLines(style: style).text(of: verdicts, required: required)) }
    case .json:
      for result in results { StandardStream.output.write(result.jsonLine) }
      for verdict in verdicts { StandardStream.output.write(verdict.jsonLine) }
    }
    try capture?.finish(verdicts)
    report.failure = failure ?? ""
    report.finish(verdicts: verdicts)
    for wanted in reports {
      wanted.file.append(Array(report.text(as: wanted.kind).utf8))
      try wanted.file.finish()
    }
  }

  /// Time since 1970, for captures.
  static func wallClock() -> Duration {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
  }
}

extension AttachRun.UEResult {
  /// `{"ue":"001010123456780","attached":true,"detached":null,"state":"EMM-REGISTERED","failure":null}` and a line end.
  fileprivate var jsonLine: String {
    var json = JSONWriter()
    json.object {
      $0.member("ue", imsi)
      $0.member("attached", attached)
      $0.name("detached")
      if let detached { $0.literal(detached ? "true" : "false") } else { $0.literal("null") }
      $0.member("state", state)
      $0.name("failure")
      if let failure = failure ?? stepFailure { $0.string(failure) } else { $0.literal("null") }
    }
    json.endLine()
    return json.text
  }
}
