import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// CONTROL PLANE SERVICE REQUEST (TS 24.301 §5.6.1.2.2): user data in a NAS message, answered by SERVICE ACCEPT or the user plane.
extension MME {
  /// Header type 1, or 5 where a container inside is ciphered (§4.4.5).
  ///
  /// - Parameter mTMSI: of INITIAL UE MESSAGE; the message itself does not say whose it is.
  mutating func controlPlaneServiceRequest(
    _ pdu: SecurityProtectedNAS, mTMSI: UInt32?, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id] else { return }
    let message: NASMessage
    do { message = try NASMessage(decoding: pdu.payload, direction: .uplink) } catch {
      return drop(.malformed(error.description), on: id)
    }
    guard message.type == .controlPlaneServiceRequest, !connection.isSecure, connection.subject == .unknown, connection.specific == nil
    else {
      return drop(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue), on: id, message)
    }
    guard let index = mTMSI.flatMap({ ueOfTMSI[$0] }), let current = ues[index].security.current else {
      discard("CONTROL PLANE SERVICE REQUEST: the S-TMSI is no UE's", "TS 24.301 §5.6.1.5", association: connection.association)
      return rejectService(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    let verified: IntegrityVerified
    do {
      guard (try? message[ControlPlaneServiceRequest.nasKeySetIdentifier]) == current.eKSI else { throw DiscardReason.noSecurityContext }
      // The MAC covers the octets after it, and not the header type: as if nothing were ciphered.
      let asPlain = SecurityProtectedNAS(
        headerType: .integrityProtected, mac: pdu.mac, sequenceNumber: pdu.sequenceNumber, payload: pdu.payload)
      verified = try current.verify(asPlain, using: &engine)
    } catch {
      discard("CONTROL PLANE SERVICE REQUEST: \(error)", "TS 24.301 §4.4.4.3", association: connection.association, ue: index)
      return rejectService(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    // §4.4.5: a container that came without being ciphered is not for the MME, whatever the algorithm.
    guard pdu.headerType == .integrityProtectedAndPartiallyCiphered || !message.hasContainer else {
      return drop(.cipheringMissing, on: id, message)
    }
    ues[index].security.withCurrent { $0.accept(verified) }
    bind(id, to: index)
    guard beginService(verified.count, "CONTROL PLANE SERVICE REQUEST", index, on: id, using: &engine) else { return }
    let isCiphered = pdu.headerType == .integrityProtectedAndPartiallyCiphered
    serve(message, of: index, current, count: verified.count, isCiphered: isCiphered, on: id, using: &engine)
  }

  private mutating func serve(
    _ request: NASMessage, of index: Int, _ context: NASSecurity.SecurityContext, count: NASCount, isCiphered: Bool, on id: UInt32,
    using engine: inout CryptoEngine
  ) {
    let status = try? request[ControlPlaneServiceRequest.epsBearerContextStatus]
    if let status { synchroniseBearers(of: index, with: status) }
    guard ues[index].bearer != nil else {
      return rejectService(on: id, cause: .noEPSBearerContextActivated, using: &engine)
    }
    if let container = try? request[ControlPlaneServiceRequest.esmMessageContainer] {
      var octets = Array(container.octets)
      if isCiphered {
        octets.withUnsafeMutableBytes {
          engine.applyKeystream(
            context.algorithms.ciphering, key: context.encryptionKey, count: count.value, bearer: 0, direction: .uplink, to: $0)
        }
      }
      userData(octets, on: id)
    }
    if (try? request[ControlPlaneServiceRequest.controlPlaneServiceType])?.isActive == true {
      return serve(index, on: id, using: &engine)
    }
    var accept = NASMessage(.serviceAccept)
    if status != nil { accept.set(ServiceAccept.epsBearerContextStatus, EPSBearerContextStatus(active: ues[index].bearerIdentities)) }
    send(accept, on: id, using: &engine)
    reportProcedure("service request completed: SERVICE ACCEPT", on: id)
    runQueue(on: id, using: &engine)
  }

  /// ESM DATA TRANSPORT: what is in it goes nowhere, since no user plane is carried.
  private mutating func userData(_ octets: [UInt8], on id: UInt32) {
    do {
      let message = try NASMessage(decoding: octets, direction: .uplink)
      reportProcedure("control plane: \(message.type.name) for EPS bearer \(message.epsBearerIdentity)", on: id)
    } catch {
      drop(.malformed("ESM message container: \(error)"), on: id)
    }
  }
}

extension NASMessage {
  /// ESM or NAS message container: what CONTROL PLANE SERVICE REQUEST ciphers.
  fileprivate var hasContainer: Bool {
    contains(ControlPlaneServiceRequest.esmMessageContainer) || contains(ControlPlaneServiceRequest.nasMessageContainer)
  }
}
