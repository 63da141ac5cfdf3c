public import NASCrypto
import S1AP

/// What one S1AP-PDU says, as far as an onlooker needs it: made of its octets alone, so that it can be made before its turn, and on any
/// thread.
public struct S1APReading: Sendable {
  let pdu: Result<S1APPDU, S1APError>
  var mmeUES1APID: UInt64?
  var eNBUES1APID: UInt64?
  /// Of a message that has to do with AS keys or with where the UE is.
  var procedure: ProcedureObservation?
  /// The NAS-PDUs in it, in their order.
  var messages: [[UInt8]] = []
  /// Security Key of a message that brings a key for the eNB.
  var key: KeyMaterial?
  var keyBitCount = 0

  public init(_ octets: [UInt8], _ direction: LinkDirection) {
    do throws(S1APError) {
      pdu = .success(try S1APPDU(decoding: octets))
    } catch {
      pdu = .failure(error)
    }
    guard case .success(let pdu) = pdu else { return }
    mmeUES1APID = (pdu[.mmeUES1APID] ?? pdu[.sourceMMEUES1APID])?.unsigned
    eNBUES1APID = pdu[.eNBUES1APID]?.unsigned
    switch pdu.message {
    case .s1SetupRequest, .s1SetupResponse, .ueContextReleaseComplete, .errorIndication, .reset: break
    case .initialUEMessage, .uplinkNASTransport:
      if let nas = pdu[.nasPDU]?.octets { messages = [Array(nas)] }
    case let message where message.isFollowedProcedure: procedure = ProcedureObservation(pdu, direction)
    default:
      if direction == .downlink { readDownlink(pdu) }
    }
  }

  /// Any message to a UE.
  private mutating func readDownlink(_ pdu: S1APPDU) {
    if let nas = pdu[.nasPDU]?.octets { messages.append(Array(nas)) }
    for element in pdu.informationElements {
      for item in element.value.elements {
        if let nas = item.value["nAS-PDU"]?.octets { messages.append(Array(nas)) }
      }
    }
    guard pdu.message == .initialContextSetupRequest || pdu.message == .ueContextModificationRequest else { return }
    procedure = ProcedureObservation(pdu, .downlink)
    if let bits = pdu[.securityKey]?.bits {
      key = KeyMaterial(bits.padded)
      keyBitCount = bits.count
    }
  }
}

extension S1APMessage {
  /// Whether it is observed as a procedure whatever it carries: see ``Observer/followProcedure(_:_:_:_:into:)``.
  var isFollowedProcedure: Bool {
    switch self {
    case .handoverRequired, .handoverRequest, .handoverRequestAcknowledge, .handoverNotify, .pathSwitchRequest,
      .pathSwitchRequestAcknowledge, .ueContextReleaseCommand, .initialContextSetupResponse, .initialContextSetupFailure,
      .ueContextModificationResponse, .ueContextModificationFailure, .handoverCommand, .handoverPreparationFailure, .handoverFailure,
      .handoverCancel, .handoverCancelAcknowledge, .ueContextReleaseRequest, .pathSwitchRequestFailure, .nasNonDeliveryIndication:
      true
    default: false
    }
  }
}
