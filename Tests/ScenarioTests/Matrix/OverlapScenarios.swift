import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import UserEquipment

@testable import Scenario

/// Beside each other, and broken off.
extension OverlapScenario {
  static let overlaps: [OverlapScenario] = [
    OverlapScenario("S1 handovers while SMC is outstanding") { network in
      network.hold("complete", complete)
      network.network(.authenticate())
      network.handover(to: 1, .s1)
      network.release("complete")
      network.wait(.seconds(7))
      network.handover(to: 2, .s1)
    },
    OverlapScenario("X2 handovers while SMC is outstanding") { network in
      network.hold("complete", complete, times: 2)
      network.network(.authenticate())
      network.handover(to: 1, .x2)
      network.handover(to: 2, .x2)
      network.release("complete")
      network.wait(.seconds(13))
      network.handover(to: 0, .x2)
    },
    OverlapScenario("SMC lost to an S1 handover") { network in
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
      network.network(.authenticate(thenSecurityMode: false))
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, false) }
      network.settle()
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
      network.network(.securityMode())
      network.handover(to: 1, .s1)
      network.wait(.seconds(7))
      network.handover(to: 2, .s1)
    },
    OverlapScenario("SMC lost to a handover that fails") { network in
      network.world.radio.setReachable(eNB: 1, false)
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, true) }
      network.network(.securityMode())
      network.handover(to: 1, .s1)
      network.wait(.seconds(10))
    },
    OverlapScenario("SMC while the eNB has not answered about a new KeNB") { network in
      network.hold("answer", MessageFilter(.ueContextModificationResponse))
      network.network(.authenticate())
      network.networkAtOnce(.securityMode())
      network.release("answer")
      network.wait(.seconds(1))
    },
    OverlapScenario("SMC while INITIAL CONTEXT SETUP is unanswered") { network in
      network.idle()
      network.hold("answer", MessageFilter(.initialContextSetupResponse))
      network.serviceRequest()
      network.networkAtOnce(.securityMode())
      network.release("answer")
      network.wait(.seconds(1))
    },
    OverlapScenario("key change owed while SMC is outstanding") { network in
      network.hold("request", keyChange)
      network.network(.authenticate())
      network.hold("required", MessageFilter(.handoverRequired))
      network.handover(to: 1, .s1)
      network.release("request")
      network.hold("complete", complete)
      network.network(.securityMode())
      network.release("required")
      network.release("complete")
      network.wait(.seconds(7))
    },
    OverlapScenario("key change during a handover") { network in
      network.hold("request", keyChange)
      network.network(.authenticate())
      network.hold("required", MessageFilter(.handoverRequired))
      network.handover(to: 1, .s1)
      network.release("request")
      network.release("required")
      network.handover(to: 2, .x2)
    },
    OverlapScenario("uplink message between SMC and new KeNB") { network in
      network.hold("answer", MessageFilter(.ueContextModificationResponse))
      network.network(.authenticate())
      network.networkAtOnce(.authenticate())
      network.trackingAreaUpdate()
      network.release("answer")
      network.wait(.seconds(7))
      network.handover(to: 1, .s1)
    },
    OverlapScenario("UE comes back at another eNB while connected") { network in
      network.vanish(to: 1)
      network.serviceRequest()
      network.release("vanished")
      network.wait(.seconds(20))
    },
    OverlapScenario("service request while SMC is outstanding") { network in
      network.hold("complete", complete)
      network.network(.authenticate())
      network.vanish(to: 1)
      network.serviceRequest()
      network.wait(.seconds(20))
    },
    OverlapScenario("tracking area update while SMC is outstanding") { network in
      network.drop(command)
      network.network(.authenticate(thenSecurityMode: false))
      network.network(.securityMode())
      network.trackingAreaUpdate()
      network.wait(.seconds(20))
    },
  ]

  static let failures: [OverlapScenario] = [
    OverlapScenario("SMC repeated") { network in
      network.drop(command, times: 2)
      network.network(.authenticate())
      network.wait(.seconds(20))
      network.handover(to: 1, .s1)
    },
    OverlapScenario("SECURITY MODE COMPLETE lost, SMC repeated") { network in
      network.drop(complete, times: 1)
      network.network(.authenticate())
      network.wait(.seconds(20))
      network.handover(to: 1, .s1)
    },
    OverlapScenario("SMC rejected, then service request", ue: { $0.networkCapability = UENetworkCapability(eea: 0xF0, eia: 0x60) }) {
      network in
      network.network(.authenticate(thenSecurityMode: false))
      network.network(.securityMode(NASAlgorithms(ciphering: .eea2, integrity: .eia3)))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario(
      "SMC with other algorithms rejected, then service request", ue: { $0.networkCapability = UENetworkCapability(eea: 0xF0, eia: 0x60) }
    ) {
      network in
      network.network(.securityMode(NASAlgorithms(ciphering: .eea2, integrity: .eia3)))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("SMC never answered, then service request") { network in
      network.drop(command, times: nil)
      network.network(.authenticate())
      network.wait(.seconds(60))
      network.world.control.remove("dropped")
      network.idle()
      network.serviceRequest()
      network.wait(.seconds(20))
    },
    OverlapScenario("SMC not delivered, then service request") { network in
      network.world.serving(ue: 0, using: &network.engine) { .radioUnavailable($0, true) }
      network.network(.securityMode())
      network.wait(.seconds(20))
      network.serviceRequest()
      network.wait(.seconds(20))
    },
    OverlapScenario("authentication fails in SQN, then service request") { network in
      network.moveSequenceNumbers()
      network.network(.authenticate())
      network.wait(.seconds(60))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("authentication never answered, then service request") { network in
      network.drop(MessageFilter(.downlinkNASTransport), times: 5)
      network.network(.authenticate())
      network.wait(.seconds(60))
      network.serviceRequest()
      network.wait(.seconds(20))
    },
  ]

  static let forgeries: [OverlapScenario] = [
    OverlapScenario("uplink message replayed") { network in
      network.trackingAreaUpdate()
      let update = network.last(uplinkNAS)
      network.trackingAreaUpdate()
      network.wait(.seconds(1))
      if let update { network.inject(update) }
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("update request replayed") { network in
      network.trackingAreaUpdate()
      let requests = network.wire.filter {
        $0.direction == .uplink && uplinkNAS.matches(DescribedMessage($0.octets, leg: $0.leg, direction: .uplink))
      }
      network.wait(.seconds(1))
      for request in requests.suffix(2) { network.inject(request) }
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("uplink message with a bad MAC") { network in
      network.trackingAreaUpdate()
      network.alter(uplinkNAS, .nasOctet(at: 1, xor: 0x55))
      network.trackingAreaUpdate()
      network.wait(.seconds(40))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("forged sequence number, then service request") { network in
      network.trackingAreaUpdate()
      network.forge(uplinkNAS, changing: [(5, 0x80), (1, 0x55)])
      network.idle()
      network.serviceRequest()
      network.trackingAreaUpdate()
      network.wait(.seconds(5))
    },
    OverlapScenario("forged service request, then the UE's own") { network in
      network.idle()
      network.serviceRequest()
      network.idle()
      network.forge(initialMessage, identity: 0xABCD, changing: [(1, 0x01), (2, 0x55)])
      network.wait(.seconds(1))
      network.serviceRequest()
    },
    OverlapScenario("plain update request on a secured connection") { network in
      network.trackingAreaUpdate()
      network.wait(.seconds(1))
      network.forge(uplinkNAS, nas: network.plainUpdate())
      network.wait(.seconds(1))
      network.idle()
      network.serviceRequest()
    },
    OverlapScenario("attach of somebody else in the UE's name") { network in
      let attach = network.last(initialMessage)
      network.trackingAreaUpdate()
      if let attach { network.inject(MessageAlteration.replace(.eNBUES1APID, .integer(0xABCD)).applied(to: attach)) }
      network.wait(.seconds(40))
      network.serviceRequest()
    },
    OverlapScenario("SECURITY MODE COMPLETE with header type 2") { network in
      network.alter(complete, .nasOctet(at: 0, xor: 0x60))
      network.network(.authenticate())
      network.wait(.seconds(8))
      network.handover(to: 1, .s1)
    },
  ]
}

extension MobileWorld {
  /// TRACKING AREA UPDATE REQUEST as the UE would send it, without protection.
  func plainUpdate() -> [UInt8] {
    var request = NASMessage(.trackingAreaUpdateRequest)
    request.set(TrackingAreaUpdateRequest.epsUpdateType, EPSUpdateType(.taUpdating))
    request.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, ue.contexts.eKSI)
    if let guti = ue.registration.guti { request.set(TrackingAreaUpdateRequest.oldGUTI, .guti(guti)) }
    return request.encoded()
  }
}
