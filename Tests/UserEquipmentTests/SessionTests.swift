import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// ESM: dedicated bearers, additional PDN connections, modification, deactivation, bearer resources (TS 24.301 §6.4, §6.5, §7.3).
@Suite struct SessionTests {
  static func filter(_ identifier: UInt8, precedence: UInt8 = 1) -> PacketFilter {
    PacketFilter(
      identifier: identifier, direction: .bidirectional, precedence: precedence,
      components: [PacketFilter.Component(.protocolIdentifier, [17])])
  }

  static let flows = TrafficFlowTemplate(.createNew, packetFilters: [filter(1)])

  static func dedicated(
    bearer: UInt8 = 6, linked: UInt8 = 5, transaction: UInt8 = 0, flows: TrafficFlowTemplate = flows
  ) -> NASMessage {
    var request = NASMessage(
      .activateDedicatedEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    request.set(ActivateDedicatedEPSBearerContextRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: linked))
    request.set(ActivateDedicatedEPSBearerContextRequest.epsQoS, EPSQoS(qci: 1))
    request.set(ActivateDedicatedEPSBearerContextRequest.tft, flows)
    return request
  }

  static func modification(bearer: UInt8, transaction: UInt8 = 0, flows: TrafficFlowTemplate? = nil) -> NASMessage {
    var request = NASMessage(.modifyEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    request.set(ModifyEPSBearerContextRequest.newEPSQoS, EPSQoS(qci: 2))
    request.set(ModifyEPSBearerContextRequest.tft, flows)
    return request
  }

  static func deactivation(bearer: UInt8, transaction: UInt8 = 0, cause: ESMCause = .regularDeactivation) -> NASMessage {
    var request = NASMessage(.deactivateEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    request.set(DeactivateEPSBearerContextRequest.esmCause, cause)
    return request
  }

  func rejects(
    _ bench: Bench, _ request: NASMessage, _ type: NASMessageType, _ cause: ESMCause, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = (bench.ue.bearers, bench.ue.dedicatedBearers)
    let answer = try bench.assertSends(
      bench.deliver(request, .ciphered), type, header: .integrityProtectedAndCiphered, sourceLocation: sourceLocation)
    #expect(answer.encoded().last == cause.rawValue, sourceLocation: sourceLocation)
    #expect(
      answer.epsBearerIdentity == request.epsBearerIdentity && answer.procedureTransactionIdentity == 0, sourceLocation: sourceLocation)
    #expect(bench.ue.bearers == before.0 && bench.ue.dedicatedBearers == before.1, sourceLocation: sourceLocation)
  }

  // MARK: The network's procedures

  @Test func aDedicatedBearer() throws {
    let bench = try Bench.registered()
    let outputs = bench.deliver(Self.dedicated(), .ciphered)
    let accept = try bench.assertSends(outputs, .activateDedicatedEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    #expect(accept.epsBearerIdentity == 6 && accept.procedureTransactionIdentity == 0)
    #expect(bench.ue.dedicatedBearers.map(\.epsBearerIdentity) == [6])
    // T3485 sent it again: a bearer with this identity is replaced (§6.4.2.5 b).
    bench.deliver(Self.dedicated(), .ciphered)
    #expect(bench.ue.dedicatedBearers.count == 1)
  }

  @Test func dedicatedBearersThatAreNotAccepted() throws {
    let bench = try Bench.registered()
    let reject = NASMessageType.activateDedicatedEPSBearerContextReject
    for bearer in [0, 1, 4] as [UInt8] { try rejects(bench, Self.dedicated(bearer: bearer), reject, .invalidEPSBearerIdentity) }
    try rejects(bench, Self.dedicated(linked: 7), reject, .invalidEPSBearerIdentity)
    try rejects(bench, Self.dedicated(transaction: 9), reject, .ptiMismatch)
    try rejects(bench, Self.dedicated(transaction: 255), reject, .invalidPTIValue)
    let adding = TrafficFlowTemplate(.addPacketFilters, packetFilters: [Self.filter(1)])
    try rejects(bench, Self.dedicated(flows: adding), reject, .semanticErrorInTheTFTOperation)
    try rejects(bench, Self.dedicated(flows: TrafficFlowTemplate(.createNew)), reject, .syntacticalErrorInTheTFTOperation)
    let twice = TrafficFlowTemplate(.createNew, packetFilters: [Self.filter(1), Self.filter(1, precedence: 2)])
    try rejects(bench, Self.dedicated(flows: twice), reject, .syntacticalErrorsInPacketFilter)
  }

  @Test func modification() throws {
    let bench = try Bench.registered()
    bench.deliver(Self.dedicated(), .ciphered)
    let adding = TrafficFlowTemplate(.addPacketFilters, packetFilters: [Self.filter(2, precedence: 2)])
    try bench.assertSends(
      bench.deliver(Self.modification(bearer: 6, flows: adding), .ciphered), .modifyEPSBearerContextAccept,
      header: .integrityProtectedAndCiphered)
    #expect(bench.ue.dedicatedBearers[0].trafficFlowTemplate.packetFilters.map(\.identifier) == [1, 2])
    #expect(bench.ue.dedicatedBearers[0].qos == EPSQoS(qci: 2))
    bench.deliver(Self.modification(bearer: 6, flows: TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [1])), .ciphered)
    #expect(bench.ue.dedicatedBearers[0].trafficFlowTemplate.packetFilters.map(\.identifier) == [2])
    bench.deliver(Self.modification(bearer: 5), .ciphered)
    #expect(bench.ue.bearers[0].qos == EPSQoS(qci: 2))
    let reject = NASMessageType.modifyEPSBearerContextReject
    try rejects(bench, Self.modification(bearer: 7), reject, .invalidEPSBearerIdentity)
    try rejects(bench, Self.modification(bearer: 5, transaction: 255), reject, .invalidPTIValue)
    try rejects(bench, Self.modification(bearer: 5, transaction: 3), reject, .ptiMismatch)
    // §6.4.3.4 b 4: a filter that is not there counts as deleted.
    bench.deliver(Self.modification(bearer: 6, flows: TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [9])), .ciphered)
    #expect(bench.ue.dedicatedBearers[0].trafficFlowTemplate.packetFilters.map(\.identifier) == [2])
  }

  @Test func deactivation() throws {
    let bench = try Bench.registered()
    bench.deliver(Self.dedicated(), .ciphered)
    let accept = NASMessageType.deactivateEPSBearerContextAccept
    try bench.assertSends(bench.deliver(Self.deactivation(bearer: 6), .ciphered), accept, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.dedicatedBearers.isEmpty && bench.ue.bearers.count == 1)
    // A bearer that is not there is confirmed gone (§7.3.2 j).
    let answer = try bench.assertSends(
      bench.deliver(Self.deactivation(bearer: 9), .ciphered), accept, header: .integrityProtectedAndCiphered)
    #expect(answer.epsBearerIdentity == 9)
    // §7.3.1 m: ignored.
    #expect(bench.deliver(Self.deactivation(bearer: 5, transaction: 3), .ciphered).uplinks.isEmpty)
    // A default bearer takes its dedicated ones along.
    let two = try LastConnectionTests.twice()
    two.deliver(Self.dedicated(bearer: 7, linked: 6), .ciphered)
    two.deliver(Self.deactivation(bearer: 6), .ciphered)
    #expect(two.ue.activeBearerIdentities == [5] && two.ue.dedicatedBearers.isEmpty)
  }

  @Test func reactivationRequested() throws {
    let bench = try LastConnectionTests.twice()
    let sent = try bench.opened(bench.deliver(Self.deactivation(bearer: 5, cause: .reactivationRequested), .ciphered))
    #expect(sent.map(\.message.type) == [.deactivateEPSBearerContextAccept, .pdnConnectivityRequest])
  }

  // MARK: Our procedures

  @Test func anAdditionalPDNConnection() throws {
    let bench = try Bench.registered()
    let outputs = bench.give(.requestSession(.connect("ims")))
    #expect(bench.words(outputs) == ["send PDN CONNECTIVITY REQUEST/2", "start T3482"])
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    let activation = Bench.activation(transaction: transaction, bearer: 7)
    let accepted = bench.deliver(activation, .ciphered)
    #expect(
      bench.words(accepted) == ["stop T3482", "send ACTIVATE DEFAULT EPS BEARER CONTEXT ACCEPT/2", "event: bearerActivated(7)"])
    #expect(bench.ue.bearers.map(\.epsBearerIdentity) == [5, 7])
    // The accept was lost (§7.3.1 g).
    try bench.assertSends(
      bench.deliver(activation, .ciphered), .activateDefaultEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.bearers.count == 2)
    let reject = NASMessageType.activateDefaultEPSBearerContextReject
    try rejects(bench, Bench.activation(transaction: 77, bearer: 8), reject, .ptiMismatch)
    try rejects(bench, Bench.activation(transaction: 0, bearer: 8), reject, .invalidPTIValue)
  }

  @Test func aReservedIdentityForAnAdditionalConnection() throws {
    let bench = try Bench.registered()
    bench.give(.requestSession(.connect("ims")))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    try rejects(
      bench, Bench.activation(transaction: transaction, bearer: 3), .activateDefaultEPSBearerContextReject, .invalidEPSBearerIdentity)
  }

  @Test func rejectsAndTheirTransactions() throws {
    let requests: [(SessionRequest, NASMessageType)] = [
      (.connect("ims"), .pdnConnectivityReject), (.disconnect(linked: 5), .pdnDisconnectReject),
      (.allocate(linked: 5, Self.flows, EPSQoS(qci: 1)), .bearerResourceAllocationReject),
      (.modify(bearer: 5, Self.flows, nil), .bearerResourceModificationReject),
    ]
    for (request, type) in requests {
      let bench = Bench { $0.deviations = [.disconnectLastPDNConnection] }
      try bench.attach()
      bench.give(.requestSession(request))
      let transaction = try #require(bench.ue.sessions.transactions.first).identity
      func reject(_ identity: UInt8, _ type: NASMessageType) throws -> NASMessage {
        try NASMessage(decoding: [0x02, identity, type.octet, 31], direction: .downlink)
      }
      // Another transaction's and another procedure's are ignored (§7.3.1 a-d).
      #expect(bench.deliver(try reject(transaction &+ 1, type), .ciphered).discards.count == 1)
      for (_, other) in requests where other != type {
        #expect(bench.deliver(try reject(transaction, other), .ciphered).discards.count == 1)
      }
      #expect(bench.deliver(try reject(transaction, type), .ciphered).events.first == .sessionFailed(request, .requestRejectedUnspecified))
      #expect(bench.ue.sessions.transactions.isEmpty)
    }
  }

  @Test func `while an update runs no ESM message goes out: the timer of its transaction runs again (§4.2)`() throws {
    let bench = try Bench.registered()
    bench.give(.requestSession(.connect("ims")))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    let timer = ESMTimer(.t3482, procedureTransactionIdentity: transaction.identity)
    bench.give(.updateTrackingArea(isActive: false))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
    #expect(bench.give(.sessionTimerExpired(timer)) == [.startSessionTimer(timer, after: ESMTimer.Kind.t3482.duration)])
    #expect(bench.ue.sessions.transactions == [transaction], "no transmission was spent")
    bench.deliver(Bench.updateAccept(), .ciphered)
    #expect(bench.ue.state == .registered)
    #expect(try bench.opened(bench.give(.sessionTimerExpired(timer))).map(\.message.type) == [.pdnConnectivityRequest])
  }

  @Test func fiveTransmissionsThenTheEnd() throws {
    for (request, kind) in [
      (SessionRequest.connect("ims"), ESMTimer.Kind.t3482), (.disconnect(linked: 5), .t3492),
      (.allocate(linked: 5, Self.flows, EPSQoS(qci: 1)), .t3480), (.modify(bearer: 5, Self.flows, nil), .t3481),
    ] {
      let bench = Bench { $0.deviations = [.disconnectLastPDNConnection] }
      try bench.attach()
      bench.give(.requestSession(request))
      let timer = ESMTimer(kind, procedureTransactionIdentity: try #require(bench.ue.sessions.transactions.first).identity)
      var counts: [NASCount?] = []
      for _ in 1...4 { counts += try bench.opened(bench.give(.sessionTimerExpired(timer))).map(\.count) }
      // Each retransmission takes the next COUNT (§4.4.3.1).
      #expect(Set(counts).count == 4)
      let last = bench.give(.sessionTimerExpired(timer))
      #expect(last.first == .event(.sessionFailed(request, nil)) && (last.count == 1) == (kind != .t3492))
      // With the last PDN connection the registration ends, and an attach follows (§6.4.4.6).
      #expect(bench.ue.bearers.isEmpty == (kind == .t3492) && bench.ue.state == (kind == .t3492 ? .registeredInitiated : .registered))
      #expect(bench.give(.sessionTimerExpired(timer)).isEmpty)
    }
  }

  @Test func aBearerResourceAllocationEndsWithABearer() throws {
    let bench = try Bench.registered()
    bench.give(.requestSession(.allocate(linked: 5, Self.flows, EPSQoS(qci: 1))))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    let outputs = bench.deliver(Self.dedicated(transaction: transaction), .ciphered)
    #expect(outputs.contains(.stopSessionTimer(ESMTimer(.t3480, procedureTransactionIdentity: transaction))))
    #expect(bench.ue.dedicatedBearers.count == 1 && bench.ue.sessions.transactions.isEmpty)
    // The same again is a retransmission (§7.3.1 i); another is not.
    try bench.assertSends(
      bench.deliver(Self.dedicated(transaction: transaction), .ciphered), .activateDedicatedEPSBearerContextAccept,
      header: .integrityProtectedAndCiphered)
    try rejects(
      bench, Self.dedicated(bearer: 8, transaction: transaction), .activateDedicatedEPSBearerContextReject, .ptiMismatch)
  }

  @Test func aDisconnectEndsWithADeactivation() throws {
    let bench = try LastConnectionTests.twice()
    bench.give(.requestSession(.disconnect(linked: 5)))
    let transaction = try #require(bench.ue.sessions.transactions.first).identity
    bench.deliver(Self.deactivation(bearer: 5, transaction: transaction), .ciphered)
    #expect(bench.ue.activeBearerIdentities == [6] && bench.ue.sessions.transactions.isEmpty)
  }

  @Test func fromIdleAServiceRequestComesFirst() throws {
    let bench = try Bench.registered()
    bench.give(.radioConnectionReleased)
    #expect(bench.words(bench.give(.requestSession(.connect("ims")))).contains("establish with SERVICE REQUEST"))
    let outputs = bench.give(.accessStratumSecured)
    #expect(bench.words(outputs).contains("send PDN CONNECTIVITY REQUEST/2"))
  }

  @Test func transactionsEndWithTheConnection() throws {
    let bench = try Bench.registered()
    bench.give(.requestSession(.connect("ims")))
    #expect(bench.give(.radioConnectionReleased).events == [.sessionFailed(.connect("ims"), nil)])
    #expect(bench.ue.sessions == Sessions())
    #expect(bench.give(.requestSession(.disconnect(linked: 9))).events == [.sessionFailed(.disconnect(linked: 9), nil)])
  }

  @Test func notifications() throws {
    // §7.3.1 f, §7.3.2 f.
    let bench = try Bench.registered()
    for (transaction, bearer, cause) in [(255, 5, ESMCause.invalidPTIValue), (9, 5, .ptiMismatch), (0, 0, .invalidEPSBearerIdentity)]
      as [(UInt8, UInt8, ESMCause)]
    {
      let message = try NASMessage(decoding: [bearer << 4 | 2, transaction, 0xDB, 1, 1], direction: .downlink)
      let answer = try bench.assertSends(bench.deliver(message, .ciphered), .esmStatus, header: .integrityProtectedAndCiphered)
      #expect(try answer[ESMStatus.esmCause] == cause)
    }
    let message = try NASMessage(decoding: [5 << 4 | 2, 0, 0xDB, 1, 1], direction: .downlink)
    #expect(bench.deliver(message, .ciphered).uplinks.isEmpty)
  }

  @Test func `ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST during the attach: answered behind ATTACH COMPLETE (§5.5.1.2.4)`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    // T3485 sends the first one twice; the second names a bearer that is none.
    for request in [Self.dedicated(), Self.dedicated(), Self.dedicated(bearer: 7, linked: 9)] {
      #expect(bench.deliver(request, .ciphered).isEmpty)
    }
    // Mandatory elements are missing.
    #expect(bench.deliver([0x82, 0, 0xC5], .ciphered).uplinks.isEmpty)
    let sent = try bench.opened(bench.deliver(Bench.attachAccept(), .ciphered)).map(\.message)
    #expect(
      sent.map(\.type) == [
        .attachComplete, .activateDedicatedEPSBearerContextAccept, .activateDedicatedEPSBearerContextReject,
        .activateDedicatedEPSBearerContextReject,
      ])
    #expect(sent.dropFirst().map(\.epsBearerIdentity) == [6, 7, 8])
    #expect(bench.ue.dedicatedBearers.map(\.epsBearerIdentity) == [6])
  }

  @Test func `MODIFY EPS BEARER CONTEXT REQUEST of a bearer that waits for the attach is answered behind its activation`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    // Of no bearer that waits: at once, #43.
    let refused = bench.deliver(Self.modification(bearer: 7), .ciphered)
    try bench.assertSends(refused, .modifyEPSBearerContextReject, header: .integrityProtectedAndCiphered)
    bench.deliver(Self.dedicated(bearer: 8), .ciphered)
    // T3485 and T3486 send both once more.
    for request in [
      Self.dedicated(), Self.modification(bearer: 6), Self.dedicated(), Self.modification(bearer: 6), Self.modification(bearer: 8),
    ] {
      #expect(bench.deliver(request, .ciphered).isEmpty)
    }
    bench.deliver([0x62, 0, 0xC9], .ciphered)
    let accept = bench.deliver(Self.deactivation(bearer: 8), .ciphered)
    try bench.assertSends(accept, .deactivateEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
    let outputs = bench.deliver(Bench.attachAccept(), .ciphered)
    let sent = try bench.opened(outputs).map(\.message)
    #expect(
      sent.prefix(3).map(\.type) == [.attachComplete, .activateDedicatedEPSBearerContextAccept, .modifyEPSBearerContextAccept])
    #expect(sent.dropFirst().allSatisfy { $0.epsBearerIdentity == 6 } && outputs.events.contains(.bearerModified(6)))
  }

  @Test func `no more of them are kept than there is room for`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    bench.deliver(Self.dedicated(), .ciphered)
    for precedence in 0..<UInt8(UE.maximumKeptRequests + 8) {
      bench.deliver(
        Self.modification(bearer: 6, flows: .init(.addPacketFilters, packetFilters: [Self.filter(2, precedence: precedence)])),
        .ciphered)
    }
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    #expect(attempt.bearerRequests.count == UE.maximumKeptRequests)
  }

  @Test func `DEACTIVATE EPS BEARER CONTEXT REQUEST with our PTI once more is answered once more (§6.5.2.3)`() throws {
    let bench = try Bench.registered()
    bench.give(.requestSession(.connect("ims")))
    let connecting = try #require(bench.ue.sessions.transactions.first?.identity)
    bench.deliver(Bench.activation(transaction: connecting, bearer: 6), .ciphered)
    bench.give(.requestSession(.disconnect(linked: 6)))
    let transaction = try #require(bench.ue.sessions.transactions.first?.identity)
    try bench.synchroniseNetwork()
    let request = Self.deactivation(bearer: 6, transaction: transaction)
    for isFirst in [true, false] {
      let outputs = bench.deliver(request, .ciphered)
      let accept = try bench.assertSends(outputs, .deactivateEPSBearerContextAccept, header: .integrityProtectedAndCiphered)
      #expect(accept.epsBearerIdentity == 6 && outputs.events.isEmpty == !isFirst)
    }
    #expect(bench.ue.bearers.map(\.epsBearerIdentity) == [5])
    // Another one with this PTI is none of ours (§7.3.1 m).
    #expect(bench.deliver(Self.deactivation(bearer: 5, transaction: transaction), .ciphered).uplinks.isEmpty)
  }

  @Test func `dedicated bearers that were asked for during an attach that failed are forgotten`() throws {
    let bench = Bench()
    try bench.secureWhileAttaching()
    bench.deliver(Self.dedicated(), .ciphered)
    bench.deliver(Bench.attachReject(.networkFailure), .ciphered)
    bench.give(.radioConnectionReleased)
    bench.give(.timerExpired(.t3411))
    try bench.synchroniseNetwork()
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    let activation = Bench.activation(transaction: attempt.procedureTransactionIdentity)
    let outputs = bench.deliver(Bench.attachAccept(activation: activation), .ciphered)
    #expect(outputs.uplinks.count == 1 && bench.ue.state == .registered && bench.ue.dedicatedBearers.isEmpty)
  }
}
