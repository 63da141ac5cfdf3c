import NASMessages
import S1AP

/// Handover type (TS 36.413 §9.2.1.13): its position in the enumeration.
enum HandoverType: Int, Sendable {
  case intraLTE = 0
  case lteToUTRAN, lteToGERAN, utranToLTE, geranToLTE
}

/// The messages of mobility that the MME sends (TS 36.413 §9.1.5).
extension OutgoingMessage {
  static func handoverRequest(
    mme: UInt32, type: HandoverType, cause: Cause, bitRate: UEAggregateMaximumBitrate, bearers: [Bearer], address: [UInt8],
    container: [UInt8], capabilities: UESecurityCapabilities, pair: S1AP.SecurityContext, nasParameters: [UInt8]? = nil
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverRequest)
    message.builder.add(.mmeUES1APID, .integer(UInt64(mme)))
    message.builder.add(.handoverType, .position(type.rawValue))
    message.builder.add(.cause, cause)
    message.builder.add(.ueAggregateMaximumBitrate, bitRate)
    message.builder.add(.eRABToBeSetupListHOReq) {
      $0.list(bearers) { writer, bearer in
        writer.sequence {
          $0.component("e-RAB-ID") { $0.number(UInt64(bearer.identity)) }
          $0.component("transportLayerAddress") { $0.bits(address, count: address.count * 8) }
          $0.component("gTP-TEID") { $0.octets(UInt64(bearer.tunnelEndpoint), count: 4) }
          $0.component("e-RABlevelQosParameters") { $0.value(ERABLevelQoSParameters(qci: bearer.qci)) }
        }
      }
    }
    message.builder.add(.sourceToTargetTransparentContainer, .octets(container))
    message.builder.add(.ueSecurityCapabilities, capabilities)
    if let nasParameters { message.builder.add(.nasSecurityParametersToEUTRAN, .octets(nasParameters)) }
    message.builder.add(.securityContext, pair)
    return message
  }

  /// - Parameter nasParameters: NAS security parameters from E-UTRAN, of a handover to another system.
  static func handoverCommand(
    mme: UInt32, eNB: UInt32, type: HandoverType = .intraLTE, nasParameters: [UInt8]? = nil, container: [UInt8], failed: [ERABItem]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverCommand, mme: mme, eNB: eNB)
    message.builder.add(.handoverType, .position(type.rawValue))
    if let nasParameters { message.builder.add(.nasSecurityParametersFromEUTRAN, .octets(nasParameters)) }
    if !failed.isEmpty { message.builder.add(.eRABToReleaseListHOCmd, failed) }
    message.builder.add(.targetToSourceTransparentContainer, .octets(container))
    return message
  }

  static func handoverPreparationFailure(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverPreparationFailure, mme: mme, eNB: eNB)
    message.builder.add(.cause, cause)
    return message
  }

  static func handoverCancelAcknowledge(mme: UInt32, eNB: UInt32) -> OutgoingMessage {
    OutgoingMessage(.handoverCancelAcknowledge, mme: mme, eNB: eNB)
  }

  static func mmeStatusTransfer(mme: UInt32, eNB: UInt32, container: S1APNode) -> OutgoingMessage {
    var message = OutgoingMessage(.mmeStatusTransfer, mme: mme, eNB: eNB)
    message.builder.add(.eNBStatusTransferTransparentContainer, .node(container.value))
    return message
  }

  static func pathSwitchAcknowledge(
    mme: UInt32, eNB: UInt32, pair: S1AP.SecurityContext, capabilities: UESecurityCapabilities?, released: [UInt8]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.pathSwitchRequestAcknowledge, mme: mme, eNB: eNB)
    if !released.isEmpty {
      message.builder.add(.eRABToBeReleasedList, released.map { ERABItem(eRABID: $0, cause: .unspecifiedRadioNetwork) })
    }
    message.builder.add(.securityContext, pair)
    message.builder.add(.ueSecurityCapabilities, capabilities)
    return message
  }

  static func pathSwitchFailure(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.pathSwitchRequestFailure, mme: mme, eNB: eNB)
    message.builder.add(.cause, cause)
    return message
  }

  /// - Parameter eNB: nil where the eNB's id is not known yet.
  static func releaseCommand(mme: UInt32, eNB: UInt32?, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.ueContextReleaseCommand)
    message.builder.add(.ueS1APIDs, eNB.map { UES1APIDs.pair(mme: mme, eNB: $0) } ?? .mme(mme))
    message.builder.add(.cause, cause)
    return message
  }
}

/// The IEs of mobility that the MME reads.
extension S1APPDU {
  var handoverType: HandoverType? { self[.handoverType]?.enumerated.flatMap { HandoverType(rawValue: $0) } }

  var handoverTarget: HandoverTargetIdentity? {
    guard let choice = self[.targetID]?.choice else { return nil }
    guard choice.name == "targeteNB-ID" else { return OtherSystemIdentity(choice.name, choice.value).map { .otherSystem($0) } }
    guard let identity = choice.value["global-ENB-ID"].flatMap({ try? GlobalENBID($0) }),
      let area = choice.value["selected-TAI"].flatMap({ try? TAI($0) })
    else { return nil }
    return .eNB(identity, trackingArea: MMEConfiguration.TrackingArea(plmn: PLMN(area.plmn), code: area.tac))
  }

  var globalENBIdentity: GlobalENBID? { self[.globalENBID].flatMap { try? GlobalENBID($0.value) } }

  var ueSecurityCapabilities: UESecurityCapabilities? { self[.ueSecurityCapabilities].flatMap { try? UESecurityCapabilities($0.value) } }

  var bearersToSwitch: Set<UInt8>? {
    guard let list = self[.eRABToBeSwitchedDLList] else { return nil }
    return Set(list.elements.compactMap { $0.value["e-RAB-ID"]?.unsigned.flatMap { UInt8(exactly: $0) } })
  }

  var failedBearersAtHandover: [ERABItem] {
    guard let list = self[.eRABFailedToSetupListHOReqAck] else { return [] }
    return list.elements.compactMap { try? ERABItem($0.value) }
  }
}

extension ProtocolIEID {
  static let eRABToReleaseListHOCmd = ProtocolIEID(13)
  static let eRABFailedToSetupListHOReqAck = ProtocolIEID(19)
}

/// Causes of mobility that S1AP has no constant for (TS 36.413 §9.2.1.3).
extension Cause {
  static let handoverCancelled = Cause(.radioNetwork, "handover-cancelled") ?? .unspecifiedRadioNetwork
  static let unknownTargetID = Cause(.radioNetwork, "unknown-targetID") ?? .unspecifiedRadioNetwork
  static let handoverFailureInTarget =
    Cause(.radioNetwork, "ho-failure-in-target-EPC-eNB-or-target-system") ?? .unspecifiedRadioNetwork
  static let interactionWithOtherProcedure = Cause(.radioNetwork, "interaction-with-other-procedure") ?? .unspecifiedRadioNetwork
  static let x2HandoverTriggered = Cause(.radioNetwork, "x2-handover-triggered") ?? .unspecifiedRadioNetwork
  static let transportUnavailable = Cause(.transport, 0)
}
