import DequeModule
import NASCrypto
import Observer

/// Looks for the derivation that gives a key which is not the one it should be, and names it.
///
/// Bounded: some thousand derivations, a few milliseconds.
struct KeNBSearch {
  /// COUNTs tried on both sides of the ones in use, and from 0.
  private static let window: UInt32 = 64
  /// Steps along a chain of next hops.
  private static let maximumHops = 16
  private static let maximumOtherUEs = 64
  private static let otherCounts: UInt32 = 16
  /// As many octets alike are no chance.
  private static let minimumPrefix = 4

  let key: KeyMaterial
  let trigger: NASLedger.Trigger?
  /// The contexts of this UE: the trigger's first, then the newest.
  let contexts: [ObservedContext]
  let currentID: Int?
  let uses: Deque<NASLedger.UplinkUse>
  /// Keys that this UE's eNBs had before.
  let earlierKeys: [KeyMaterial]
  let plmns: [[UInt8]]
  let others: [(label: String, context: ObservedContext)]

  struct Found {
    var name: String
    /// From KASME to what was sent.
    var links: [KeyLink]
  }

  func find(using engine: inout CryptoEngine) -> Found? {
    let octets = key.withUnsafeBytes { Array($0) }
    if octets.allSatisfy({ $0 == 0 }) { return Found(name: "all zero", links: [KeyLink(name: "KeNB", key: key, origin: "zero")]) }
    if let found = amongCounts(octets, using: &engine) { return found }
    for context in contexts where context.kasme == key {
      return Found(name: "KASME \(context.kasme.fingerprint) itself", links: [.kasme(context)])
    }
    if let found = amongNextHops(using: &engine) { return found }
    if earlierKeys.contains(key) {
      let name = "an earlier key of this UE again"
      return Found(name: name, links: [KeyLink(name: "KeNB", key: key, origin: name)])
    }
    if let found = amongServingNetworks(using: &engine) { return found }
    return amongOtherUEs(using: &engine)
  }

  private func amongCounts(_ octets: [UInt8], using engine: inout CryptoEngine) -> Found? {
    var truncated: Found?
    for context in contexts {
      for count in counts(for: context) {
        let candidate = engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: count)
        func links() -> [KeyLink] { [.kasme(context), .keNB(candidate, count: count, of: message(context, count))] }
        if candidate == key { return Found(name: describe(context, count), links: links()) }
        let isRight = trigger?.context.id == context.id && trigger?.count == count
        if truncated == nil, let part = part(of: candidate, octets, minimum: isRight ? 1 : Self.minimumPrefix) {
          truncated = Found(
            name: "\(part) of \(describe(context, count))", links: links() + [KeyLink(name: "KeNB", key: key, origin: part)])
        }
      }
      let swapped = (trigger?.context.id == context.id ? trigger?.count : nil)?.byteSwapped
      if let swapped, swapped != 0, engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: swapped) == key {
        return Found(
          name: "KDF(KASME \(context.kasme.fingerprint), the right COUNT in little-endian order)",
          links: [.kasme(context), KeyLink(name: "KeNB", key: key, origin: "the right COUNT in little-endian order")])
      }
    }
    return truncated
  }

  private func counts(for context: ObservedContext) -> [UInt32] {
    var result: [UInt32] = []
    var seen: Set<UInt32> = []
    func add(_ range: ClosedRange<UInt32>) { for count in range where seen.insert(count).inserted { result.append(count) } }
    func around(_ count: UInt32) { add((count > Self.window ? count - Self.window : 0)...(count + Self.window)) }
    if let trigger, trigger.context.id == context.id { add(trigger.count...trigger.count) }
    add(0...Self.window)
    around(context.nextUplinkCount)
    around(context.nextDownlinkCount)
    return result
  }

  private func message(_ context: ObservedContext, _ count: UInt32) -> String? {
    uses.last { $0.contextID == context.id && $0.count == count }?.message
  }

  private func describe(_ context: ObservedContext, _ count: UInt32) -> String {
    var text = "KDF(KASME \(context.kasme.fingerprint) of eKSI \(context.eKSI)"
    if let trigger, trigger.context.id != context.id {
      text += context.id == currentID ? ", the current one" : context.isFull ? ", another context's" : ", a partial context's"
    }
    text += ", COUNT \(count)"
    if let message = message(context, count) {
      text += " of \(message)"
      if let trigger, trigger.context.id == context.id, count > trigger.count, count + 1 == context.nextUplinkCount {
        text += ", the newest uplink message"
      }
    } else if count >= context.nextUplinkCount {
      text += ", which no message has had yet"
    }
    return text + ")"
  }

  /// Whether the octets are a cut of the key: its first octets or its last, the others zero or anything.
  private func part(of candidate: KeyMaterial, _ octets: [UInt8], minimum: Int) -> String? {
    candidate.withUnsafeBytes { right in
      guard right.count == octets.count else { return nil }
      let prefix = zip(right, octets).prefix { $0 == $1 }.count
      if prefix >= Self.minimumPrefix, prefix < octets.count {
        return octets[prefix...].allSatisfy { $0 == 0 } ? "the first \(prefix) octets (the rest zero)" : "the first \(prefix) octets"
      }
      // A truncation to very few octets of the right key is told by the zeros behind them.
      if prefix >= minimum, octets[prefix...].allSatisfy({ $0 == 0 }) { return "the first \(prefix) octets (the rest zero)" }
      let suffix = zip(right.reversed(), octets.reversed()).prefix { $0 == $1 }.count
      if suffix >= Self.minimumPrefix, suffix < octets.count { return "the last \(suffix) octets" }
      if right.reversed().elementsEqual(octets) { return "the reversed octets" }
      return nil
    }
  }

  private func amongNextHops(using engine: inout CryptoEngine) -> Found? {
    for context in contexts {
      var starts = earlierKeys
      if let trigger { starts.append(engine.deriveKeNB(kasme: trigger.context.kasme, uplinkNASCount: trigger.count)) }
      for start in starts {
        var hop = start
        var links = [KeyLink.kasme(context), KeyLink(name: "KeNB", key: start, origin: "of this UE")]
        for step in 1...UInt32(Self.maximumHops) {
          hop = engine.deriveNextHop(kasme: context.kasme, syncInput: hop)
          links.append(.nextHop(step, hop))
          if hop == key {
            return Found(
              name: "NH\(step) of KASME \(context.kasme.fingerprint) over KeNB \(start.fingerprint)", links: links)
          }
        }
      }
    }
    return nil
  }

  private func amongServingNetworks(using engine: inout CryptoEngine) -> Found? {
    for context in contexts {
      for plmn in plmns where plmn != context.servingNetwork {
        guard let kasme = context.kasme(forServingNetwork: plmn, using: &engine) else { continue }
        for count in Set(0...Self.otherCounts).union([trigger?.count ?? 0]).sorted() {
          if engine.deriveKeNB(kasme: kasme, uplinkNASCount: count) == key {
            return Found(
              name: "KDF(KASME \(kasme.fingerprint) derived for PLMN \(plmnName(plmn)), COUNT \(count))",
              links: [
                KeyLink(name: "KASME", key: kasme, origin: "eKSI \(context.eKSI), PLMN \(plmnName(plmn))"), .keNB(key, count: count),
              ])
          }
        }
      }
    }
    return nil
  }

  private func amongOtherUEs(using engine: inout CryptoEngine) -> Found? {
    for other in others.prefix(Self.maximumOtherUEs) {
      let last = other.context.nextUplinkCount
      for count in Set(0...Self.otherCounts).union([last, last > 0 ? last - 1 : 0]).sorted() {
        if engine.deriveKeNB(kasme: other.context.kasme, uplinkNASCount: count) == key {
          return Found(
            name: "KDF(KASME \(other.context.kasme.fingerprint) of UE \(other.label), COUNT \(count))",
            links: [KeyLink(name: "KASME", key: other.context.kasme, origin: "UE \(other.label)"), .keNB(key, count: count)])
        }
      }
    }
    return nil
  }
}
