import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

@Suite struct AttachTests {
  @Test func nothingHappensBeforePowerOn() {
    let bench = Bench(powersOn: false)
    #expect(bench.ue.state == .null)
    #expect(bench.give(.attach).isEmpty)
    #expect(bench.words(bench.give(.powerOn)) == ["EMM-DEREGISTERED.NORMAL-SERVICE"])
    #expect(bench.give(.powerOn).isEmpty)
  }

  @Test func attachByIMSIGoesStepByStep() throws {
    let bench = Bench()
    var outputs = bench.give(.attach)
    let initial = try #require(
      outputs.compactMap { if case .establishConnection(let initial) = $0 { initial } else { nil } }.first)
    #expect(initial.establishmentCause == .mobileOriginatedSignalling)
    #expect(initial.temporaryIdentity == nil && initial.registeredMME == nil)
    let request = try NASMessage(decoding: initial.octets)
    #expect(try request[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
    #expect(try request[AttachRequest.nasKeySetIdentifier] == .noKey)
    #expect(try request[AttachRequest.oldGUTIType] == nil)
    #expect(bench.words(outputs) == ["start T3410", "establish with ATTACH REQUEST/0", "EMM-REGISTERED-INITIATED"])
    #expect(outputs.contains(timer: .t3410, after: .seconds(15)))

    outputs = bench.deliver(bench.challenge(), .plain)
    #expect(bench.words(outputs) == ["start T3416", "contexts", "send AUTHENTICATION RESPONSE/0"])
    #expect(bench.ue.contexts.current == nil)
    #expect(bench.ue.contexts.partialNative == bench.network.pending)
    #expect(!bench.ue.hasSecureExchange)

    outputs = bench.deliver(bench.securityModeCommand())
    #expect(bench.words(outputs) == ["stop T3416", "send SECURITY MODE COMPLETE/4", "contexts"])
    #expect(bench.ue.hasSecureExchange)
    #expect(bench.ue.contexts.nonCurrent == nil)
    #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(1))
    #expect(bench.ue.contexts.current?.downlinkNASCount == .zero)
    #expect(bench.ue.contexts.current?.kasme == bench.network.current?.kasme)

    // KeNB from the COUNT of SECURITY MODE COMPLETE, 0.
    outputs = bench.give(.accessStratumSecured)
    #expect(bench.words(outputs) == ["KeNB from COUNT 0"])
    let kasme = try #require(bench.network.current?.kasme)
    #expect(outputs.keNBs == [bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0)])

    outputs = bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(bench.words(outputs) == ["stop T3410", "send ATTACH COMPLETE/2", "event: attached", "EMM-REGISTERED"])
    #expect(bench.ue.registration.guti == Bench.guti)
    #expect(bench.ue.registration.trackingAreas?.areas == [Bench.area])
    #expect(bench.ue.registration.lastVisitedTrackingArea == Bench.area)
    #expect(bench.ue.registration.t3412 == .seconds(3240))
    #expect(bench.ue.bearers.map(\.epsBearerIdentity) == [5])
    #expect(bench.ue.contexts.current?.uplinkNASCount == NASCount(2))
    #expect(bench.ue.contexts.current?.downlinkNASCount == NASCount(1))
  }

  @Test(arguments: [CipheringAlgorithm.eea0, .eea1, .eea2, .eea3], [IntegrityAlgorithm.eia1, .eia2, .eia3])
  func everyPairOfAlgorithmsCarriesAnAttach(ciphering: CipheringAlgorithm, integrity: IntegrityAlgorithm) throws {
    try Bench().attach(algorithms: NASAlgorithms(ciphering: ciphering, integrity: integrity))
  }

  @Test func attachCompleteCarriesTheBearersAcceptance() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    let complete = try bench.assertSends(
      bench.deliver(Bench.attachAccept(), .ciphered), .attachComplete, header: .integrityProtectedAndCiphered)
    let inner = try complete[AttachComplete.esmMessageContainer].message()
    #expect(inner.type == .activateDefaultEPSBearerContextAccept)
    #expect(inner.epsBearerIdentity == 5 && inner.procedureTransactionIdentity == 0)
  }

  @Test func aRepeatedAttachAcceptIsAnsweredAgain() throws {
    let bench = Bench()
    try bench.attach()
    let before = bench.ue.registration
    let again = bench.deliver(Bench.attachAccept(), .ciphered)
    #expect(bench.words(again) == ["send ATTACH COMPLETE/2"])
    #expect(bench.ue.registration == before)
  }

  @Test func anotherAttachAcceptInRegisteredIsNotCompatible() throws {
    let bench = Bench()
    try bench.attach()
    var other = Bench.guti
    other.mTMSI = 7
    let status = try bench.assertSends(
      bench.deliver(Bench.attachAccept(guti: other), .ciphered), .emmStatus, header: .integrityProtectedAndCiphered)
    #expect(try status[EMMStatus.emmCause] == .messageTypeNotCompatibleWithTheProtocolState)
    #expect(bench.ue.registration.guti == Bench.guti)
  }

  @Test func withoutANewGUTITheOldOneIsKept() throws {
    let bench = Bench(registration: Registration(guti: Bench.guti))
    try bench.secureWhileAttaching()
    bench.deliver(Bench.attachAccept(guti: nil), .ciphered)
    #expect(bench.ue.state == .registered)
    #expect(bench.ue.registration.guti == Bench.guti)
  }

  @Test func timerValuesOfTheNetworkAreTaken() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.t3402Value, GPRSTimer(seconds: 360))
    accept.set(AttachAccept.t3412ExtendedValue, PeriodicUpdateTimer(seconds: 36_000))
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.registration.t3402 == .seconds(360))
    #expect(bench.ue.registration.t3412 == .seconds(36_000))
  }

  @Test func esmInformationIsToldWhenItCanBeCiphered() throws {
    let bench = Bench(transfersESMInformationProtected: true)
    let request = try NASMessage(decoding: try #require(bench.give(.attach).uplinks.first))
    let connectivity = try request[AttachRequest.esmMessageContainer].message()
    #expect(try connectivity[PDNConnectivityRequest.esmInformationTransferFlag] == .required)
    #expect(try connectivity[PDNConnectivityRequest.accessPointName] == nil)
    try bench.secureWhileAttaching()
    let transaction = connectivity.procedureTransactionIdentity
    let response = try bench.assertSends(
      bench.deliver(Bench.esmInformationRequest(transaction: transaction), .ciphered), .esmInformationResponse,
      header: .integrityProtectedAndCiphered)
    #expect(response.procedureTransactionIdentity == transaction)
    #expect(try response[ESMInformationResponse.accessPointName] == "internet")
    bench.deliver(Bench.attachAccept(activation: Bench.activation(transaction: transaction)), .ciphered)
    #expect(bench.ue.state == .registered)
    // The COUNT moved twice since SECURITY MODE COMPLETE; KeNB still comes from that message (TS 33.401 §7.2.6.2).
    #expect(bench.words(bench.give(.accessStratumSecured)) == ["KeNB from COUNT 0"])
  }

  @Test func aDefaultBearerThatIsNoneEndsInADetach() throws {
    for activation in [
      Bench.activation(transaction: 9), Bench.activation(bearer: 0), Bench.activation(bearer: 4),
      NASMessage(.esmDummyMessage),
      NASMessage(.activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: 1, epsBearerIdentity: 5),
    ] {
      let bench = Bench()
      try bench.secureWhileAttaching()
      let outputs = bench.deliver(Bench.attachAccept(activation: activation), .ciphered)
      try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
      #expect(bench.ue.state == .deregisteredInitiated)
      #expect(bench.ue.bearers.isEmpty)
      guard case .attachFailed(.defaultBearerNotAccepted)? = outputs.events.first else {
        Issue.record("no failure told: \(outputs.events)")
        continue
      }
    }
  }

  @Test func attachWhileStillConnectedWaitsForTheRelease() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    #expect(bench.words(bench.give(.attach)) == ["EMM-DEREGISTERED.ATTACH-NEEDED"])
    let outputs = bench.give(.radioConnectionReleased)
    #expect(bench.words(outputs) == ["start T3410", "establish with ATTACH REQUEST/1", "EMM-REGISTERED-INITIATED"])
  }
}

@Suite struct AttachByGUTITests {
  /// Registered once, detached, idle; the context stays on both sides.
  func bench() throws -> Bench {
    let bench = Bench()
    try bench.attach(eKSI: 3)
    bench.give(.detach(switchOff: false))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.normalService))
    return bench
  }

  @Test func theStoredContextProtectsTheRequestAndItsCOUNTGoesOn() throws {
    let bench = try bench()
    // The network has not seen the DETACH REQUEST (COUNT 2), as no one opened it.
    let count = try #require(bench.ue.contexts.current?.uplinkNASCount)
    #expect(count == NASCount(3))
    let outputs = bench.give(.attach)
    let initial = try #require(outputs.compactMap { if case .establishConnection(let initial) = $0 { initial } else { nil } }.first)
    #expect(initial.temporaryIdentity == Bench.guti && initial.registeredMME == Bench.guti)
    let opened = try #require(try bench.opened(outputs).first)
    #expect(opened.headerType == .integrityProtected && opened.count == count)
    #expect(try opened.message[AttachRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 3))
    #expect(try opened.message[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
    #expect(try opened.message[AttachRequest.oldGUTIType] == .native)
    #expect(try opened.message[AttachRequest.lastVisitedRegisteredTAI] == Bench.area)
    // Unciphered: the plain message is there to read (§4.4.5).
    #expect(Array(initial.octets[6...]) == opened.message.encoded())

    // ICS comes with the ATTACH ACCEPT: KeNB from the ATTACH REQUEST's COUNT.
    let keNB = bench.give(.accessStratumSecured)
    let kasme = try #require(bench.network.current?.kasme)
    #expect(keNB.keNBs == [bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value)])

    let transaction = try opened.message[AttachRequest.esmMessageContainer].message().procedureTransactionIdentity
    let accepted = bench.deliver(Bench.attachAccept(activation: Bench.activation(transaction: transaction)), .ciphered)
    #expect(bench.words(accepted) == ["stop T3410", "send ATTACH COMPLETE/2", "event: attached", "EMM-REGISTERED"])
    #expect(bench.ue.hasSecureExchange)
  }

  @Test func beforeTheSecureExchangeAnswersAreIntegrityProtectedOnly() throws {
    // §4.4.4.1: once a context exists and was taken into use, the UE's messages are integrity protected; ciphering waits for
    // the secure exchange (§4.4.5). §4.4.4.3 note 3 knows AUTHENTICATION RESPONSE under a context the network lost.
    let bench = try bench()
    _ = try bench.opened(bench.give(.attach))
    let identity = bench.deliver(Bench.identityRequest(.imsi), .plain)
    #expect(bench.words(identity) == ["send IDENTITY RESPONSE/1"])
    let response = bench.deliver(bench.challenge(eKSI: 4), .plain)
    #expect(bench.words(response) == ["start T3416", "contexts", "send AUTHENTICATION RESPONSE/1"])
    // The current context is still the old one, until the SMC.
    #expect(bench.ue.contexts.current?.keySetIdentifier == 3)
    #expect(bench.ue.contexts.partialNative?.keySetIdentifier == 4)
    let complete = bench.deliver(bench.securityModeCommand())
    #expect(bench.words(complete) == ["stop T3416", "send SECURITY MODE COMPLETE/4", "contexts"])
    #expect(bench.ue.contexts.current?.keySetIdentifier == 4)
    #expect(bench.ue.contexts.nonCurrent == nil)
    #expect(bench.words(bench.give(.accessStratumSecured)) == ["KeNB from COUNT 0"])
  }

  @Test func integrityAloneDoesNotEstablishTheSecureExchange() throws {
    let bench = try bench()
    _ = try bench.opened(bench.give(.attach))
    bench.assertDiscards(Bench.attachAccept(), .integrity, .cipheringMissing, verified: true)
    bench.assertDiscards(Bench.identityRequest(.imeisv), .integrity, .cipheringMissing, verified: true)
    #expect(!bench.ue.hasSecureExchange)
    // A message of §4.4.4.2's list passes, and its protection is known: the USIM goes.
    bench.deliver(NASMessage(.authenticationReject), .integrity)
    #expect(bench.ue.state == .deregistered(.noIMSI))
  }

  @Test func aContextWithoutAGUTIProtectsAnAttachByIMSI() throws {
    let bench = try bench()
    bench.ue.registration = Registration()
    let opened = try #require(try bench.opened(bench.give(.attach)).first)
    #expect(opened.headerType == .integrityProtected)
    #expect(try opened.message[AttachRequest.epsMobileIdentity] == .imsi(Bench.imsi))
  }

  @Test func aGUTIWithoutAContextIsToldInPlain() throws {
    let bench = Bench(registration: Registration(guti: Bench.guti))
    let opened = try #require(try bench.opened(bench.give(.attach)).first)
    #expect(opened.headerType == .plain)
    #expect(try opened.message[AttachRequest.nasKeySetIdentifier] == .noKey)
    #expect(try opened.message[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
  }

  @Test func aRequestThatWasNeverSentUsesNoCOUNT() throws {
    // §4.4.3.1: except for initial messages if the RRC connection could not be made.
    let bench = try bench()
    let count = bench.ue.contexts.current?.uplinkNASCount
    bench.give(.attach)
    #expect(bench.ue.contexts.current?.uplinkNASCount == count?.next)
    bench.give(.radioConnectionFailed)
    #expect(bench.ue.contexts.current?.uplinkNASCount == count)
    // One that was sent and then lost does use it.
    bench.give(.timerExpired(.t3411))
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.contexts.current?.uplinkNASCount == count?.next)
  }
}
