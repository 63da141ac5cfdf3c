import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Identification, GUTI reallocation, EMM INFORMATION, status messages and ESM messages that come alone.
@Suite struct CommonProcedureTests {
  // MARK: Identification (§5.4.4)

  @Test func beforeTheSecureExchangeOnlyTheIMSIIsTold() throws {
    let bench = Bench()
    bench.give(.attach)
    let response = try bench.assertSends(bench.deliver(Bench.identityRequest(.imsi), .plain), .identityResponse, header: .plain)
    #expect(try response[IdentityResponse.mobileIdentity] == .imsi(Bench.imsi))
    // The spare bit of the element does not count (TS 24.008 §10.5.5.9).
    try bench.assertSends(
      bench.deliver(Bench.identityRequest(IdentityType2(rawValue: 9)), .plain), .identityResponse, header: .plain)
    for type in [IdentityType2.imei, .imeisv, .tmsi, IdentityType2(rawValue: 0), IdentityType2(rawValue: 10)] {
      bench.assertDiscards(Bench.identityRequest(type), .plain, .protectionMissing)
    }
  }

  @Test func underProtectionEveryIdentityIsTold() throws {
    let bench = try Bench.registered()
    let imeisv = bench.ue.configuration.imeisv
    let expected: [(IdentityType2, MobileIdentity)] = [
      (.imsi, .imsi(Bench.imsi)), (.imei, .imei(String(imeisv.prefix(14)) + "0")), (.imeisv, .imeisv(imeisv)),
      (.tmsi, .tmsi(Bench.guti.mTMSI)), (IdentityType2(rawValue: 5), .noIdentity),
    ]
    for (type, identity) in expected {
      let response = try bench.assertSends(
        bench.deliver(Bench.identityRequest(type), .ciphered), .identityResponse, header: .integrityProtectedAndCiphered)
      #expect(try response[IdentityResponse.mobileIdentity] == identity)
    }
  }

  @Test func itIsAnsweredAtAnyTimeInEMMConnected() throws {
    // §5.4.4.3: also after a reject, while the connection is still there.
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(Bench.attachReject(.networkFailure), .plain)
    try bench.assertSends(bench.deliver(Bench.identityRequest(.imsi), .plain), .identityResponse, header: .plain)
  }

  // MARK: GUTI reallocation (§5.4.1)

  @Test func aNewGUTIAndItsAreasAreTaken() throws {
    let bench = try Bench.registered()
    var guti = Bench.guti
    guti.mTMSI = 0xC000_0002
    try bench.assertSends(
      bench.deliver(Bench.gutiReallocationCommand(guti), .ciphered), .gutiReallocationComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.registration.guti == guti)
    #expect(bench.ue.registration.trackingAreas?.areas == [Bench.area])
    let areas = [Bench.area, TrackingAreaIdentity(plmn: Bench.plmn, tac: 8)]
    bench.deliver(Bench.gutiReallocationCommand(guti, areas: areas), .ciphered)
    #expect(bench.ue.registration.trackingAreas?.areas == areas)
  }

  @Test func anIMSIIsNoGUTI() throws {
    let bench = try Bench.registered()
    var command = NASMessage(.gutiReallocationCommand)
    command.setRaw(GUTIReallocationCommand.guti, [0x09, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0x08, 0, 0, 0])
    let status = try bench.assertSends(bench.deliver(command, .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
    #expect(try status[EMMStatus.emmCause] == .invalidMandatoryInformation)
    #expect(bench.ue.registration.guti == Bench.guti)
  }

  // MARK: EMM INFORMATION and EMM STATUS

  @Test func theNetworksNameIsToldAndNothingAnswered() throws {
    let bench = try Bench.registered()
    let outputs = bench.deliver(Bench.emmInformation("nasue net"), .ciphered)
    #expect(outputs == [.event(.networkNamed(full: "nasue net", short: nil))])
  }

  @Test func aStatusIsToldAndNotAnswered() throws {
    let bench = try Bench.registered()
    let outputs = bench.deliver(Bench.emmStatus(), .ciphered)
    #expect(outputs.uplinks.isEmpty && outputs.events.count == 1)
    let esm = { () -> NASMessage in
      var status = NASMessage(.esmStatus, procedureTransactionIdentity: 0, epsBearerIdentity: 5)
      status.set(ESMStatus.esmCause, .protocolErrorUnspecified)
      return status
    }()
    #expect(bench.deliver(esm, .ciphered).uplinks.isEmpty)
    #expect(bench.ue.state == .registered)
  }

  @Test func unknownAndUnfitMessagesAreAnsweredUnderProtection() throws {
    // §7.4.
    let bench = try Bench.registered()
    let cases: [(NASMessage, EMMCause)] = [
      (NASMessage(.emm(0x7F)), .messageTypeNonExistentOrNotImplemented),
      (NASMessage(.detachAccept), .messageTypeNotCompatibleWithTheProtocolState),
      (Bench.attachReject(.networkFailure), .messageTypeNotCompatibleWithTheProtocolState),
    ]
    for (message, cause) in cases {
      let outputs = bench.deliver(message, .ciphered)
      #expect(outputs.discards.count == 1)
      let status = try bench.assertSends(outputs, .emmStatus, header: .integrityProtectedAndCiphered)
      #expect(try status[EMMStatus.emmCause] == cause)
      #expect(bench.ue.state == .registered)
    }
  }

  /// §7.4, NOTE: a type that is not defined in this direction is one that is not defined.
  @Test(
    "a message type that only UEs send, or that this UE does not implement, is answered with cause #97",
    arguments: [
      .attachRequest, .attachComplete, .trackingAreaUpdateRequest, .trackingAreaUpdateComplete, .extendedServiceRequest,
      .controlPlaneServiceRequest, .gutiReallocationComplete, .authenticationResponse, .authenticationFailure, .identityResponse,
      .securityModeComplete, .securityModeReject, .uplinkNASTransport, .uplinkGenericNASTransport, .downlinkNASTransport,
      .downlinkGenericNASTransport,
    ] as [NASMessageType])
  func typesOfTheOtherDirection(type: NASMessageType) throws {
    let bench = try Bench.registered()
    // Without its mandatory elements, since §7.4 comes before §7.5; and with something in them.
    for octets in [[0x07, type.octet], [0x07, type.octet] + [UInt8](repeating: 1, count: 24)] as [[UInt8]] {
      let status = try bench.assertSends(bench.deliver(octets, .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
      #expect(try status[EMMStatus.emmCause] == .messageTypeNonExistentOrNotImplemented)
    }
  }

  @Test(
    "the same for ESM, where the header is one of ours (§7.3.1 n, §7.3.2 l)",
    arguments: [
      .activateDefaultEPSBearerContextAccept, .activateDefaultEPSBearerContextReject, .activateDedicatedEPSBearerContextAccept,
      .activateDedicatedEPSBearerContextReject, .modifyEPSBearerContextAccept, .modifyEPSBearerContextReject,
      .deactivateEPSBearerContextAccept, .pdnConnectivityRequest, .pdnDisconnectRequest, .bearerResourceAllocationRequest,
      .bearerResourceModificationRequest, .esmInformationResponse, .remoteUEReport, .remoteUEReportResponse,
    ] as [NASMessageType])
  func sessionTypesOfTheOtherDirection(type: NASMessageType) throws {
    let bench = try Bench.registered()
    for octets in [[0x52, 0, type.octet], [0x52, 0, type.octet] + [UInt8](repeating: 1, count: 24)] as [[UInt8]] {
      let status = try bench.assertSends(bench.deliver(octets, .ciphered), .esmStatus, header: .integrityProtectedAndCiphered)
      #expect(try status[ESMStatus.esmCause] == .messageTypeNonExistentOrNotImplemented)
      #expect(status.procedureTransactionIdentity == 0 && status.epsBearerIdentity == 5)
    }
  }

  @Test func unfitMessagesAreNotAnsweredInPlain() throws {
    let bench = Bench()
    bench.give(.attach)
    bench.assertDiscards(NASMessage(.detachAccept), .plain)
    var reject = NASMessage(.serviceReject)
    reject.set(ServiceReject.emmCause, .implicitlyDetached)
    bench.assertDiscards(reject, .plain)
  }

  // MARK: ESM (§7.3)

  func esmCause(_ bench: Bench, _ message: NASMessage) throws -> ESMCause {
    let status = try bench.assertSends(bench.deliver(message, .ciphered), .esmStatus, header: .integrityProtectedAndCiphered)
    #expect(status.procedureTransactionIdentity == message.procedureTransactionIdentity)
    #expect(status.epsBearerIdentity == message.epsBearerIdentity)
    return try status[ESMStatus.esmCause]
  }

  @Test func esmInformationRequestsAreCheckedForTransactionAndBearer() throws {
    let bench = Bench(transfersESMInformationProtected: true)
    try bench.secureWhileAttaching()
    #expect(try esmCause(bench, Bench.esmInformationRequest(transaction: 77)) == .ptiMismatch)
    #expect(try esmCause(bench, Bench.esmInformationRequest(bearer: 5)) == .invalidEPSBearerIdentity)
    bench.assertDiscards(Bench.esmInformationRequest(transaction: 0), .ciphered, verified: true)
    bench.assertDiscards(Bench.esmInformationRequest(transaction: 255), .ciphered, verified: true)
    // Not set, not pending (§7.3.1 e).
    let other = Bench()
    try other.secureWhileAttaching()
    #expect(try esmCause(other, Bench.esmInformationRequest()) == .ptiMismatch)
    let late = try Bench.registered()
    #expect(try esmCause(late, Bench.esmInformationRequest()) == .ptiMismatch)
  }

  @Test func aBearerNobodyAskedForIsRefused() throws {
    let bench = try Bench.registered()
    for (transaction, cause) in [(9, .ptiMismatch), (0, .invalidPTIValue), (255, .invalidPTIValue)] as [(UInt8, ESMCause)] {
      let reject = try bench.assertSends(
        bench.deliver(Bench.activation(transaction: transaction, bearer: 6), .ciphered), .activateDefaultEPSBearerContextReject,
        header: .integrityProtectedAndCiphered)
      #expect(try reject[ActivateDefaultEPSBearerContextReject.esmCause] == cause)
      #expect(reject.epsBearerIdentity == 6)
    }
    #expect(bench.ue.bearers.count == 1)
  }

  @Test func otherESMMessages() throws {
    let bench = try Bench.registered()
    #expect(try esmCause(bench, NASMessage(.esm(0xFE), epsBearerIdentity: 5)) == .messageTypeNonExistentOrNotImplemented)
    var reject = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: 9)
    reject.set(PDNConnectivityReject.esmCause, .networkFailure)
    bench.assertDiscards(reject, .ciphered, verified: true)
  }
}
