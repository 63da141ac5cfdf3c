public import Alignment

/// Verdicts for the terminal: one line each, a block of evidence under what is wrong, and a last line that sums up.
public struct VerdictLines: Sendable {
  /// Colours, characters, width.
  public var style: TerminalStyle

  public init(style: TerminalStyle = TerminalStyle()) {
    self.style = style
  }

  /// ```
  /// aligned        nas-context/eksi                 001010123456780  0
  /// misaligned     kenb-explained                   001010123456780
  ///                  expected    5f1c…
  /// ```
  /// - Returns: lines with their line ends.
  public func text(of verdict: Verdict) -> String {
    var head = style.paint(Self.word(for: verdict.verdict).padded(to: 14), Self.paint(for: verdict.verdict))
    head += " " + verdict.slug.printable.padded(to: 32) + " " + verdict.ue.printable.padded(to: 16)
    let indent = 65
    guard Self.needsEvidence(verdict.verdict) else {
      let value =
        verdict.verdict == .aligned || verdict.note.isEmpty ? value(of: verdict) : verdict.note
      let suffix = verdict.deviations.isEmpty ? "" : "  [deviates: \(verdict.deviations.joined(separator: ", "))]"
      let lines = style.wrap((value + suffix).printable, to: style.width - indent)
      return trimmed(head + " " + lines[0]) + "\n"
        + lines.dropFirst().map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
    }
    return trimmed(head) + "\n" + evidence(of: verdict)
  }

  /// All of them, then the summary.
  public func text(of verdicts: [Verdict], required: Set<String> = []) -> String {
    verdicts.map { text(of: $0) }.joined() + summary(of: verdicts, required: required)
  }

  /// `8 verdicts: 7 aligned, 1 misaligned. FAILED` and its line end.
  ///
  /// - Parameter required: slugs that fail the run when they stay unobserved.
  public func summary(of verdicts: [Verdict], required: Set<String> = []) -> String {
    summary(of: Scoreboard(verdicts, required: required))
  }

  /// The same of verdicts that were counted one after the other.
  /// - Parameter unfinished: what is said in place of "passed".
  public func summary(of score: Scoreboard, unfinished: String? = nil) -> String {
    let total = score.total
    let counts = Verdict.Outcome.allCases.compactMap { outcome -> String? in
      guard let count = score.counts[outcome] else { return nil }
      return style.paint("\(count) \(Self.word(for: outcome))", Self.paint(for: outcome))
    }
    let noun = total == 1 ? "verdict" : "verdicts"
    let missing = score.missing.isEmpty ? "" : "required, but not observed: " + score.missing.sorted().joined(separator: ", ")
    let before = missing.isEmpty ? "" : style.wrap(missing.printable, to: style.width).joined(separator: "\n") + "\n"
    let end =
      score.isPassed ? unfinished.map { style.paint($0, .yellow) } ?? style.paint("passed", .green) : style.paint("FAILED", .red)
    let deviations = score.deviations.sorted().joined(separator: ", ")
    let of = deviations.isEmpty ? "" : ", of a UE that deviates (\(deviations.printable))"
    return before + "\(total) \(noun)\(counts.isEmpty ? "" : ": ")\(counts.joined(separator: ", "))\(of). \(end)\n"
  }

  private func value(of verdict: Verdict) -> String {
    if verdict.observed.isEmpty { return verdict.expected }
    if verdict.expected.isEmpty || verdict.expected == verdict.observed { return verdict.observed }
    return "expected \(verdict.expected), observed \(verdict.observed)"
  }

  private func evidence(of verdict: Verdict) -> String {
    let indent = 28
    var text = ""
    for (name, value) in verdict.evidenceRows {
      let lines = style.wrap(value.printable, to: style.width - indent)
      text += "               " + style.paint(name.padded(to: indent - 15), .dim) + lines[0] + "\n"
      for line in lines.dropFirst() { text += String(repeating: " ", count: indent) + line + "\n" }
    }
    return text
  }

  private func trimmed(_ line: String) -> String {
    guard !style.colours, let last = line.lastIndex(where: { $0 != " " }) else { return line }
    return String(line[...last])
  }

  static func word(for outcome: Verdict.Outcome) -> String {
    outcome == .notApplicable ? "not applicable" : outcome.rawValue
  }

  private static func needsEvidence(_ outcome: Verdict.Outcome) -> Bool {
    switch outcome {
    case .misaligned, .warning: true
    case .aligned, .observed, .unobserved, .notApplicable: false
    }
  }

  private static func paint(for outcome: Verdict.Outcome) -> TerminalStyle.Paint {
    switch outcome {
    case .aligned: .green
    case .misaligned: .red
    case .warning: .yellow
    case .observed: .blue
    case .unobserved, .notApplicable: .dim
    }
  }
}
