import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Observer

@Suite("Following UEs")
struct ObserverTests {
  private func observe(_ events: [TraceEvent], _ subscribers: [SubscriberCredentials]) -> (observer: Observer, observations: [Observation])
  {
    var observer = Observer(subscribers: subscribers)
    var crypto = CryptoEngine()
    var observations: [Observation] = []
    for event in events { observer.consume(event, using: &crypto, into: &observations) }
    return (observer, observations)
  }

  private func nas(_ observations: [Observation]) -> [NASObservation] {
    observations.compactMap { if case .nas(let nas) = $0.body { nas } else { nil } }
  }

  @Test("an attach: identities, context and COUNTs as both sides have them")
  func attach() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    let ue = try require(observer.ue(imsi: "001010000000001"))
    #expect(observer.ues.count == 1)
    #expect(ue.guti == network.guti)
    let context = try require(ue.current)
    #expect(context.kasme == network.kasme)
    #expect(context.nextUplinkCount == network.uplink)
    #expect(context.nextDownlinkCount == network.downlink)
    #expect(context.servingNetworkName == "001-01")
    #expect(
      nas(observations).map(\.name) == [
        "ATTACH REQUEST", "AUTHENTICATION REQUEST", "AUTHENTICATION RESPONSE", "SECURITY MODE COMMAND", "SECURITY MODE COMPLETE",
        "ATTACH ACCEPT", "ATTACH COMPLETE",
      ])
    #expect(nas(observations).compactMap(\.integrity.count) == [0, 0, 1, 1])
    // The key for the eNB comes before the message that travels with it.
    let key = try require(observations.firstIndex { if case .keNB = $0.body { true } else { false } })
    #expect(observations[key].event == observations[key + 1].event)
  }

  @Test("UEs on several legs with the same S1AP identities are kept apart")
  func legs() throws {
    var first = try SketchedNetwork()
    var second = try SketchedNetwork(imsi: "001010000000002")
    second.leg = S1Leg(eNB: 1, mme: 1)
    second.sqn = 0x8000
    try first.attach()
    try second.attach()
    var events: [TraceEvent] = []
    for index in first.log.events.indices { events += [first.log.events[index], second.log.events[index]] }
    let (observer, observations) = observe(events, [first.subscriber, second.subscriber])
    #expect(observer.ue(imsi: "001010000000001")?.current?.kasme == first.kasme)
    #expect(observer.ue(imsi: "001010000000002")?.current?.kasme == second.kasme)
    #expect(observations.allSatisfy { $0.ue?.imsi == ($0.leg.eNB == 0 ? "001010000000001" : "001010000000002") })
  }

  @Test("an unknown GUTI is resolved by IDENTITY RESPONSE, or by whose K the challenge is made with")
  func unknownGUTI() throws {
    for asksForIdentity in [true, false] {
      var network = try SketchedNetwork()
      try network.initial(network.attachRequest(.guti(network.guti)))
      if asksForIdentity {
        try network.down(network.plain(.identityRequest) { $0.setRaw(IdentityRequest.identityType, [1]) })
        try network.up(network.plain(.identityResponse) { $0.set(IdentityResponse.mobileIdentity, .imsi(network.subscriber.imsi)) })
      }
      try network.secure(keySet: 0)
      try network.finishAttach()
      let other = try SketchedNetwork(imsi: "001010000000009")
      let stranger = try SubscriberCredentials(
        imsi: other.subscriber.imsi, k: KeyMaterial([UInt8](repeating: 0x77, count: 16)), functions: other.subscriber.functions)
      let (observer, observations) = observe(network.log.events, [network.subscriber, stranger])
      #expect(observer.ue(imsi: "001010000000001")?.current?.kasme == network.kasme)
      #expect(observations.last?.ue?.imsi == "001010000000001")
    }
  }

  @Test("contexts are kept across release, and found again by S-TMSI and by GUTI; a bad short MAC changes nothing")
  func idle() throws {
    var network = try SketchedNetwork()
    try network.attach()
    for _ in 0..<70 { try network.serviceRequest() }
    // A forged one.
    try network.released()
    network.eNBID += 1
    try network.initial([0xc7, 0x05, 0xde, 0xad], sTMSI: true)
    try network.released()
    network.eNBID += 1
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues.count == 1)
    #expect(observer.ues[0].current?.nextUplinkCount == network.uplink)
    let requests = nas(observations).filter { $0.serviceRequest != nil }
    #expect(requests.count == 71)
    // The 5 bits turn over twice.
    #expect(requests.dropLast().compactMap(\.integrity.count) == (2..<72).map { UInt32($0) })
    #expect(requests.last?.integrity == .failed(expectedCount: 101))
    #expect(nas(observations).last?.integrity == .verified(count: 72))
  }

  @Test("a replayed message is stale, one with a bad MAC failed, and neither counts")
  func replay() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let message = network.upProtected(network.plain(.gutiReallocationComplete))
    try network.up(message)
    try network.up(message)
    var forged = network.upProtected(network.plain(.gutiReallocationComplete))
    network.uplink -= 1
    forged[7] ^= 1
    try network.up(forged)
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    let last = nas(observe(network.log.events, [network.subscriber]).observations).suffix(4)
    #expect(last.map(\.integrity) == [.verified(count: 2), .stale(count: 2), .failed(expectedCount: 3), .verified(count: 3)])
  }

  @Test("SECURITY MODE REJECT withdraws the offer: the context before goes on")
  func reject() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let old = (network.kasme, network.uplink, network.downlink)
    network.kasme = try network.authenticate(keySet: 1)
    network.eKSI = 1
    network.downlink = 0
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    (network.kasme, network.uplink, network.downlink) = old
    let reject = network.plain(.securityModeReject) { $0.setRaw(SecurityModeReject.emmCause, [23]) }
    try network.up(network.upProtected(reject))
    try network.down(network.downProtected(network.plain(.emmInformation)))
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues[0].offer == nil)
    #expect(observer.ues[0].current?.kasme == old.0)
    #expect(observations.contains { if case .offerWithdrawn = $0.body { true } else { false } })
    #expect(nas(observations).suffix(2).map(\.integrity) == [.verified(count: 2), .verified(count: 2)])
  }

  @Test("forged plain messages on a secured connection move nothing: no other UE, no offer withdrawn")
  func forgedPlain() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let identity = network.plain(.identityResponse) { $0.set(IdentityResponse.mobileIdentity, .imsi("001010000000002")) }
    try network.up(identity)
    network.kasme = try network.authenticate(keySet: 1)
    network.eKSI = 1
    network.downlink = 0
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    try network.up(network.plain(.securityModeReject) { $0.setRaw(SecurityModeReject.emmCause, [23]) })
    network.uplink = 0
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues.count == 1)
    #expect(observer.ues[0].current?.kasme == network.kasme)
    #expect(nas(observations).last?.integrity == .verified(count: 0))
  }

  @Test("forged plain messages to a UE on a secured connection move nothing but for a challenge that K made")
  func forgedPlainDownlink() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let guti = GUTI(plmn: network.plmn, mmeGroupID: 2, mmeCode: 1, mTMSI: 0xc000_0777)
    try network.down(network.plain(.gutiReallocationCommand) { $0.set(GUTIReallocationCommand.guti, .guti(guti)) })
    for end in UInt8(0)..<20 {
      let forged = network.plain(.authenticationRequest) {
        $0.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: end % 7))
        $0.set(AuthenticationRequest.authenticationParameterRAND, .init([UInt8](repeating: end, count: 16)))
        $0.set(AuthenticationRequest.authenticationParameterAUTN, .init([UInt8](repeating: end, count: 16)))
      }
      try network.down(forged)
    }
    // The challenge of the attach again.
    network.sqn -= 0x20
    _ = try network.authenticate(keySet: 0)
    var (observer, _) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues[0].guti == network.guti)
    #expect(observer.ues[0].contexts.map(\.eKSI) == [0])
    // A real one, plain too.
    try network.secure(keySet: 1)
    (observer, _) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues[0].current?.kasme == network.kasme)
  }

  @Test("identities that others replace are forgotten, the last GUTI but one not")
  func replacedIdentities() throws {
    var connections = ConnectionTable()
    let leg = S1Leg(eNB: 0, mme: 0)
    for mme in UInt64(0)..<1000 { connections.bind(1, leg: leg, eNB: 5, mme: mme) }
    #expect(connections.networkCount == 1)
    #expect(connections.ue(leg: leg, eNB: nil, mme: 999) == 1)
    #expect(connections.ue(leg: leg, eNB: nil, mme: 998) == nil)
    var identities = IdentityDirectory()
    let network = try SketchedNetwork()
    func guti(_ number: UInt32) -> GUTI { GUTI(plmn: network.plmn, mmeGroupID: 2, mmeCode: 1, mTMSI: number) }
    // Confirmed each: the last and the one before it are kept.
    for number in UInt32(0)..<1000 {
      identities.assign(guti(number), to: 1)
      identities.confirm(1)
    }
    #expect(identities.count == 2)
    #expect(identities.ue(guti: guti(998)) == 1)
    #expect(identities.ue(mmeCode: 1, mTMSI: 999) == 1)
    #expect(identities.ue(mmeCode: 1, mTMSI: 5) == nil)
    // Another UE's by now.
    identities.assign(guti(998), to: 2)
    identities.assign(guti(1000), to: 1)
    #expect(identities.ue(guti: guti(998)) == 2)
    // Offered and never confirmed: the UE goes on using the one it confirmed, however many there are.
    for number in UInt32(2000)..<3000 { identities.assign(guti(number), to: 1) }
    #expect(identities.ue(guti: guti(999)) == 1)
    #expect(identities.ue(guti: guti(2999)) == 1)
    #expect(identities.count <= 10)
  }

  @Test("a repeated SECURITY MODE COMMAND takes the next COUNT; a challenge repeated makes no second context")
  func repeats() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    network.kasme = try network.authenticate(keySet: 0)
    network.sqn -= 0x20
    _ = try network.authenticate(keySet: 0)
    for _ in 0..<3 { try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)) }
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    #expect(observer.ues[0].contexts.count == 1)
    #expect(nas(observations).filter { $0.type == .securityModeCommand }.compactMap(\.integrity.count) == [0, 1, 2])
    #expect(observer.ues[0].current?.largestDownlinkCount == 2)
  }

  @Test("the end of an association releases its UEs, and their contexts stay")
  func associationDown() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.note(.association(network.leg, .down("test")))
    let (observer, observations) = observe(network.log.events, [network.subscriber])
    guard case .connectionReleased(isLast: true)? = observations.last?.body else {
      Issue.record("no release")
      return
    }
    #expect(observer.ues[0].current != nil)
  }

  @Test("what cannot be decoded is said, and nothing else happens")
  func undecodable() {
    let events = [[], [0x00], [0xff, 0xff, 0xff], [UInt8](repeating: 0, count: 40)].enumerated().map { index, octets in
      TraceEvent(index: index, time: .zero, body: .s1ap(S1Leg(eNB: 0, mme: 0), .uplink, stream: 0, octets: octets))
    }
    let (observer, observations) = observe(events, [])
    #expect(observer.ues.isEmpty)
    #expect(observations.count >= 3)
  }

  @Test("a handover carries the UE to the target leg, and its source's release leaves it connected")
  func handover() throws {
    var connections = ConnectionTable()
    let source = S1Leg(eNB: 0, mme: 0)
    let target = S1Leg(eNB: 1, mme: 0)
    connections.bind(7, leg: source, eNB: 1, mme: 100)
    // One container for two UEs: the identity that the MME keeps tells, and without it nothing does.
    connections.prepareHandover(of: 7, mme: 0, container: [5])
    connections.prepareHandover(of: 8, mme: 0, container: [5])
    #expect(connections.handover(mme: 0, container: [5], mmeUES1APID: 5555) == nil)
    #expect(connections.handover(mme: 0, container: [5], mmeUES1APID: nil) == nil)
    #expect(connections.handover(mme: 0, container: [5], mmeUES1APID: 100)?.ue == 7)
    #expect(connections.handover(mme: 0, container: [5], mmeUES1APID: nil)?.ue == 8)
    connections.prepareHandover(of: 7, mme: 0, container: [1, 2, 3])
    connections.prepareHandover(of: 8, mme: 0, container: [4])
    #expect(connections.handover(mme: 0, container: [9], mmeUES1APID: 55) == nil)
    #expect(connections.handover(mme: 0, container: [1, 2, 3], mmeUES1APID: nil)?.ue == 7)
    // A container that somebody changed: the MME's identity tells, or the order where there is one handover alone.
    connections.prepareHandover(of: 7, mme: 0, container: [1, 2, 3])
    #expect(connections.handover(mme: 0, container: [9], mmeUES1APID: 100)?.ue == 7)
    let last = connections.handover(mme: 1, container: nil, mmeUES1APID: 3)
    #expect(last?.ue == 8 && last?.source == 0)
    connections.prepareHandover(of: 7, mme: 0, container: [1, 2, 3])
    connections.endPreparations(of: 7)
    #expect(connections.handover(mme: 0, container: [1, 2, 3], mmeUES1APID: 100) == nil)
    connections.bind(7, leg: target, eNB: 5, mme: 100)
    #expect(connections.connections(of: 7) == 2)
    #expect(connections.release(leg: source, eNB: 1, mme: 100) == .init(ue: 7, eNBUES1APID: 1, isLast: false))
    #expect(connections.connections(of: 7) == 1)
    #expect(connections.ue(leg: target, eNB: 5, mme: 100) == 7)
    #expect(connections.releaseAll(on: target) == [.init(ue: 7, eNBUES1APID: 5, isLast: true)])
    #expect(connections.connections(of: 7) == 0)
  }
}
