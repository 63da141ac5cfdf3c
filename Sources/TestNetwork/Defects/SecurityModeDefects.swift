import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// What SECURITY MODE COMMAND holds: right, or as a defect has it.
extension MME {
  func replay(_ capability: UENetworkCapability, _ msCapability: MSNetworkCapability?) -> UESecurityCapability {
    let right = UESecurityCapability(replaying: capability, msCapability)
    guard configuration.defects.contains(.capabilitiesCut) else { return right }
    return UESecurityCapability(replaying: UENetworkCapability(octets: Array(capability.octets.prefix(2))), nil)
  }

  /// What an eNB is told of a UE's algorithms.
  func told(_ capability: UENetworkCapability) -> UESecurityCapabilities {
    configuration.defects.contains(.capabilitiesZeroed)
      ? UESecurityCapabilities(encryption: 0, integrity: 0) : UESecurityCapabilities(capability)
  }

  /// nil leaves it out.
  func hashMME(of message: [UInt8], using engine: inout CryptoEngine) -> HashMME? {
    if configuration.defects.contains(.hashMMEMissing) { return nil }
    let hashed = configuration.defects.contains(.hashMMEWrong) ? message + [0] : message
    return HashMME(engine.initialMessageHash(of: hashed))
  }

  func nullIntegrity(_ algorithms: NASAlgorithms?) -> NASAlgorithms? {
    guard configuration.defects.contains(.nullIntegrity), let algorithms else { return algorithms }
    return NASAlgorithms(ciphering: algorithms.ciphering, integrity: .eia0)
  }

  /// `counts-reset-at-smc`: an SMC on a KASME in use begins at COUNT 0 again.
  func countsReset(_ context: NASSecurity.SecurityContext, using engine: inout CryptoEngine) -> NASSecurity.SecurityContext {
    configuration.defects.contains(.countsResetAtSMC) ? context.with(NASCountPair(), using: &engine) : context
  }

  /// What SECURITY MODE REJECT leaves of the contexts: nothing, or half.
  mutating func rejectedDefectively(_ control: SecurityModeControl, using engine: inout CryptoEngine) {
    let index = control.subscriber
    if configuration.defects.contains(.contextLostAtReject) { ues[index].security.deleteAll() }
    if configuration.defects.contains(.contextHalfRestored), case .partial(let new) = control.basis,
      let old = ues[index].security.current
    {
      let half = NASSecurity.SecurityContext(
        kasme: new.kasme, keySetIdentifier: old.keySetIdentifier, side: .mme, algorithms: old.algorithms, counts: old.counts,
        using: &engine)
      ues[index].security.withCurrent { $0 = half }
    }
  }

  /// The eKSI that SECURITY MODE COMMAND names.
  func named(_ eKSI: NASKeySetIdentifier) -> NASKeySetIdentifier {
    guard configuration.defects.contains(.eKSIOfAnotherInSMC) else { return eKSI }
    return NASKeySetIdentifier(eKSI.typeOfSecurityContext, value: (eKSI.value + 1) % 7)
  }

  /// The PLMN that KASME is derived for, 3 octets.
  func servingNetwork(_ right: [UInt8]) -> [UInt8] {
    guard configuration.defects.contains(.kasmeOfAnotherPLMN) else { return right }
    return configuration.plmns.map(\.wireOctets).first { $0 != right } ?? right.reversed()
  }

  /// The defect `as-chain-at-smc`: a chain of a KeNB that is on no eNB.
  mutating func beginChainUntold(on id: UInt32, using engine: inout CryptoEngine) {
    guard configuration.defects.contains(.asChainAtSMC), let connection = connections[id], connection.chain != nil,
      let index = connection.subject.verified, let current = ues[index].security.current, let count = connection.keNBTrigger
    else { return }
    let keNB = engine.deriveKeNB(kasme: current.kasme, uplinkNASCount: count.value)
    connections[id]?.chain = AccessStratumChain(
      kasme: current.kasme, keySetIdentifier: current.keySetIdentifier, keNB: keNB, using: &engine)
  }
}
