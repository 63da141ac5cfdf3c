public import NASCrypto
public import NASMessages

/// A full native EPS security context from before the trace begins, as a USIM keeps it while the UE is switched off
/// (TS 24.301 Annex C). No challenge in the trace shows where it comes from.
public struct StoredContext: Sendable {
  public var imsi: String
  /// What the UE may name itself by.
  public var guti: GUTI?
  public var kasme: KeyMaterial
  /// 0-6.
  public var eKSI: UInt8
  public var ciphering: CipheringAlgorithm
  public var integrity: IntegrityAlgorithm
  /// The COUNT of the UE's next message.
  public var nextUplinkCount: UInt32
  /// The largest COUNT that the UE accepted; nil if none.
  public var largestDownlinkCount: UInt32?
  /// PLMN identity, 3 octets: for the words of a verdict.
  public var servingNetwork: [UInt8]

  public init(
    imsi: String, guti: GUTI?, kasme: KeyMaterial, eKSI: UInt8, ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm,
    nextUplinkCount: UInt32, largestDownlinkCount: UInt32?, servingNetwork: [UInt8]
  ) {
    self.imsi = imsi
    self.guti = guti
    self.kasme = kasme
    self.eKSI = eKSI
    self.ciphering = ciphering
    self.integrity = integrity
    self.nextUplinkCount = nextUplinkCount
    self.largestDownlinkCount = largestDownlinkCount
    self.servingNetwork = servingNetwork
  }
}

extension Observer {
  /// Knows a context from before the trace: one more to try messages under. It is nobody's until a message verifies under it.
  public mutating func know(_ stored: StoredContext, using engine: inout CryptoEngine) {
    guard let index = ue(imsi: stored.imsi, else: nil) else { return }
    let none = KeyMaterial([UInt8](repeating: 0, count: 16))
    var context = ObservedContext(
      id: nextContextID, eKSI: stored.eKSI, servingNetwork: stored.servingNetwork, kasme: stored.kasme, rand: [], challengeEvent: -1,
      isNetworkAuthenticated: true, expectedResponse: [], ck: none, ik: none, sqnXorAK: [])
    context.algorithms = NASAlgorithms(
      ciphering: stored.ciphering, integrity: stored.integrity, kasme: stored.kasme, using: &engine)
    context.nextUplinkCount = stored.nextUplinkCount
    context.largestDownlinkCount = stored.largestDownlinkCount
    nextContextID += 1
    add(context, to: index)
    if let guti = stored.guti { assign(guti, to: index) }
  }
}
