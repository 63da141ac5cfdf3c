import NASCrypto
import NASMessages
import NASSecurity

/// What SECURITY MODE COMMAND holds: right, or as a defect has it.
extension MME {
  func replay(_ capability: UENetworkCapability, _ msCapability: MSNetworkCapability?) -> UESecurityCapability {
    let right = UESecurityCapability(replaying: capability, msCapability)
    guard configuration.defects.contains(.capabilitiesCut) else { return right }
    return UESecurityCapability(replaying: UENetworkCapability(octets: Array(capability.octets.prefix(2))), nil)
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
