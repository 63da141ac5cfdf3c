import Alignment
import Capture
import Observer

/// What may not be claimed where messages are missing from a capture: that something was wrong in what order, or should have been there, or
/// that a key or a value is not the one due.
struct Doubts {
  /// What one message shows, or two that were both seen.
  private static let plain: Set<String> = ["null-algorithms", "nh-never-reused", "self-check"]
  /// Told at the message that something should have followed.
  private static let ofAbsence: Set<String> = ["silent-source", "smc-owed-after-non-delivery", "rekey-owed", "relocation-waits"]

  private let missing: [MissingChunks]
  private let isComplete: Bool
  private let isInOrder: Bool
  private let whereabouts: Whereabouts
  private var ues: [String: Int] = [:]

  init(_ missing: [MissingChunks], of count: Int, isInOrder: Bool, _ whereabouts: Whereabouts, ues: [ObservedUE]) {
    self.missing = missing
    self.isInOrder = isInOrder
    self.whereabouts = whereabouts
    isComplete = missing.reduce(0) { $0 + $1.count } == count
    for ue in ues { self.ues[ue.label] = ue.index }
  }

  func applied(to verdict: Verdict) -> Verdict {
    guard verdict.verdict == .misaligned || verdict.verdict == .warning, !Self.plain.contains(verdict.assertion) else { return verdict }
    guard !verdict.isCertain else { return verdict }
    guard isInOrder else { return undecided(verdict, "the capture is not in the order of time") }
    let ue = ues[verdict.ue]
    let frame = verdict.frame ?? .max
    let isOfAbsence = Self.ofAbsence.contains(verdict.assertion)
    let found = missing.last { gap in
      guard gap.after < frame || isOfAbsence else { return false }
      guard let ue else { return true }
      return whereabouts.mayHaveBeen(ue, on: gap.leg) && !whereabouts.isKnownAnew(ue, after: gap.before, before: frame)
    }
    guard let found else { return isComplete ? verdict : undecided(verdict, "messages are missing from the capture") }
    let messages = found.count == 0 ? "part of a message" : found.count == 1 ? "1 message" : "\(found.count) messages"
    // Not a frame of the trace: that is where the message would be, and nothing is there.
    return undecided(verdict, "\(messages) of the association missing from the capture before packet \(found.packet)")
  }

  private func undecided(_ verdict: Verdict, _ why: String) -> Verdict {
    var result = verdict
    result.verdict = .unobserved
    result.rules = []
    result.note += (result.note.isEmpty ? "" : "; ") + "not decided: " + why
    return result
  }
}
