import GTPv2C
import NASMessages
import S1AP
import TestNetwork

@testable import Scenario

/// Handovers to another MME, alone and beside an SMC or a key change.
extension OverlapScenario {
  static let relocations: [OverlapScenario] = [
    OverlapScenario(twoMMEs: "handover to another MME and back") { network in
      network.handover(to: 2)
      network.wait(.seconds(10))
      network.handover(to: 0)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to another MME while SMC is outstanding") { network in
      network.world.control.add(MessageRule("complete", complete, .hold()))
      network.network(.authenticate())
      network.handover(to: 2)
      network.world.release("complete")
      network.settle()
      network.handover(to: 3)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to another MME before the new KeNB is answered") { network in
      network.world.control.add(MessageRule("answer", MessageFilter(.ueContextModificationResponse), .hold()))
      network.network(.authenticate())
      network.handover(to: 2)
      network.world.release("answer")
      network.settle()
      network.handover(to: 3)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "network procedures during a handover to another MME") { network in
      network.world.control.add(MessageRule("ack", MessageFilter(.handoverRequestAcknowledge), .hold()))
      network.handover(to: 2)
      network.network(.emmInformation, atOnce: true)
      network.network(.authenticate(), atOnce: true)
      network.world.release("ack")
      network.settle()
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to UTRAN") { network in
      network.handover(to: RelocationBench.utran)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to UTRAN and back, another handover, an authentication") { network in
      network.handover(to: RelocationBench.utran)
      network.world.returnToEUTRAN(ue: 0, toENB: 1)
      network.settle()
      network.handover(to: 0)
      network.network(.authenticate())
      network.wait(.seconds(10))
      network.handover(to: 2)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to UTRAN, one back that fails at the UE, and another") { network in
      network.handover(to: RelocationBench.utran)
      network.world.radio.setReachable(eNB: 1, false)
      network.world.returnToEUTRAN(ue: 0, toENB: 1)
      network.wait(.seconds(2))
      network.world.radio.setReachable(eNB: 1, true)
      network.world.returnToEUTRAN(ue: 0, toENB: 2)
      network.settle()
      network.network(.authenticate(), mme: 1)
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to GERAN while SMC is outstanding") { network in
      network.world.control.add(MessageRule("complete", complete, .hold()))
      network.network(.authenticate())
      network.handover(to: RelocationBench.geran)
      network.world.release("complete")
      network.settle()
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to UTRAN while SMC is outstanding") { network in
      network.world.control.add(MessageRule("complete", complete, .hold()))
      network.network(.authenticate())
      network.handover(to: RelocationBench.utran)
      network.world.release("complete")
      network.settle()
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "handover to UTRAN before the new KeNB is answered") { network in
      network.world.control.add(MessageRule("answer", MessageFilter(.ueContextModificationResponse), .hold()))
      network.network(.authenticate())
      network.handover(to: RelocationBench.utran)
      network.world.release("answer")
      network.settle()
      network.wait(.seconds(10))
    },
    OverlapScenario(twoMMEs: "network procedures during a handover to UTRAN that is cancelled") { network in
      network.world.gtpControl.holding = [.forwardRelocationRequest]
      network.handover(to: RelocationBench.utran)
      network.network(.emmInformation, atOnce: true)
      network.network(.authenticate(), atOnce: true)
      network.world.cancelHandover(ue: 0, using: &network.engine)
      network.settle()
      network.wait(.seconds(10))
      network.handover(to: 1)
    },
    OverlapScenario(twoMMEs: "handover to another MME cancelled") { network in
      network.world.gtpControl.holding = [.forwardRelocationRequest]
      network.handover(to: 2)
      network.network(.emmInformation, atOnce: true)
      network.world.cancelHandover(ue: 0, using: &network.engine)
      network.settle()
      network.wait(.seconds(10))
      network.handover(to: 1)
    },
  ]
}
