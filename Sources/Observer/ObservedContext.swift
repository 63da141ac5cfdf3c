public import NASCrypto
public import Trace

/// An EPS security context as an onlooker with K reconstructs it (TS 24.301 §4.4.2.1): from RAND, AUTN, the serving PLMN and what was sent.
public struct ObservedContext: Sendable {
  /// What a challenge fixes: shared by all copies of the context, of which every message makes some.
  private final class Origin: Sendable {
    let eKSI: UInt8
    let servingNetwork: [UInt8]
    let kasme: KeyMaterial
    let rand: [UInt8]
    let isNetworkAuthenticated: Bool
    let expectedResponse: [UInt8]
    let ck: KeyMaterial
    let ik: KeyMaterial
    let sqnXorAK: [UInt8]

    init(
      eKSI: UInt8, servingNetwork: [UInt8], kasme: KeyMaterial, rand: [UInt8], isNetworkAuthenticated: Bool,
      expectedResponse: [UInt8], ck: KeyMaterial, ik: KeyMaterial, sqnXorAK: [UInt8]
    ) {
      self.eKSI = eKSI
      self.servingNetwork = servingNetwork
      self.kasme = kasme
      self.rand = rand
      self.isNetworkAuthenticated = isNetworkAuthenticated
      self.expectedResponse = expectedResponse
      self.ck = ck
      self.ik = ik
      self.sqnXorAK = sqnXorAK
    }

    func with(eKSI: UInt8, kasme: KeyMaterial) -> Origin {
      Origin(
        eKSI: eKSI, servingNetwork: servingNetwork, kasme: kasme, rand: rand, isNetworkAuthenticated: isNetworkAuthenticated,
        expectedResponse: expectedResponse, ck: ck, ik: ik, sqnXorAK: sqnXorAK)
    }
  }

  private var origin: Origin
  /// Unique within one observer.
  public let id: Int
  /// Key set identifier value, 0-6, from AUTHENTICATION REQUEST.
  public var eKSI: UInt8 {
    get { origin.eKSI }
    set { origin = origin.with(eKSI: newValue, kasme: origin.kasme) }
  }
  /// PLMN identity of the TAI under which the UE was challenged: 3 octets, as in the derivation of KASME.
  public var servingNetwork: [UInt8] { origin.servingNetwork }
  public var kasme: KeyMaterial {
    get { origin.kasme }
    set { origin = origin.with(eKSI: origin.eKSI, kasme: newValue) }
  }
  /// Nil while partial: no SECURITY MODE COMMAND has chosen algorithms yet.
  public var algorithms: NASAlgorithms?
  /// The COUNT of the UE's next message: one above the largest that it was seen to use. 24 bits.
  public var nextUplinkCount: UInt32 = 0
  /// The largest COUNT that the network was seen to use; nil if none.
  public var largestDownlinkCount: UInt32?
  /// RAND, which tells a repeated challenge from a new one.
  public var rand: [UInt8] { origin.rand }
  /// Trace event of the (last) AUTHENTICATION REQUEST.
  public var challengeEvent: Int
  /// Whether MAC-A of AUTN verified under K.
  public var isNetworkAuthenticated: Bool { origin.isNetworkAuthenticated }
  /// What the UE must answer.
  var expectedResponse: [UInt8] { origin.expectedResponse }
  var sqnXorAK: [UInt8] { origin.sqnXorAK }

  init(
    id: Int, eKSI: UInt8, servingNetwork: [UInt8], kasme: KeyMaterial, rand: [UInt8], challengeEvent: Int,
    isNetworkAuthenticated: Bool, expectedResponse: [UInt8], ck: KeyMaterial, ik: KeyMaterial, sqnXorAK: [UInt8]
  ) {
    self.id = id
    self.challengeEvent = challengeEvent
    origin = Origin(
      eKSI: eKSI, servingNetwork: servingNetwork, kasme: kasme, rand: rand, isNetworkAuthenticated: isNetworkAuthenticated,
      expectedResponse: expectedResponse, ck: ck, ik: ik, sqnXorAK: sqnXorAK)
  }

  /// Whether it is a copy of the other with nothing changed since.
  func isSame(as other: ObservedContext) -> Bool {
    origin === other.origin && id == other.id && algorithms === other.algorithms && nextUplinkCount == other.nextUplinkCount
      && largestDownlinkCount == other.largestDownlinkCount && challengeEvent == other.challengeEvent
  }

  /// Whether it is a ``StoredContext``, whose challenge came before the trace.
  public var isFromBefore: Bool { rand.isEmpty }

  /// Whether its KASME was told (``ToldKASME``), and not made of K.
  public var isTold: Bool { expectedResponse.isEmpty && !isFromBefore }

  /// Whether an SMC has given it algorithms.
  public var isFull: Bool { algorithms != nil }

  public var nextDownlinkCount: UInt32 { largestDownlinkCount.map { $0 + 1 } ?? 0 }

  /// PLMN as people write it, "001-01".
  public var servingNetworkName: String { plmnName(servingNetwork) }

  /// The KASME that a network would have which took another PLMN for the serving one; nil where the challenge was not seen.
  public func kasme(forServingNetwork plmn: [UInt8], using engine: inout CryptoEngine) -> KeyMaterial? {
    plmn.count == 3 && !sqnXorAK.isEmpty ? engine.deriveKASME(ck: origin.ck, ik: origin.ik, servingNetwork: plmn, sqnXorAK: sqnXorAK) : nil
  }

  /// What a verdict names as the source of its values.
  public var derivation: String { "PLMN \(servingNetworkName), KASME \(kasme.fingerprint), eKSI \(eKSI)" }
}

/// The algorithms of a full context and the NAS keys that follow from them and KASME.
public final class NASAlgorithms: Sendable {
  public let ciphering: CipheringAlgorithm
  public let integrity: IntegrityAlgorithm
  public let encryptionKey: KeyMaterial
  public let integrityKey: KeyMaterial

  /// Whether a report names these two.
  public func matches(_ report: SecurityContextReport) -> Bool {
    report.cipheringAlgorithm == ciphering && report.integrityAlgorithm == integrity
  }

  init(ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm, kasme: KeyMaterial, using engine: inout CryptoEngine) {
    self.ciphering = ciphering
    self.integrity = integrity
    encryptionKey = engine.deriveNASEncryptionKey(kasme: kasme, ciphering)
    integrityKey = engine.deriveNASIntegrityKey(kasme: kasme, integrity)
  }
}

/// "001-01" from the 3 octets of a PLMN identity; other lengths give their hexadecimal.
public func plmnName(_ octets: [UInt8]) -> String {
  guard octets.count == 3 else { return octets.map { String($0, radix: 16) }.joined() }
  func digit(_ value: UInt8) -> String { String(value & 15, radix: 16) }
  let third = octets[1] >> 4 == 15 ? "" : digit(octets[1] >> 4)
  return digit(octets[0]) + digit(octets[0] >> 4) + digit(octets[1]) + "-" + digit(octets[2]) + digit(octets[2] >> 4) + third
}
