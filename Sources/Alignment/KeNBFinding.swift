import NASCrypto
import Observer
import Trace

/// `kenb-explained` at one key for the eNB.
struct KeNBFinding: Sendable {
  enum Outcome: Sendable {
    case explained
    /// It follows from an earlier trigger than the latest, of which a key may have been on its way.
    case earlierTrigger(latest: NASLedger.Trigger)
    /// It follows from the latest that reached the network; our UE has sent another in this frame, and has the key of that.
    case overtaken(byCompleteOf: Int)
    /// With the derivation that does explain it, if the search found one.
    case other(String?)
    /// No trigger was seen; the derivation that explains it, if the search found one.
    case withoutTrigger(String?, why: String)
    case noContext
    case unprovable(UnprovableContext.Kind)
  }

  var message: String
  var frame: Int
  var key: KeyMaterial
  /// What the key should be, with the trigger it follows from.
  var expected: (key: KeyMaterial, trigger: NASLedger.Trigger)?
  var outcome: Outcome
  /// What the key that was sent follows from, where a search found it.
  var sent: [KeyLink] = []

  /// Our UE says that it has the key of a later SECURITY MODE COMPLETE than the network had.
  mutating func isOvertaken(byCompleteOf frame: Int) {
    if case .explained = outcome { outcome = .overtaken(byCompleteOf: frame) }
  }

  func collect(into result: inout CollectedVerdicts, ue: String, showKeys: Bool) {
    // One that is explained is never read where there are many.
    if case .explained = outcome {
      result.append(.aligned, verdict(ue: ue, showKeys: showKeys))
    } else {
      result.append(verdict(ue: ue, showKeys: showKeys))
    }
  }

  func verdict(ue: String, showKeys: Bool) -> Verdict {
    var verdict = Verdict(
      slug: Assertion.keNBExplained.slug, verdict: .unobserved, ue: ue, clause: "TS 33.401 Annex A.3", message: message, frame: frame
    ) { [self] in words(showKeys: showKeys) }
    switch outcome {
    case .explained: verdict.verdict = .aligned
    case .earlierTrigger(let latest) where !latest.isSecurityModeComplete:
      verdict.verdict = .observed
      verdict.note =
        "the key is that of what opened the connection; \(latest.message), COUNT \(latest.count), frame \(latest.event), came before it and may have crossed it"
    case .earlierTrigger(let latest):
      verdict.verdict = .observed
      verdict.note =
        "the command was answered more than once, and the key is that of an earlier COMPLETE than the latest, COUNT \(latest.count), frame \(latest.event): "
        + "which one ended the procedure depends on what had reached the network"
    case .overtaken(let frame):
      verdict.verdict = .observed
      verdict.note =
        "our UE sent another SECURITY MODE COMPLETE in frame \(frame), which the network had not taken, and its KeNB follows from that: the two sides have different keys"
    case .other(let found):
      verdict.verdict = .misaligned
      verdict.note = found.map { "what was sent is \($0)" } ?? "no derivation that was tried gives what was sent"
      verdict.chains = expected.map { KeyChains(expected: $0.trigger.links(to: $0.key), sent: sent, showKeys: showKeys) }
    case .withoutTrigger(let found, let why):
      verdict.verdict = found == nil ? .unobserved : .observed
      verdict.note = why + (found.map { "; what was sent is \($0)" } ?? "")
    case .unprovable(let kind):
      verdict.verdict = kind.outcome
      verdict.note = kind.reason
    case .noContext:
      verdict.note = "no security context of this UE is known: its K is not, or its challenge was not seen"
    }
    return verdict
  }

  /// Without a note.
  private func words(showKeys: Bool) -> VerdictWords {
    var words = VerdictWords(observed: keyText(key, showKeys: showKeys))
    guard let expected else { return words }
    let trigger = expected.trigger
    words.expected = keyText(expected.key, showKeys: showKeys)
    words.derivation =
      "KDF(KASME \(showKeys ? trigger.context.kasme.hex() : trigger.context.kasme.fingerprint), uplink NAS COUNT \(trigger.count) of \(trigger.message)), "
      + "PLMN \(trigger.context.servingNetworkName), eKSI \(trigger.context.eKSI)"
    return words
  }
}
