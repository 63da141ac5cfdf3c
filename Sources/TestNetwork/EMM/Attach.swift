import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// An attach in progress (TS 24.301 §5.5.1.2). What the request says is the claim of whoever sent it until security is
/// established; only then does it become the UE's context.
struct Attach: Sendable {
  enum Stage: Sendable {
    /// Identification, authentication, security mode control, ESM information: whichever is needed next.
    case preparing
    /// ATTACH ACCEPT sent, T3450 runs.
    case accepting(NASMessage, transmissions: Int)
  }

  var initial: InitialRequest
  var connectivity: PDNConnectivity
  var stage = Stage.preparing

  init(_ request: NASMessage, protection: Protection, mustAuthenticate: Bool) throws(NASDecodingError) {
    // §7.7: an optional element that cannot be read counts as absent.
    initial = InitialRequest(
      message: request, protection: protection, networkCapability: try request[AttachRequest.ueNetworkCapability],
      msNetworkCapability: try? request[AttachRequest.msNetworkCapability],
      additionalCapability: try? request[AttachRequest.ueAdditionalSecurityCapability], mustAuthenticate: mustAuthenticate)
    connectivity = PDNConnectivity(try request[AttachRequest.esmMessageContainer])
  }
}

extension MME {
  mutating func attachRequest(_ received: ReceivedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    let request = received.message
    let identity: EPSMobileIdentity
    let eKSI: NASKeySetIdentifier
    let attach: Attach
    do {
      identity = try request[AttachRequest.epsMobileIdentity]
      eKSI = try request[AttachRequest.nasKeySetIdentifier]
      attach = try Attach(
        request, protection: received.protection,
        mustAuthenticate: !received.protection.isVerified || configuration.authenticatesKnownUEs)
    } catch {
      discard("ATTACH REQUEST: \(error)", "TS 24.301 §5.5.1.2.7 b", association: connections[id]?.association)
      return rejectAttach(on: id, cause: .invalidMandatoryInformation, using: &engine)
    }
    if case .attach(let running) = connections[id]?.specific, running.initial.message == request {
      return repeatedAttachRequest(running, on: id, using: &engine)
    }
    if isIgnoredBesideDetach(.attachRequest, on: id) { return }
    // §5.5.1.2.7 d, e, f and §5.4.3.7 c: a new attach ends what ran, and is served.
    endProcedures(on: id, "ATTACH REQUEST received")
    connections[id]?.statedKeySetIdentifier = eKSI.isNoKey ? nil : eKSI.value
    connections[id]?.specific = .attach(attach)
    if case .verified(let count) = received.protection, let index = connections[id]?.subject.verified {
      connections[id]?.isSecure = true
      connections[id]?.keNBTrigger = count
      reportContexts(of: index, "ATTACH REQUEST verified under eKSI \(eKSI.value)")
      return proceed(id, using: &engine)
    }
    switch identity {
    case .imsi(let imsi):
      guard let index = hss.index(of: imsi) else { return unknownSubscriber(imsi, on: id, using: &engine) }
      if configuration.emergency == .neverAuthenticated, admitGuest("IMSI \(imsi)", on: id, using: &engine) { return }
      claim(.claimed(index, byGUTI: false), on: id)
    case .guti:
      // A guest's GUTI proves nothing of who holds it, and there is nothing to authenticate it with.
      claim(index(of: identity).flatMap { isGuest($0) ? nil : $0 }.map { .claimed($0, byGUTI: true) } ?? .unknown, on: id)
    case .imei(let imei):
      // Only an emergency attach without a SIM names an IMEI.
      if admitGuest("IMEI \(imei)", on: id, using: &engine) { return }
      return rejectAttach(on: id, cause: .imeiNotAccepted, using: &engine)
    }
    proceed(id, using: &engine)
  }

  /// §5.5.1.2.7 d, e: the same request again. ATTACH ACCEPT goes out again if it was sent, else the attach just goes on.
  private mutating func repeatedAttachRequest(_ attach: Attach, on id: UInt32, using engine: inout CryptoEngine) {
    guard case .accepting(let accept, _) = attach.stage else {
      return discard("ATTACH REQUEST repeated while it is being served", "TS 24.301 §5.5.1.2.7 e", ue: connections[id]?.subject.index)
    }
    send(accept, on: id, using: &engine)
    start(.t3450, on: id)
  }

  /// The next step of whatever procedure waits on this connection.
  mutating func proceed(_ id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !connection.isReleasing, !connection.isSilent, connection.commons.isEmpty else { return }
    switch connection.specific {
    case .attach(let attach): proceed(attach, connection, using: &engine)
    case .trackingAreaUpdate(let update): proceed(update, connection, using: &engine)
    case .detachByUE(let type): proceedWithDetach(type, connection, using: &engine)
    case .serviceRequest, .networkDetach, nil: break
    }
  }

  private mutating func proceed(_ attach: Attach, _ connection: S1Connection, using engine: inout CryptoEngine) {
    let id = connection.identifier
    guard case .preparing = attach.stage else { return }
    switch connection.subject {
    case .unknown: identify(.imsi, for: .whoIsIt, on: id, using: &engine)
    case .claimed(let index, _): authenticate(index, for: .procedure, on: id, using: &engine)
    case .verified(let index):
      if attach.initial.mustAuthenticate, !attach.initial.hasFreshKASME {
        return authenticate(index, for: .procedure, on: id, using: &engine)
      }
      if attach.initial.hasFreshKASME || !connection.isSecure || needsRadioCapabilityID(attach.initial, of: index) {
        return startSecurityMode(on: id, for: .procedure, using: &engine)
      }
      if let cause = configuration.attachRejections[name(of: index)] {
        return rejectAttach(on: id, cause: EMMCause(rawValue: cause), using: &engine)
      }
      if attach.connectivity.needsInformation, configuration.esmInformation == .whenFlagged {
        return requestESMInformation(attach.connectivity, on: id, using: &engine)
      }
      if let refusal = attach.connectivity.refusal {
        return rejectAttach(on: id, cause: .esmFailure, esm: attach.connectivity.reject(refusal), using: &engine)
      }
      accept(attach, index, on: id, using: &engine)
    }
  }

  /// Notes a step of the running attach.
  mutating func updateAttach(on id: UInt32, _ change: (inout Attach) -> Void) {
    guard case .attach(var attach) = connections[id]?.specific else { return }
    change(&attach)
    connections[id]?.specific = .attach(attach)
  }

  /// ATTACH ACCEPT with the default bearer, in INITIAL CONTEXT SETUP REQUEST (§5.5.1.2.4).
  private mutating func accept(_ attach: Attach, _ index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    ues[index].networkCapability = attach.initial.networkCapability
    ues[index].msNetworkCapability = attach.initial.msNetworkCapability
    ues[index].additionalCapability = attach.initial.additionalCapability
    let bearer = defaultBearer(for: index, attach.connectivity)
    ues[index].bearers = [bearer]
    let guti = proposeGUTI(to: index)
    setState(.commonProcedureInitiated, of: index)

    var message = NASMessage(.attachAccept)
    message.set(AttachAccept.epsAttachResult, .epsOnly)
    message.set(AttachAccept.t3412Value, GPRSTimer(minutes: configuration.periodicUpdateMinutes))
    ues[index].trackingAreas = trackingAreas(around: id)
    message.set(
      AttachAccept.taiList, TAIList(areas: ues[index].trackingAreas.map { TrackingAreaIdentity(plmn: $0.plmn, tac: $0.code) }))
    message.set(AttachAccept.esmMessageContainer, ESMMessageContainer(attach.connectivity.activation(of: bearer, configuration)))
    message.set(AttachAccept.guti, .guti(guti))
    message.set(AttachAccept.t3402Value, GPRSTimer(minutes: configuration.t3402Minutes))
    if (try? attach.initial.message[AttachRequest.epsAttachType]) == .combinedEPSIMSIAttach {
      // No CS domain here: EPS services only, and why (§5.5.1.3.4.3).
      message.set(AttachAccept.emmCause, .csDomainNotAvailable)
    }
    updateAttach(on: id) { $0.stage = .accepting(message, transmissions: 1) }
    guard let nas = protect(message, on: id, using: &engine) else { return }
    setUpContext(on: id, index, nas: nas, using: &engine)
    start(.t3450, on: id)
  }

  mutating func attachComplete(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id], case .attach(let attach) = connection.specific, case .accepting = attach.stage,
      let index = connection.subject.verified
    else { return drop(.notCompatibleWithState("ATTACH COMPLETE without ATTACH ACCEPT"), on: id) }
    let inner: NASMessage
    do { inner = try message[AttachComplete.esmMessageContainer].message() } catch {
      return drop(.malformed(error.description), on: id)
    }
    guard inner.type == .activateDefaultEPSBearerContextAccept, inner.epsBearerIdentity == ues[index].bearer?.identity else {
      return drop(.notCompatibleWithState("ATTACH COMPLETE with \(inner.type.name) for bearer \(inner.epsBearerIdentity)"), on: id)
    }
    stop(.t3450, on: id)
    connections[id]?.specific = nil
    confirmGUTI(of: index)
    setState(.registered, of: index)
    reportContexts(of: index, "ATTACH COMPLETE")
    reportProcedure("attach completed", on: id)
    if configuration.sendsEMMInformation { sendInformation(on: id, using: &engine) }
    runQueue(on: id, using: &engine)
  }

  mutating func attachExpired(_ attach: Attach, on id: UInt32, using engine: inout CryptoEngine) {
    guard case .accepting(let accept, let transmissions) = attach.stage else { return }
    guard transmissions <= configuration.timers.retransmissions else {
      // §5.5.1.2.7 c: both GUTIs stay the UE's, and it is taken for deregistered.
      return abort("attach: ATTACH ACCEPT was not answered", on: id, using: &engine)
    }
    updateAttach(on: id) { $0.stage = .accepting(accept, transmissions: transmissions + 1) }
    send(accept, on: id, using: &engine)
    start(.t3450, on: id)
  }

  mutating func rejectAttach(on id: UInt32, cause: EMMCause, esm: NASMessage? = nil, using engine: inout CryptoEngine) {
    var reject = NASMessage(.attachReject)
    reject.set(AttachReject.emmCause, cause)
    if let esm { reject.set(AttachReject.esmMessageContainer, ESMMessageContainer(esm)) }
    reportProcedure("attach rejected: \(cause)", on: id)
    send(reject, on: id, using: &engine)
    // A registered UE that was proved and attaches anew in vain is not registered any more; one that is only claimed stays.
    if let connection = connections[id], connection.isSecure, let index = connection.subject.verified, ues[index].state != .deregistered {
      deregister(index)
    }
    release(id, cause: .normalRelease)
  }
}

extension GPRSTimer {
  /// The nearest value that can be said: minutes up to 31, then tenths of hours up to 186 minutes; 0 deactivates the timer.
  init(minutes: Int) {
    switch minutes {
    case ..<1: self.init(octet: 0xE0)
    case 1...31: self.init(octet: 0x20 | UInt8(minutes))
    default: self.init(octet: 0x40 | UInt8(min(31, minutes / 6)))
    }
  }
}
