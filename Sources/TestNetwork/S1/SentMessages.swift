import NASCrypto
import NASMessages
import S1AP

/// The messages that the MME sends, IE by IE (TS 36.413 §9.1).
struct OutgoingMessage: Sendable {
  var builder: S1APBuilder

  init(_ builder: S1APBuilder) { self.builder = builder }

  init(_ message: S1APMessage) { builder = S1APBuilder(message) }

  /// A UE-associated message begins with both ids.
  init(_ message: S1APMessage, mme: UInt32, eNB: UInt32) {
    builder = S1APBuilder(message)
    builder.add(.mmeUES1APID, .integer(UInt64(mme)))
    builder.add(.eNBUES1APID, .integer(UInt64(eNB)))
  }

  var title: String { builder.message.title }

  func encoded() throws(S1APError) -> [UInt8] { try builder.encoded() }

  // MARK: Interface management

  static func setupResponse(_ configuration: MMEConfiguration) -> OutgoingMessage {
    var message = OutgoingMessage(.s1SetupResponse)
    message.builder.add(.mmeName, .text(configuration.name))
    let served = ServedGUMMEI(
      plmns: configuration.plmns.map { PLMNIdentity($0) }, groupIDs: [configuration.mmeGroupID], codes: [configuration.mmeCode])
    message.builder.add(.servedGUMMEIs, [served])
    message.builder.add(.relativeMMECapacity, .integer(UInt64(configuration.relativeCapacity)))
    return message
  }

  static func setupFailure(_ cause: Cause, timeToWait: MMEConfiguration.TimeToWait?) -> OutgoingMessage {
    var message = OutgoingMessage(.s1SetupFailure)
    message.builder.add(.cause, cause)
    if let timeToWait { message.builder.add(.timeToWait, .position(timeToWait.rawValue)) }
    return message
  }

  static var configurationUpdateAcknowledge: OutgoingMessage { OutgoingMessage(.eNBConfigurationUpdateAcknowledge) }

  static func reset(cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.reset)
    message.builder.add(.cause, cause)
    message.builder.add(.resetType, .choice("s1-Interface", .enumerated("reset-all")))
    return message
  }

  static func resetAcknowledge(items: [UEAssociatedLogicalS1Connection]?) -> OutgoingMessage {
    var message = OutgoingMessage(.resetAcknowledge)
    if let items, !items.isEmpty {
      message.builder.add(.ueAssociatedLogicalS1ConnectionListResAck, items)
    }
    return message
  }

  /// ERROR INDICATION about a connection whose ids are wrong (§10.6), or that cannot be had.
  static func errorIndication(mme: UInt32?, eNB: UInt32?, cause: Cause) -> OutgoingMessage {
    var message = OutgoingMessage(.errorIndication)
    if let mme { message.builder.add(.mmeUES1APID, .integer(UInt64(mme))) }
    if let eNB { message.builder.add(.eNBUES1APID, .integer(UInt64(eNB))) }
    message.builder.add(.cause, cause)
    return message
  }

  /// Takes the diagnostics if this is the response that owes them.
  mutating func report(_ owed: OwedDiagnostics) -> Bool {
    guard builder.message.procedure == owed.procedure, builder.message.kind != .initiatingMessage else { return false }
    builder.report(owed.diagnostics)
    return true
  }

  // MARK: UEs

  static func downlinkNAS(_ nas: [UInt8], mme: UInt32, eNB: UInt32) -> OutgoingMessage {
    var message = OutgoingMessage(.downlinkNASTransport, mme: mme, eNB: eNB)
    message.builder.add(.nasPDU, .octets(nas))
    return message
  }

  static func contextSetupRequest(
    mme: UInt32, eNB: UInt32, bitRate: UEAggregateMaximumBitrate, bearers: [ERABToBeSetupItem], capabilities: UESecurityCapabilities,
    keNB: KeyMaterial
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.initialContextSetupRequest, mme: mme, eNB: eNB)
    message.builder.add(.ueAggregateMaximumBitrate, bitRate)
    message.builder.add(.eRABToBeSetupListCtxtSUReq, bearers)
    message.builder.add(.ueSecurityCapabilities, capabilities)
    message.add(keNB)
    return message
  }

  static func contextModificationRequest(mme: UInt32, eNB: UInt32, keNB: KeyMaterial) -> OutgoingMessage {
    var message = OutgoingMessage(.ueContextModificationRequest, mme: mme, eNB: eNB)
    message.add(keNB)
    return message
  }

  // MARK: E-RABs (TS 36.413 §9.1.3)

  /// - Parameter bearer: with its NAS-PDU, which is mandatory here.
  static func bearerSetupRequest(mme: UInt32, eNB: UInt32, bearer: ERABToBeSetupItem) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABSetupRequest, mme: mme, eNB: eNB)
    message.builder.add(.eRABToBeSetupListBearerSUReq, [bearer])
    return message
  }

  static func bearerModifyRequest(
    mme: UInt32, eNB: UInt32, bearer: UInt8, qos: ERABLevelQoSParameters, nas: [UInt8]
  ) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABModifyRequest, mme: mme, eNB: eNB)
    message.builder.add(.eRABToBeModifiedListBearerModReq) {
      $0.list([bearer]) { writer, bearer in
        writer.sequence {
          $0.component("e-RAB-ID") { $0.number(UInt64(bearer)) }
          $0.component("e-RABLevelQoSParameters") { $0.value(qos) }
          $0.component("nAS-PDU") { $0.octets(nas) }
        }
      }
    }
    return message
  }

  static func bearerReleaseCommand(mme: UInt32, eNB: UInt32, bearers: [UInt8], nas: [UInt8]?) -> OutgoingMessage {
    var message = OutgoingMessage(.eRABReleaseCommand, mme: mme, eNB: eNB)
    message.builder.add(.eRABToBeReleasedList, bearers.map { ERABItem(eRABID: $0, cause: .normalRelease) })
    if let nas { message.builder.add(.nasPDU, .octets(nas)) }
    return message
  }

  private mutating func add(_ keNB: KeyMaterial) {
    let octets = keNB.withUnsafeBytes { Array($0) }
    builder.add(.securityKey, .bits(octets, count: octets.count * 8))
  }

  /// - Parameter areas: 1 to 16, the UE's TAI list.
  static func paging(imsi: String, sTMSI: STMSI?, areas: [MMEConfiguration.TrackingArea]) -> OutgoingMessage {
    var message = OutgoingMessage(.paging)
    // IMSI mod 1024 in ten bits (TS 36.304 §7.1).
    let index = imsi.utf8.reduce(0) { ($0 * 10 + UInt64($1 & 0x0F)) % 1024 }
    message.builder.add(.ueIdentityIndexValue, .bits(index, count: 10))
    message.builder.add(.uePagingID) {
      if let sTMSI {
        $0.choice("s-TMSI") { $0.value(sTMSI) }
      } else {
        $0.choice("iMSI") { $0.octets(tbcd(imsi)) }
      }
    }
    message.builder.add(.cnDomain, .enumerated("ps"))
    message.builder.add(.taiList) {
      $0.list(areas) { writer, area in
        writer.sequence { $0.component("tAI") { $0.value(TAI(plmn: PLMNIdentity(area.plmn), tac: area.code)) } }
      }
    }
    return message
  }
}

/// Digits two an octet, the first in the low half, a filler behind an odd one (TS 36.413 §9.2.3.11).
private func tbcd(_ digits: String) -> [UInt8] {
  let values = digits.utf8.map { $0 & 0x0F }
  return stride(from: 0, to: values.count, by: 2).map { ($0 + 1 < values.count ? values[$0 + 1] << 4 : 0xF0) | values[$0] }
}

/// Causes that this room uses and S1AP has no constant for (TS 36.413 §9.2.1.3).
extension Cause {
  static let controlProcessingOverload = Cause(.misc, "control-processing-overload") ?? .unspecifiedRadioNetwork
  static let unspecifiedMiscellaneous = Cause(.misc, "unspecified") ?? .unspecifiedRadioNetwork
}
