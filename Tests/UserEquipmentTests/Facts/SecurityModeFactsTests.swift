import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// `ue-context-facts.md`, "Security mode control, §5.4.3", at the UE: each test is named for what the list says. How a command is
/// judged is in NASSecurityTests.
@Suite struct SecurityModeFactsTests {
  /// The cause of the SECURITY MODE REJECT; nil where there is none.
  func reject(_ bench: Bench, _ pdu: [UInt8]) throws -> EMMCause? {
    let previous = bench.network.current
    let sent = bench.deliver(pdu).uplinks
    guard let octets = sent.first, octets.headerType != .integrityProtectedAndCipheredNewContext else { return nil }
    bench.network.current = previous
    let message = octets.headerType == .plain ? try NASMessage(decoding: octets, direction: .uplink) : nil
    return try message?[SecurityModeReject.emmCause]
  }

  // MARK: What is checked

  @Test("The UE checks the MAC under the context that the eKSI names with the selected algorithms")
  func checksMAC() throws {
    let bench = Bench.authenticated()
    #expect(try reject(bench, bench.securityModeCommand { $0.spoilsMAC = true }) == .securityModeRejectedUnspecified)
    let other = Bench.authenticated()
    #expect(
      try reject(other, other.securityModeCommand { $0.eKSI = NASKeySetIdentifier(.native, value: 3) }) == .securityModeRejectedUnspecified)
    // Under the algorithms that it names, not others.
    let third = Bench.authenticated()
    var network = third.network
    let pdu = network.command(
      .init(algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia1), capabilities: third.ue.configuration.replayableCapabilities),
      using: &third.engine)
    var changed = pdu
    changed[8] = 0x22
    #expect(try reject(third, changed) == .securityModeRejectedUnspecified)
    #expect(!third.deliver(pdu).uplinks.isEmpty && third.ue.hasSecureExchange)
  }

  @Test("The UE checks the replayed UE security capabilities (and additional ones, if included)")
  func checksCapabilities() throws {
    let bench = Bench.authenticated()
    #expect(
      try reject(bench, bench.securityModeCommand { $0.capabilities = UESecurityCapability(octets: [0xF0, 0x40]) })
        == .ueSecurityCapabilitiesMismatch)
    let additional = Bench.authenticated { $0.additionalSecurityCapability = UEAdditionalSecurityCapability(ea: 0xE000, ia: 0xE000) }
    var message = additional.network.message(
      .init(capabilities: additional.ue.configuration.replayableCapabilities), eKSI: NASKeySetIdentifier(.native, value: 0))
    message.set(SecurityModeCommand.replayedUEAdditionalSecurityCapability, UEAdditionalSecurityCapability(ea: 0xC000, ia: 0xE000))
    let pending = try #require(additional.network.pending)
    additional.network.current = SecurityContext(
      taking: pending, side: .mme, algorithms: InterSystemTests.algorithms, using: &additional.engine)
    let pdu = additional.network.pdu(
      message, ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext), using: &additional.engine)
    #expect(try reject(additional, pdu) == .ueSecurityCapabilitiesMismatch)
  }

  @Test("Capabilities are compared with the latest sent")
  func latestCapabilities() throws {
    for replaysLatest in [true, false] {
      let bench = Bench(capability: UENetworkCapability(eea: 0xE0, eia: 0x60))
      try bench.attach()
      let earlier = bench.ue.configuration.replayableCapabilities
      // The update tells others than the attach did.
      bench.ue.configuration.networkCapability = UENetworkCapability(eea: 0xF0, eia: 0x70)
      bench.give(.updateTrackingArea(isActive: false))
      try bench.synchroniseNetwork()
      let outputs = bench.deliver(bench.securityModeCommand { if !replaysLatest { $0.capabilities = earlier } })
      if replaysLatest {
        try bench.assertSends(outputs, .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
      } else {
        let pdu = try #require(outputs.uplinks.first)
        #expect(pdu.headerType == .integrityProtectedAndCiphered && bench.type(of: pdu, under: [bench.current]) == .securityModeReject)
      }
    }
  }

  @Test("The UE checks the replayed NONCE_UE (waived if the eKSI is the current mapped context's)")
  func checksNonce() throws {
    for (change, accepted) in [(UInt32(0), true), (1, false)] {
      let bench = try ServiceTests.idle()
      bench.ue.contexts = SecurityContexts()
      let request = try bench.assertSends(
        bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI))),
        .trackingAreaUpdateRequest, header: .plain)
      let nonce = try #require(try request[TrackingAreaUpdateRequest.nonceUE]).value
      bench.network.current = SecurityContext(
        mapping: InterSystemTests.umts, nonceUE: nonce, nonceMME: 9, keySetIdentifier: 4, side: .mme,
        algorithms: InterSystemTests.algorithms, using: &bench.engine)
      var message = bench.network.message(
        .init(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: NASKeySetIdentifier(.mapped, value: 4))
      message.set(SecurityModeCommand.replayedNonceUE, Nonce(nonce &+ change))
      message.set(SecurityModeCommand.nonceMME, Nonce(9))
      let pdu = bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
      bench.deliver(pdu)
      #expect((bench.current?.type == .mapped) == accepted)
      guard accepted else { continue }
      // The same context again, without nonces: no new K'ASME is wanted.
      message.set(SecurityModeCommand.replayedNonceUE, Nonce(nonce &+ 77))
      let again = bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
      #expect(bench.words(bench.deliver(again)).first == "send SECURITY MODE COMPLETE/4")
    }
  }

  @Test("EIA0 only with an emergency PDN established or being established")
  func nullIntegrity() throws {
    let bench = Bench.authenticated()
    #expect(
      try reject(bench, bench.securityModeCommand { $0.algorithms = NASAlgorithms(ciphering: .eea0, integrity: .eia0) }) != nil)
    #expect(!bench.ue.hasSecureExchange)
    let emergency = try CountFactsTests().emergencyUnderNull()
    #expect(emergency.current?.algorithms == .null)
  }

  @Test("It tries on a copy and commits on success", arguments: 0..<5)
  func triesOnACopy(way: Int) throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    let before = bench.ue.contexts
    let pdu = bench.securityModeCommand {
      switch way {
      case 0: $0.spoilsMAC = true
      case 1: $0.capabilities = UESecurityCapability(octets: [0x80, 0x40])
      case 2: $0.eKSI = NASKeySetIdentifier(.native, value: 6)
      case 3: $0.algorithmOctet = 0x07
      default: $0.algorithms = NASAlgorithms(ciphering: .eea0, integrity: .eia0)
      }
    }
    bench.deliver(pdu)
    #expect(bench.ue.contexts.nonCurrent == before.nonCurrent)
    #expect(bench.current?.kasme == before.current?.kasme && bench.current?.algorithms == before.current?.algorithms)
    #expect(bench.current?.downlinkNASCount == before.current?.downlinkNASCount)
    // One COUNT for the reject.
    #expect(bench.current?.uplinkNASCount == before.current?.uplinkNASCount?.next)
  }

  // MARK: COUNTs

  @Test("The UE resets the uplink COUNT iff the SMC takes a partial native context into use for the first time")
  func resetsForPartial() throws {
    let bench = Bench()
    try bench.attach()
    bench.deliver(bench.challenge(eKSI: 1), .ciphered)
    let complete = try #require(try bench.opened(Array(bench.deliver(bench.securityModeCommand()))).first)
    #expect(complete.count == .zero && bench.current?.uplinkNASCount == NASCount(1))
  }

  @Test("The UE resets it iff (b) the flag says mapped and the eKSI is not the current mapped one")
  func resetsForMapped() throws {
    let bench = try ServiceTests.idle()
    bench.ue.contexts = SecurityContexts()
    let request = try bench.assertSends(
      bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI))),
      .trackingAreaUpdateRequest, header: .plain)
    let nonce = try #require(try request[TrackingAreaUpdateRequest.nonceUE]).value
    bench.network.current = SecurityContext(
      mapping: InterSystemTests.umts, nonceUE: nonce, nonceMME: 9, keySetIdentifier: 4, side: .mme,
      algorithms: InterSystemTests.algorithms, using: &bench.engine)
    var message = bench.network.message(
      .init(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: NASKeySetIdentifier(.mapped, value: 4))
    message.set(SecurityModeCommand.replayedNonceUE, Nonce(nonce))
    message.set(SecurityModeCommand.nonceMME, Nonce(9))
    for expected in [0, 1] as [UInt32] {
      // The first creates the context; the second finds it current and lets its COUNTs go on.
      let pdu = bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
      let complete = try #require(try bench.opened(bench.deliver(pdu)).first)
      #expect(complete.message.type == .securityModeComplete && complete.count == NASCount(expected))
    }
  }

  @Test("Not on a change of algorithms")
  func noResetForAlgorithms() throws { try SecurityModeTests().newAlgorithmsForTheContextInUse() }

  @Test("Nor on waking a full native context")
  func noResetForWaking() throws {
    let bench = Bench()
    let native = try bench.attachAndHandOver()
    bench.network.current = bench.nativeTwin(of: native)
    let complete = try #require(try bench.opened(bench.deliver(bench.securityModeCommand())).first)
    #expect(complete.count == native.uplinkNASCount && native.uplinkNASCount != .zero)
  }

  @Test("On a repeated SMC for a context that is now current: do not reset")
  func noResetForRepetition() throws { try SecurityModeTests().aCommandThatComesTwiceIsAnsweredTwiceWithCOUNTsThatGoOn() }

  @Test("An SMC may also serve only to change the uplink COUNT of the latest SECURITY MODE COMPLETE (a fresh KeNB)")
  func refresh() throws {
    let bench = Bench()
    try bench.attach()
    let count = try #require(bench.current?.uplinkNASCount)
    let same = try #require(bench.current?.algorithms)
    let complete = try #require(try bench.opened(bench.deliver(bench.securityModeCommand { $0.algorithms = same })).first)
    #expect(complete.message.type == .securityModeComplete && complete.count == count)
    #expect(bench.words(bench.give(.accessStratumSecured)).first == "KeNB from COUNT \(count)")
  }

  @Test("Or to ask for the UE radio capability ID: legal")
  func radioCapabilityID() throws {
    let bench = Bench()
    try bench.attach()
    var message = bench.network.message(
      .init(capabilities: bench.ue.configuration.replayableCapabilities), eKSI: NASKeySetIdentifier(.native, value: 0))
    message.set(SecurityModeCommand.ueRadioCapabilityIDRequest, UERadioCapabilityIDRequest(rawValue: 1))
    let pdu = bench.network.pdu(message, .init(headerType: .integrityProtectedNewContext), using: &bench.engine)
    // A UE without such an identity has none to give (§5.4.3.3).
    let complete = try bench.assertSends(bench.deliver(pdu), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(complete.encoded() == NASMessage(.securityModeComplete).encoded())
  }

  @Test("Downlink COUNT of a new context: 0 if verified with estimate 0; else the COUNT it verified with")
  func downlinkCount() throws {
    let first = Bench.authenticated()
    first.deliver(first.securityModeCommand())
    #expect(first.current?.downlinkNASCount == .zero)
    let second = Bench.authenticated()
    second.deliver(second.securityModeCommand { $0.count = NASCount(1) })
    #expect(second.current?.downlinkNASCount == NASCount(1))
  }

  // MARK: HASHMME, reject, IMEISV

  @Test("HASHMME differs → the UE puts the whole original request in the Replayed NAS message container", arguments: [true, false])
  func hashMME(attach: Bool) throws {
    let bench = attach ? Bench.authenticated() : try ServiceTests.idle()
    if !attach {
      bench.give(.updateTrackingArea(isActive: false))
      try bench.synchroniseNetwork()
    }
    let request: [UInt8] =
      switch bench.ue.machine {
      case .registeredInitiated(let attempt): attempt.request
      case .trackingAreaUpdatingInitiated(let attempt): attempt.request
      default: []
      }
    let right = bench.engine.initialMessageHash(of: request)
    let complete = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.hash = right.map { $0 ^ 0xFF } }), .securityModeComplete,
      header: .integrityProtectedAndCipheredNewContext)
    #expect(try complete[SecurityModeComplete.replayedNASMessageContainer].map { Array($0.octets) } == request)
    let equal = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.hash = right }), .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
    #expect(try equal[SecurityModeComplete.replayedNASMessageContainer] == nil)
  }

  @Test("Not accepted → SECURITY MODE REJECT #23 / #24, protected by the previous context if there is one, else plain")
  func rejectProtection() throws {
    // None: plain.
    let none = Bench.authenticated()
    #expect(none.deliver(none.securityModeCommand { $0.spoilsMAC = true }).uplinks.first?.headerType == .plain)
    // One, before the secure exchange: integrity protected; after it: ciphered as well.
    for (secured, header) in [(false, SecurityHeaderType.integrityProtected), (true, .integrityProtectedAndCiphered)] {
      let bench = try ServiceTests.idle()
      bench.give(.requestService)
      if secured { bench.give(.accessStratumSecured) }
      bench.deliver(bench.challenge(eKSI: 1), secured ? .ciphered : .plain)
      let pdu = try #require(bench.deliver(bench.securityModeCommand { $0.spoilsMAC = true }).uplinks.first)
      #expect(pdu.headerType == header)
    }
  }

  @Test("IMEISV is added to SECURITY MODE COMPLETE when asked for", arguments: [true, false])
  func imeisv(asked: Bool) throws {
    let bench = Bench.authenticated()
    let complete = try bench.assertSends(
      bench.deliver(bench.securityModeCommand { $0.requestsIMEISV = asked }), .securityModeComplete,
      header: .integrityProtectedAndCipheredNewContext)
    #expect(try complete[SecurityModeComplete.imeisv] == (asked ? .imeisv(bench.ue.configuration.imeisv) : nil))
  }

  // MARK: Collisions, from the UE's side

  @Test("Collision with a detach, TAU or attach of ours: the command is answered and our procedure goes on (§5.4.3.7 c)")
  func collisions() throws {
    for (input, state) in [
      (UE.Input.detach(switchOff: false), EMMState.deregisteredInitiated),
      (.updateTrackingArea(isActive: false), .trackingAreaUpdatingInitiated),
    ] {
      let bench = Bench()
      try bench.attach()
      let command = bench.securityModeCommand()
      let sent = try #require(bench.give(input).uplinks.first)
      #expect(sent.headerType != .plain)
      #expect(bench.words(bench.deliver(command)).first?.hasPrefix("send SECURITY MODE COMPLETE") == true)
      #expect(bench.ue.state == state)
    }
  }

  @Test("Switch-off DETACH: nothing is answered any more")
  func switchOff() throws {
    let bench = Bench()
    try bench.attach()
    let command = bench.securityModeCommand()
    bench.give(.detach(switchOff: true))
    bench.assertDiscards(command)
  }

  @Test("UE side, transmission failure of COMPLETE / REJECT (§5.4.3.6): triggered by TAU: TAU again", arguments: [false, true])
  func lostDuringUpdate(rejected: Bool) throws {
    let bench = try ServiceTests.idle()
    _ = try bench.opened(bench.give(.updateTrackingArea(isActive: false)))
    let pdu = try #require(bench.deliver(bench.securityModeCommand { $0.spoilsMAC = rejected }).uplinks.last)
    try bench.synchroniseNetwork()
    let outputs = bench.give(.transmissionFailed(pdu, movedTo: nil))
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(outputs.started.contains(.t3430) && bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test("Triggered by a service request: TAU if the TAI left the list, else the UE's choice", arguments: [true, false])
  func lostDuringServiceRequest(leaves: Bool) throws {
    let bench = try ServiceTests.idle()
    bench.give(.requestService)
    try bench.synchroniseNetwork()
    let pdu = try #require(bench.deliver(bench.securityModeCommand()).uplinks.last)
    try bench.synchroniseNetwork()
    let outputs = bench.give(.transmissionFailed(pdu, movedTo: leaves ? Bench.otherArea : nil))
    if leaves {
      let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
      #expect(try request[TrackingAreaUpdateRequest.epsUpdateType].isActive)
      #expect(outputs.stopped.contains(.t3417) && bench.ue.state == .trackingAreaUpdatingInitiated)
    } else {
      // Ours: COMPLETE once more with the next COUNT, which KeNB then comes from.
      try bench.assertSends(outputs, .securityModeComplete, header: .integrityProtectedAndCipheredNewContext)
      #expect(bench.ue.state == .serviceRequestInitiated)
      let count = try #require(bench.current?.uplinkNASCount).value - 1
      #expect(bench.words(bench.give(.accessStratumSecured)).first == "KeNB from COUNT \(count)")
    }
  }
}
