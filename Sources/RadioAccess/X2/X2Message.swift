import NASCrypto
import RadioInterface
import S1AP

/// X2AP between our eNBs, in process: values, not octets (TS 36.423 §8.2; its own codec is out of scope).
public enum X2Message: Sendable, Equatable {
  case handoverRequest(X2HandoverRequest)
  /// With the RRC container of the target (``MobilityControl/octets``).
  case handoverRequestAcknowledge(old: UInt32, new: UInt32, container: [UInt8])
  case handoverPreparationFailure(old: UInt32, Cause)
  case snStatusTransfer(old: UInt32)
  /// The source may let the UE's resources go.
  case ueContextRelease(old: UInt32)
  case handoverCancel(old: UInt32, Cause)

  /// "HANDOVER REQUEST", ….
  public var title: String {
    switch self {
    case .handoverRequest: "HANDOVER REQUEST"
    case .handoverRequestAcknowledge: "HANDOVER REQUEST ACKNOWLEDGE"
    case .handoverPreparationFailure: "HANDOVER PREPARATION FAILURE"
    case .snStatusTransfer: "SN STATUS TRANSFER"
    case .ueContextRelease: "UE CONTEXT RELEASE"
    case .handoverCancel: "HANDOVER CANCEL"
    }
  }
}

/// HANDOVER REQUEST of X2 (TS 36.423 §9.1.1.1), as far as it is used here.
public struct X2HandoverRequest: Sendable, Equatable {
  /// Old eNB UE X2AP ID: the source's eNB-UE-S1AP-ID.
  public var old: UInt32
  public var cause: Cause
  public var target: RadioCell
  /// MME-UE-S1AP-ID at the source.
  public var mme: UInt32
  public var capabilities: UESecurityCapabilities
  /// AS security information: KeNB* and its NCC.
  public var keNBStar: KeyMaterial
  public var nextHopChainingCount: UInt8
  public var bearers: [UInt8]
}
