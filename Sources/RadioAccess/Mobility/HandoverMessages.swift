import NASCrypto
import S1AP

/// The messages of mobility that the eNB sends (TS 36.413 §9.1.5).
extension OutgoingMessage {
  static func handoverRequired(mme: UInt32, eNB: UInt32, target: HandoverTarget, container: [UInt8]) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverRequired, mme: mme, eNB: eNB)
    message.builder.add(.handoverType, .enumerated(target.otherSystem?.handoverType ?? "intralte"))
    message.builder.add(.cause, Cause.handoverDesirable)
    message.builder.add(.targetID) {
      if let other = target.otherSystem { return $0.identity(of: other) }
      $0.choice("targeteNB-ID") {
        $0.sequence {
          $0.component("global-ENB-ID") { $0.value(GlobalENBID(plmn: target.plmn, eNBID: .macro(target.enbID))) }
          $0.component("selected-TAI") { $0.value(TAI(plmn: target.plmn, tac: target.trackingAreaCode)) }
        }
      }
    }
    message.builder.add(.sourceToTargetTransparentContainer, .octets(container))
    return message
  }

  static func handoverRequestAcknowledge(
    mme: UInt32, eNB: UInt32, bearers: [AccessStratumContext.Bearer], failed: [UInt8], address: [UInt8], container: [UInt8]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverRequestAcknowledge, mme: mme, eNB: eNB)
    message.addBearers(bearers, address, .eRABAdmittedList)
    if !failed.isEmpty {
      message.builder.add(.eRABFailedToSetupListHOReqAck, failed.map { ERABItem(eRABID: $0, cause: .multipleERABInstances) })
    }
    message.builder.add(.targetToSourceTransparentContainer, .octets(container))
    return message
  }

  static func handoverFailure(mme: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(of: .handoverFailure)
    message.builder.add(.mmeUES1APID, .integer(UInt64(mme)))
    message.builder.add(.cause, cause)
    return message
  }

  static func handoverNotify(mme: UInt32, eNB: UInt32, cell configuration: ENodeBConfiguration) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverNotify, mme: mme, eNB: eNB)
    message.addLocation(configuration)
    return message
  }

  static func handoverCancel(mme: UInt32, eNB: UInt32, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.handoverCancel, mme: mme, eNB: eNB)
    message.builder.add(.cause, cause)
    return message
  }

  /// PDCP counts of zero: no user plane is carried.
  static func eNBStatusTransfer(mme: UInt32, eNB: UInt32, bearers: [AccessStratumContext.Bearer]) -> OutgoingMessage {
    var message = OutgoingMessage(.eNBStatusTransfer, mme: mme, eNB: eNB)
    message.builder.add(.eNBStatusTransferTransparentContainer) {
      $0.sequence {
        $0.component("bearers-SubjectToStatusTransferList") {
          $0.list(bearers.map(\.identifier)) { writer, identifier in
            writer.sequence {
              $0.component("e-RAB-ID") { $0.number(UInt64(identifier)) }
              $0.component("uL-COUNTvalue") { $0.zeroCount() }
              $0.component("dL-COUNTvalue") { $0.zeroCount() }
            }
          }
        }
      }
    }
    return message
  }

  static func pathSwitchRequest(
    sourceMME: UInt32, eNB: UInt32, bearers: [AccessStratumContext.Bearer], capabilities: UESecurityCapabilities,
    cell configuration: ENodeBConfiguration
  ) -> OutgoingMessage {
    var message = OutgoingMessage(of: .pathSwitchRequest)
    message.builder.add(.eNBUES1APID, .integer(UInt64(eNB)))
    message.addBearers(bearers, configuration.userPlaneAddress, .eRABToBeSwitchedDLList)
    message.builder.add(.sourceMMEUES1APID, .integer(UInt64(sourceMME)))
    message.addLocation(configuration)
    message.builder.add(.ueSecurityCapabilities, capabilities)
    return message
  }

  /// Identity, address and TEID of each bearer.
  private mutating func addBearers(_ bearers: [AccessStratumContext.Bearer], _ address: [UInt8], _ id: ProtocolIEID) {
    builder.add(id) {
      $0.list(bearers) { writer, bearer in
        writer.value(
          ERABSetupItem(eRABID: bearer.identifier, transportLayerAddress: address, gtpTEID: bearer.tunnelEndpoint))
      }
    }
  }
}

extension S1APWriter {
  /// Target ID of a cell of UTRAN or GERAN.
  fileprivate mutating func identity(of target: OtherSystemTarget) {
    switch target {
    case .utran(let plmn, let area, let routing, let rnc):
      choice("targetRNC-ID") {
        $0.sequence {
          $0.component("lAI") {
            $0.sequence {
              $0.component("pLMNidentity") { $0.octets(plmn.octets) }
              $0.component("lAC") { $0.octets(UInt64(area), count: 2) }
            }
          }
          $0.component("rAC") { $0.octets(UInt64(routing), count: 1) }
          $0.component("rNC-ID") { $0.number(UInt64(rnc & 0xFFF)) }
        }
      }
    case .geran(let plmn, let area, let routing, let cell):
      choice("cGI") {
        $0.sequence {
          $0.component("pLMNidentity") { $0.octets(plmn.octets) }
          $0.component("lAC") { $0.octets(UInt64(area), count: 2) }
          $0.component("cI") { $0.octets(UInt64(cell), count: 2) }
          $0.component("rAC") { $0.octets(UInt64(routing), count: 1) }
        }
      }
    }
  }

  fileprivate mutating func zeroCount() {
    sequence {
      $0.component("pDCP-SN") { $0.number(0) }
      $0.component("hFN") { $0.number(0) }
    }
  }
}

/// The IEs of mobility that the eNB reads.
extension S1APPDU {
  /// {NH, NCC} of Security Context.
  var nextHop: NextHop? {
    guard let context = read(.securityContext, as: SecurityContext.self), context.nextHop.count == 32 else { return nil }
    return NextHop(key: KeyMaterial(context.nextHop), chainingCount: context.nextHopChainingCount)
  }

  var bearersToSetUpAtHandover: [UInt8]? {
    guard let list = self[.eRABToBeSetupListHOReq] else { return nil }
    var identifiers: [UInt8] = []
    for entry in list.elements {
      guard let identifier = entry.value["e-RAB-ID"]?.unsigned.flatMap({ UInt8(exactly: $0) }) else { return nil }
      identifiers.append(identifier)
    }
    return identifiers
  }
}
