import Alignment
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

/// Handovers between E-UTRAN and UTRAN or GERAN, with an SGSN stub at the other end of S3, and what TS 33.401 §7.2.10 says of them beside an
/// SMC or a key change.
@Suite struct InterSystemHandoverTests {
  private static let complete = MessageFilter(.uplinkNASTransport, nas: .securityModeComplete)
  private static let answer = MessageFilter(.ueContextModificationResponse)

  private func network(holding filter: MessageFilter, _ defects: Set<Defect> = []) -> RelocationBench {
    let network = RelocationBench(defects: [defects, []])
    network.world.control.add(MessageRule("held", filter, .hold()))
    network.network(.authenticate())
    network.clear()
    network.handover(to: RelocationBench.utran)
    return network
  }

  @Test(arguments: [RelocationBench.utran, RelocationBench.geran])
  func `to UTRAN or GERAN: the SGSN gets CK' and IK' that the UE derives too, and the UE is let go`(target: OtherSystemTarget) throws {
    let network = RelocationBench()
    let kasme = try #require(network.ue.contexts.current?.kasme)
    let eKSI = try #require(network.ue.contexts.current?.keySetIdentifier)
    let count = try #require(network.contexts(mme: 0)?.current?.counts.nextToSend)
    network.clear()
    network.handover(to: target)
    #expect(
      network.sequence
        == [
          "0> HANDOVER REQUIRED", "MME 0-2 FORWARD RELOCATION REQUEST", "MME 2-0 FORWARD RELOCATION RESPONSE", "0< HANDOVER COMMAND",
          "MME 2-0 FORWARD RELOCATION COMPLETE NOTIFICATION", "0< UE CONTEXT RELEASE COMMAND",
          "MME 0-2 FORWARD RELOCATION COMPLETE ACKNOWLEDGE", "0> UE CONTEXT RELEASE COMPLETE",
        ])
    let umts = try #require(network.world.radio.umtsSecurity(ofUE: 0))
    let expected = network.engine.deriveHandoverToUTRANKeys(kasme: kasme, downlinkNASCount: count.value)
    #expect(umts.ck.hex() + umts.ik.hex() == expected.hex())
    #expect(umts.keySetIdentifier == eKSI)
    #expect(network.world.core.sgsn?.securityContext(imsi: Worlds.imsi) == umts)
    #expect(network.world.core.sgsn?.isHere(imsi: Worlds.imsi) == true)
    let context = try #require(try network.messages(.forwardRelocationRequest).first?.mmContext)
    #expect(context.umts?.ck == umts.ck.withUnsafeBytes { Array($0) })
    #expect(network.ue.state.description.contains("NO-CELL-AVAILABLE"))
    #expect(network.world.core.mmes[0].connectionCount == 0)
    #expect(network.misaligned == [])
  }

  // MARK: Back

  private func returned(to eNB: Int) -> RelocationBench {
    let network = RelocationBench()
    network.handover(to: RelocationBench.utran)
    network.clear()
    network.world.returnToEUTRAN(ue: 0, toENB: eNB)
    network.settle()
    return network
  }

  @Test(arguments: [0, 1, 2]) func `from UTRAN: UE and MME make the same context of CK, IK and the nonce, and the same AS keys`(
    eNB: Int
  ) throws {
    let network = returned(to: eNB)
    let mme = eNB / 2
    #expect(
      network.sequence.prefix(7) == [
        "MME 2-\(mme) FORWARD RELOCATION REQUEST", "\(eNB)< HANDOVER REQUEST", "\(eNB)> HANDOVER REQUEST ACKNOWLEDGE",
        "MME \(mme)-2 FORWARD RELOCATION RESPONSE", "\(eNB)> HANDOVER NOTIFY", "\(eNB)> UPLINK NAS TRANSPORT",
        "MME \(mme)-2 FORWARD RELOCATION COMPLETE NOTIFICATION",
      ])
    #expect(network.servingENB == eNB)
    #expect(network.ue.contexts.current?.type == .mapped)
    #expect(network.nasAgrees(mme: mme))
    #expect(network.keysAgree)
    // KeNB as it is in the place of NH.
    #expect(network.pairs.map(\.nextHopChainingCount) == [0])
    let kasme = try #require(network.ue.contexts.current?.kasme)
    #expect(KeyMaterial(network.pairs[0].nextHop) == network.engine.deriveKeNB(kasme: kasme, uplinkNASCount: .max))
    #expect(network.ue.state.description == "EMM-REGISTERED")
    #expect(network.world.core.sgsn?.securityContext(imsi: Worlds.imsi) == nil)
    #expect(network.misaligned == [])
    // The chain goes on from it, first with NH₂.
    network.handover(to: eNB ^ 1)
    #expect(network.servingENB == eNB ^ 1)
    #expect(network.pairs.map(\.nextHopChainingCount) == [0, 2])
    #expect(network.keysAgree)
    network.network(.authenticate(), mme: mme)
    #expect(network.keysAgree)
    #expect(network.nasAgrees(mme: mme))
    #expect(network.ue.contexts.current?.type == .native)
    #expect(network.misaligned == [])
  }

  @Test func `an eNB that refuses, and an MME that does not answer, leave the UE in UTRAN`() {
    let network = RelocationBench()
    network.handover(to: RelocationBench.utran)
    network.world.gtpControl.lost = [.forwardRelocationRequest: 10]
    network.world.returnToEUTRAN(ue: 0, toENB: 1)
    network.wait(.seconds(12))
    #expect(network.world.core.sgsn?.isHere(imsi: Worlds.imsi) == true)
    network.world.gtpControl.lost = [:]
    network.world.returnToEUTRAN(ue: 0, toENB: 1)
    network.settle()
    #expect(network.servingENB == 1)
    #expect(network.keysAgree)
    #expect(network.misaligned == [])
  }

  @Test(arguments: [1, 2])
  func `a cell that is not reached: UE and MME have the contexts of before, the target forgets, and a second handover succeeds`(
    eNB: Int
  ) throws {
    let network = RelocationBench()
    network.network(.authenticate(), atOnce: true)
    network.handover(to: RelocationBench.utran)
    let own = network.ue.contexts
    let theirs = network.contexts(mme: eNB / 2)
    let umts = try #require(network.world.radio.umtsSecurity(ofUE: 0))
    network.clear()
    network.world.radio.setReachable(eNB: eNB, false)
    network.world.returnToEUTRAN(ue: 0, toENB: eNB)
    network.settle()
    #expect(network.ue.contexts == own, "not before the cell is reached")
    network.wait(.seconds(2))
    #expect(
      network.sequence == [
        "MME 2-\(eNB / 2) FORWARD RELOCATION REQUEST", "\(eNB)< HANDOVER REQUEST", "\(eNB)> HANDOVER REQUEST ACKNOWLEDGE",
        "MME \(eNB / 2)-2 FORWARD RELOCATION RESPONSE", "MME 2-\(eNB / 2) RELOCATION CANCEL REQUEST",
        "\(eNB)< UE CONTEXT RELEASE COMMAND", "MME \(eNB / 2)-2 RELOCATION CANCEL RESPONSE", "\(eNB)> UE CONTEXT RELEASE COMPLETE",
      ])
    #expect(network.ue.contexts == own && network.contexts(mme: eNB / 2) == theirs)
    #expect(network.ue.state.description.contains("NO-CELL-AVAILABLE"))
    #expect(network.world.radio.umtsSecurity(ofUE: 0) == umts)
    #expect(network.world.core.sgsn?.isHere(imsi: Worlds.imsi) == true)
    #expect(network.world.core.mmes.allSatisfy { $0.connectionCount == 0 })
    #expect(network.misaligned == [])
    network.world.radio.setReachable(eNB: eNB, true)
    network.world.returnToEUTRAN(ue: 0, toENB: eNB)
    network.settle()
    #expect(network.servingENB == eNB && network.keysAgree && network.nasAgrees(mme: eNB / 2))
    #expect(network.ue.contexts.current?.type == .mapped)
    #expect(network.misaligned == [])
  }

  // MARK: wait-for-smc-before-relocation, wait-for-as-rekey-before-relocation

  @Test func `FORWARD RELOCATION REQUEST waits for the SMC, and the keys are of the new KASME`() throws {
    let network = network(holding: Self.complete)
    #expect(network.sequence == ["0> HANDOVER REQUIRED"])
    network.world.release("held")
    network.settle()
    #expect(network.count("FORWARD RELOCATION REQUEST") == 1)
    #expect(network.world.core.sgsn?.isHere(imsi: Worlds.imsi) == true)
    #expect(network.misaligned == [])
    let verdict = try #require(network.alignment.verdicts().first { $0.slug == "relocation-waits" })
    #expect(verdict.verdict == .aligned && verdict.message == "FORWARD RELOCATION REQUEST")
  }

  @Test func `FORWARD RELOCATION REQUEST waits for the answer about a new KeNB`() throws {
    let network = network(holding: Self.answer)
    #expect(network.sequence == ["0> HANDOVER REQUIRED"])
    network.world.release("held")
    network.settle()
    #expect(network.world.core.sgsn?.isHere(imsi: Worlds.imsi) == true)
    #expect(network.misaligned == [])
    #expect(network.alignment.verdicts().contains { $0.slug == "relocation-waits" && $0.verdict == .aligned })
  }

  @Test(arguments: [(true, Defect.relocationDuringSMC), (false, .relocationDuringASRekey)])
  func `with the defect the request goes out at once, and the verdict says so`(isSMC: Bool, defect: Defect) {
    let network = network(holding: isSMC ? Self.complete : Self.answer, [defect])
    #expect(network.sequence.prefix(2) == ["0> HANDOVER REQUIRED", "MME 0-2 FORWARD RELOCATION REQUEST"])
    network.world.release("held")
    network.settle()
    #expect(network.misaligned == ["relocation-waits"])
  }

  /// What is decided where S3 is not seen, and no MME says anything of itself.
  private func withoutS3(_ network: RelocationBench) -> [Verdict] {
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    for event in network.log.events {
      if case .s1ap = event.body { alignment.consume(event, using: &network.engine) }
    }
    return alignment.verdicts()
  }

  @Test func `without S3 HANDOVER COMMAND tells of a wait that was not kept, and of none that was`() {
    for (filter, defect) in [(Self.complete, Defect.relocationDuringSMC), (Self.answer, .relocationDuringASRekey)] {
      let broken = network(holding: filter, [defect])
      broken.world.release("held")
      broken.settle()
      let wrong = withoutS3(broken).filter { $0.verdict == .misaligned }
      #expect(wrong.map(\.slug) == ["relocation-waits"])
      #expect(wrong.first?.message == "HANDOVER COMMAND")
      let kept = network(holding: filter)
      kept.world.release("held")
      kept.settle()
      #expect(!withoutS3(kept).contains { $0.slug == "relocation-waits" && $0.verdict != .unobserved })
      #expect(!withoutS3(kept).contains { $0.verdict == .misaligned })
    }
  }

  @Test func `a NAS message after HANDOVER COMMAND is one of a source that is to be silent`() {
    let network = RelocationBench(defects: [[.downlinkNASAfterRelocation], []])
    network.world.control.add(MessageRule("command", MessageFilter(.handoverCommand), .hold()))
    network.handover(to: RelocationBench.utran)
    network.network(.emmInformation, atOnce: true)
    network.world.release("command")
    network.settle()
    #expect(network.misaligned.contains("silent-source"))
  }

  @Test func `the source sends no NAS message once the request is out, and goes on when the handover is cancelled`() {
    let network = RelocationBench()
    network.world.gtpControl.holding = [.forwardRelocationResponse]
    network.handover(to: RelocationBench.utran)
    network.clear()
    network.network(.authenticate(), atOnce: true)
    network.network(.emmInformation, atOnce: true)
    #expect(network.sequence == [])
    network.world.cancelHandover(ue: 0, using: &network.engine)
    network.wait(.seconds(1))
    #expect(network.count("RELOCATION CANCEL RESPONSE") == 1)
    #expect(network.count("HANDOVER CANCEL ACKNOWLEDGE") == 1)
    #expect(network.count("UE CONTEXT MODIFICATION RESPONSE") == 1)
    #expect(network.world.core.sgsn?.securityContext(imsi: Worlds.imsi) == nil)
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
  }

  @Test func `a cell that no SGSN serves is refused, and the UE goes on`() {
    let network = RelocationBench()
    network.clear()
    network.handover(to: .utran(plmn: PLMNIdentity(Worlds.plmn), locationArea: 7, routingArea: 1, rnc: 1))
    #expect(network.sequence == ["0> HANDOVER REQUIRED", "0< HANDOVER PREPARATION FAILURE"])
    network.network(.emmInformation)
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
  }

  @Test func `an SGSN that does not answer leaves the UE where it is; the COUNT that was used up is no gap`() {
    let network = RelocationBench()
    network.world.gtpControl.lost = [.forwardRelocationRequest: 10]
    network.handover(to: RelocationBench.utran)
    network.wait(.seconds(12))
    network.network(.emmInformation)
    #expect(network.nasAgrees(mme: 0))
    #expect(network.misaligned == [])
    #expect(!network.alignment.verdicts().contains { $0.slug == "count-per-transmission" && $0.verdict == .warning })
  }
}
