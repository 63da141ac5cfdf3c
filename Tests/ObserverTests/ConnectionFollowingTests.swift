import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Observer

/// Which S1 connections are a UE's while they come and go beside each other.
@Suite("Following connections")
struct ConnectionFollowingTests {
  private func observe(_ network: borrowing SketchedNetwork) -> (observer: Observer, observations: [Observation]) {
    var observer = Observer(subscribers: [network.subscriber])
    var crypto = CryptoEngine()
    var observations: [Observation] = []
    for event in network.log.events { observer.consume(event, using: &crypto, into: &observations) }
    return (observer, observations)
  }

  /// Which connections ended, and whether each was the last.
  private func ends(_ observations: [Observation]) -> [String] {
    observations.compactMap { observation in
      let id = observation.eNBUES1APID.map(String.init) ?? "-"
      switch observation.body {
      case .connectionReleased(let isLast): return "\(id) released\(isLast ? ", the last" : "")"
      case .connectionLeft: return "\(id) left"
      default: return nil
      }
    }
  }

  /// The UE at another eNB asks for the path, and has lost its radio connection there and opened another before the answer comes.
  private func crossed(_ network: inout SketchedNetwork) throws {
    network.leg = S1Leg(eNB: 1, mme: 0)
    network.eNBID = 7
    var request = S1APBuilder(.pathSwitchRequest, deviations: .missingIEs)
    request.add(.eNBUES1APID, .integer(7))
    request.add(.sourceMMEUES1APID, .integer(network.mmeID))
    try network.send(.uplink, request)
    network.eNBID = 8
    let update = network.plain(.trackingAreaUpdateRequest) {
      $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
      $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
    }
    try network.initial(network.upProtected(update, .integrityProtected))
    network.eNBID = 7
    try network.send(.downlink, network.builder(.pathSwitchRequestAcknowledge))
    network.eNBID = 8
    network.mmeID += 1
  }

  @Test("of a UE with too many connections the oldest are let go of, and counted")
  func tooManyConnections() {
    var connections = ConnectionTable()
    let leg = S1Leg(eNB: 0, mme: 0)
    for id in UInt64(0)..<1000 { connections.bind(7, leg: leg, eNB: id, mme: 5000 + id) }
    #expect(connections.count == ConnectionTable.maximumConnectionsOfUE && connections.networkCount == connections.count)
    #expect(connections.dropped == 1000 - connections.count)
    #expect(connections.ue(leg: leg, eNB: 0, mme: 5000) == nil)
    #expect(connections.ue(leg: leg, eNB: 999, mme: nil) == 7 && connections.ue(leg: leg, eNB: nil, mme: 5999) == 7)
  }

  @Test("a UE is referenced as long as a connection, an identity of the network's side or a handover that is asked for names it")
  func references() {
    var connections = ConnectionTable()
    let leg = S1Leg(eNB: 0, mme: 0)
    connections.bind(3, leg: leg, eNB: 1, mme: nil)
    connections.bind(3, leg: leg, eNB: nil, mme: 9)
    connections.prepareHandover(of: 3, mme: 0, container: [1])
    _ = connections.release(leg: leg, eNB: 1, mme: nil)
    #expect(connections.isReferenced(3) && connections.takeUnreferenced().isEmpty)
    _ = connections.release(leg: leg, eNB: nil, mme: 9)
    #expect(connections.isReferenced(3))
    connections.endPreparations(of: 3)
    #expect(!connections.isReferenced(3) && connections.takeUnreferenced().contains(3))
    #expect(connections.takeUnreferenced().isEmpty)
  }

  @Test("messages of one UE more than are told apart are left out, and counted")
  func tooManyUEs() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var observer = Observer(subscribers: [])
    for _ in 0..<Observer.maximumUEs { _ = observer.newUE() }
    var crypto = CryptoEngine()
    var observations: [Observation] = []
    for event in network.log.events.prefix(3) { observer.consume(event, using: &crypto, into: &observations) }
    #expect(observations.isEmpty && observer.ues.count == Observer.maximumUEs)
    #expect(observer.shortfall == ObserverShortfall(messages: 3, connections: 0))
  }

  @Test("PATH SWITCH REQUEST ACKNOWLEDGE leaves the source's connection, and not one opened since")
  func openedSincePathSwitch() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try crossed(&network)
    try network.down(network.plain(.trackingAreaUpdateReject) { $0.setRaw(TrackingAreaUpdateReject.emmCause, [9]) })
    let (observer, observations) = observe(network)
    #expect(observer.ues.count == 1)
    #expect(observations.last?.ue?.imsi == network.subscriber.imsi)
    #expect(ends(observations) == ["1 left"])
  }

  @Test("ERROR INDICATION ends the connections with the identity that it says to be unknown, and no others")
  func unknownIdentity() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try crossed(&network)
    func indicate(_ cause: Cause, _ direction: LinkDirection, mme: UInt64, eNB: UInt64) throws {
      var message = S1APBuilder(.errorIndication, deviations: .missingIEs)
      message.add(.mmeUES1APID, .integer(mme))
      message.add(.eNBUES1APID, .integer(eNB))
      message.add(.cause, cause)
      try network.send(direction, message)
    }
    // Of another kind, of an identity that nobody has, and of one whose other half is wrong.
    try indicate(.transferSyntaxError, .uplink, mme: 100, eNB: 7)
    try indicate(.unknownENBUES1APID, .uplink, mme: 100, eNB: 9)
    try indicate(.unknownMMEUES1APID, .downlink, mme: 999, eNB: 8)
    #expect(ends(observe(network).observations) == ["1 left"])
    try indicate(.unknownENBUES1APID, .uplink, mme: 100, eNB: 7)
    #expect(ends(observe(network).observations) == ["1 left", "7 released"])
    try network.down(network.downProtected(network.plain(.emmInformation)))
    try indicate(.unknownMMEUES1APID, .downlink, mme: network.mmeID, eNB: 8)
    #expect(ends(observe(network).observations) == ["1 left", "7 released", "8 released, the last"])
  }

  @Test("an inconsistent pair ends the connections of both identities")
  func unknownPair() throws {
    var connections = ConnectionTable()
    let leg = S1Leg(eNB: 0, mme: 0)
    connections.bind(1, leg: leg, eNB: 1, mme: 11)
    connections.bind(2, leg: leg, eNB: 2, mme: 12)
    connections.bind(2, leg: S1Leg(eNB: 1, mme: 0), eNB: 1, mme: 12)
    #expect(
      connections.releaseUnknown(on: leg, eNB: 1, mme: 12) == [
        .init(ue: 1, eNBUES1APID: 1, isLast: true), .init(ue: 2, eNBUES1APID: 2, isLast: false),
      ])
    // The other eNB's connection with this identity goes on.
    #expect(connections.ue(leg: leg, eNB: nil, mme: 12) == 2)
    #expect(connections.ue(leg: leg, eNB: nil, mme: 11) == nil)
  }

  @Test("a connection that the MME never answered, and that the UE had before, does not keep it connected")
  func neverAnswered() throws {
    var connections = ConnectionTable()
    let leg = S1Leg(eNB: 0, mme: 0)
    connections.bind(1, leg: leg, eNB: 1, mme: nil)
    connections.bind(1, leg: leg, eNB: 2, mme: 12)
    #expect(connections.release(leg: leg, eNB: 2, mme: 12)?.isLast == true)
    // One that it has opened since does, whether answered or not.
    connections.bind(1, leg: leg, eNB: 3, mme: 13)
    connections.bind(1, leg: leg, eNB: 4, mme: nil)
    #expect(connections.release(leg: leg, eNB: 3, mme: 13)?.isLast == false)
    #expect(connections.release(leg: leg, eNB: 4, mme: nil)?.isLast == true)
  }

  @Test("where an association ends, the last of a UE's connections on it is told to be so")
  func associationDown() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.eNBID = 2
    try network.initial(network.attachRequest(.guti(network.guti)))
    network.note(.association(network.leg, .down("test")))
    #expect(ends(observe(network).observations) == ["1 released", "2 released, the last"])
  }

  @Test("a connection that ERROR INDICATION named goes on where one end goes on with it, until its identity is used anew")
  func disowned() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var message = S1APBuilder(.errorIndication, deviations: .missingIEs)
    message.add(.mmeUES1APID, .integer(network.mmeID))
    message.add(.eNBUES1APID, .integer(network.eNBID))
    message.add(.cause, Cause.unknownPairUES1APID)
    try network.send(.downlink, message)
    // No NAS is in it that would prove whose it is.
    try network.send(.downlink, network.builder(.ueContextModificationRequest))
    #expect(observe(network).observations.last?.ue?.imsi == network.subscriber.imsi)
    try network.send(.downlink, message)
    try network.initial(network.plain(.attachRequest))
    try network.send(.downlink, network.builder(.ueContextModificationRequest))
    #expect(observe(network).observations.last?.ue?.imsi == nil)
  }

  @Test("a connection of which nothing is known is its UE's as soon as a message on it proves that")
  func provenLater() throws {
    var network = try SketchedNetwork()
    try network.attach()
    (network.leg, network.eNBID, network.mmeID) = (S1Leg(eNB: 5, mme: 0), 77, 777)
    var forged = network.upProtected(network.plain(.trackingAreaUpdateComplete))
    forged[2] ^= 1
    try network.up(forged)
    #expect(observe(network).observer.ues.count == 2)
    try network.down(network.downProtected(network.plain(.emmInformation)))
    let (observer, observations) = observe(network)
    #expect(observer.ues.count == 2)
    #expect(observations.last?.ue?.imsi == network.subscriber.imsi)
  }
}
