import Alignment
import NASCrypto
import Observer
import Profiles
import Reporting
import Scenario
import Trace

/// What `nasue run` prints and leaves behind.
final class ProfileOutput {
  private let arguments: ProfileOutputArguments
  private let reports: [(kind: ReportFormat, file: OutputFile)]
  private var report = SuiteReport(title: "nasue run")
  private let lines: SuiteLines
  private let printsConformance: Bool
  private let baseline: ProfileBaseline
  private var ladder: LadderOutput?

  /// - Parameters:
  ///   - isLive: it is a real MME's conformance.
  ///   - baseline: the failures that are known.
  init(_ arguments: ProfileOutputArguments, isLive: Bool, baseline: ProfileBaseline) throws {
    self.arguments = arguments
    self.baseline = baseline
    printsConformance = arguments.conformance || isLive
    reports = try arguments.reports().map { ($0.kind, try OutputFile($0.path)) }
    var style = TerminalStyle()
    style.colours = StandardStream.output.takesColour
    lines = SuiteLines(style: style, isBrief: arguments.quiet)
  }

  /// Before the first event of a profile.
  func begin(_ profile: Profile, subscribers: [SubscriberCredentials], names: TraceLog.Names) {
    guard arguments.format == .text else { return }
    if arguments.ladder { ladder = LadderOutput(style: lines.style, names: names, showKeys: arguments.showKeys, subscribers: subscribers) }
    StandardStream.output.write(lines.head(file: profile.file, title: profile.title, clause: profile.clause))
  }

  func show(_ event: TraceEvent) { ladder?.show(event) }

  func end(_ result: ProfileResult) {
    ladder?.finish()
    ladder = nil
    let known = baseline.entry(for: result.profile)
    if case .passed = result.outcome, let known {
      StandardStream.error.write("nasue: \(known.place): \(result.profile.title) passes now; it was known to fail: \(known.reason)\n")
    }
    let entry = SuiteReport.Entry(result, known: known?.reason)
    report.entries.append(entry)
    switch arguments.format {
    case .json: StandardStream.output.write(entry.jsonLine)
    case .text: StandardStream.output.write(lines.text(of: entry))
    }
  }

  /// The last lines, and the files.
  ///
  /// - Returns: whether nothing failed that the baseline does not know.
  func finish() throws -> Bool {
    if arguments.format == .text {
      if printsConformance {
        let table = ConformanceTable(report.entries.flatMap(\.verdicts))
        StandardStream.output.write("\n" + table.text(style: lines.style))
      }
      StandardStream.output.write(lines.summary(of: report))
    }
    for wanted in reports {
      wanted.file.append(Array((wanted.kind == .json ? report.json() : report.junit()).utf8))
      try wanted.file.finish()
    }
    return report.count("failed") == 0
  }
}

/// The ladder of one profile on standard output.
private final class LadderOutput {
  private var ladder: Ladder
  private var observer: Observer
  private var engine = CryptoEngine()
  private var observations: [Observation] = []

  init(style: TerminalStyle, names: TraceLog.Names, showKeys: Bool, subscribers: [SubscriberCredentials]) {
    ladder = Ladder(style: style, names: names, showKeys: showKeys)
    observer = Observer(subscribers: subscribers)
  }

  func show(_ event: TraceEvent) {
    observations.removeAll(keepingCapacity: true)
    observer.consume(event, using: &engine, into: &observations)
    StandardStream.output.write(ladder.consume(event, deciphered: DecipheredNAS(of: event.index, in: observations)))
  }

  func finish() { StandardStream.output.write(ladder.finish()) }
}

extension SuiteReport.Entry {
  init(_ result: ProfileResult, known: String?) {
    let outcome: Outcome =
      switch result.outcome {
      case .passed: .passed
      case .failed(let why): known.map { .skipped("known: \($0)") } ?? .failed(why)
      case .notApplicable(let why): .skipped(why)
      }
    self.init(
      file: result.profile.file, title: result.profile.title, clause: result.profile.clause, outcome: outcome,
      checks: result.checks.map { check in
        let outcome: Outcome =
          switch check.outcome {
          case .passed: .passed
          case .failed(let why): .failed(why)
          case .notApplicable(let why): .skipped(why)
          }
        return Check(text: check.text, place: "\(check.place)", outcome: outcome)
      }, verdicts: result.verdicts, duration: result.duration)
  }
}
