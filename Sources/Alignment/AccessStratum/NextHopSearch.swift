import NASCrypto
import Observer

/// Looks for the derivation that gives an NH which is not the one it should be, and names it. Likeliest first; some four thousand
/// derivations at most, a few milliseconds.
struct NextHopSearch {
  struct Found: Sendable {
    var name: String
    /// It mixes a KASME into the chain that the AS keys do not follow from.
    var leavesChain = false
    /// Another KASME over a NH of the chain itself: of no chain, whatever else was sent.
    var isOverOwnNextHop = false
    /// The chain's NH of this index, where it is one.
    var index: UInt32?
    /// The KASME, and what it was put over, where that is what is wrong.
    var kasme: KeyMaterial?
    var base: KeyMaterial?
    var baseName = ""
    /// From KASME to what was sent.
    var links: [KeyLink] = []
  }

  private static let maximumSteps: UInt32 = 16
  private static let maximumSent = 16
  private static let minimumPrefix = 4

  let key: KeyMaterial
  /// The chain before the step that is judged.
  let chain: AccessStratumChain
  /// All contexts of the UE, newest first.
  let contexts: [ObservedContext]
  let sent: [AccessStratumLedger.SentPair]

  func find(using engine: inout CryptoEngine) -> Found? {
    let octets = key.withUnsafeBytes { Array($0) }
    if octets.allSatisfy({ $0 == 0 }) { return Found(name: "zero", links: [sentAs("zero")]) }
    if key == chain.keNB { return Found(name: "KeNB sent as NH", links: chain.links(to: 0, using: &engine)) }
    let own = hops(of: chain.kasme, from: chain.keNB, count: chain.index + Self.maximumSteps, using: &engine)
    if var found = onChain(own) {
      found.links = chain.links(to: found.index ?? 0, using: &engine)
      return found
    }
    if let pair = sent.last(where: { $0.key == key }) {
      return Found(
        name: "stale pair: it was sent in \(pair.message), frame \(pair.event)",
        links: [sentAs("sent in \(pair.message), frame \(pair.event)")])
    }
    for context in contexts where context.kasme == key {
      return Found(name: "KASME of eKSI \(context.eKSI) sent as NH", leavesChain: true, links: [.kasme(context)])
    }
    if let found = hybrid(own, using: &engine) { return found }
    if let found = otherRoot(using: &engine) { return found }
    return truncated(octets, own, using: &engine)
  }

  private func sentAs(_ origin: String) -> KeyLink { KeyLink(name: "NH", key: key, origin: origin) }

  private func hops(of kasme: KeyMaterial, from start: KeyMaterial, count: UInt32, using engine: inout CryptoEngine) -> [KeyMaterial] {
    var result: [KeyMaterial] = []
    var hop = start
    for _ in 0..<min(count, 4096) {
      hop = engine.deriveNextHop(kasme: kasme, syncInput: hop)
      result.append(hop)
    }
    return result
  }

  private func onChain(_ own: [KeyMaterial]) -> Found? {
    guard let position = own.firstIndex(of: key) else { return nil }
    let index = UInt32(position) + 1
    let name =
      if index == chain.index { "stale pair: NH\(subscripted(index)), which the chain had before this step" } else if index < chain.index {
        "stale pair: NH\(subscripted(index)) of the chain again"
      } else {
        "skipped step\(index - chain.index > 2 ? "s" : ""): NH\(subscripted(index)) where NH\(subscripted(chain.index + 1)) was due"
      }
    return Found(name: name, index: index)
  }

  private func title(_ context: ObservedContext) -> String {
    let isOlder = contexts.firstIndex { $0.id == context.id } ?? 0 > contexts.firstIndex { $0.id == chain.contextID } ?? .max
    return (isOlder ? "older" : "new") + " KASME"
  }

  /// The NH of another KASME over a key of this chain.
  private func hybrid(_ own: [KeyMaterial], using engine: inout CryptoEngine) -> Found? {
    /// With its place in the chain, 0 for KeNB.
    var bases: [(name: String, key: KeyMaterial, index: UInt32?)] = []
    for (position, hop) in own.enumerated().prefix(Int(min(chain.index + 2, 64))).reversed() {
      bases.append(("old NH\(subscripted(UInt32(position) + 1))", hop, UInt32(position) + 1))
    }
    bases.append(("old KeNB", chain.keNB, 0))
    for pair in sent.suffix(Self.maximumSent).reversed() {
      bases.append(("the NH sent in \(pair.message), frame \(pair.event)", pair.key, nil))
    }
    for context in contexts where context.kasme != chain.kasme {
      for base in bases.prefix(32) {
        var hop = base.key
        var added: [KeyLink] = []
        for step in 1...4 {
          hop = engine.deriveNextHop(kasme: context.kasme, syncInput: hop)
          added.append(
            KeyLink(name: "NH", key: hop, origin: "KASME \(context.kasme.fingerprint) of eKSI \(context.eKSI) over the key before"))
          guard hop == key else { continue }
          let before =
            base.index.map { chain.links(to: $0, using: &engine) } ?? [KeyLink(name: "NH", key: base.key, origin: base.name)]
          let steps = step == 1 ? "" : ", \(step) steps"
          return Found(
            name: "\(title(context)) over \(base.name)\(steps)", leavesChain: true, isOverOwnNextHop: base.index ?? 0 > 0,
            kasme: context.kasme, base: base.key,
            baseName: base.name, links: before + added)
        }
      }
    }
    for pair in sent.suffix(Self.maximumSent).reversed() where engine.deriveNextHop(kasme: chain.kasme, syncInput: pair.key) == key {
      return Found(
        name: "the chain's KASME over the NH sent in \(pair.message), frame \(pair.event)",
        links: [
          KeyLink(name: "NH", key: pair.key, origin: "sent in \(pair.message), frame \(pair.event)"), sentAs("the chain's KASME over it"),
        ])
    }
    return nil
  }

  /// The chain over another KeNB, of this KASME or of another.
  private func otherRoot(using engine: inout CryptoEngine) -> Found? {
    for context in contexts {
      let isOther = context.kasme != chain.kasme
      let next = context.nextUplinkCount
      var counts = Array((next > 12 ? next - 12 : 0)...(next + 2))
      for count in 0..<UInt32(8) where !counts.contains(count) { counts.append(count) }
      for count in counts {
        let keNB = engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: count)
        let of = isOther ? "\(title(context)) over new KeNB" : "KASME of the chain over another KeNB"
        if keNB == key {
          return Found(
            name: "KeNB of \(isOther ? title(context) : "the chain's KASME"), COUNT \(count), sent as NH", leavesChain: isOther,
            links: [.kasme(context), .keNB(keNB, count: count)])
        }
        var hop = keNB
        var links = [KeyLink.kasme(context), .keNB(keNB, count: count)]
        for step in UInt32(1)...6 {
          hop = engine.deriveNextHop(kasme: context.kasme, syncInput: hop)
          links.append(.nextHop(step, hop))
          if hop == key {
            return Found(name: "\(of) (COUNT \(count)), NH\(subscripted(step))", leavesChain: isOther, links: links)
          }
        }
      }
    }
    return nil
  }

  private func truncated(_ octets: [UInt8], _ own: [KeyMaterial], using engine: inout CryptoEngine) -> Found? {
    for (position, candidate) in own.enumerated() {
      let index = UInt32(position) + 1
      let prefix = candidate.withUnsafeBytes { zip($0, octets).prefix { $0 == $1 }.count }
      let isZeroBehind = octets[prefix...].allSatisfy { $0 == 0 }
      // A cut to very few octets is told by the zeros behind them, at the NHs that are near.
      let isNear = index + 1 >= chain.index && index <= chain.index + 2
      guard prefix >= Self.minimumPrefix || (isNear && prefix >= 1 && isZeroBehind) else { continue }
      return Found(
        name: "truncated: the first \(prefix) octets of NH\(subscripted(index))\(isZeroBehind ? ", the rest zero" : "")", index: index,
        links: chain.links(to: index, using: &engine) + [sentAs("its first \(prefix) octets")])
    }
    return nil
  }
}
