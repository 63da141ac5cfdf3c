public import NASCrypto
public import S1AP

/// A UE-associated S1AP message of a procedure that has to do with AS keys or with where the UE is: what it carries beside NAS. It comes
/// before what else its event says.
public struct ProcedureObservation: Sendable {
  /// {NH, NCC} as HANDOVER REQUEST and PATH SWITCH REQUEST ACKNOWLEDGE carry them.
  public struct NextHop: Sendable {
    /// 0 to 7.
    public var chainingCount: UInt8
    public var key: KeyMaterial
  }

  public var message: S1APMessage
  public var direction: LinkDirection
  public var mmeUES1APID: UInt64?
  public var nextHop: NextHop?
  /// HANDOVER REQUEST of another MME than the one that HANDOVER REQUIRED went to.
  public internal(set) var isFromOtherMME = false
  /// Whether it carries a Security Key.
  public var carriesKey: Bool
  public var capabilities: UESecurityCapabilities?
  public var cause: Cause?
  /// The NAS-PDU that NAS NON DELIVERY INDICATION brings back.
  public var undelivered: [UInt8]?

  init(_ pdu: S1APPDU, _ direction: LinkDirection) {
    message = pdu.message
    self.direction = direction
    mmeUES1APID = pdu[.mmeUES1APID]?.unsigned
    if let node = pdu[.securityContext], let context = try? SecurityContext(node) {
      nextHop = NextHop(chainingCount: context.nextHopChainingCount, key: KeyMaterial(context.nextHop))
    }
    carriesKey = pdu[.securityKey] != nil
    capabilities = pdu[.ueSecurityCapabilities].flatMap { try? UESecurityCapabilities($0) }
    cause = pdu[.cause].flatMap { try? Cause($0) }
    if message == .nasNonDeliveryIndication { undelivered = pdu[.nasPDU]?.octets.map(Array.init) }
  }
}
