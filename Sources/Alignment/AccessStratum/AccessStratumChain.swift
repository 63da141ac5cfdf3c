import NASCrypto
import Observer

/// The chain of {NH, NCC} over one KeNB (TS 33.401 §7.2.8, Annex A.4): NH₁ = KDF(KASME, KeNB), NHₙ₊₁ = KDF(KASME, NHₙ), NCC = n mod 8.
///
/// INITIAL CONTEXT SETUP and UE CONTEXT MODIFICATION set NCC to 0 at eNB and UE; the MME keeps {NH₁, 1} and steps before it sends, so the
/// first pair on the wire is {NH₂, 2}.
struct AccessStratumChain: Sendable {
  /// What KeNB fixes: shared by all copies, of which every step makes some.
  final class Root: Sendable {
    let kasme: KeyMaterial
    let contextID: Int
    let eKSI: UInt8
    let servingNetworkName: String
    /// The COUNT that KeNB is made from, and the message that had it.
    let count: UInt32
    let trigger: String
    let keNB: KeyMaterial
    /// Event of the message that brought KeNB.
    let event: Int

    init(_ trigger: NASLedger.Trigger, keNB: KeyMaterial, event: Int) {
      kasme = trigger.context.kasme
      contextID = trigger.context.id
      eKSI = trigger.context.eKSI
      servingNetworkName = trigger.context.servingNetworkName
      count = trigger.count
      self.trigger = trigger.message
      self.keNB = keNB
      self.event = event
    }
  }

  let root: Root
  /// Why what follows from KeNB may be another.
  var doubt: String?
  /// n of the newest NH that the MME has used or holds ready.
  var index: UInt32 = 1
  var nextHop: KeyMaterial

  var kasme: KeyMaterial { root.kasme }
  var contextID: Int { root.contextID }
  var eKSI: UInt8 { root.eKSI }
  var servingNetworkName: String { root.servingNetworkName }
  var count: UInt32 { root.count }
  var trigger: String { root.trigger }
  var keNB: KeyMaterial { root.keNB }
  var event: Int { root.event }

  init(_ trigger: NASLedger.Trigger, keNB: KeyMaterial, event: Int, using engine: inout CryptoEngine) {
    root = Root(trigger, keNB: keNB, event: event)
    nextHop = engine.deriveNextHop(kasme: trigger.context.kasme, syncInput: keNB)
  }

  var chainingCount: UInt8 { UInt8(index % 8) }

  mutating func step(using engine: inout CryptoEngine) {
    nextHop = engine.deriveNextHop(kasme: kasme, syncInput: nextHop)
    index += 1
  }

  /// What of it does not follow from its context, its COUNT and its KeNB, derived anew.
  func fault(_ contexts: [ObservedContext], using engine: inout CryptoEngine) -> String? {
    if let context = contexts.first(where: { $0.id == contextID }), context.kasme != kasme {
      return "the AS ledger's KASME is not that of its context"
    }
    if doubt == nil, engine.deriveKeNB(kasme: kasme, uplinkNASCount: count) != keNB {
      return "the AS ledger's KeNB does not follow from its KASME and COUNT"
    }
    guard index <= 4096 else { return nil }
    var hop = keNB
    for _ in 0..<index { hop = engine.deriveNextHop(kasme: kasme, syncInput: hop) }
    return hop == nextHop ? nil : "the AS ledger's NH is not the one that follows from its KeNB in \(index) steps"
  }

  /// As verdicts print it: KASME, KeNB, the NH before the step and the one after.
  func derivation(to due: AccessStratumChain, showKeys: Bool) -> String {
    Self.derivation(from: root, index, nextHop, to: due.index, due.nextHop, showKeys: showKeys)
  }

  static func derivation(
    from root: Root, _ index: UInt32, _ nextHop: KeyMaterial, to due: UInt32, _ dueHop: KeyMaterial, showKeys: Bool
  ) -> String {
    func text(_ key: KeyMaterial) -> String { showKeys ? key.hex() : key.fingerprint }
    return
      "KASME \(text(root.kasme)) (eKSI \(root.eKSI), PLMN \(root.servingNetworkName)) -> KeNB \(text(root.keNB)) at uplink NAS COUNT \(root.count) of \(root.trigger)"
      + " -> \(index > 1 ? "… -> " : "")NH\(subscripted(index)) \(text(nextHop)) -> NH\(subscripted(due)) \(text(dueHop)), NCC \(due % 8)"
  }
}

/// "₁₂".
func subscripted(_ number: UInt32) -> String {
  String(String.UnicodeScalarView(String(number).unicodeScalars.compactMap { Unicode.Scalar(0x2080 + $0.value - 0x30) }))
}
