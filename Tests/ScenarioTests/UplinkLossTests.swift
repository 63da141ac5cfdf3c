import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import TestNetwork
import Testing
import UserEquipment

@testable import Scenario

/// NAS messages that the radio loses between UE and eNB (TS 24.301 §5.3.8).
@Suite struct UplinkLossTests {
  @Test func `a UE of whose messages every other one is lost says each again, and both sides end alike`() throws {
    var engine = CryptoEngine()
    var world = Worlds.world()
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    var losses = 0
    var isLost = false
    for _ in 0..<10_000 {
      isLost = !isLost && world.loseUplink(ue: 0, using: &engine)
      losses += isLost ? 1 : 0
      if !world.step(using: &engine) { break }
    }
    world.settle(using: &engine)
    #expect(losses >= 3)
    #expect(world.radio.ue(0).state == .registered)
    try expectSameCounts(world)
    let nothing = world.loseUplink(ue: 0, using: &engine)
    #expect(!nothing)
  }

  @Test(arguments: [(HandoverKind.x2, true), (.s1, true), (.x2, false), (.s1, false)])
  func `a NAS message that a handover overtakes is sent again in the target cell`(kind: HandoverKind, staysInArea: Bool) throws {
    let network = MobileWorld(trackingAreas: staysInArea ? [1] : [1, 2])
    let held = try network.holdUplink(after: .reallocateGUTI)
    let sent = network.ue.contexts.current?.uplinkNASCount
    network.world.handover(ue: 0, toENB: 1, kind: kind, using: &network.engine)
    network.deliverBehindHandoverCommand(held)
    network.settle()
    #expect(network.servingENB == 1 && network.keysAgree)
    #expect(network.notes.contains { $0.contains("the radio lost its NAS message") })
    let now = try #require(network.ue.contexts.current?.uplinkNASCount)
    #expect(try #require(sent) < now, "the message went again under a COUNT of its own")
    #expect(network.ue.state == .registered)
    try expectSameCounts(network.world)
    let guti = network.ue.registration.guti
    #expect(guti != nil && network.world.core.mmes[0].guti(imsi: Worlds.imsi) == guti)
  }

  private func expectSameCounts(_ world: World) throws {
    let ours = try #require(world.radio.ue(0).contexts.current)
    let theirs = try #require(world.core.mmes[0].securityContexts(imsi: Worlds.imsi)?.current)
    #expect(ours.kasme == theirs.kasme && ours.uplinkNASCount == theirs.uplinkNASCount && ours.downlinkNASCount == theirs.downlinkNASCount)
  }
}

extension MobileWorld {
  /// Lets the network start a procedure and keeps what the UE answers from its eNB.
  fileprivate func holdUplink(after command: NetworkCommand) throws -> RadioNetwork.Hop {
    world.command(command, imsi: Worlds.imsi, using: &engine)
    let isUnderWay = world.run(until: { $0.radio.hops.contains { $0.isUplinkNAS } }, using: &engine)
    try #require(isUnderWay)
    let position = try #require(world.radio.hops.firstIndex { $0.isUplinkNAS })
    return world.radio.hops.remove(at: position)
  }

  /// Lets the world go on to where the UE's handover command is next, and puts a message of the UE behind it.
  fileprivate func deliverBehindHandoverCommand(_ hop: RadioNetwork.Hop) {
    let isNext = world.run(until: { $0.radio.hops.first?.isHandoverCommand ?? false }, using: &engine)
    #expect(isNext)
    world.radio.hops.append(hop)
  }
}

extension RadioNetwork.Hop {
  fileprivate var isUplinkNAS: Bool { if case .toENB(_, _, .nas) = self { true } else { false } }
  fileprivate var isHandoverCommand: Bool {
    guard case .toUE(_, _, .radio(let command)) = self else { return false }
    switch command.message {
    case .handover: return true
    default: return false
    }
  }
}
