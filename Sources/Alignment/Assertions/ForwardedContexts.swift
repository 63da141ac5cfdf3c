import GTPv2C
import NASCrypto
import Observer

/// `forward-both-contexts`, where S10 is seen: a FORWARD RELOCATION REQUEST that goes out with NAS on a new KASME and AS not yet on a key of it
/// has the whole new NAS context, and the old KASME with its eKSI and the next {NH, NCC} of its chain (TS 33.401 §7.2.10; TS 29.274 §8.38).
struct ForwardedContexts: Sendable {
  /// What the UE and its eNB are on as the request goes out.
  struct State {
    /// The NAS context that the UE uses.
    var current: ObservedContext?
    /// Whether the network has shown that it uses it too.
    var isInForce: Bool
    /// SECURITY MODE COMPLETE of it that came to the MME before the handover was asked for, on the same connection.
    var completed: Int?
    var contexts: [ObservedContext]
    var accessStratum: AccessStratumLedger
  }

  private static let message = "FORWARD RELOCATION REQUEST"
  private var findings = Findings(.forwardBothContexts)

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }

  mutating func judge(_ context: MMContext.EPSContext, _ state: State, frame: Int, showKeys: Bool, using engine: inout CryptoEngine) {
    guard let current = state.current, let algorithms = current.algorithms, let chain = state.accessStratum.chain else { return }
    // Which of two chains is in force is not settled while a key is under way, and what follows from a wrong one is not known.
    guard chain.kasme != current.kasme, chain.doubt == nil, state.accessStratum.pending == nil else { return }
    func key(_ key: KeyMaterial) -> String { keyText(key, showKeys: showKeys) }
    func title(_ kasme: KeyMaterial, _ keySet: UInt8) -> String { "KASME \(key(kasme)), eKSI \(keySet)" }

    let due = state.accessStratum.due(using: &engine)
    let sent = KeyMaterial(context.kasme)
    let old = context.old.map { (kasme: KeyMaterial($0.kasme), keySet: $0.keySetIdentifier, nextHop: $0.nextHop) }
    var words = Findings.Words()
    words.expected =
      "\(title(current.kasme, current.eKSI)), \(algorithms.ciphering), \(algorithms.integrity); old \(title(chain.kasme, chain.eKSI))"
      + (due.first.map { ", NH \(key($0.nextHop)), NCC \($0.chainingCount)" } ?? "")
    words.observed =
      "\(title(sent, context.keySetIdentifier)), EEA\(context.ciphering), EIA\(context.integrity)"
      + (old.map { old in
        "; old \(title(old.kasme, old.keySet))"
          + (old.nextHop.map { ", NH \(key(KeyMaterial($0.key))), NCC \($0.chainingCount)" } ?? ", no NH")
      } ?? "; no old context")
    words.derivation = due.first.map { chain.derivation(to: $0, showKeys: showKeys) } ?? ""

    guard sent == current.kasme else {
      let known = state.contexts.last { $0.kasme == sent }
      // SECURITY MODE COMPLETE is on the wire, which does not say that the MME had it: then the context before is the one it has.
      if sent == chain.kasme, old == nil, !state.isInForce {
        guard let event = state.completed else {
          words.note = "the contexts of before the SMC: nothing shows that the MME had SECURITY MODE COMPLETE"
          return findings.find(.observed, at: frame, Self.message, words)
        }
        words.note =
          "the contexts of before the SMC, though SECURITY MODE COMPLETE of frame \(event) had come before HANDOVER REQUIRED, on the same connection"
        return findings.find(.misaligned, at: frame, Self.message, words, breaking: [.forwardBothContexts])
      }
      words.note =
        known.map { "the NAS context sent is that of eKSI \($0.eKSI), which the UE has left" } ?? "the KASME sent is none of this UE"
      return findings.find(.misaligned, at: frame, Self.message, words, breaking: [.forwardBothContexts])
    }
    var faults: [String] = []
    if context.keySetIdentifier != current.eKSI { faults.append("the eKSI of the new context") }
    if context.ciphering != algorithms.ciphering.rawValue || context.integrity != algorithms.integrity.rawValue {
      faults.append("the algorithms of the new context")
    }
    if let old {
      if old.kasme != chain.kasme {
        let known = state.contexts.last { $0.kasme == old.kasme }
        faults.append("the old KASME" + (known.map { ", which is that of eKSI \($0.eKSI)" } ?? ""))
      }
      if old.keySet != chain.eKSI { faults.append("the eKSI of the old context") }
      if let pair = old.nextHop {
        if !due.contains(where: { $0.nextHop == KeyMaterial(pair.key) && $0.chainingCount == pair.chainingCount }) {
          faults.append("{NH, NCC}" + name(pair, chain, state, using: &engine))
        }
      } else {
        faults.append("{NH, NCC}: none is sent")
      }
    } else {
      faults.append("the old context: none is sent, so the target cannot go on with the AS chain in force")
    }
    guard !faults.isEmpty else { return findings.hold(at: frame, Self.message, words, keeping: [.forwardBothContexts]) }
    words.note = "wrong: " + faults.joined(separator: "; ")
    findings.find(.misaligned, at: frame, Self.message, words, breaking: [.forwardBothContexts])
  }

  /// What a wrong pair is, if a search tells.
  private func name(
    _ pair: MMContext.NextHop, _ chain: AccessStratumChain, _ state: State, using engine: inout CryptoEngine
  ) -> String {
    let search = NextHopSearch(
      key: KeyMaterial(pair.key), chain: chain, contexts: state.contexts.reversed(), sent: state.accessStratum.sent)
    return search.find(using: &engine).map { ", which is \($0.name)" } ?? ""
  }
}
