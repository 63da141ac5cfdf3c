import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Testing
import UserEquipment

@testable import Scenario

/// A handover to another tracking area while an attach runs (TS 24.301 §5.5.1.2.6 e, §5.5.1.2.7 d, e).
@Suite struct AttachHandoverTests {
  @Test(arguments: [HandoverKind.s1, .x2])
  func `ATTACH REQUEST over a connection with AS security: the MME serves it there, keys agree, and nobody is blamed`(
    kind: HandoverKind
  )
    throws
  {
    let network = RelocationBench(
      attaches: false,
      mme: { number, configuration in
        if number == 0 { configuration.trackingAreas.append(.init(plmn: Worlds.plmn, code: 9)) }
      },
      eNB: { index, configuration in if index == 1 { configuration.trackingAreaCode = 9 } })
    network.world.control.add(MessageRule("setup", MessageFilter(.initialContextSetupRequest), .hold()))
    network.world.command(.powerOn, ue: 0, using: &network.engine)
    network.world.command(.campedOn(TrackingAreaIdentity(plmn: Worlds.plmn, tac: 1)), ue: 0, using: &network.engine)
    network.world.command(.attach, ue: 0, using: &network.engine)
    network.settle()
    // AS security starts, and ATTACH ACCEPT does not get through.
    network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
    network.world.release("setup")
    network.settle()
    try #require(network.ue.state == .registeredInitiated && network.keysAgree)
    let kasme = try #require(network.ue.contexts.current?.kasme)
    network.clear()
    network.handover(to: 1, kind)
    #expect(network.servingENB == 1)
    // A new attach begins in the area of the new cell, not ciphered, over the connection that stands.
    #expect(network.sequence.contains("1> UPLINK NAS TRANSPORT") && !network.sequence.contains("1> INITIAL UE MESSAGE"))
    network.wait(.seconds(5))
    // The MME sends the first ATTACH ACCEPT once more when the UE has arrived, before it sees ATTACH REQUEST: it answers nothing that runs.
    #expect(network.notes.count { $0.contains("discards: ATTACH ACCEPT") } == 1)
    #expect(network.ue.state == .registered && network.state(mme: 0) == "EMM-REGISTERED")
    #expect(network.ue.contexts.current?.kasme == kasme && network.nasAgrees(mme: 0))
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }
}
