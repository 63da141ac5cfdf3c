import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// A UE that does what a test tells it to, with real keys.
struct ScriptedUE {
  var credentials: SubscriberCredentials
  var sequenceNumbers = USIMSequenceNumbers()
  var contexts = SecurityContexts()
  var guti: GUTI?
  var capability = UENetworkCapability(eea: 0xF0, eia: 0x70)
  var lastRequest: [UInt8] = []
  /// The UMTS keys that it brings from UTRAN, and the nonce that it sent.
  var mapping: (umts: UMTSSecurityContext, nonceUE: UInt32)?

  init(_ imsi: String = NetworkBench.imsi) { credentials = NetworkBench.subscriber(imsi) }

  // MARK: Uplink

  func attachRequest(_ identity: EPSMobileIdentity? = nil, wantsInformation: Bool = false, eKSI: NASKeySetIdentifier? = nil) -> NASMessage {
    var connectivity = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: 3)
    connectivity.set(PDNConnectivityRequest.requestType, .initialRequest)
    connectivity.set(PDNConnectivityRequest.pdnType, .ipv4)
    if wantsInformation { connectivity.set(PDNConnectivityRequest.esmInformationTransferFlag, .required) }
    var message = NASMessage(.attachRequest)
    message.set(AttachRequest.epsAttachType, .epsAttach)
    message.set(AttachRequest.nasKeySetIdentifier, eKSI ?? contexts.eKSI)
    message.set(AttachRequest.epsMobileIdentity, identity ?? guti.map { .guti($0) } ?? .imsi(credentials.imsi))
    message.set(AttachRequest.ueNetworkCapability, capability)
    message.set(AttachRequest.esmMessageContainer, ESMMessageContainer(connectivity))
    return message
  }

  func detachRequest(switchOff: Bool = false) -> NASMessage {
    var message = NASMessage(.detachRequestFromUE)
    message.set(DetachRequestFromUE.detachType, .epsDetach.switchingOff(switchOff))
    message.set(DetachRequestFromUE.nasKeySetIdentifier, contexts.eKSI)
    message.set(DetachRequestFromUE.epsMobileIdentity, guti.map { .guti($0) } ?? .imsi(credentials.imsi))
    return message
  }

  func updateRequest(
    _ type: EPSUpdateType = EPSUpdateType(.taUpdating), guti: GUTI? = nil, eKSI: NASKeySetIdentifier? = nil, withCapability: Bool = false,
    active: Set<UInt8>? = nil
  ) -> NASMessage {
    var message = NASMessage(.trackingAreaUpdateRequest)
    message.set(TrackingAreaUpdateRequest.epsUpdateType, type)
    message.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, eKSI ?? contexts.eKSI)
    if let guti = guti ?? self.guti { message.set(TrackingAreaUpdateRequest.oldGUTI, .guti(guti)) }
    if withCapability { message.set(TrackingAreaUpdateRequest.ueNetworkCapability, capability) }
    message.set(TrackingAreaUpdateRequest.epsBearerContextStatus, active.map { EPSBearerContextStatus(active: $0) })
    return message
  }

  mutating func protect(
    _ message: NASMessage, as type: SecurityHeaderType = .integrityProtectedAndCiphered, _ bench: NetworkBench
  ) throws -> [UInt8] {
    try protect(message.encoded(), as: type, bench)
  }

  mutating func protect(
    _ message: [UInt8], as type: SecurityHeaderType = .integrityProtectedAndCiphered, _ bench: NetworkBench
  ) throws -> [UInt8] {
    var context = try #require(contexts.current)
    let octets = try context.protect(message, as: type, using: &bench.engine)
    contexts.withCurrent { $0 = context }
    return octets
  }

  mutating func serviceRequest(_ bench: NetworkBench) throws -> [UInt8] {
    var context = try #require(contexts.current)
    let octets = try context.serviceRequest(using: &bench.engine)
    contexts.withCurrent { $0 = context }
    return octets
  }

  /// AUTHENTICATION REQUEST (plain) to the outputs that SECURITY MODE COMPLETE brings.
  mutating func secure(
    _ outputs: [MME.Output], _ line: Line, container: NASMessage? = nil, _ bench: NetworkBench
  ) throws -> [MME.Output] {
    let response = try answer(challenge: outputs.plainNAS(), bench)
    let command = try bench.uplink(response.encoded(), line)
    return try bench.uplink(complete(try #require(command.nas.first), container: container, bench), line)
  }

  var sTMSI: STMSI? { guti.map { STMSI(mmeCode: $0.mmeCode, mTMSI: $0.mTMSI) } }

  // MARK: Downlink

  /// A protected downlink message, verified and deciphered under the current context.
  mutating func open(_ octets: [UInt8], _ bench: NetworkBench) throws -> NASMessage {
    guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .downlink) else {
      Issue.record("not protected")
      return NASMessage(.emmStatus)
    }
    #expect(pdu.headerType == .integrityProtectedAndCiphered)
    var context = try #require(contexts.current)
    let verified = try context.unprotect(pdu, using: &bench.engine)
    contexts.withCurrent { $0 = context }
    return try NASMessage(decoding: verified.octets, direction: .downlink)
  }

  /// AUTHENTICATION RESPONSE, or FAILURE, to a plain request.
  mutating func answer(
    challenge request: NASMessage, plmn: [UInt8] = NetworkBench.plmn.wireOctets, _ bench: NetworkBench
  ) throws -> NASMessage {
    #expect(request.type == .authenticationRequest)
    let rand = try request[AuthenticationRequest.authenticationParameterRAND].octets
    let autn = try request[AuthenticationRequest.authenticationParameterAUTN].octets
    let eKSI = try request[AuthenticationRequest.nasKeySetIdentifier]
    switch bench.engine.verifyChallenge(rand: rand, autn: autn, credentials: credentials, sequenceNumbers: &sequenceNumbers) {
    case .success(let result):
      #expect(result.hasSeparationBit)
      let kasme = bench.engine.deriveKASME(ck: result.ck, ik: result.ik, servingNetwork: plmn, sqnXorAK: result.sqnXorAK)
      contexts.authenticated(PartialNativeSecurityContext(kasme: kasme, keySetIdentifier: eKSI.value))
      var response = NASMessage(.authenticationResponse)
      response.set(AuthenticationResponse.authenticationResponseParameter, AuthenticationResponseParameter(result.res))
      return response
    case .macFailure: return Self.failure(.macFailure)
    case .synchronisationFailure(let auts): return Self.failure(.synchFailure, auts: auts)
    }
  }

  static func failure(_ cause: EMMCause, auts: [UInt8]? = nil) -> NASMessage {
    var message = NASMessage(.authenticationFailure)
    message.set(AuthenticationFailure.emmCause, cause)
    message.set(AuthenticationFailure.authenticationFailureParameter, auts.map { AuthenticationFailureParameter($0) })
    return message
  }

  static func wrongResponse() -> NASMessage {
    var message = NASMessage(.authenticationResponse)
    message.set(AuthenticationResponse.authenticationResponseParameter, AuthenticationResponseParameter([1, 2, 3, 4, 5, 6, 7, 8]))
    return message
  }

  /// Judges SECURITY MODE COMMAND as a UE does.
  func evaluate(_ octets: [UInt8], _ bench: NetworkBench) throws -> SecurityModeOutcome {
    guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .downlink) else {
      Issue.record("SECURITY MODE COMMAND is not protected")
      return .discard(.protectionMissing)
    }
    #expect(try NASMessage(decoding: pdu.payload, direction: .downlink).type == .securityModeCommand)
    var circumstances = SecurityModeCircumstances(
      expectedCapabilities: UESecurityCapability(replaying: capability), initialMessage: lastRequest)
    circumstances.mapping = mapping
    return contexts.evaluateSecurityModeCommand(pdu, circumstances: circumstances, using: &bench.engine)
  }

  /// SECURITY MODE COMPLETE under the context that the command takes into use.
  mutating func complete(_ octets: [UInt8], container: NASMessage? = nil, _ bench: NetworkBench) throws -> [UInt8] {
    guard case .complete(let acceptance) = try evaluate(octets, bench) else {
      Issue.record("SECURITY MODE COMMAND was not accepted: \(try evaluate(octets, bench))")
      return []
    }
    contexts.take(acceptance.context)
    var message = NASMessage(.securityModeComplete)
    if acceptance.imeisvRequested { message.set(SecurityModeComplete.imeisv, .imeisv("1234567890123456")) }
    if let container { message.set(SecurityModeComplete.replayedNASMessageContainer, ReplayedNASMessageContainer(container)) }
    return try protect(message, as: .integrityProtectedAndCipheredNewContext, bench)
  }

  static func attachComplete() -> NASMessage {
    let accept = NASMessage(.activateDefaultEPSBearerContextAccept, epsBearerIdentity: 5)
    var message = NASMessage(.attachComplete)
    message.set(AttachComplete.esmMessageContainer, ESMMessageContainer(accept))
    return message
  }

  // MARK: Whole procedures

  /// Attach by IMSI up to EMM-REGISTERED; returns the connection.
  mutating func attach(_ bench: NetworkBench, on association: Int = 0) throws -> Line {
    let request = attachRequest(.imsi(credentials.imsi), eKSI: .noKey)
    lastRequest = request.encoded()
    let (line, outputs) = try bench.initial(lastRequest, on: association)
    let response = try answer(challenge: outputs.plainNAS(), bench)
    let command = try bench.uplink(response.encoded(), line)
    let accepted = try bench.uplink(complete(try #require(command.nas.first), bench), line)
    try finishAttach(accepted, line, bench)
    return line
  }

  /// From INITIAL CONTEXT SETUP REQUEST to EMM-REGISTERED.
  mutating func finishAttach(_ outputs: [MME.Output], _ line: Line, _ bench: NetworkBench) throws {
    #expect(outputs.messages == [.initialContextSetupRequest])
    let accept = try open(try #require(outputs.nas.first), bench)
    #expect(accept.type == .attachAccept)
    if case .guti(let guti)? = try accept[AttachAccept.guti] { self.guti = guti }
    _ = try bench.contextSetUp(line)
    let done = try bench.uplink(protect(Self.attachComplete(), bench), line)
    #expect(done.states == ["EMM-REGISTERED"])
    for octets in done.nas { #expect(try open(octets, bench).type == .emmInformation) }
  }

  /// The eNB releases: the UE is idle.
  func goIdle(_ bench: NetworkBench, _ line: Line) throws {
    let outputs = try bench.eNB(.ueContextReleaseRequest, on: line.association) {
      $0.ids(line)
      $0.add(.cause, Cause.userInactivity)
    }
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(try bench.releaseComplete(line).discards.isEmpty)
    #expect(!bench.mme.isConnected(imsi: credentials.imsi))
  }

  /// Both sides' current context: same KASME, eKSI, algorithms, and COUNTs that fit.
  func expectAligned(_ bench: NetworkBench, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let network = try #require(bench.mme.securityContexts(imsi: credentials.imsi)?.current, sourceLocation: sourceLocation)
    let own = try #require(contexts.current, sourceLocation: sourceLocation)
    #expect(network.kasme == own.kasme, sourceLocation: sourceLocation)
    #expect(network.eKSI == own.eKSI, sourceLocation: sourceLocation)
    #expect(network.algorithms == own.algorithms, sourceLocation: sourceLocation)
    #expect(network.uplinkNASCount == own.uplinkNASCount, sourceLocation: sourceLocation)
    #expect(network.downlinkNASCount == own.downlinkNASCount, sourceLocation: sourceLocation)
  }
}

extension SecurityProtectedNAS {
  /// A downlink PDU that has to be protected.
  init(downlink octets: [UInt8]) throws {
    guard case .protected(let pdu) = try NASPDU(parsing: octets, direction: .downlink) else {
      throw DiscardReason.protectionMissing
    }
    self = pdu
  }
}
