import Alignment
import Capture
import Observer

/// What may not be claimed where messages are missing from a capture: that something was wrong in what order, or should have been there, or
/// that a key or a value is not the one due.
struct Doubts {
  /// What one message shows, or two that were both seen.
  private static let plain: Set<String> = ["null-algorithms", "nh-never-reused", "self-check"]
  /// A NH of the wrong chain, named by the search: no message that is missing could make that one right.
  private static let overOldChain = " over old NH"
  private static let wrongChain = "old-as-chain-until-rekey"
  /// Told at the message that something should have followed.
  private static let ofAbsence: Set<String> = ["silent-source", "smc-owed-after-non-delivery", "rekey-owed", "relocation-waits"]

  private let missing: [MissingChunks]
  private let isComplete: Bool
  private let whereabouts: Whereabouts
  private var ues: [String: Int] = [:]

  init(_ missing: [MissingChunks], of count: Int, _ whereabouts: Whereabouts, ues: [ObservedUE]) {
    self.missing = missing
    self.whereabouts = whereabouts
    isComplete = missing.reduce(0) { $0 + $1.count } == count
    for ue in ues { self.ues[ue.label] = ue.index }
  }

  func applied(to verdict: Verdict) -> Verdict {
    guard verdict.verdict == .misaligned || verdict.verdict == .warning, !Self.plain.contains(verdict.assertion) else { return verdict }
    if verdict.assertion == "nh-genealogy", verdict.verdict == .misaligned, verdict.rules.contains(Self.wrongChain),
      verdict.note.contains(Self.overOldChain)
    {
      return verdict
    }
    let ue = ues[verdict.ue]
    let frame = verdict.frame ?? .max
    let isOfAbsence = Self.ofAbsence.contains(verdict.assertion)
    let found = missing.last { gap in
      guard gap.after < frame || isOfAbsence else { return false }
      guard let ue else { return true }
      return whereabouts.mayHaveBeen(ue, on: gap.leg) && !whereabouts.isKnownAnew(ue, after: gap.before, before: frame)
    }
    guard found != nil || !isComplete else { return verdict }
    var result = verdict
    result.verdict = .unobserved
    result.rules = []
    let count = found?.count ?? 0
    let words =
      found.map { _ in "\(count) \(count == 1 ? "message" : "messages") of the association missing from the capture before frame " }
      ?? "messages missing from the capture"
    // Frames of the text are events, as those of all verdicts: the renumbering makes packets of them.
    result.note += (result.note.isEmpty ? "" : "; ") + "not decided: " + words + (found.map { String($0.before) } ?? "")
    return result
  }
}
