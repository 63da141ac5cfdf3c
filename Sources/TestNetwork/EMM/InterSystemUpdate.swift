import NASCrypto
import NASMessages
import NASSecurity

/// TRACKING AREA UPDATE REQUEST of a UE that comes in idle mode from UTRAN, GERAN or N1 mode (TS 24.301 §4.4.2.3, §4.4.4.3, §5.5.3.2.4).
extension MME {
  /// What a mapped context is made of, where the UE came from UTRAN or GERAN and its request cannot be verified: P-TMSI and RAI that
  /// an SGSN knows, NONCE_UE, and the CKSN of the keys that the SGSN has.
  struct Mapping: Sendable {
    var umts: UMTSSecurityContext
    var nonceUE: UInt32
  }

  /// nil where an authentication has to do instead: something is missing, or the UE has run another AKA than the SGSN knows of.
  func mapping(for request: NASMessage) -> (index: Int, mapping: Mapping)? {
    guard configuration.mapsSecurityContexts, let (index, source) = source(of: try? request[TrackingAreaUpdateRequest.oldGUTI]),
      case .umts(let umts) = source.security,
      let number = try? request[TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber], number.rawValue & 0x07 == umts.keySetIdentifier,
      let nonce = try? request[TrackingAreaUpdateRequest.nonceUE]
    else { return nil }
    return (index, Mapping(umts: umts, nonceUE: nonce.value))
  }

  /// SECURITY MODE COMMAND with both nonces for a context made of the UMTS keys. Whose UE it is proves its SECURITY MODE COMPLETE, and
  /// not before: until then no record is touched. Retransmissions have the same nonces (§5.4.3.7 b, NOTE).
  mutating func startMappedSecurityMode(_ mapping: Mapping, for index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    guard let initial = connections[id]?.specific?.initial, let capability = initial.networkCapability ?? ues[index].networkCapability
    else { return rejectUpdate(on: id, cause: .implicitlyDetached, using: &engine) }
    guard let algorithms = configuration.algorithms(for: capability) else {
      discard("no integrity algorithm in common with the UE (\(capability))", "TS 24.301 §5.4.3.2", ue: index)
      return reject(cause: .ueSecurityCapabilitiesMismatch, on: id, using: &engine)
    }
    let nonceMME = UInt32.random(in: .min ... .max, using: &random)
    let mapped = NASSecurity.SecurityContext(
      mapping: mapping.umts, nonceUE: mapping.nonceUE, nonceMME: nonceMME, keySetIdentifier: mapping.umts.keySetIdentifier, side: .mme,
      algorithms: algorithms, using: &engine)
    var command = securityModeCommand(algorithms, eKSI: mapped.eKSI, capability, for: index, initial, using: &engine)
    command.set(SecurityModeCommand.replayedNonceUE, Nonce(mapping.nonceUE))
    command.set(SecurityModeCommand.nonceMME, Nonce(nonceMME))
    transmit(
      SecurityModeControl(subscriber: index, purpose: .procedure, basis: .partial(mapped), command: command), on: id, using: &engine)
  }
}
