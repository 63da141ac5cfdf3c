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

  /// Idle mode change from N1 mode: the AMF would check the request and hand a mapped context over, which goes on with the 5G COUNTs
  /// (§4.4.2.3, TS 33.501 §8.2, §8.6.1). The same request is not taken a second time.
  ///
  /// - Returns: the UE, and the COUNT of the request; nil where no AMF vouches for it.
  mutating func takesOverFromN1(
    _ request: NASMessage, _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine
  ) -> (index: Int, count: NASCount)? {
    guard request.type == .trackingAreaUpdateRequest, let (index, source) = source(of: try? request[TrackingAreaUpdateRequest.oldGUTI]),
      case .fiveG(var fiveG) = source.security, (try? request[TrackingAreaUpdateRequest.nasKeySetIdentifier]) == fiveG.mappedEKSI,
      fiveG.verifiesUpdateRequest(pdu, using: &engine), let next = fiveG.uplinkNASCount.next
    else { return nil }
    let count = fiveG.uplinkNASCount
    let context = NASSecurity.SecurityContext(idleFrom5GS: fiveG, requestCount: count, side: .mme, using: &engine)
    guard let mapped = MappedSecurityContext(context) else { return nil }
    fiveG.uplinkNASCount = next
    ues[index].source?.security = .fiveG(fiveG)
    ues[index].security.takeByHandover(mapped)
    return (index, count)
  }

  /// Handover from UTRAN, GERAN or N1 mode: the first request under the context that was made for it (§5.5.3.2.4). Without the KSI of the
  /// native context beside, that one goes; with it, it stays for an SMC to take into use.
  mutating func takesOverByHandover(
    _ request: NASMessage, _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine
  ) -> (index: Int, count: NASCount)? {
    guard request.type == .trackingAreaUpdateRequest, let (index, source) = source(of: try? request[TrackingAreaUpdateRequest.oldGUTI]),
      case .handover(let prepared) = source.security,
      (try? request[TrackingAreaUpdateRequest.nasKeySetIdentifier]) == prepared.context.eKSI,
      let verified = try? prepared.context.verify(pdu, using: &engine)
    else { return nil }
    var contexts = ues[index].security
    contexts.takeByHandover(prepared)
    contexts.withCurrent { $0.accept(verified) }
    let named = (try? request[TrackingAreaUpdateRequest.nonCurrentNativeNASKeySetIdentifier]) ?? nil
    if let native = contexts.nonCurrentNativeKeySetIdentifier, named != native { contexts.deleteNonCurrentNative() }
    ues[index].security = contexts
    // The context is in force now: the request cannot come a second time.
    ues[index].source?.security = .takenOver
    return (index, verified.count)
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
