import Alignment
import Capture
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
  private let reports: [(kind: ReportFormat, path: String)]
  private var ladder: Ladder
  private var lines: EventLines
  private var report: RunReport
  private var capture: CaptureWriter?
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
    reports = try arguments.reports()
    var style = TerminalStyle()
    style.colours = StandardStream.output.takesColour
    ladder = Ladder(style: style, names: names, showKeys: arguments.showKeys)
    lines = EventLines(names: names, showKeys: arguments.showKeys)
    report = RunReport(title: title, facts: facts, names: names, required: required, showKeys: arguments.showKeys)
    self.required = required
    if let path = arguments.pcap { capture = CaptureWriter(format: .init(path: path), start: RunOutput.wallClock(), names: names) }
    observer = Observer(subscribers: subscribers)
  }

  func show(_ event: TraceEvent) {
    observations.removeAll(keepingCapacity: true)
    observer.consume(event, using: &engine, into: &observations)
    let deciphered = DecipheredNAS(of: event.index, in: observations)
    capture?.consume(event)
    if !reports.isEmpty { report.consume(event, deciphered: deciphered) }
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
  func finish(verdicts: [Verdict], summary: [String], failure: String?) throws {
    flush()
    switch arguments.format {
    case .text:
      var style = TerminalStyle()
      style.colours = StandardStream.output.takesColour
      if !summary.isEmpty { StandardStream.output.write("\n" + summary.map { $0 + "\n" }.joined()) }
      if !verdicts.isEmpty { StandardStream.output.write("\n" + VerdictLines(style: style).text(of: verdicts, required: required)) }
    case .json:
      for verdict in verdicts { StandardStream.output.write(verdict.jsonLine) }
    }
    if let path = arguments.pcap, let capture { try Files.write(capture.octets, to: path) }
    report.failure = failure ?? ""
    report.finish(verdicts: verdicts)
    for wanted in reports { try Files.write(report.text(as: wanted.kind).utf8, to: wanted.path) }
  }

  /// Time since 1970, for captures.
  private static func wallClock() -> Duration {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
  }
}
