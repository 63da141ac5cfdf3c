import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// What the UE sent on a connection that went away under it may have reached the network or not: a network that lacks it is right.
@Suite("Connections that are lost")
struct LostConnectionTests {
  static let mme = TraceEntity.mme(0)
  static let uplinkCount = "nas-context/uplink-nas-count"

  private func outcome(_ slug: String, _ verdicts: [Verdict]) -> Verdict.Outcome? { verdicts.first { $0.slug == slug }?.verdict }

  /// An attach; then the UE sends a message, and the network says that it has not got it.
  private func unheard(_ network: inout SketchedNetwork) throws {
    try network.attach()
    network.report(Self.mme)
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
  }

  @Test("a message that crosses the release of its connection may be lacking, whether the UE has another connection or not")
  func crossesRelease() throws {
    for hasOther in [false, true] {
      var network = try SketchedNetwork()
      try unheard(&network)
      #expect(misaligned(verdicts(network)) == [Self.uplinkCount])
      if hasOther {
        // Without integrity, so that nothing newer tells of COUNTs.
        network.eNBID = 2
        try network.initial(network.attachRequest(.guti(network.guti)))
        network.eNBID = 1
      }
      try network.released()
      let found = verdicts(network)
      #expect(misaligned(found) == [], "\(hasOther)")
      #expect(outcome(Self.uplinkCount, found) == .unobserved)
    }
  }

  @Test("a report that comes after the end of the connection is judged the same")
  func laterReport() throws {
    var network = try SketchedNetwork()
    try unheard(&network)
    network.eNBID = 2
    try network.initial(network.attachRequest(.guti(network.guti)))
    network.eNBID = 1
    try network.released()
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
    #expect(misaligned(verdicts(network)) == [])
    // Ahead of the UE it cannot be.
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next + 1) }
    #expect(misaligned(verdicts(network)) == [Self.uplinkCount])
  }

  @Test("the end of another connection says nothing of a message")
  func otherConnection() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme)
    (network.eNBID, network.mmeID) = (2, 101)
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    try network.down(network.downProtected(network.plain(.emmInformation)))
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
    (network.eNBID, network.mmeID) = (1, 100)
    try network.released()
    #expect(misaligned(verdicts(network)) == [Self.uplinkCount])
  }

  @Test("a connection that the eNB does not know is gone: the next release is that of the last one")
  func unknownAtENB() throws {
    var network = try SketchedNetwork()
    try network.attach()
    // The answer to a SERVICE REQUEST finds no connection, since the UE has gone from it.
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    var indication = network.builder(.errorIndication)
    indication.add(.cause, Cause.unknownENBUES1APID)
    try network.send(.uplink, indication)
    (network.eNBID, network.mmeID) = (3, 102)
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    try network.finishAttach()
    network.report(Self.mme)
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
    try network.released()
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(outcome(Self.uplinkCount, found) == .unobserved)
  }

  @Test("a message on a connection that the UE left by X2 handover may be lacking")
  func leftByX2() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    network.report(Self.mme)
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    network.step(&chain)
    try network.pathSwitch(SketchedNetwork.pair(chain))
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(outcome(Self.uplinkCount, found) == .unobserved)
    // One that comes where the UE is now is not.
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    network.report(Self.mme) { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }
    #expect(misaligned(verdicts(network)) == [Self.uplinkCount])
  }

  @Test("a reject on a connection opened while the path was being switched lets the UE delete its context")
  func rejectAfterPathSwitch() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    network.report(.ue(UELabel(network.subscriber.imsi)))
    network.step(&chain)
    try network.pathSwitchRequest()
    let connection = (network.eNBID, network.mmeID)
    network.eNBID += 1
    let update = network.plain(.trackingAreaUpdateRequest) {
      $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: 0))
      $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
    }
    try network.initial(network.upProtected(update, .integrityProtected))
    let opened = network.eNBID
    (network.eNBID, network.mmeID) = connection
    var acknowledge = network.builder(.pathSwitchRequestAcknowledge)
    acknowledge.add(.securityContext, SketchedNetwork.pair(chain))
    try network.send(.downlink, acknowledge)
    (network.eNBID, network.mmeID) = (opened, connection.1 + 1)
    try network.down(network.plain(.trackingAreaUpdateReject) { $0.setRaw(TrackingAreaUpdateReject.emmCause, [9]) })
    network.report(.ue(UELabel(network.subscriber.imsi))) { $0.kind = .deleted }
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(found.allSatisfy { $0.ue == network.subscriber.imsi })
  }
}
