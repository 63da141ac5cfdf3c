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
  private let captures: ProfileCaptures?
  /// Of each entry of the baseline whether a run failed as it says, whether one passed, and whether one did neither.
  private var standing: [(failed: Bool, passed: Bool, open: Bool)]
  /// What looks on while a profile runs.
  private var onlooker: ProfileOnlooker?

  /// - Parameters:
  ///   - isLive: it is a real MME's conformance.
  ///   - count: how many profiles there are.
  ///   - baseline: the failures that are known.
  init(_ arguments: ProfileOutputArguments, isLive: Bool, count: Int, baseline: ProfileBaseline) throws {
    self.arguments = arguments
    self.baseline = baseline
    standing = Array(repeating: (false, false, false), count: baseline.entries.count)
    printsConformance = arguments.conformance || isLive
    reports = try arguments.reports().map { ($0.kind, try OutputFile($0.path)) }
    captures = try arguments.pcap.map { try ProfileCaptures($0, count: count) }
    var style = TerminalStyle()
    style.colours = StandardStream.output.takesColour
    lines = SuiteLines(style: style, isBrief: arguments.quiet)
  }

  /// Before the first event of a profile.
  func begin(_ profile: Profile, subscribers: [SubscriberCredentials], names: TraceLog.Names) {
    let isText = arguments.format == .text
    onlooker = ProfileOnlooker(
      ladder: isText && arguments.ladder ? Ladder(style: lines.style, names: names, showKeys: arguments.showKeys) : nil,
      report: reports.contains { $0.kind == .html }
        ? RunReport(title: profile.title, names: names, showKeys: arguments.showKeys, maximumEvents: 2_000) : nil,
      subscribers: subscribers)
    captures?.begin(profile, names: names)
    if isText { StandardStream.output.write(lines.head(file: profile.file, title: profile.title, clause: profile.clause)) }
  }

  func show(_ event: TraceEvent) {
    onlooker?.show(event)
    captures?.show(event)
  }

  func end(_ result: ProfileResult) throws {
    let run = onlooker?.finish(result.verdicts)
    onlooker = nil
    try captures?.end(result.verdicts)
    var entry = SuiteReport.Entry(result, known: compare(result))
    entry.run = run
    report.entries.append(entry)
    switch arguments.format {
    case .json: StandardStream.output.write(entry.jsonLine)
    case .text: StandardStream.output.write(lines.text(of: entry))
    }
  }

  /// What the baseline says of a result; nil: nothing, or that it is new.
  private func compare(_ result: ProfileResult) -> String? {
    let own = baseline.entries(for: result.profile)
    switch result.outcome {
    case .passed:
      for number in own { standing[number].passed = true }
      return nil
    case .notApplicable:
      for number in own { standing[number].open = true }
      return nil
    case .failed:
      if let number = baseline.entry(for: result.profile, result.failure) {
        standing[number].failed = true
        return baseline.entries[number].reason
      }
      for number in own {
        standing[number].open = true
        let entry = baseline.entries[number]
        StandardStream.error.write(
          "nasue: \(entry.place): \(result.profile.title) fails otherwise than known: \(entry.difference(from: result.failure))\n")
      }
      return nil
    }
  }

  /// Entries that nothing fails for any more.
  private func tellPassing() {
    for (entry, standing) in zip(baseline.entries, standing) where standing.passed && !standing.failed && !standing.open {
      let run = entry.parameters.map { "\(entry.profile) [\($0)]" } ?? entry.profile
      StandardStream.error.write("nasue: \(entry.place): \(run) passes now; it was known to fail: \(entry.reason)\n")
    }
  }

  /// The last lines, and the files.
  ///
  /// - Parameter isCut: not all profiles came to an end.
  /// - Returns: whether nothing failed that the baseline does not know.
  func finish(isCut: Bool = false) throws -> Bool {
    tellPassing()
    if arguments.format == .text {
      if printsConformance {
        let table = ConformanceTable(report.entries.flatMap(\.verdicts))
        StandardStream.output.write("\n" + table.text(style: lines.style))
      }
      StandardStream.output.write(lines.summary(of: report, isCut: isCut))
    }
    for wanted in reports {
      wanted.file.append(Array(report.text(as: wanted.kind).utf8))
      try wanted.file.finish()
    }
    return report.count("failed") == 0
  }
}

/// Looks on while one profile runs: the ladder on standard output, and what the HTML report shows.
private final class ProfileOnlooker {
  private var ladder: Ladder?
  private var report: RunReport?
  private var observer: Observer
  private var engine = CryptoEngine()
  private var observations: [Observation] = []

  init?(ladder: Ladder?, report: RunReport?, subscribers: [SubscriberCredentials]) {
    guard ladder != nil || report != nil else { return nil }
    self.ladder = ladder
    self.report = report
    observer = Observer(subscribers: subscribers)
  }

  func show(_ event: TraceEvent) {
    observations.removeAll(keepingCapacity: true)
    observer.consume(event, using: &engine, into: &observations)
    report?.consume(event, observations: observations)
    if let text = ladder?.consume(event, deciphered: DecipheredNAS(of: event.index, in: observations)) {
      StandardStream.output.write(text)
    }
  }

  func finish(_ verdicts: [Verdict]) -> RunReport? {
    if let text = ladder?.finish() { StandardStream.output.write(text) }
    report?.finish(verdicts: verdicts)
    return report
  }
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
