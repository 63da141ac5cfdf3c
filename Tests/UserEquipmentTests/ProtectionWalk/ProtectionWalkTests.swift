import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §4.4.4.2, §4.4.5, §5.4.3.5 and §7.4 as a walk: every downlink message in every state in every protection is acted on or
/// discarded as the tables below say, which are written from the text; and what is discarded changes nothing.
@Suite struct ProtectionWalkTests {
  @Test func `the walk goes through every state and substate`() throws {
    var all: Set<EMMState> = [
      .null, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated,
    ]
    all.formUnion(EMMState.Deregistered.allCases.map { .deregistered($0) })
    all.formUnion(EMMState.Registered.allCases.filter { $0 != .normalService }.map { .registeredSubstate($0) })
    #expect(all.subtracting(Self.situations.map(\.facts.state)).isEmpty)
  }

  @Test("Situations are what the walk says of them", arguments: situations)
  func situationsAreAsTold(_ situation: Situation) throws {
    let bench = try situation.make()
    let (ue, facts) = (bench.ue, situation.facts)
    #expect(ue.state == facts.state && ue.isConnected == facts.isConnected)
    #expect(ue.activeBearerIdentities == facts.bearers && Set(ue.sessions.transactions.map(\.identity)) == facts.transactions)
    guard facts.isConnected else { return }
    #expect(ue.hasSecureExchange == facts.isSecured && (ue.contexts.current != nil) == facts.hasContext)
    if facts.hasContext { #expect(ue.contexts.current?.kasme == bench.network.current?.kasme) }
    #expect((ue.registration.nonEPS != nil) == facts.isCombined)
    let reason: ServiceReason? = if case .serviceRequestInitiated(let attempt) = ue.machine { attempt.reason } else { nil }
    #expect((reason?.isControlPlane == true) == facts.isControlPlaneService && (reason == .csFallback(.emergency)) == facts.isCSFallback)
    if facts.state == .trackingAreaUpdatingInitiated {
      #expect((ue.needsUpdate || ue.registration.updateStatus != .updated) == facts.isUpdateDue)
    }
  }

  @Test("message × state × protection", arguments: situations)
  func walk(situation: Situation) throws {
    let bench = try situation.make()
    let ue = bench.ue
    let network = bench.network
    for row in Self.rows(bench) {
      for protection in Protection.allCases {
        bench.ue = ue
        bench.network = network
        guard let pdu = protection.pdu(row, bench) else { continue }
        let outputs = bench.deliver(pdu)
        let what = "\(situation): \(row.name), \(protection): \(bench.words(outputs))"
        check(row, protection, situation.facts, before: ue, after: bench.ue, outputs, Comment(rawValue: what))
        guard Self.outcome(row, protection, situation.facts) == .handed else { continue }
        let effect = WalkEffect(of: row, protection, in: situation.facts, algorithms: network.current?.algorithms)
        let sent = outputs.uplinks.map { bench.type(of: $0, under: [ue.contexts.current, bench.ue.contexts.current]) }
        #expect(sent == effect.sent && bench.ue.state == effect.state, "\(what); expected \(effect)")
        guard row.message.type.isSessionAnswer else { continue }
        #expect(Set(bench.ue.sessions.transactions.map(\.identity)) == situation.facts.transactions.subtracting(effect.ends), "\(what)")
      }
    }
  }

  private func check(
    _ row: Row, _ protection: Protection, _ facts: Facts, before: UE, after: UE, _ outputs: [UE.Output], _ what: Comment
  ) {
    let expected = Self.outcome(row, protection, facts)
    let isDropped = outputs.count == 1 && outputs.discards.count == 1
    switch expected {
    case .dropped:
      let isUnchanged = after == before
      #expect(isDropped && isUnchanged, what)
    case .droppedAfterVerification:
      #expect(isDropped && outputs.discards.allSatisfy(Self.isAboutProtection), what)
      var same = before
      same.contexts = after.contexts
      let isOtherwiseSame = after == same
      #expect(isOtherwiseSame && after.contexts.current?.downlinkNASCount != before.contexts.current?.downlinkNASCount, what)
    case .handed:
      #expect(!(isDropped && outputs.discards.allSatisfy(Self.isAboutProtection)), what)
      // §5.6.1.4.2: a protected message of no common procedure first of all ends a CONTROL PLANE SERVICE REQUEST.
      let endsService = protection == .ciphered && row.kind.endsControlPlaneService && facts.isControlPlaneService
      let state = endsService ? EMMState.registered : facts.state
      guard let acts = Self.isActedOn(row, state, isCombined: facts.isCombined) else { return }
      #expect(outputs.discards.isEmpty == acts, what)
      guard !acts else { return }
      guard !endsService else {
        #expect(after.state == .registered && outputs.stopped == [.t3417] && outputs.events == [.serviceEstablished], what)
        return
      }
      // Ignored, or answered with a STATUS: nothing changes but COUNTs and that the exchange has become secure.
      #expect(outputs.started.isEmpty && outputs.stopped.isEmpty && outputs.events.isEmpty, what)
      var same = before
      same.contexts = after.contexts
      same.connection = after.connection
      same.lastSent = after.lastSent
      let isSame = after == same
      #expect(isSame, what)
    }
  }
}
