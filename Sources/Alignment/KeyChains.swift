import NASCrypto
import Observer

/// Two key chains side by side, from KASME on: the one that the right key is the end of, and the one that the key which was sent is the end
/// of, as far as a search finds it.
public struct KeyChains: Sendable, Equatable {
  /// A key, and what it is made of beside the one before it.
  public struct Step: Sendable, Equatable {
    /// "KASME", "KeNB", "NH₂".
    public var name: String
    /// In hexadecimal where keys are shown, else its fingerprint: the first four octets of its SHA-256.
    public var key: String
    /// "eKSI 1, PLMN 001-01", "uplink NAS COUNT 0 of SECURITY MODE COMPLETE", "NCC 2".
    public var origin: String

    public init(name: String, key: String, origin: String) {
      self.name = name
      self.key = key
      self.origin = origin
    }
  }

  public var expected: [Step]
  /// Its last step is what was sent. Empty where no derivation is found.
  public var sent: [Step]

  public init(expected: [Step], sent: [Step]) {
    self.expected = expected
    self.sent = sent
  }

  /// The position in both of the first step that is not the same: the end of the shorter one, where it is the beginning of the longer. Nil
  /// where no derivation of what was sent is found.
  public var parting: Int? {
    guard !sent.isEmpty else { return nil }
    return zip(expected, sent).prefix { $0 == $1 }.count
  }
}

/// A step before it is known how keys are printed.
struct KeyLink: Sendable {
  var name: String
  var key: KeyMaterial
  var origin: String

  func step(showKeys: Bool) -> KeyChains.Step {
    .init(name: name, key: showKeys ? key.hex() : key.fingerprint, origin: origin)
  }

  static func kasme(_ context: ObservedContext) -> KeyLink {
    KeyLink(name: "KASME", key: context.kasme, origin: "eKSI \(context.eKSI), PLMN \(context.servingNetworkName)")
  }

  static func keNB(_ key: KeyMaterial, count: UInt32, of message: String? = nil) -> KeyLink {
    KeyLink(name: "KeNB", key: key, origin: "uplink NAS COUNT \(count)" + (message.map { " of \($0)" } ?? ""))
  }

  static func nextHop(_ index: UInt32, _ key: KeyMaterial) -> KeyLink {
    KeyLink(name: "NH\(subscripted(index))", key: key, origin: "NCC \(index % 8)")
  }
}

extension KeyChains {
  init(expected: [KeyLink], sent: [KeyLink], showKeys: Bool) {
    self.init(expected: expected.map { $0.step(showKeys: showKeys) }, sent: sent.map { $0.step(showKeys: showKeys) })
  }
}

extension NASLedger.Trigger {
  /// KASME, and the KeNB that follows from it here.
  func links(to key: KeyMaterial) -> [KeyLink] { [.kasme(context), .keNB(key, count: count, of: message)] }
}

extension AccessStratumChain {
  /// NHs that a chain is printed with, at most; those before them are left out.
  private static let maximumPrinted: UInt32 = 16

  /// KASME, KeNB, and the next hops up to that of an index, the last ones of many.
  func links(to last: UInt32, using engine: inout CryptoEngine) -> [KeyLink] {
    var result = [
      KeyLink(name: "KASME", key: kasme, origin: "eKSI \(eKSI), PLMN \(servingNetworkName)"), .keNB(keNB, count: count, of: trigger),
    ]
    var hop = keNB
    let first = index > Self.maximumPrinted ? index - Self.maximumPrinted : 0
    for step in 0..<min(last, 4096) {
      hop = engine.deriveNextHop(kasme: kasme, syncInput: hop)
      if step >= first || step + 1 == last { result.append(.nextHop(step + 1, hop)) }
    }
    return result
  }
}
