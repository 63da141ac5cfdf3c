public import NASCrypto
public import NASMessages
public import S1AP

/// A UE-associated S1AP message of a procedure that has to do with AS keys or with where the UE is: what it carries beside NAS. It comes
/// before what else its event says.
public final class ProcedureObservation: Sendable {
  /// {NH, NCC} as HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE carry them.
  public struct NextHop: Sendable {
    /// 0 to 7.
    public var chainingCount: UInt8
    public var key: KeyMaterial
  }

  public let message: S1APMessage
  public let direction: LinkDirection
  public let mmeUES1APID: UInt64?
  public let nextHop: NextHop?
  /// HANDOVER REQUEST of another MME than the one that HANDOVER REQUIRED went to.
  public let isFromOtherMME: Bool
  /// HANDOVER REQUIRED or HANDOVER COMMAND to UTRAN or GERAN.
  public let isToOtherSystem: Bool
  /// What HANDOVER COMMAND to another system takes of the context in use: the downlink COUNT that its NAS security parameters name.
  public struct TakenCount: Sendable {
    /// As it is after that.
    public var context: ObservedContext
    /// nil where the four bits that are sent name none that is near the next one: the UE estimates a COUNT that may not be the one meant.
    public var count: UInt32?
    /// NAS security parameters from E-UTRAN.
    public var parameters: [UInt8]
  }

  public let takenCount: TakenCount?
  /// Whether it carries a Security Key.
  public let carriesKey: Bool
  public let capabilities: UESecurityCapabilities?
  public let cause: Cause?
  /// Where the UE is, of HANDOVER NOTIFY and PATH SWITCH REQUEST.
  public let trackingArea: TrackingAreaIdentity?
  /// The NAS-PDU that NAS NON DELIVERY INDICATION brings back.
  public let undelivered: [UInt8]?

  /// - Parameter elements: the IEs of the message.
  init(_ message: S1APMessage, _ elements: S1APNodeList, _ direction: LinkDirection) {
    isFromOtherMME = false
    takenCount = nil
    self.message = message
    self.direction = direction
    mmeUES1APID = elements[.mmeUES1APID]?.unsigned
    nextHop = elements[.securityContext].flatMap { try? SecurityContext($0) }
      .map { NextHop(chainingCount: $0.nextHopChainingCount, key: KeyMaterial($0.nextHop)) }
    isToOtherSystem = elements.handoverType == .toOther
    carriesKey = elements[.securityKey] != nil
    capabilities = elements[.ueSecurityCapabilities].flatMap { try? UESecurityCapabilities($0) }
    cause = elements[.cause].flatMap { try? Cause($0) }
    trackingArea = message == .handoverNotify || message == .pathSwitchRequest ? elements.trackingArea.map(TrackingAreaIdentity.init) : nil
    undelivered = message == .nasNonDeliveryIndication ? elements[.nasPDU]?.octets.map(Array.init) : nil
  }

  /// The same with what more than the message tells.
  private init(_ seen: ProcedureObservation, isFromOtherMME: Bool, takenCount: TakenCount?) {
    self.isFromOtherMME = isFromOtherMME
    self.takenCount = takenCount
    message = seen.message
    isToOtherSystem = seen.isToOtherSystem
    direction = seen.direction
    mmeUES1APID = seen.mmeUES1APID
    nextHop = seen.nextHop
    carriesKey = seen.carriesKey
    capabilities = seen.capabilities
    cause = seen.cause
    trackingArea = seen.trackingArea
    undelivered = seen.undelivered
  }

  /// A HANDOVER REQUEST of another MME than the one that was asked.
  var fromOtherMME: ProcedureObservation { ProcedureObservation(self, isFromOtherMME: true, takenCount: takenCount) }

  func taking(_ count: TakenCount) -> ProcedureObservation {
    ProcedureObservation(self, isFromOtherMME: isFromOtherMME, takenCount: count)
  }
}

extension TrackingAreaIdentity {
  fileprivate init(_ read: (plmn: UInt32, tac: UInt16)) {
    func octet(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: read.plmn >> shift) }
    self.init(plmn: PLMN(octet(16), octet(8), octet(0)), tac: read.tac)
  }
}

extension S1APNodeList {
  enum HandoverKind { case intraLTE, toOther, fromOther }

  /// Handover type (TS 36.413 §9.2.1.13); nil without, and for 5GS.
  var handoverType: HandoverKind? {
    switch self[.handoverType]?.enumerated {
    case 0: .intraLTE
    case 1, 2: .toOther
    case 3, 4: .fromOther
    default: nil
    }
  }
}
