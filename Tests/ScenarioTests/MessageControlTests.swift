import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

@Suite struct MessageControlTests {
  private let information = MessageFilter(.downlinkNASTransport, direction: .downlink, ue: 0)

  @Test func `a message is held until its rule is released`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("hold", information, .hold(), times: nil))
    network.clear()
    network.network(.reallocateGUTI)
    #expect(network.world.control.held(by: "hold").count == 1)
    #expect(network.count(.uplinkNASTransport) == 0)
    network.world.control.remove("hold")
    network.world.release("hold")
    network.settle()
    #expect(network.count(.uplinkNASTransport) == 1)
  }

  @Test func `a held message follows the one that releases it`() {
    let network = MobileWorld()
    network.world.control.add(
      MessageRule("hold", information, .hold(releasedBy: MessageFilter(.ueContextReleaseRequest))))
    network.clear()
    network.network(.reallocateGUTI)
    #expect(network.count(.uplinkNASTransport) == 0)
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    #expect(network.world.control.held(by: "hold").isEmpty)
    #expect(network.count(.uplinkNASTransport) == 1)
  }

  @Test func `a dropped message costs its sender a timer`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("drop", information, .drop))
    network.network(.reallocateGUTI)
    #expect(!network.notes.contains { $0.contains("GUTI reallocation completed") })
    network.wait(.seconds(7))
    #expect(network.notes.contains { $0.contains("GUTI reallocation completed") })
  }

  @Test func `a delayed message arrives when its time has come`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("delay", information, .delay(.seconds(2))))
    let before = network.world.now
    network.network(.reallocateGUTI)
    #expect(!network.notes.contains { $0.contains("GUTI reallocation completed") })
    network.wait(.seconds(2))
    #expect(network.notes.contains { $0.contains("GUTI reallocation completed") })
    #expect(network.world.now - before == .seconds(2))
  }

  @Test func `a doubled message is taken once`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("twice", information, .duplicate))
    network.clear()
    network.network(.reallocateGUTI)
    #expect(network.count(.uplinkNASTransport) == 1)
    #expect(network.notes.contains { $0.contains("discarded") })
  }

  @Test func `an altered NAS-PDU is discarded by the UE`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("alter", information, .alter(.nasOctet(at: 2, xor: 1))))
    network.clear()
    network.network(.reallocateGUTI)
    #expect(network.count(.uplinkNASTransport) == 0)
  }

  @Test func `reordered messages change places`() {
    let network = MobileWorld()
    network.world.control.add(MessageRule("late", information, .reorder(behind: 1)))
    network.world.command(.emmInformation, imsi: Worlds.imsi, using: &network.engine)
    network.world.command(.emmInformation, imsi: Worlds.imsi, using: &network.engine)
    network.clear()
    network.settle()
    // The first is older than the one that the UE has by then.
    #expect(network.notes.contains { $0.contains("discarded") })
  }

  @Test func `a filter tells UEs, legs, directions and NAS types apart`() {
    let network = MobileWorld()
    network.network(.securityMode())
    var matched: [String] = []
    for message in network.messages {
      var described = DescribedMessage(
        (try? message.pdu.encoded()) ?? [], leg: S1Leg(eNB: message.eNB, mme: 0), direction: message.direction)
      described.ue = 0
      for (name, filter) in [
        ("SMC", MessageFilter(nas: .securityModeCommand)), ("complete", MessageFilter(nas: .securityModeComplete)),
        ("attach", MessageFilter(.initialUEMessage, direction: .uplink, ue: 0, nas: .attachRequest)),
        ("other leg", MessageFilter(.initialUEMessage, eNB: 1)), ("other UE", MessageFilter(ue: 1)),
        ("type 3", MessageFilter(securityHeader: .integrityProtectedNewContext)),
      ] where filter.matches(described) {
        matched.append(name)
      }
    }
    #expect(matched.sorted() == ["SMC", "SMC", "attach", "complete", "complete", "type 3", "type 3"])
  }
}
