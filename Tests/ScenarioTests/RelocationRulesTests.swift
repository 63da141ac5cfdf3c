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

/// What TS 33.401 §7.2.10 says of a handover that leaves the MME beside an SMC or a key change: kept, and broken by a defect.
@Suite struct RelocationRulesTests {
  private static let complete = MessageFilter(.uplinkNASTransport, nas: .securityModeComplete)
  private static let answer = MessageFilter(.ueContextModificationResponse)

  /// SECURITY MODE COMPLETE of a re-authentication is held, and then the eNB asks for a handover to the other MME.
  private func duringSMC(_ defects: [Set<Defect>] = [[], []]) -> RelocationBench {
    let network = RelocationBench(defects: defects)
    network.world.control.add(MessageRule("complete", Self.complete, .hold()))
    network.network(.authenticate())
    network.clear()
    network.handover(to: 2)
    return network
  }

  /// The answer to UE CONTEXT MODIFICATION is held, and then the eNB asks for a handover to the other MME.
  private func duringRekey(_ defects: [Set<Defect>] = [[], []]) -> RelocationBench {
    let network = RelocationBench(defects: defects)
    network.world.control.add(MessageRule("answer", Self.answer, .hold()))
    network.network(.authenticate())
    network.clear()
    network.handover(to: 2)
    return network
  }

  // MARK: wait-for-smc-before-relocation, forward-both-contexts, target-keeps-old-as-chain

  @Test func `FORWARD RELOCATION REQUEST waits for the SMC and brings both contexts`() throws {
    let network = duringSMC()
    let old = try #require(network.ue.accessStratum?.keys.kasme)
    #expect(network.sequence == ["0> HANDOVER REQUIRED"])
    network.world.release("complete")
    network.settle()
    #expect(network.sequence.contains("MME 0-1 FORWARD RELOCATION REQUEST"))
    #expect(network.servingENB == 2)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    let new = try #require(network.ue.contexts.current?.kasme)
    #expect(new != old)
    #expect(KeyMaterial(context.kasme) == new)
    #expect(context.nextHop == nil)
    #expect(context.old.map { KeyMaterial($0.kasme) } == old)
    #expect(context.old?.nextHop?.chainingCount == 2)
    #expect(context.old?.keySetIdentifier != context.keySetIdentifier)
    // The target goes on with the old chain, …
    #expect(network.pairs.first?.nextHop == context.old?.nextHop?.key)
    #expect(network.pairs.first?.nextHopChainingCount == 2)
    // … and re-keys when the update is done.
    #expect(network.count("UE CONTEXT MODIFICATION RESPONSE") == 1)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.ue.accessStratum?.keys.kasme == new)
    #expect(network.misaligned == [])
  }

  @Test func `a second handover before the key change goes on with the old chain`() throws {
    let network = duringSMC()
    // No update, so nothing that the key change could follow.
    network.world.control.add(MessageRule("complete", MessageFilter(.uplinkNASTransport, eNB: 2), .hold(), times: nil))
    network.world.release("complete")
    network.settle()
    network.handover(to: 3)
    #expect(network.servingENB == 3)
    #expect(network.pairs.map(\.nextHopChainingCount) == [2, 3])
    // Then it comes, with an SMC before it, since the COUNT of the first is not known here.
    #expect(network.sequence.suffix(2) == ["3< UE CONTEXT MODIFICATION REQUEST", "3> UE CONTEXT MODIFICATION RESPONSE"])
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }

  @Test func `an SMC that is never answered lets the relocation go with the contexts before`() throws {
    let network = duringSMC()
    let old = try #require(network.ue.accessStratum?.keys.kasme)
    _ = network.world.control.release("complete")
    // T3460 runs out: longer than the eNB waits, which starts another handover afterwards.
    network.world.control.add(MessageRule("complete", Self.complete, .drop, times: nil))
    network.wait(.seconds(40))
    #expect(network.count("HANDOVER CANCEL ACKNOWLEDGE") == 1)
    #expect(network.servingENB == 0)
    #expect(network.keysAgree)
    network.world.control.remove("complete")
    network.clear()
    network.handover(to: 2)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(KeyMaterial(context.kasme) == old)
    #expect(context.old == nil)
  }

  @Test func `an eNB that gives up while the MME waits is acknowledged, and no request goes out`() {
    let network = duringSMC()
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.settle()
    #expect(network.sequence == ["0> HANDOVER REQUIRED", "0> HANDOVER CANCEL", "0< HANDOVER CANCEL ACKNOWLEDGE"])
    network.world.release("complete")
    network.settle()
    #expect(network.count("FORWARD RELOCATION REQUEST") == 0)
    #expect(network.count("UE CONTEXT MODIFICATION RESPONSE") == 1)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 0))
  }

  @Test func `relocation-during-smc: the request goes out at once, and the verdict says so`() {
    let network = duringSMC([[.relocationDuringSMC], []])
    #expect(network.sequence.prefix(3) == ["0> HANDOVER REQUIRED", "MME 0-1 FORWARD RELOCATION REQUEST", "2< HANDOVER REQUEST"])
    #expect(network.misaligned.contains("relocation-waits"))
  }

  @Test func `a relocation first and then an SMC: it waits until the relocation has failed`() {
    let network = RelocationBench()
    network.world.gtpControl.holding = [.forwardRelocationRequest]
    network.handover(to: 2)
    network.clear()
    network.network(.authenticate(), atOnce: true)
    #expect(network.sequence == [])
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.wait(.seconds(1))
    #expect(network.count("HANDOVER CANCEL ACKNOWLEDGE") == 1)
    #expect(network.count("UE CONTEXT MODIFICATION RESPONSE") == 1)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
  }

  // MARK: wait-for-as-rekey-before-relocation

  @Test func `FORWARD RELOCATION REQUEST waits for the answer about a new KeNB and brings the new context alone`() throws {
    let network = duringRekey()
    #expect(network.sequence == ["0> HANDOVER REQUIRED"])
    network.world.release("answer")
    network.settle()
    #expect(network.servingENB == 2)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(context.old == nil)
    #expect(context.nextHop?.chainingCount == 2)
    #expect(network.ue.contexts.current?.kasme == KeyMaterial(context.kasme))
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.count("UE CONTEXT MODIFICATION REQUEST") == 0)
    #expect(network.misaligned == [])
  }

  @Test func `a key change that the eNB refuses for the handover's sake lets it go with both contexts`() throws {
    let network = RelocationBench()
    network.world.control.add(MessageRule("request", MessageFilter(.ueContextModificationRequest), .hold()))
    network.network(.authenticate())
    network.clear()
    network.handover(to: 2)
    #expect(network.sequence == ["0> HANDOVER REQUIRED"])
    network.world.release("request")
    network.settle()
    #expect(network.count("UE CONTEXT MODIFICATION FAILURE") == 1)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(context.old != nil)
    #expect(network.servingENB == 2)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: 1))
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
    #expect(network.misaligned == [])
  }

  @Test func `relocation-during-as-rekey: the request goes out at once, and the verdict says so`() {
    let network = duringRekey([[.relocationDuringASRekey], []])
    #expect(network.sequence.prefix(2) == ["0> HANDOVER REQUIRED", "MME 0-1 FORWARD RELOCATION REQUEST"])
    #expect(network.misaligned.contains("relocation-waits"))
  }

  // MARK: forward-both-contexts, target-keeps-old-as-chain, silent-source-after-relocation, broken

  @Test func `forward-new-context-only: the old context is not told, and the next handover shows it`() throws {
    let network = duringSMC([[.forwardNewContextOnly], []])
    network.world.release("complete")
    network.settle()
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(context.old == nil)
    #expect(context.nextHop?.chainingCount == 2)
    #expect(network.servingENB == 2)
    #expect(network.count("UE CONTEXT MODIFICATION REQUEST") == 0)
    network.handover(to: 3)
    #expect(network.misaligned.contains("nh-genealogy"))
  }

  @Test func `target-starts-new-chain: the target eNB gets a pair that the UE does not have`() {
    let network = duringSMC([[], [.targetStartsNewChain]])
    network.world.release("complete")
    network.settle()
    #expect(network.count("HANDOVER NOTIFY") == 0)
    #expect(network.misaligned.contains("nh-genealogy"))
  }

  @Test func `the source sends no NAS message after FORWARD RELOCATION REQUEST, whatever it is told and whatever comes`() {
    let network = RelocationBench()
    network.network(.reallocateGUTI)
    network.world.control.add(MessageRule("reallocation", MessageFilter(.uplinkNASTransport, eNB: 0), .hold()))
    network.network(.reallocateGUTI)
    network.world.gtpControl.holding = [.forwardRelocationRequest]
    network.handover(to: 2)
    network.clear()
    network.network(.emmInformation)
    network.network(.emmInformation, atOnce: true)
    network.world.release("reallocation")
    network.settle()
    #expect(network.sequence == ["0> UPLINK NAS TRANSPORT"])
    // The handover fails: what waited goes on.
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.settle()
    #expect(network.count("DOWNLINK NAS TRANSPORT") == 2)
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
  }

  @Test func `T3450 of the source does not send again after FORWARD RELOCATION REQUEST`() {
    let network = RelocationBench { _, configuration in configuration.timers.t3450 = .seconds(1) }
    network.world.control.add(MessageRule("reallocation", MessageFilter(.uplinkNASTransport, eNB: 0), .hold()))
    network.network(.reallocateGUTI)
    network.world.gtpControl.holding = [.forwardRelocationRequest]
    network.handover(to: 2)
    network.clear()
    network.wait(.seconds(4))
    #expect(network.count("DOWNLINK NAS TRANSPORT") == 0)
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.wait(.seconds(3))
    #expect(network.count("DOWNLINK NAS TRANSPORT") >= 1)
  }

  @Test func `downlink-nas-after-relocation: the verdict names the message`() {
    let network = RelocationBench(defects: [[.downlinkNASAfterRelocation], []])
    network.world.control.add(MessageRule("notify", MessageFilter(.handoverRequestAcknowledge), .hold()))
    network.handover(to: 2)
    network.network(.emmInformation, atOnce: true)
    #expect(network.misaligned.contains("silent-source"))
  }

  // MARK: An SMC that got lost

  @Test func `an SMC that the eNB could not deliver is given up, and the contexts before it go over`() throws {
    let network = duringSMC()
    let old = try #require(network.ue.accessStratum?.keys.kasme)
    let command = try #require(
      network.log.events.compactMap { event -> S1APPDU? in
        guard case .s1ap(_, .downlink, _, let octets) = event.body, let pdu = try? S1APPDU(decoding: octets) else { return nil }
        return pdu.message == .downlinkNASTransport ? pdu : nil
      }.last)
    var builder = S1APBuilder(.nasNonDeliveryIndication)
    for id in [ProtocolIEID.mmeUES1APID, .eNBUES1APID, .nasPDU] { builder.add(id, .node(try #require(command[id]).value)) }
    builder.add(.cause, try #require(Cause(.radioNetwork, "s1-intra-system-handover-triggered")))
    network.fromENB(0, try builder.encoded())
    #expect(network.servingENB == 2)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext.eps)
    #expect(KeyMaterial(context.kasme) == old)
    #expect(context.old == nil)
    #expect(network.keysAgree)
  }

  @Test func `an eNB that keeps the SMC back ends the handover, not the SMC`() {
    // One command, so that there is one COUNT for KeNB.
    let network = RelocationBench { _, configuration in configuration.timers.t3460 = .seconds(30) }
    network.network(.authenticate(thenSecurityMode: false))
    network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
    network.network(.securityMode())
    network.clear()
    network.handover(to: 2)
    network.wait(.seconds(6))
    #expect(network.count("FORWARD RELOCATION REQUEST") == 0)
    #expect(network.count("HANDOVER CANCEL ACKNOWLEDGE") == 1)
    network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, false) }
    network.wait(.seconds(7))
    #expect(network.nasAgrees(mme: 0))
    #expect(network.keysAgree)
    #expect(network.ue.accessStratum?.keys.kasme == network.ue.contexts.current?.kasme)
  }
}
