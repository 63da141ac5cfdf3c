import NASCrypto
import NASMessages

/// NAS security transparent containers, which RRC carries in handovers between E-UTRAN and UTRAN or GERAN (TS 24.301 §4.4.2.2, §4.4.3.1,
/// §9.9.2.6, §9.9.2.7).
extension SecurityContext {
  /// The container of a handover to E-UTRAN that this context was made for, as the MME sends it; the UE makes the same context of it.
  ///
  /// - Precondition: a mapped context of the MME.
  public func containerToEUTRA(nonceMME: UInt32) -> NASSecurityParametersToEUTRA {
    precondition(type == .mapped && side == .mme, "the MME makes the container, for a mapped context")
    return NASSecurityParametersToEUTRA(
      nonceMME: nonceMME, ciphering: algorithms.ciphering.rawValue, integrity: algorithms.integrity.rawValue, keySetIdentifier: eKSI)
  }

  /// The MME's half of a handover to UTRAN or GERAN: the container, and CK' ‖ IK' (32 octets) of the downlink COUNT that it names. The
  /// COUNT is used up by that (TS 24.301 §4.4.3.1, TS 33.401 §9.2.1).
  ///
  /// - Precondition: a context of the MME.
  public mutating func handoverToUTRAN(
    using engine: inout CryptoEngine
  ) throws(NASCountExhausted) -> (container: NASSecurityParametersFromEUTRA, keys: KeyMaterial) {
    precondition(side == .mme, "the MME makes the container")
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = successor(of: count)
    return (
      NASSecurityParametersFromEUTRA(downlinkNASCount: count.value),
      engine.deriveHandoverToUTRANKeys(kasme: kasme, downlinkNASCount: count.value)
    )
  }

  /// The UE's half: the COUNT is estimated from the four bits of the container, and is used up; no keys are made of it twice
  /// (TS 33.401 §9.2.1).
  ///
  /// - Returns: CK' ‖ IK', 32 octets; nil where the estimate leaves the 24 bits.
  /// - Precondition: a context of the UE.
  public mutating func handedOverToUTRAN(
    _ container: NASSecurityParametersFromEUTRA, using engine: inout CryptoEngine
  ) -> KeyMaterial? {
    precondition(side == .userEquipment, "the UE receives the container")
    guard let count = estimatedCount(sequenceNumber: container.downlinkNASCountShort, bits: 4) else { return nil }
    counts.largestAccepted = count
    return engine.deriveHandoverToUTRANKeys(kasme: kasme, downlinkNASCount: count.value)
  }
}
