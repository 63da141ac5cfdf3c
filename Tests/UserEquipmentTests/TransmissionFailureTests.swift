import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Messages of ours that the lower layers could not deliver: TS 24.301 §5.3.8, §5.4.1.5, §5.4.2.7 g-i, §5.4.4.5, §5.5.1.2.6 h-i,
/// §5.5.2.2.4 f-h, §5.5.2.3.4 a, §5.5.3.2.6 h-j, §5.6.1.6 i-j, §6.3.3. Those of SMC are in SecurityModeFactsTests.
@Suite struct TransmissionFailureTests {
  func last(_ outputs: [UE.Output]) throws -> [UInt8] { try #require(outputs.uplinks.last) }

  @Test("ATTACH REQUEST: restarted immediately, and the attempt does not count")
  func attachRequest() throws {
    let bench = try Bench.withStoredContext()
    let pdu = try last(bench.give(.attach))
    _ = try bench.network.open(pdu, using: &bench.engine)
    let outputs = bench.give(.transmissionFailed(pdu, movedTo: nil))
    #expect(bench.words(outputs) == ["start T3410", "send ATTACH REQUEST/1"])
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return }
    #expect(attempt.number == 1)
    // A new COUNT and MAC; KeNB comes from it.
    #expect(outputs.uplinks != [pdu] && bench.ue.keNBTrigger?.count.next == bench.current?.uplinkNASCount)
  }

  @Test("ATTACH COMPLETE: outside the list the attach is restarted with the new GUTI, else the answer goes once more")
  func attachComplete() throws {
    for leaves in [true, false] {
      let bench = Bench()
      try bench.secureWhileAttaching()
      let pdu = try last(bench.deliver(Bench.attachAccept(), .ciphered))
      try bench.synchroniseNetwork()
      let outputs = bench.give(.transmissionFailed(pdu, movedTo: leaves ? Bench.otherArea : nil))
      if leaves {
        let request = try bench.assertSends(outputs, .attachRequest, header: .integrityProtected)
        #expect(try request[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
        #expect(bench.ue.state == .registeredInitiated && bench.ue.bearers.isEmpty)
      } else {
        try bench.assertSends(outputs, .attachComplete, header: .integrityProtectedAndCiphered)
      }
    }
  }

  @Test("TRACKING AREA UPDATE REQUEST: aborted and begun anew at once, EU2")
  func updateRequest() throws {
    let bench = try ServiceTests.idle()
    let pdu = try last(bench.give(.updateTrackingArea(isActive: false)))
    try bench.synchroniseNetwork()
    let outputs = bench.give(.transmissionFailed(pdu, movedTo: Bench.otherArea))
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(bench.ue.registration.updateStatus == .notUpdated && outputs.started.contains(.t3430))
    #expect(bench.ue.machine.registered?.updateAttempts == 0)
    // It opened the connection, so its end is followed by T3440 as ever.
    #expect(bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered).started.contains(.t3440))
  }

  @Test("An update with a nonce, SECURITY MODE COMPLETE being lost: once more with the eKSI of the mapped context (§5.4.3.6 a, §4.4.2.3)")
  func updateRequestWithNonceAfterCommand() throws {
    let bench = try ServiceTests.idle()
    bench.ue.contexts = SecurityContexts()
    let first = try last(
      bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI))))
    let plain = try NASMessage(decoding: first, direction: .uplink)
    let nonce = try #require(try plain[TrackingAreaUpdateRequest.nonceUE])
    func command(_ nonceMME: UInt32) -> [UInt8] {
      let mme = SecurityContext(
        mapping: InterSystemTests.umts, nonceUE: nonce.value, nonceMME: nonceMME, keySetIdentifier: 4, side: .mme,
        algorithms: InterSystemTests.algorithms, using: &bench.engine)
      bench.network.current = mme
      var message = bench.network.message(
        ScriptedNetwork.Command(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: mme.eKSI)
      message.set(SecurityModeCommand.replayedNonceUE, nonce)
      message.set(SecurityModeCommand.nonceMME, Nonce(nonceMME))
      return bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
    }
    let complete = try last(bench.deliver(command(77)))
    try bench.synchroniseNetwork()
    let again = try bench.assertSends(
      bench.give(.transmissionFailed(complete, movedTo: nil)), .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try again[TrackingAreaUpdateRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.mapped, value: 4))
    #expect(try again[TrackingAreaUpdateRequest.nonceUE] == nonce)
    #expect(try again[TrackingAreaUpdateRequest.gprsCipheringKeySequenceNumber]?.rawValue == 4)
    // An MME that let its context go makes another of the same nonce of ours.
    try bench.assertSends(bench.deliver(command(78)), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.state == .registered)
  }

  @Test("An update with a nonce goes once more as it was")
  func updateRequestWithNonce() throws {
    let bench = try ServiceTests.idle()
    bench.ue.contexts = SecurityContexts()
    let pdu = try last(
      bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI))))
    #expect(bench.give(.transmissionFailed(pdu, movedTo: nil)).uplinks == [pdu])
  }

  @Test("TRACKING AREA UPDATE COMPLETE and GUTI REALLOCATION COMPLETE: outside the list an update, else once more")
  func completes() throws {
    for leaves in [true, false] {
      for isUpdate in [true, false] {
        let bench = isUpdate ? try ServiceTests.idle() : Bench()
        if isUpdate { bench.give(.updateTrackingArea(isActive: true)) } else { try bench.attach() }
        try bench.synchroniseNetwork()
        let answered = bench.deliver(isUpdate ? Bench.updateAccept(guti: Bench.guti) : Bench.gutiReallocationCommand(Bench.guti), .ciphered)
        let pdu = try last(answered)
        try bench.synchroniseNetwork()
        let outputs = bench.give(.transmissionFailed(pdu, movedTo: leaves ? Bench.otherArea : Bench.area))
        if leaves {
          try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
          #expect(bench.ue.registration.updateStatus == .notUpdated)
        } else {
          try bench.assertSends(
            outputs, isUpdate ? .trackingAreaUpdateComplete : .gutiReallocationComplete, header: .integrityProtectedAndCiphered)
        }
      }
    }
  }

  @Test("SERVICE REQUEST, CONTROL PLANE and EXTENDED: outside the list an update with the active flag, else restarted")
  func serviceRequests() throws {
    for input in [UE.Input.requestService, .requestControlPlaneService(paged: false), .requestCSFallback(.originating)] {
      for leaves in [true, false] {
        let bench = try ServiceTests.idle()
        bench.ue.registration.nonEPS = .init()
        let pdu = try last(bench.give(input))
        try bench.synchroniseNetwork()
        let outputs = bench.give(.transmissionFailed(pdu, movedTo: leaves ? Bench.otherArea : nil))
        if leaves {
          let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
          #expect(try request[TrackingAreaUpdateRequest.epsUpdateType].isActive)
          guard case .requestCSFallback = input else { continue }
          // §5.6.1.6 i: the call goes on over the connection of the update.
          let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered)
          try bench.assertSends(accepted, .extendedServiceRequest, header: .integrityProtectedAndCiphered)
          #expect(!accepted.started.contains(.t3440))
        } else {
          #expect(outputs.started == [input == .requestCSFallback(.originating) ? .t3417ext : .t3417])
          let again = try #require(outputs.uplinks.first)
          #expect(again != pdu && again.first == pdu.first && bench.ue.state == .serviceRequestInitiated)
          #expect(bench.ue.keNBTrigger?.count.next == bench.current?.uplinkNASCount)
        }
      }
    }
  }

  @Test("AUTHENTICATION RESPONSE and FAILURE: T3418 and T3420 stop; the update begins anew; of a service request it goes once more")
  func authenticationAnswers() throws {
    for fails in [true, false] {
      let update = try ServiceTests.idle()
      update.give(.updateTrackingArea(isActive: false))
      let pdu = try last(update.deliver(update.challenge(eKSI: 1, amf: fails ? 0 : nil), .plain))
      try update.synchroniseNetwork()
      let outputs = update.give(.transmissionFailed(pdu, movedTo: nil))
      try update.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
      #expect(outputs.stopped.contains(.t3418) == fails && outputs.stopped.contains(.t3420) == fails)

      for leaves in [true, false] {
        let service = try ServiceTests.idle()
        service.give(.requestService)
        let answer = try last(service.deliver(service.challenge(eKSI: 1, amf: fails ? 0 : nil), .plain))
        try service.synchroniseNetwork()
        let outputs = service.give(.transmissionFailed(answer, movedTo: leaves ? Bench.otherArea : nil))
        try service.assertSends(
          outputs, leaves ? .trackingAreaUpdateRequest : fails ? .authenticationFailure : .authenticationResponse,
          header: .integrityProtected)
        #expect(outputs.stopped.contains(.t3418) == fails)
      }
    }
  }

  @Test("IDENTITY RESPONSE: of an update, the update again; of a service request outside the list an update, else once more")
  func identityResponse() throws {
    for (input, area, expected) in [
      (UE.Input.updateTrackingArea(isActive: false), nil, NASMessageType.trackingAreaUpdateRequest),
      (.requestService, Bench.otherArea, .trackingAreaUpdateRequest), (.requestService, nil, .identityResponse),
    ] as [(UE.Input, TrackingAreaIdentity?, NASMessageType)] {
      let bench = try ServiceTests.idle()
      bench.give(input)
      let pdu = try last(bench.deliver(Bench.identityRequest(.imsi), .plain))
      try bench.synchroniseNetwork()
      try bench.assertSends(bench.give(.transmissionFailed(pdu, movedTo: area)), expected, header: .integrityProtected)
    }
  }

  @Test("DETACH REQUEST: outside the list an update first, then the detach anew; else restarted with five more transmissions")
  func detachRequest() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    let pdu = try last(bench.give(.timerExpired(.t3421)))
    try bench.synchroniseNetwork()
    let outputs = bench.give(.transmissionFailed(pdu, movedTo: nil))
    #expect(bench.words(outputs) == ["stop T3421", "send DETACH REQUEST/2", "start T3421"])
    guard case .deregisteredInitiated(let attempt) = bench.ue.machine else { return }
    #expect(attempt.transmissions == 1)

    let moved = Bench()
    try moved.attach()
    let sent = try last(moved.give(.detach(switchOff: false)))
    try moved.synchroniseNetwork()
    let update = moved.give(.transmissionFailed(sent, movedTo: Bench.otherArea))
    #expect(update.stopped.contains(.t3421))
    try moved.assertSends(update, .trackingAreaUpdateRequest, header: .integrityProtected)
    try moved.assertSends(
      moved.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    #expect(moved.ue.state == .deregisteredInitiated)
  }

  @Test("A cell of another tracking area during a detach: an update first (§5.5.2.2.4 f)")
  func cellChangeDuringDetach() throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.detach(switchOff: false))
    try bench.synchroniseNetwork()
    try bench.assertSends(bench.give(.campedOn(Bench.otherArea)), .trackingAreaUpdateRequest, header: .integrityProtected)
    let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered)
    try bench.assertSends(accepted, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
  }

  @Test("DETACH ACCEPT: sent once more (§5.5.2.3.4 a)")
  func detachAccept() throws {
    let bench = Bench()
    try bench.attach()
    let pdu = try last(bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered))
    try bench.synchroniseNetwork()
    try bench.assertSends(bench.give(.transmissionFailed(pdu, movedTo: nil)), .detachAccept, header: .integrityProtectedAndCiphered)
  }

  @Test("ESM: outside the list begun anew after an update, else once more (§6.3.3)")
  func sessionManagement() throws {
    for leaves in [true, false] {
      let bench = Bench()
      try bench.attach()
      let pdu = try last(bench.give(.requestSession(.connect("ims"))))
      try bench.synchroniseNetwork()
      let outputs = bench.give(.transmissionFailed(pdu, movedTo: leaves ? Bench.otherArea : nil))
      guard leaves else {
        try bench.assertSends(outputs, .pdnConnectivityRequest, header: .integrityProtectedAndCiphered)
        continue
      }
      try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
      let accepted = bench.deliver(Bench.updateAccept(areas: [Bench.otherArea]), .ciphered)
      try bench.assertSends(accepted, .pdnConnectivityRequest, header: .integrityProtectedAndCiphered)
      #expect(bench.ue.sessions.transactions.count == 1)
    }
  }

  @Test("Only what was sent over this connection can have failed, once, and not when the connection is gone")
  func others() throws {
    let bench = Bench()
    try bench.attach()
    let sent = try last(bench.deliver(Bench.identityRequest(.imei), .ciphered))
    let before = bench.ue
    var foreign = sent
    foreign[foreign.count - 1] ^= 1
    #expect(bench.give(.transmissionFailed(foreign, movedTo: nil)).isEmpty && bench.ue == before)
    #expect(bench.give(.transmissionFailed(sent, movedTo: nil)).uplinks.count == 1)
    #expect(bench.give(.transmissionFailed(sent, movedTo: nil)).isEmpty)
    let newest = try last(bench.deliver(Bench.identityRequest(.imei), .ciphered))
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.transmissionFailed(newest, movedTo: nil)).isEmpty)
  }
}
