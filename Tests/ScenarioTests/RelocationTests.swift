import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// S1 handover from one MME to another over S10: who sends what, and that everybody holds the same keys after it.
@Suite struct RelocationTests {
  @Test func `a handover between MMEs runs its messages in order`() {
    let network = RelocationBench()
    network.clear()
    network.handover(to: 2)
    let upToNotify = network.sequence.prefix { $0 != "2> UPLINK NAS TRANSPORT" }
    #expect(
      upToNotify.filter { !$0.hasSuffix("STATUS TRANSFER") && !$0.contains("ACCESS CONTEXT") } == [
        "0> HANDOVER REQUIRED", "MME 0-1 FORWARD RELOCATION REQUEST", "2< HANDOVER REQUEST", "2> HANDOVER REQUEST ACKNOWLEDGE",
        "MME 1-0 FORWARD RELOCATION RESPONSE", "0< HANDOVER COMMAND", "2> HANDOVER NOTIFY",
      ])
    for message in [
      "0> ENB STATUS TRANSFER", "MME 0-1 FORWARD ACCESS CONTEXT NOTIFICATION", "MME 1-0 FORWARD ACCESS CONTEXT ACKNOWLEDGE",
      "2< MME STATUS TRANSFER", "MME 1-0 FORWARD RELOCATION COMPLETE NOTIFICATION", "MME 0-1 FORWARD RELOCATION COMPLETE ACKNOWLEDGE",
      "0< UE CONTEXT RELEASE COMMAND", "0> UE CONTEXT RELEASE COMPLETE",
    ] { #expect(network.sequence.count { $0 == message } == 1, "\(message)") }
    #expect(network.servingENB == 2)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.state(mme: 1) == "EMM-REGISTERED")
    #expect(network.state(mme: 0) == "EMM-DEREGISTERED")
    #expect(network.contexts(mme: 0)?.current == nil)
    #expect(network.misaligned == [])
    for message in network.gtp { #expect(message.missingElement == nil, "\(message.type)") }
  }

  @Test func `the update after it brings a GUTI of the new MME, and the UE goes on there`() throws {
    let network = RelocationBench()
    network.handover(to: 2)
    let guti = try #require(network.world.core.mmes[1].guti(imsi: Worlds.imsi))
    #expect(guti.mmeCode == 2)
    #expect(network.ue.registration.guti == guti)
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.settle()
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.misaligned == [])
  }

  @Test func `the pair that was forwarded goes to the target eNB as it is, the next one is a step on`() throws {
    let network = RelocationBench()
    network.handover(to: 1)
    network.clear()
    network.handover(to: 2)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(context.nextHop?.chainingCount == 3)
    #expect(context.old == nil)
    #expect(network.pairs.first?.nextHopChainingCount == 3)
    #expect(network.pairs.first?.nextHop == context.nextHop?.key)
    network.handover(to: 3)
    #expect(network.pairs.map(\.nextHopChainingCount) == [3, 4])
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }

  @Test func `there and back and around, the keys agree at every step`() {
    let network = RelocationBench()
    for (step, target) in [2, 3, 0, 1, 2, 1, 3, 0].enumerated() {
      network.handover(to: target)
      #expect(network.servingENB == target, "step \(step)")
      #expect(network.keysAgree, "step \(step)")
      #expect(network.nasAgrees(mme: target / 2), "step \(step)")
    }
    #expect(network.misaligned == [])
  }

  @Test func `without an update the MME gives the UE a GUTI of its own`() throws {
    let network = RelocationBench(sharedList: true)
    network.handover(to: 2)
    #expect(network.count("FORWARD RELOCATION COMPLETE ACKNOWLEDGE") == 1)
    #expect(network.world.core.mmes[1].guti(imsi: Worlds.imsi) == nil)
    network.wait(.seconds(11))
    let guti = try #require(network.world.core.mmes[1].guti(imsi: Worlds.imsi))
    #expect(network.ue.registration.guti == guti)
    #expect(network.nasAgrees(mme: 1))
  }

  @Test func `re-authentication at the new MME re-keys, and takes a vector that the old one has not given`() {
    let network = RelocationBench()
    network.handover(to: 2)
    network.clear()
    network.network(.authenticate(), mme: 1)
    #expect(network.count("UE CONTEXT MODIFICATION RESPONSE") == 1)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
    #expect(network.misaligned == [])
  }

  // MARK: Failures

  @Test func `a target that nobody serves fails the preparation`() {
    let network = RelocationBench { number, configuration in if number == 1 { configuration.trackingAreas = [] } }
    network.clear()
    network.handover(to: 2)
    #expect(network.sequence == ["0> HANDOVER REQUIRED", "0< HANDOVER PREPARATION FAILURE"])
    #expect(network.keysAgree)
  }

  @Test func `a target eNB that refuses: the UE stays, the chain is not rolled back`() {
    let network = RelocationBench(eNB: { index, configuration in if index == 2 { configuration.integrityPriority = [] } })
    network.clear()
    network.handover(to: 2)
    #expect(network.messages(.forwardRelocationResponse).compactMap { try? $0[ForwardRelocationResponse.cause] } == [.relocationFailure])
    #expect(network.count("HANDOVER PREPARATION FAILURE") == 1)
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    #expect(network.state(mme: 1) == "EMM-DEREGISTERED")
    network.handover(to: 3)
    #expect(network.pairs.map(\.nextHopChainingCount) == [2, 3])
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }

  @Test func `lost messages are sent again, and answered once more with the same octets`() {
    for type in [
      GTPv2CMessageType.forwardRelocationRequest, .forwardRelocationResponse, .forwardAccessContextNotification,
      .forwardAccessContextAcknowledge, .forwardRelocationCompleteNotification, .forwardRelocationCompleteAcknowledge,
    ] {
      let network = RelocationBench()
      network.world.gtpControl.lost = [type: 1]
      network.clear()
      network.handover(to: 2)
      network.wait(.seconds(4))
      #expect(network.servingENB == 2, "\(type)")
      #expect(network.keysAgree, "\(type)")
      #expect(network.nasAgrees(mme: 1), "\(type)")
      #expect(network.count("HANDOVER REQUEST") == 1, "\(type)")
      #expect(network.count("HANDOVER NOTIFY") == 1, "\(type)")
      // What nobody waits for any more when the relocation has ended is not sent again.
      if !type.name.contains("Access") { #expect(network.messages(type).count == 2, "\(type)") }
      #expect(Set(network.messages(type).map { (try? $0.encoded()) ?? [] }).count == 1, "\(type)")
    }
  }

  @Test func `a peer that never answers fails the preparation, and the UE stays`() {
    let network = RelocationBench()
    network.world.gtpControl.lost = [.forwardRelocationRequest: 100]
    network.clear()
    network.handover(to: 2)
    network.wait(.seconds(20))
    // The eNB's own timer comes first: it cancels, and is acknowledged when the peer has not answered that either.
    #expect(network.count("HANDOVER CANCEL") == 1)
    #expect(network.count("HANDOVER CANCEL ACKNOWLEDGE") == 1)
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    network.network(.reallocateGUTI)
    #expect(network.nasAgrees(mme: 0))
  }

  @Test func `a cancelled relocation releases the target and leaves the UE where it was`() {
    let network = RelocationBench()
    network.world.control.add(MessageRule("command", MessageFilter(.handoverCommand), .hold()))
    network.clear()
    network.handover(to: 2)
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.settle()
    #expect(
      network.sequence.suffix(6) == [
        "0> HANDOVER CANCEL", "MME 0-1 RELOCATION CANCEL REQUEST", "2< UE CONTEXT RELEASE COMMAND", "MME 1-0 RELOCATION CANCEL RESPONSE",
        "2> UE CONTEXT RELEASE COMPLETE", "0< HANDOVER CANCEL ACKNOWLEDGE",
      ])
    #expect(network.keysAgree)
    #expect(network.state(mme: 1) == "EMM-DEREGISTERED")
    network.handover(to: 3)
    #expect(network.servingENB == 3)
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }

  @Test func `a UE that cannot reach the target comes back, and the target lets go`() {
    let network = RelocationBench()
    network.world.radio.setReachable(eNB: 2, false)
    network.clear()
    network.handover(to: 2)
    network.wait(.seconds(60))
    #expect(network.count("HANDOVER NOTIFY") == 0)
    #expect(network.world.core.mmes[1].connectionCount == 0)
    #expect(network.state(mme: 1) == "EMM-DEREGISTERED")
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.wait(.seconds(20))
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
  }

  @Test func `the release of the connection ends a relocation`() {
    let network = RelocationBench()
    network.world.gtpControl.holding = [.forwardRelocationResponse]
    network.handover(to: 2)
    network.clear()
    network.network(.release)
    #expect(network.count("RELOCATION CANCEL REQUEST") == 1)
    #expect(network.world.core.mmes[1].connectionCount == 0)
    network.world.releaseGTP(.forwardRelocationResponse)
    network.settle()
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.settle()
    #expect(network.nasAgrees(mme: 0))
    #expect(network.keysAgree)
  }

  // MARK: Idle

  @Test func `an idle UE that comes to the other MME brings its context along`() {
    let network = RelocationBench()
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.clear()
    let kasme = network.ue.contexts.current?.kasme
    network.world.camp(ue: 0, onENB: 2, using: &network.engine)
    network.settle()
    #expect(
      network.sequence.filter { $0.hasPrefix("MME") } == [
        "MME 1-0 CONTEXT REQUEST", "MME 0-1 CONTEXT RESPONSE", "MME 1-0 CONTEXT ACKNOWLEDGE",
      ])
    #expect(network.count("DOWNLINK NAS TRANSPORT") == 1)
    #expect(network.ue.contexts.current?.kasme == kasme)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.contexts(mme: 0)?.current == nil)
    #expect(network.ue.registration.guti == network.world.core.mmes[1].guti(imsi: Worlds.imsi))
    #expect(network.misaligned == [])
  }

  @Test func `a request with the sequence number of an answer that came before is no repetition of that`() {
    let network = RelocationBench()
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.world.camp(ue: 0, onENB: 2, using: &network.engine)
    network.settle()
    // CONTEXT RESPONSE of the first MME has a number of the second one's choice, its own first request the same.
    network.world.command(.requestService, ue: 0, using: &network.engine)
    network.settle()
    let number = network.messages(.contextResponse).map(\.sequenceNumber)
    network.clear()
    network.handover(to: 0)
    network.wait(.seconds(4))
    #expect(network.messages(.forwardRelocationCompleteNotification).map(\.sequenceNumber) == number)
    #expect(network.messages(.forwardRelocationCompleteAcknowledge).map(\.sequenceNumber) == number)
    #expect(network.messages(.contextAcknowledge).isEmpty)
  }

  @Test func `without an answer the MME asks the UE who it is and authenticates it`() {
    let network = RelocationBench()
    network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    network.settle()
    network.world.gtpControl.lost = [.contextRequest: 100]
    network.clear()
    network.world.camp(ue: 0, onENB: 2, using: &network.engine)
    network.wait(.seconds(12))
    #expect(network.count("CONTEXT REQUEST") == 4)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.ue.registration.guti == network.world.core.mmes[1].guti(imsi: Worlds.imsi))
  }
}
