import Alignment

/// Runs of profiles for the terminal: a line for each step, evidence under what is wrong, and a last line that sums up.
public struct SuiteLines: Sendable {
  public var style: TerminalStyle
  /// A line a profile, without its steps.
  public var isBrief: Bool

  public init(style: TerminalStyle = TerminalStyle(), isBrief: Bool = false) {
    self.style = style
    self.isBrief = isBrief
  }

  /// Before the steps of a profile; nothing where lines are brief.
  public func head(file: String, title: String, clause: String) -> String {
    isBrief ? "" : "\(file): \(title)\(clause.isEmpty ? "" : " (\(clause))")".printable + "\n"
  }

  /// The steps of an entry, and what it came to.
  public func text(of entry: SuiteReport.Entry) -> String {
    var text = ""
    if isBrief {
      text += "\(word(entry.outcome, width: 6))  \("\(entry.file): \(entry.title)".printable)\n"
      if !entry.outcome.reason.isEmpty { text += "        \(entry.outcome.reason.printable)\n" }
    } else {
      for check in entry.checks {
        text += "  \(word(check.outcome, width: 4))  \(check.text.printable)\n"
        if !check.outcome.reason.isEmpty { text += "        \("\(check.place): \(check.outcome.reason)".printable)\n" }
      }
      // What no step says: a verdict at the end, a network that the profile does not fit.
      if !entry.outcome.reason.isEmpty, !entry.checks.contains(where: { $0.outcome.word == entry.outcome.word }) {
        text += "  \(word(entry.outcome, width: 4))  \(entry.outcome.reason.printable)\n"
      }
    }
    if case .failed = entry.outcome {
      text += entry.verdicts.filter { $0.verdict == .misaligned }.map { VerdictLines(style: style).text(of: $0) }.joined()
    }
    return text
  }

  /// `12 profiles: 10 passed, 1 failed, 1 skipped; 88 steps. FAILED`
  /// - Parameter isCut: not all profiles came to an end.
  public func summary(of report: SuiteReport, isCut: Bool = false) -> String {
    let counts = ["passed", "failed", "skipped"].map { "\(report.count($0)) \($0)" }.joined(separator: ", ")
    let steps = report.entries.reduce(0) { $0 + $1.checks.count }
    let noun = report.entries.count == 1 ? "profile" : "profiles"
    let end =
      report.count("failed") > 0
      ? style.paint("FAILED", .red) : isCut ? style.paint("not finished", .yellow) : style.paint("passed", .green)
    return "\(report.entries.count) \(noun): \(counts); \(steps) steps. \(end)\n"
  }

  private func word(_ outcome: SuiteReport.Entry.Outcome, width: Int) -> String {
    switch outcome {
    case .passed: style.paint("ok".padded(to: width), .green)
    case .failed: style.paint("FAIL".padded(to: width), .red)
    case .skipped: style.paint("skip".padded(to: width), .dim)
    }
  }
}
