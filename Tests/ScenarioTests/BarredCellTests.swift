import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import TestNetwork
import Testing
import UserEquipment

@testable import Scenario

/// Cells that bar access, and cells that a UE treats as barred (TS 24.301 §5.5.1.2.6 a, §5.5.3.2.6 a, §5.6.1.6 a, §5.4.2.7 f); emergencies,
/// which no cell bars.
@Suite struct BarredCellTests {
  private func world(
    eNBs: [UInt16], configuration: MMEConfiguration? = nil, subscribers: [SubscriberCredentials]? = nil, using engine: inout CryptoEngine
  ) -> World {
    let radio = RadioNetwork(
      ues: [Worlds.ue(Worlds.credentials())],
      eNBs: eNBs.enumerated().map { index, code in
        (
          ENodeBConfiguration(
            name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index), trackingAreaCode: code), 0
        )
      })
    let mme = MME(
      configuration: configuration ?? MMEConfiguration(plmns: [Worlds.plmn], trackingAreaCodes: Array(Set(eNBs))),
      subscribers: subscribers ?? [Worlds.credentials()], seed: 1)
    var world = World(radio: radio, core: CoreNetwork(mmes: [mme]))
    world.connect(using: &engine)
    world.settle(using: &engine)
    return world
  }

  @Test func `an attach in a barred cell waits in ATTACH-NEEDED and begins when access is granted`() {
    var engine = CryptoEngine()
    var world = world(eNBs: [1], using: &engine)
    world.setBarred(eNB: 0, true, using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .deregistered(.attachNeeded))
    world.setBarred(eNB: 0, false, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).state == .registered)
  }

  @Test func `an update in a barred cell waits in UPDATE-NEEDED, until access is granted or another cell is found`() {
    for leaves in [false, true] {
      var engine = CryptoEngine()
      var world = world(eNBs: [1, 2, 3], using: &engine)
      world.command(.powerOn, ue: 0, using: &engine)
      world.command(.attach, ue: 0, using: &engine)
      world.settle(using: &engine)
      world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
      world.settle(using: &engine)
      world.setBarred(eNB: 1, true, using: &engine)
      world.camp(ue: 0, onENB: 1, using: &engine)
      world.command(.updateTrackingArea(isActive: false), ue: 0, using: &engine)
      world.settle(using: &engine)
      #expect(world.radio.ue(0).state == .registeredSubstate(.updateNeeded))
      if leaves { world.camp(ue: 0, onENB: 2, using: &engine) } else { world.setBarred(eNB: 1, false, using: &engine) }
      world.settle(using: &engine)
      #expect(world.radio.ue(0).state == .registered)
      #expect(world.ueEvents.contains(.trackingAreaUpdated))
    }
  }

  @Test func `a UE leaves a cell whose network is not genuine for another one; the only one there is it keeps`() {
    for count in [1, 2] {
      var engine = CryptoEngine()
      // Whatever SQN, the network's K is another.
      var world = world(
        eNBs: [UInt16](repeating: 1, count: count),
        subscribers: [Worlds.credentials(k: "ffffffffffffffffffffffffffffffff")], using: &engine)
      world.command(.powerOn, ue: 0, using: &engine)
      world.command(.attach, ue: 0, using: &engine)
      // The MME never hears of it, and sends the same challenge again: the third failure in a row (§5.4.2.7 f).
      world.control.add(MessageRule("lost", MessageFilter(direction: .uplink, nas: .authenticationFailure), .drop, times: nil))
      for _ in 0..<20 where !world.ueEvents.contains(.activeCellBarred) {
        world.settle(using: &engine)
        _ = world.expireNextTimer(using: &engine)
      }
      #expect(world.ueEvents.contains(.activeCellBarred))
      #expect(world.radio.servingENB(ofUE: 0) == count - 1)
    }
  }

  @Test func `a PDN connection for an emergency is made in a barred cell, beside the one there is, and once`() {
    var engine = CryptoEngine()
    var world = world(eNBs: [1], using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    world.settle(using: &engine)
    world.setBarred(eNB: 0, true, using: &engine)
    world.command(.requestSession(.connectForEmergency), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).hasEmergencyConnection && !world.radio.ue(0).isAttachedForEmergency)
    #expect(world.radio.ue(0).bearers.map(\.accessPointName) == ["internet", "sos"])
    world.command(.requestSession(.connectForEmergency), ue: 0, using: &engine)
    #expect(world.ueEvents.last == .sessionFailed(.connectForEmergency, nil))
    // The other one goes; what is left is a registration for the emergency alone.
    world.command(.requestSession(.disconnect(linked: 5)), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.radio.ue(0).isAttachedForEmergency && world.radio.ue(0).state == .registered)
  }

  @Test func `the network refuses it, and the UE says so`() {
    var engine = CryptoEngine()
    var configuration = MMEConfiguration(plmns: [Worlds.plmn], trackingAreaCodes: [1])
    configuration.connectivityRejections[Worlds.imsi] = 27
    var world = world(eNBs: [1], configuration: configuration, using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    world.command(.requestSession(.connectForEmergency), ue: 0, using: &engine)
    world.settle(using: &engine)
    #expect(world.ueEvents.last == .sessionFailed(.connectForEmergency, ESMCause(rawValue: 27)))
    #expect(!world.radio.ue(0).hasEmergencyConnection && world.radio.ue(0).state == .registered)
  }
}
