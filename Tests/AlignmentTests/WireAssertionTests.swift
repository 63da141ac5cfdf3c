import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// Each assertion on NAS octets: what is right holds, one thing wrong is found under its slug alone.
@Suite("Assertions on the wire")
struct WireAssertionTests {
  private func outcome(_ slug: String, _ verdicts: [Verdict]) -> Verdict.Outcome? { verdicts.first { $0.slug == slug }?.verdict }

  @Test("an ordinary attach: every assertion that it can decide holds")
  func ordinary() throws {
    var network = try SketchedNetwork()
    _ = try network.attachedChain()
    let found = allVerdicts(network)
    #expect(misaligned(found) == [])
    for slug in [
      "rekey-smc-order", "count-per-transmission", "eksi-consistent", "protection-by-state", "capabilities-replayed", "null-algorithms",
    ] {
      #expect(outcome(slug, found) == .aligned, "\(slug)")
    }
    // The request came plain: from Rel-14 on there would be a hash.
    #expect(outcome("hashmme", found) == .observed)
  }

  @Test("count-per-transmission: the same octets again, another message under a used COUNT, a gap")
  func counts() throws {
    var again = try SketchedNetwork()
    try again.attach()
    let message = again.downProtected(again.plain(.emmInformation))
    try again.down(message)
    try again.down(message)
    #expect(misaligned(allVerdicts(again)) == ["count-per-transmission"])
    var gap = try SketchedNetwork()
    try gap.attach()
    gap.downlink += 3
    try gap.down(gap.downProtected(gap.plain(.emmInformation)))
    #expect(misaligned(allVerdicts(gap)) == [])
    #expect(outcome("count-per-transmission", allVerdicts(gap)) == .unobserved)
    // In a run everything is seen.
    gap.note(.timer(.mme(0), name: "T3450", .started))
    gap.downlink += 3
    try gap.down(gap.downProtected(gap.plain(.emmInformation)))
    #expect(allVerdicts(gap).contains { $0.slug == "count-per-transmission" && $0.verdict == .warning })
  }

  @Test("count-estimation: a SERVICE REQUEST beyond COUNT 31 is taken, or the network estimates wrongly", arguments: [true, false])
  func estimation(isRight: Bool) throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.uplink = 34
    try network.serviceRequest()
    if isRight {
      try network.initialContextSetup(key: network.keNB(34))
    } else {
      try network.down(network.plain(.serviceReject) { $0.set(ServiceReject.emmCause, EMMCause(rawValue: 9)) })
    }
    #expect(outcome("count-estimation", allVerdicts(network)) == (isRight ? .aligned : .misaligned))
    #expect(outcome("forgery-inert", allVerdicts(network)) == nil)
  }

  @Test("forgery-inert: after a forged SERVICE REQUEST the genuine one is taken", arguments: [true, false])
  func forgery(isRight: Bool) throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.released()
    network.eNBID += 1
    network.mmeID += 1
    try network.initial([0xc7, 0x02, 0x12, 0x34], sTMSI: true)
    try network.down(network.plain(.serviceReject) { $0.set(ServiceReject.emmCause, EMMCause(rawValue: 9)) })
    try network.serviceRequest()
    if isRight {
      try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    } else {
      try network.down(network.plain(.serviceReject) { $0.set(ServiceReject.emmCause, EMMCause(rawValue: 9)) })
    }
    #expect(outcome("forgery-inert", allVerdicts(network)) == (isRight ? .aligned : .misaligned))
  }

  @Test("eksi-consistent: the eKSI of a challenge is not the one that the UE named, nor the one in use")
  func challenges() throws {
    var named = try SketchedNetwork()
    try named.attach(keySet: 3)
    try named.released()
    named.eNBID += 1
    named.mmeID += 1
    try named.initial(named.upProtected(named.attachRequest(.guti(named.guti), keySet: 3), .integrityProtected))
    _ = try named.authenticate(keySet: 3)
    #expect(misaligned(allVerdicts(named)) == ["eksi-consistent"])
    var used = try SketchedNetwork()
    _ = try used.attachedChain(keySet: 3)
    _ = try used.authenticate(keySet: 3, isProtected: true)
    #expect(misaligned(allVerdicts(used)) == ["eksi-consistent"])
  }

  @Test("eksi-consistent: what the initial message named is free again once another context is in use")
  func freeAgain() throws {
    var network = try SketchedNetwork()
    _ = try network.attachedChain(keySet: 3)
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    try network.answer(.initialContextSetupResponse)
    for keySet in [UInt8(4), 3] {
      let (command, fresh) = try network.commandNewKASME(keySet: keySet)
      try network.down(command)
      try network.completeNewKASME(fresh, keySet: keySet)
    }
    #expect(misaligned(allVerdicts(network)) == [])
    #expect(outcome("eksi-consistent", allVerdicts(network)) == .aligned)
  }

  @Test("protection-by-state: nothing plain once protection is established, across a handover too")
  func protection() throws {
    for isHandedOver in [false, true] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      if isHandedOver {
        network.step(&chain)
        try network.handover(SketchedNetwork.pair(chain))
      }
      try network.down(network.plain(.emmInformation))
      #expect(misaligned(allVerdicts(network)) == ["protection-by-state"])
    }
    // On a new connection before anything verified a plain message is right.
    var network = try SketchedNetwork()
    try network.attach()
    try network.released()
    network.eNBID += 1
    network.mmeID += 1
    try network.initial(network.attachRequest(network.imsi()))
    try network.down(network.plain(.identityRequest) { $0.setRaw(IdentityRequest.identityType, [1]) })
    #expect(misaligned(allVerdicts(network)) == [])
    // Nor is one that answers a UE which says in the clear that it has no key, though that was to be discarded.
    var disowned = try SketchedNetwork()
    _ = try disowned.attachedChain()
    try disowned.up(disowned.attachRequest(disowned.imsi()))
    try disowned.down(disowned.plain(.identityRequest) { $0.setRaw(IdentityRequest.identityType, [1]) })
    #expect(misaligned(allVerdicts(disowned)) == [])
    #expect(outcome("protection-by-state", allVerdicts(disowned)) == .warning)
  }

  @Test("capabilities-replayed: other octets in SECURITY MODE COMMAND, other algorithms for the eNB")
  func capabilities() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    network.kasme = try network.authenticate(keySet: 0)
    let wrong = network.plain(.securityModeCommand) {
      $0.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
      $0.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
      $0.set(SecurityModeCommand.replayedUESecurityCapabilities, UESecurityCapability(octets: [0xf0, 0x70, 0, 0]))
    }
    try network.down(network.downProtected(wrong, .integrityProtectedNewContext))
    #expect(misaligned(allVerdicts(network)) == ["capabilities-replayed"])

    var handedOver = try SketchedNetwork()
    var chain = try handedOver.attachedChain()
    handedOver.step(&chain)
    try handedOver.pathSwitchRequest()
    var acknowledge = handedOver.builder(.pathSwitchRequestAcknowledge)
    acknowledge.add(.securityContext, SketchedNetwork.pair(chain))
    acknowledge.add(.ueSecurityCapabilities, UESecurityCapabilities(encryption: 0, integrity: 0))
    try handedOver.send(.downlink, acknowledge)
    #expect(misaligned(allVerdicts(handedOver)) == ["capabilities-replayed"])
  }

  @Test("hashmme: right, and wrong", arguments: [true, false])
  func hash(isRight: Bool) throws {
    var network = try SketchedNetwork()
    let request = network.attachRequest(network.imsi())
    try network.initial(request)
    network.kasme = try network.authenticate(keySet: 0)
    let hash = Array(network.crypto.initialMessageHash(of: isRight ? request : request + [0]))
    let command = network.plain(.securityModeCommand) {
      $0.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
      $0.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
      $0.set(SecurityModeCommand.replayedUESecurityCapabilities, UESecurityCapability(octets: [0xf0, 0x70]))
      $0.set(SecurityModeCommand.hashMME, HashMME(hash))
    }
    try network.down(network.downProtected(command, .integrityProtectedNewContext))
    #expect(outcome("hashmme", allVerdicts(network)) == (isRight ? .aligned : .misaligned))
  }

  @Test("hashmme: a forged update where the UE is proven needs none, before a handover and after it", arguments: [true, false])
  func hashOfForged(isHandedOver: Bool) throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    if isHandedOver {
      network.step(&chain)
      try network.pathSwitch(SketchedNetwork.pair(chain))
    }
    let update = network.plain(.trackingAreaUpdateRequest) {
      $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
      $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
    }
    var forged = network.upProtected(update, .integrityProtected)
    forged[2] ^= 1
    try network.up(forged)
    try network.down(network.commandNewKASME(keySet: 1).command)
    // That of the attach is all.
    #expect(allVerdicts(network).filter { $0.slug == "hashmme" }.count == 1)
  }

  @Test("protection-by-state: a request after a COMPLETE of another header type ends the SMC, and its answer takes nothing")
  func improperAndRequest() throws {
    for hasRequest in [false, true] {
      var network = try SketchedNetwork()
      try network.attach()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      (network.kasme, network.eKSI, network.uplink, network.downlink) = (fresh, 1, 0, 1)
      try network.up(network.upProtected(network.plain(.securityModeComplete)))
      if hasRequest {
        let update = network.plain(.trackingAreaUpdateRequest) {
          $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: 1))
          $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
        }
        try network.up(network.upProtected(update, .integrityProtected))
      }
      try network.down(network.downProtected(network.plain(.emmInformation)))
      #expect(misaligned(allVerdicts(network)).contains("protection-by-state") == !hasRequest, "\(hasRequest)")
    }
  }

  @Test("protection-by-state: after a COMPLETE of another header type of the context in use its messages prove nothing, its KeNB does")
  func improperOfContextInUse() throws {
    for hasKey in [false, true] {
      var network = try SketchedNetwork()
      try network.attach()
      try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
      try network.up(network.upProtected(network.plain(.securityModeComplete)))
      if hasKey { try network.modification(key: network.keNB(network.uplink - 1)) }
      try network.down(network.downProtected(network.plain(.emmInformation)))
      #expect(misaligned(allVerdicts(network)).contains("protection-by-state") == hasKey)
    }
  }

  @Test("null-algorithms: 128-EIA0 for an ordinary attach")
  func nullIntegrity() throws {
    for isEmergency in [true, false] {
      var network = try SketchedNetwork()
      let request = network.plain(.attachRequest) {
        $0.set(AttachRequest.epsAttachType, isEmergency ? .epsEmergencyAttach : EPSAttachType(rawValue: 1))
        $0.set(AttachRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: 7))
        $0.set(AttachRequest.epsMobileIdentity, network.imsi())
        $0.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xf0, eia: 0x70))
        $0.set(AttachRequest.esmMessageContainer, ESMMessageContainer([0x02, 0x01, 0xd0, 0x11]))
      }
      try network.initial(request)
      let command = network.plain(.securityModeCommand) {
        $0.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 0, integrity: 0))
        $0.set(SecurityModeCommand.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
        $0.set(SecurityModeCommand.replayedUESecurityCapabilities, UESecurityCapability(octets: [0xf0, 0x70]))
      }
      try network.down(
        SecurityProtectedNAS(headerType: .integrityProtectedNewContext, mac: 0, sequenceNumber: 0, payload: command).octets)
      #expect(outcome("null-algorithms", allVerdicts(network)) == (isEmergency ? .aligned : .misaligned))
    }
  }
}
