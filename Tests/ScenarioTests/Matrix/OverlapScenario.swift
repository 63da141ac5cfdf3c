import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import UserEquipment

@testable import Scenario

/// Procedures one after the other, beside each other and broken off, each on a network of its own whose UE has attached: what every row of the
/// matrix goes through.
struct OverlapScenario: Sendable {
  let name: String
  /// What is said of it on networks whose MMEs all have these defects.
  let verdicts: @Sendable (Set<Defect>) -> [Verdict]

  /// One MME.
  init(
    _ name: String, ue: @escaping @Sendable (inout UEConfiguration) -> Void = { _ in },
    mme: @escaping @Sendable (inout MMEConfiguration) -> Void = { _ in },
    eNB: @escaping @Sendable (Int, inout ENodeBConfiguration) -> Void = { _, _ in }, run: @escaping @Sendable (MobileWorld) -> Void
  ) {
    self.name = name
    verdicts = { defects in
      let network = MobileWorld(keepsEvents: true) { configuration in
        mme(&configuration)
        configuration.defects = defects
      } eNB: { index, configuration in
        eNB(index, &configuration)
      } ue: { configuration in
        ue(&configuration)
      }
      run(network)
      network.settle()
      return network.verdicts()
    }
  }

  /// Two MMEs, and S10 between them.
  init(twoMMEs name: String, run: @escaping @Sendable (RelocationBench) -> Void) {
    self.name = name
    verdicts = { defects in
      let network = RelocationBench(defects: [defects, defects])
      run(network)
      network.settle()
      return network.alignment.verdicts()
    }
  }

  static let all = plain + handovers + overlaps + failures + forgeries + relocations

  static let complete = MessageFilter(.uplinkNASTransport, nas: .securityModeComplete)
  static let command = MessageFilter(.downlinkNASTransport, nas: .securityModeCommand)
  static let uplinkNAS = MessageFilter(.uplinkNASTransport)
  static let initialMessage = MessageFilter(.initialUEMessage)
  static let keyChange = MessageFilter(.ueContextModificationRequest)

  // MARK: One after the other

  static let plain: [OverlapScenario] = [
    OverlapScenario("attach") { _ in },
    OverlapScenario("attach, ESM information asked for") {
      $0.transfersESMInformationProtected = true
    } run: { _ in
    },
    OverlapScenario("attach by GUTI") { network in
      network.ue(.detach(switchOff: false))
      network.ue(.attach)
      network.ue(.detach(switchOff: true))
      network.ue(.powerOn)
      network.ue(.attach)
    },
    OverlapScenario("service requests") { network in
      for _ in 0..<3 {
        network.idle()
        network.serviceRequest()
      }
    },
    OverlapScenario("tracking area update with active flag") { network in
      network.idle()
      network.trackingAreaUpdate(isActive: true)
      network.idle()
      network.trackingAreaUpdate()
      network.wait(.seconds(5))
    },
    OverlapScenario("uplink COUNT past 31") { network in
      for _ in 0..<34 {
        network.idle()
        network.serviceRequest()
      }
    },
    OverlapScenario("uplink COUNT past 255") { network in
      for _ in 0..<130 { network.trackingAreaUpdate() }
      network.wait(.seconds(60))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("downlink messages in one go") { network in
      for command in [NetworkCommand.emmInformation, .reallocateGUTI, .emmInformation, .emmInformation, .reallocateGUTI] {
        network.network(command)
      }
    },
    OverlapScenario("SMC with other algorithms") { network in
      network.network(.securityMode(NASAlgorithms(ciphering: .eea1, integrity: .eia1)))
      network.network(.reallocateGUTI)
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("re-authentication") { network in
      network.network(.authenticate())
      network.idle()
      network.serviceRequest()
      network.network(.authenticate())
      network.handover(to: 1, .s1)
    },
  ]

  static let handovers: [OverlapScenario] = [
    OverlapScenario("S1 handovers") { network in
      for target in [1, 2, 0, 1] { network.handover(to: target, .s1) }
    },
    OverlapScenario("X2 handovers") { network in
      for target in [1, 2, 0, 1] { network.handover(to: target, .x2) }
    },
    OverlapScenario("both handovers, service request, handover") { network in
      network.handover(to: 1, .x2)
      network.handover(to: 2, .s1)
      network.idle()
      network.serviceRequest()
      network.handover(to: 0, .s1)
    },
    OverlapScenario("path switch with fewer capabilities") { network in
      network.alter(
        MessageFilter(.pathSwitchRequest),
        .replace(.ueSecurityCapabilities, .typed(.init(UESecurityCapabilities(encryption: 0x8000, integrity: 0x8000)))))
      network.handover(to: 1, .x2)
      network.handover(to: 2, .s1)
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario(
      "target refuses, another is taken", eNB: { index, configuration in if index == 1 { configuration.integrityPriority = [] } }
    ) {
      network in
      network.handover(to: 1, .s1)
      network.handover(to: 2, .s1)
    },
    OverlapScenario("handover cancelled, then another") { network in
      network.hold("ack", MessageFilter(.handoverRequestAcknowledge))
      network.handover(to: 1, .s1)
      network.world.cancelHandover(ue: 0, using: &network.engine)
      network.release("ack")
      network.handover(to: 2, .s1)
    },
    OverlapScenario("UE does not get to the target") { network in
      network.world.radio.setReachable(eNB: 1, false)
      network.handover(to: 1, .s1)
      network.wait(.seconds(3))
      network.world.radio.setReachable(eNB: 1, true)
      network.handover(to: 1, .s1)
    },
  ]
}
