import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Tracking area update: TS 24.301 §5.5.3.2 and §5.5.3.3.
@Suite struct TrackingAreaUpdateTests {
  static func idle(_ change: (inout UEConfiguration) -> Void = { _ in }) throws -> Bench {
    let bench = Bench(configuration: change)
    bench.give(.campedOn(Bench.area))
    try bench.attachAndRelease()
    return bench
  }

  static func updating(isActive: Bool = false) throws -> Bench {
    let bench = try idle()
    bench.give(.updateTrackingArea(isActive: isActive))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
    return bench
  }

  func request(_ bench: Bench, _ outputs: [UE.Output]) throws -> NASMessage {
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  @Test func aCellOfTheListBringsNoUpdate() throws {
    let bench = try Self.idle()
    #expect(bench.give(.campedOn(Bench.area)).isEmpty)
  }

  @Test func aNewTrackingAreaBringsAnUpdate() throws {
    let bench = try Self.idle()
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(timer: .t3430, after: .seconds(15)) && outputs.stopped.contains(.t3412))
    guard case .establishConnection(let initial)? = outputs.first(where: \.isUplink) else { return }
    // The area is not ours: no S-TMSI for the lower layers, but the MME (Annex D, §5.3.1.1).
    #expect(initial.temporaryIdentity == nil && initial.registeredMME == Bench.guti)
    let message = try request(bench, outputs)
    #expect(try message[TrackingAreaUpdateRequest.epsUpdateType] == EPSUpdateType(.taUpdating))
    #expect(try message[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
    #expect(try message[TrackingAreaUpdateRequest.oldGUTI] == .guti(Bench.guti))
    #expect(try message[TrackingAreaUpdateRequest.oldGUTIType] == .native)
    #expect(try message[TrackingAreaUpdateRequest.lastVisitedRegisteredTAI] == Bench.area)
    #expect(try message[TrackingAreaUpdateRequest.ueNetworkCapability] == bench.ue.configuration.networkCapability)
    #expect(try message[TrackingAreaUpdateRequest.epsBearerContextStatus]?.active == [5])
  }

  @Test func acceptedWithoutAnythingNew() throws {
    let bench = try Self.updating()
    let outputs = bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.words(outputs) == ["stop T3430", "event: trackingAreaUpdated", "start T3440", "EMM-REGISTERED"])
    #expect(bench.ue.registration.guti == Bench.guti && bench.ue.registration.updateStatus == .updated)
    // §5.3.1.2.1 b: the network is to release the connection.
    let released = bench.give(.timerExpired(.t3440))
    #expect(bench.words(released) == ["release", "start T3412"])
  }

  @Test func acceptedWithGUTIAndAreas() throws {
    let bench = try Self.idle()
    bench.give(.campedOn(Bench.otherArea))
    let guti = GUTI(plmn: Bench.plmn, mmeGroupID: 2, mmeCode: 3, mTMSI: 4)
    let accept = Bench.updateAccept(guti: guti, areas: [Bench.area, Bench.otherArea])
    try bench.assertSends(bench.deliver(accept, .ciphered), .trackingAreaUpdateComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.registration.guti == guti)
    #expect(bench.ue.registration.lastVisitedTrackingArea == Bench.otherArea)
    // The COMPLETE was lost: T3450 repeats the ACCEPT.
    try bench.assertSends(bench.deliver(accept, .ciphered), .trackingAreaUpdateComplete, header: .integrityProtectedAndCiphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.campedOn(Bench.area)).isEmpty)
  }

  @Test func timerValuesComeFromTheAcceptOrStayButForT3402() throws {
    let bench = try Self.updating()
    var accept = Bench.updateAccept()
    accept.set(TrackingAreaUpdateAccept.t3412Value, GPRSTimer(seconds: 120))
    accept.set(TrackingAreaUpdateAccept.t3402Value, GPRSTimer(seconds: 60))
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.registration.t3412 == .seconds(120) && bench.ue.registration.t3402 == .seconds(60))
    bench.give(.radioConnectionReleased)
    bench.give(.updateTrackingArea(isActive: false))
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.registration.t3412 == .seconds(120) && bench.ue.registration.t3402 == .seconds(720))
    bench.give(.radioConnectionReleased)
    bench.give(.updateTrackingArea(isActive: false))
    accept.set(TrackingAreaUpdateAccept.t3412Value, .deactivated)
    bench.deliver(accept, .ciphered)
    #expect(bench.give(.radioConnectionReleased).started.isEmpty)
  }

  @Test func thePeriodicUpdateSaysLess() throws {
    let bench = try Self.idle()
    let message = try request(bench, bench.give(.timerExpired(.t3412)))
    #expect(try message[TrackingAreaUpdateRequest.epsUpdateType] == EPSUpdateType(.periodicUpdating))
    #expect(try message[TrackingAreaUpdateRequest.ueNetworkCapability] == nil)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.give(.radioConnectionReleased).contains(timer: .t3412, after: .seconds(3240)))
  }

  @Test func thePeriodicUpdateWaitsForNormalService() throws {
    // §5.3.5.
    let bench = try Self.updating()
    bench.deliver(Bench.updateReject(.roamingNotAllowedInThisTrackingArea), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.timerExpired(.t3412)).uplinks.isEmpty)
    #expect(bench.ue.state == .registeredSubstate(.plmnSearch))
  }

  @Test func theActiveFlagBringsBearersAndNoT3440() throws {
    let bench = try Self.idle()
    let count = try #require(bench.ue.contexts.current?.uplinkNASCount)
    let message = try request(bench, bench.give(.updateTrackingArea(isActive: true)))
    #expect(try message[TrackingAreaUpdateRequest.epsUpdateType].isActive)
    // Defect 10: KeNB comes from this request's COUNT.
    let up = bench.give(.accessStratumSecured)
    #expect(bench.words(up) == ["KeNB from COUNT \(count)"])
    #expect(bench.deliver(Bench.updateAccept(), .ciphered).started.isEmpty)
  }

  @Test func whatWaitsForServiceRidesOnTheUpdate() throws {
    // §5.6.1.6 f: the update wins, with the active flag.
    let bench = try Self.idle()
    bench.give(.requestService)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.stopped.contains(.t3417))
    let message = try request(bench, outputs)
    #expect(try message[TrackingAreaUpdateRequest.epsUpdateType].isActive)
  }

  @Test func bearersTheNetworkDoesNotHaveGo() throws {
    let bench = try Self.updating()
    bench.deliver(Bench.updateAccept(active: [5, 6]), .ciphered)
    #expect(bench.ue.bearers.map(\.epsBearerIdentity) == [5])
  }

  @Test func inConnectedModeItIsProtectedAndNotCiphered() throws {
    // §4.4.5; after a handover into another area.
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    bench.give(.accessStratumSecured)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    _ = try request(bench, outputs)
    #expect(outputs.started == [.t3430])
    #expect(bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered).started.isEmpty)
    #expect(bench.ue.state == .registered && bench.ue.isConnected)
  }

  @Test func aChallengeAndASecurityModeCommandWithHashRunInside() throws {
    let bench = try Self.updating()
    bench.deliver(bench.challenge(eKSI: 4), .plain)
    let outputs = bench.deliver(bench.securityModeCommand { $0.hash = [1, 2, 3, 4, 5, 6, 7, 8] })
    let complete = try bench.assertSends(outputs, .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    // HASHMME differs: the TRACKING AREA UPDATE REQUEST is replayed (§5.4.3.3).
    let replayed = try #require(try complete[SecurityModeComplete.replayedNASMessageContainer])
    let inner = try NASMessage(decoding: Array(replayed.octets), direction: .uplink)
    #expect(inner.type == .trackingAreaUpdateRequest)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.state == .registered)
  }

  @Test func anUnprotectedAcceptIsNone() throws {
    let bench = try Self.updating()
    bench.assertDiscards(Bench.updateAccept(guti: Bench.guti), .plain, .protectionMissing)
    bench.assertDiscards(Bench.updateAccept(guti: Bench.guti), .forged(), .integrityCheckFailed)
  }

  // MARK: TRACKING AREA UPDATE REJECT

  @Test func congestionBacksOff() throws {
    let bench = try Self.updating()
    let outputs = bench.deliver(Bench.updateReject(.congestion, t3346: GPRSTimer(seconds: 60)), .ciphered)
    #expect(outputs.contains(timer: .t3346, after: .seconds(60)))
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.registration.updateStatus == .notUpdated)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.updateTrackingArea(isActive: false)).events == [.trackingAreaUpdateFailed(.backedOff(.t3346))])
    _ = try request(bench, bench.give(.timerExpired(.t3346)))
  }

  @Test func inAttemptingToUpdateAPagingIsAnsweredWithAnUpdate() throws {
    let bench = try Self.updating()
    bench.deliver(Bench.updateReject(.congestion, t3346: GPRSTimer(seconds: 60)), .ciphered)
    bench.give(.radioConnectionReleased)
    _ = try request(bench, bench.give(.paged(ServiceTests.ours)))
  }

  // MARK: Abnormal cases

  @Test func withoutAnswerFiveTimesThenT3402() throws {
    let bench = try Self.updating()
    for attempt in 1...5 {
      let outputs = bench.give(.timerExpired(.t3430))
      #expect(outputs.events == [.trackingAreaUpdateFailed(.noAnswer(timer: .t3430, attempts: attempt))])
      #expect(outputs.contains(.releaseConnection))
      if attempt < 5 {
        #expect(outputs.started == [.t3411, .t3412] && bench.ue.state == .registered)
        _ = try request(bench, bench.give(.timerExpired(.t3411)))
      } else {
        #expect(outputs.contains(timer: .t3402, after: .seconds(720)))
        #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.registration.updateStatus == .notUpdated)
      }
    }
    // No user data in this substate.
    #expect(bench.give(.requestService).isEmpty)
    _ = try request(bench, bench.give(.timerExpired(.t3402)))
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.registration.updateStatus == .updated)
  }

  @Test func outsideTheListAFailureIsNotUpdatedAtOnce() throws {
    let bench = try Self.idle()
    bench.give(.campedOn(Bench.otherArea))
    let outputs = bench.give(.radioConnectionReleased)
    #expect(outputs.events == [.trackingAreaUpdateFailed(.connectionLost)] && outputs.started.contains(.t3411))
    #expect(bench.ue.state == .registeredSubstate(.attemptingToUpdate) && bench.ue.registration.updateStatus == .notUpdated)
  }

  @Test func aChangeOfAreaBeginsAnew() throws {
    // §5.5.3.2.6 e.
    let bench = try Self.updating()
    let outputs = bench.give(.campedOn(Bench.otherArea))
    _ = try request(bench, outputs)
    #expect(bench.ue.registration.updateStatus == .notUpdated)
  }

  @Test func collisionsWithTheNetworksProcedures() throws {
    // §5.5.3.2.6 f, g.
    let detached = try Self.updating()
    #expect(detached.deliver(Bench.detachRequest(.reattachRequired), .ciphered).stopped.contains(.t3430))
    #expect(detached.ue.state == .deregistered(.attachNeeded))
    for ignored in [
      Bench.detachRequest(.imsiDetachByNetwork), Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS),
      Bench.gutiReallocationCommand(GUTI(plmn: Bench.plmn, mmeGroupID: 9, mmeCode: 9, mTMSI: 9)),
    ] {
      let bench = try Self.updating()
      let outputs = bench.deliver(ignored, .ciphered)
      #expect(outputs.discards.count == 1 && outputs.uplinks.isEmpty)
      #expect(bench.ue.state == .trackingAreaUpdatingInitiated && bench.ue.registration.guti == Bench.guti)
    }
  }

  @Test func aDetachOfOursWaitsSwitchOffDoesNot() throws {
    // §5.5.3.2.6 m.
    let off = try Self.updating()
    #expect(off.give(.detach(switchOff: true)).stopped.contains(.t3430))
    #expect(off.ue.state == .null)
    let bench = try Self.updating()
    #expect(bench.give(.detach(switchOff: false)).isEmpty)
    #expect(bench.words(bench.deliver(Bench.updateAccept(), .ciphered)).contains("send DETACH REQUEST/2"))
    #expect(bench.ue.state == .deregisteredInitiated)
    let rejected = try Self.updating()
    rejected.give(.detach(switchOff: false))
    rejected.deliver(Bench.updateReject(.implicitlyDetached), .ciphered)
    #expect(rejected.ue.state == .deregistered(.normalService))
    #expect(rejected.give(.radioConnectionReleased).uplinks.isEmpty)
  }

  @Test func aPagingDuringTheUpdateIsIgnored() throws {
    #expect(try Self.updating().give(.paged(ServiceTests.ours)).isEmpty)
  }

  // MARK: Combined

  @Test func combinedRegistrationAndUpdate() throws {
    let bench = Bench { $0.registersForNonEPSServices = true }
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    var accept = Bench.attachAccept()
    accept.set(AttachAccept.epsAttachResult, .combinedEPSIMSIAttach)
    accept.set(AttachAccept.locationAreaIdentification, LocationAreaIdentity(plmn: Bench.plmn, lac: 1))
    accept.set(AttachAccept.msIdentity, .tmsi(0x1234))
    bench.deliver(accept, .ciphered)
    #expect(bench.ue.registration.nonEPS?.tmsi == 0x1234)
    bench.give(.radioConnectionReleased)
    let message = try request(bench, bench.give(.campedOn(Bench.otherArea)))
    #expect(try message[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdating)
    // EPS only, #16: tried again in ATTEMPTING-TO-UPDATE-MM.
    var epsOnly = Bench.updateAccept(areas: [Bench.otherArea])
    epsOnly.set(TrackingAreaUpdateAccept.emmCause, .mscTemporarilyNotReachable)
    let outputs = bench.deliver(epsOnly, .ciphered)
    #expect(outputs.started.contains(.t3411) && bench.ue.state == .registeredSubstate(.attemptingToUpdateMM))
    bench.give(.radioConnectionReleased)
    let again = try request(bench, bench.give(.timerExpired(.t3411)))
    #expect(try again[TrackingAreaUpdateRequest.epsUpdateType].kind == .combinedTALAUpdatingWithIMSIAttach)
    var both = Bench.updateAccept(result: .combinedTALAUpdated)
    both.set(TrackingAreaUpdateAccept.msIdentity, .tmsi(0x5678))
    // A TMSI is acknowledged (§5.5.3.3.4.2).
    try bench.assertSends(bench.deliver(both, .ciphered), .trackingAreaUpdateComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .registered && bench.ue.registration.nonEPS?.tmsi == 0x5678)
  }
}
