import NASCrypto
import NASMessages

/// The keys of a UMTS security context, from which a mapped EPS security context is made (TS 33.401 §9).
public struct UMTSSecurityContext: Sendable, Equatable {
  public var ck: KeyMaterial
  public var ik: KeyMaterial
  /// KSI or CKSN, 0 ... 6.
  public var keySetIdentifier: UInt8

  public init(ck: KeyMaterial, ik: KeyMaterial, keySetIdentifier: UInt8) {
    self.ck = ck
    self.ik = ik
    self.keySetIdentifier = keySetIdentifier
  }
}

/// What a UE knows of its 5G NAS security context when it changes to S1 mode (TS 33.501 §8).
public struct FiveGSecurityContext: Sendable, Equatable {
  public var kamf: KeyMaterial
  /// ngKSI's value, 0 ... 6.
  public var keySetIdentifier: UInt8
  /// The COUNT of the next uplink message.
  public var uplinkNASCount: NASCount
  public var downlinkNASCount: NASCount
  /// The EPS algorithms that the AMF selected for S1 mode.
  public var algorithms: NASAlgorithms
  /// The 5G algorithm in use: 128-NIA1 to 128-NIA3 by the numbers of their EPS twins.
  public var integrityAlgorithm: IntegrityAlgorithm

  /// - Parameter integrityAlgorithm: nil where 5GS uses the one of the same number as `algorithms`.
  public init(
    kamf: KeyMaterial, keySetIdentifier: UInt8, uplinkNASCount: NASCount, downlinkNASCount: NASCount, algorithms: NASAlgorithms,
    integrityAlgorithm: IntegrityAlgorithm? = nil
  ) {
    self.kamf = kamf
    self.keySetIdentifier = keySetIdentifier
    self.uplinkNASCount = uplinkNASCount
    self.downlinkNASCount = downlinkNASCount
    self.algorithms = algorithms
    self.integrityAlgorithm = integrityAlgorithm ?? algorithms.integrity
  }

  /// The eKSI by which a TRACKING AREA UPDATE REQUEST names the context mapped from this one (TS 24.301 §4.4.2.3).
  public var mappedEKSI: NASKeySetIdentifier { NASKeySetIdentifier(.mapped, value: keySetIdentifier) }

  /// Integrity protects the TRACKING AREA UPDATE REQUEST of an idle mode change to S1 mode as a 5G NAS message over 3GPP
  /// access is (TS 33.501 §8.2): KNASint of 5GS, BEARER 1, the 5G uplink COUNT.
  public func protectUpdateRequest(_ message: [UInt8], using engine: inout CryptoEngine) -> [UInt8] {
    let mac = mac(over: [uplinkNASCount.sequenceNumber] + message, using: &engine)
    return SecurityProtectedNAS(
      headerType: .integrityProtected, mac: mac, sequenceNumber: uplinkNASCount.sequenceNumber, payload: message
    ).octets
  }

  /// Whether the MAC of `pdu` is that of this context's next uplink COUNT: what the AMF looks at.
  public func verifiesUpdateRequest(_ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine) -> Bool {
    pdu.sequenceNumber == uplinkNASCount.sequenceNumber && mac(over: Array(pdu.authenticated), using: &engine) == pdu.mac
  }

  private func mac(over octets: [UInt8], using engine: inout CryptoEngine) -> UInt32 {
    let key = engine.deriveFiveGNASIntegrityKey(kamf: kamf, integrityAlgorithm)
    return octets.withUnsafeBytes {
      engine.mac(
        integrityAlgorithm, key: key, count: uplinkNASCount.value, bearer: fiveGNASConnectionIdentifier, direction: .uplink, message: $0)
    }
  }
}

/// BEARER of 5G NAS over 3GPP access: its NAS connection identifier (TS 33.501 §6.4.2.2, §6.4.3.1).
private let fiveGNASConnectionIdentifier: UInt8 = 1

extension SecurityContext {
  /// Idle mode change from UTRAN or GERAN: K'ASME from both nonces, COUNTs zero (TS 33.401 §9.1.2, A.11).
  public init(
    mapping umts: UMTSSecurityContext, nonceUE: UInt32, nonceMME: UInt32, keySetIdentifier: UInt8, side: NASSide,
    algorithms: NASAlgorithms, using engine: inout CryptoEngine
  ) {
    let kasme = engine.deriveMappedKASME(ck: umts.ck, ik: umts.ik, nonceUE: nonceUE, nonceMME: nonceMME)
    self.init(
      kasme: kasme, type: .mapped, keySetIdentifier: keySetIdentifier, side: side, algorithms: algorithms, using: &engine)
  }

  /// Handover from UTRAN or GERAN: K'ASME from the MME's nonce, COUNTs zero (TS 33.401 §9.2.2, A.10). The container counts as the first
  /// SECURITY MODE COMMAND: it has used downlink COUNT 0 up (TS 24.301 §4.4.3.1, NOTE 2).
  public init(
    handover umts: UMTSSecurityContext, nonceMME: UInt32, keySetIdentifier: UInt8, side: NASSide, algorithms: NASAlgorithms,
    using engine: inout CryptoEngine
  ) {
    let kasme = engine.deriveMappedKASME(ck: umts.ck, ik: umts.ik, nonceMME: nonceMME)
    let counts: NASCountPair =
      switch side {
      case .userEquipment: NASCountPair(largestAccepted: .zero)
      case .mme: NASCountPair(nextToSend: NASCount.zero.next)
      }
    self.init(
      kasme: kasme, type: .mapped, keySetIdentifier: keySetIdentifier, side: side, algorithms: algorithms, counts: counts, using: &engine)
  }

  /// Idle mode change from N1 mode over N26: K'ASME from the uplink COUNT of the TRACKING AREA UPDATE REQUEST, and the 5G
  /// COUNTs go on (TS 33.501 §8.6.1, A.14.1).
  ///
  /// - Parameter requestCount: the 5G uplink COUNT that protects the TRACKING AREA UPDATE REQUEST.
  public init(
    idleFrom5GS context: FiveGSecurityContext, requestCount: NASCount, side: NASSide, using engine: inout CryptoEngine
  ) {
    let kasme = engine.deriveIdleFrom5GSKASME(kamf: context.kamf, uplinkNASCount: requestCount.value)
    self.init(
      kasme: kasme, type: .mapped, keySetIdentifier: context.keySetIdentifier, side: side, algorithms: context.algorithms,
      counts: SecurityContext.continued(context, uplink: requestCount.next, side: side), using: &engine)
  }

  /// Handover from N1 mode: K'ASME from the downlink COUNT in the NAS container, and the 5G COUNTs go on (TS 33.501 §8.4,
  /// A.14.2).
  ///
  /// - Parameter containerCount: the 5G downlink COUNT that the handover command names.
  public init(
    handoverFrom5GS context: FiveGSecurityContext, containerCount: NASCount, side: NASSide, using engine: inout CryptoEngine
  ) {
    let kasme = engine.deriveHandoverFrom5GSKASME(kamf: context.kamf, downlinkNASCount: containerCount.value)
    var after = context
    after.downlinkNASCount = containerCount
    self.init(
      kasme: kasme, type: .mapped, keySetIdentifier: context.keySetIdentifier, side: side, algorithms: context.algorithms,
      counts: SecurityContext.continued(after, uplink: context.uplinkNASCount, side: side), using: &engine)
  }

  /// The context of an emergency registration that was not authenticated: null algorithms over a KASME made up locally
  /// (TS 24.301 §5.4.3.2, §5.4.3.3).
  public static func nullForEmergency(localKASME: KeyMaterial, side: NASSide, using engine: inout CryptoEngine) -> SecurityContext {
    SecurityContext(kasme: localKASME, keySetIdentifier: 0, side: side, algorithms: .null, using: &engine)
  }

  private static func continued(_ context: FiveGSecurityContext, uplink: NASCount?, side: NASSide) -> NASCountPair {
    switch side {
    case .userEquipment: NASCountPair(nextToSend: uplink, largestAccepted: context.downlinkNASCount)
    case .mme:
      NASCountPair(
        nextToSend: context.downlinkNASCount.next, largestAccepted: uplink.flatMap { $0 == .zero ? nil : NASCount($0.value - 1) })
    }
  }
}
