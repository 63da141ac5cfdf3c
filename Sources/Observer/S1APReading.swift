public import NASCrypto
import S1AP

/// What one S1AP-PDU says, as far as an onlooker needs it: made of its octets alone, so that it can be made before its turn, and on any
/// thread. Of almost all PDUs nothing else is kept.
///
/// Immutable and shared, since it goes from hand to hand.
public final class S1APReading: Sendable {
  let contents: S1APContents

  public init(_ octets: [UInt8], _ direction: LinkDirection) {
    var contents = S1APContents()
    contents.read(octets, direction)
    self.contents = contents
  }
}

struct S1APContents: Sendable {
  /// Nil where the PDU cannot be decoded.
  private(set) var message: S1APMessage?
  var error: S1APError?
  var mmeUES1APID: UInt64?
  var eNBUES1APID: UInt64?
  /// Of PATH SWITCH REQUEST: the one that the UE had.
  var sourceMMEUES1APID: UInt64?
  /// UE S1AP IDs of UE CONTEXT RELEASE COMMAND.
  var named: UES1APIDs?
  /// Of a message that has to do with AS keys or with where the UE is.
  var procedure: ProcedureObservation?
  /// The NAS-PDU in it, and those after it.
  var nas: [UInt8]?
  var others: [[UInt8]] = []
  /// Security Key of a message that brings a key for the eNB.
  var key: KeyMaterial?
  var keyBitCount = 0
  /// PLMN of the TAI, 3 octets in one number.
  var servingNetwork: UInt32?
  var sTMSI: STMSI?
  /// Source to Target Transparent Container of a handover that is asked for.
  var container: [UInt8]?
  /// Of a HANDOVER REQUEST.
  var isFromOtherSystem = false
  /// NAS security parameters from E-UTRAN of a HANDOVER COMMAND to UTRAN or GERAN.
  var securityParameters: [UInt8]?
  /// All of a message that is of no UE.
  var pdu: S1APPDU?

  mutating func read(_ octets: [UInt8], _ direction: LinkDirection) {
    let pdu: S1APPDU
    do throws(S1APError) {
      pdu = try S1APPDU(decoding: octets)
    } catch {
      self.error = error
      return
    }
    let message = pdu.message
    self.message = message
    let elements = pdu.informationElements
    let source = message == .pathSwitchRequest ? elements[.sourceMMEUES1APID]?.unsigned : nil
    sourceMMEUES1APID = source
    mmeUES1APID = elements[.mmeUES1APID]?.unsigned ?? source
    eNBUES1APID = elements[.eNBUES1APID]?.unsigned
    switch message {
    case .ueContextReleaseComplete: break
    case .s1SetupRequest, .s1SetupResponse, .errorIndication, .reset: self.pdu = pdu
    case .initialUEMessage:
      nas = elements[.nasPDU]?.octets.map(Array.init)
      sTMSI = elements[.sTMSI].flatMap { try? STMSI($0) }
      readServingNetwork(elements)
    case .uplinkNASTransport:
      nas = elements[.nasPDU]?.octets.map(Array.init)
      readServingNetwork(elements)
    case .downlinkNASTransport:
      if direction == .downlink { nas = elements[.nasPDU]?.octets.map(Array.init) }
    case _ where message.isFollowedProcedure:
      procedure = ProcedureObservation(message, elements, direction)
      switch message {
      case .handoverRequired: container = elements[.sourceToTargetTransparentContainer]?.octets.map(Array.init)
      case .handoverRequest:
        container = elements[.sourceToTargetTransparentContainer]?.octets.map(Array.init)
        isFromOtherSystem = elements.handoverType == .fromOther
      case .handoverCommand:
        if elements.handoverType == .toOther { securityParameters = elements[.nasSecurityParametersFromEUTRAN]?.octets.map(Array.init) }
      case .handoverNotify, .pathSwitchRequest: readServingNetwork(elements)
      case .ueContextReleaseCommand: named = elements[.ueS1APIDs].flatMap { try? UES1APIDs($0) }
      default: break
      }
    default:
      if direction == .downlink { readDownlink(elements, message) }
    }
  }

  private mutating func readServingNetwork(_ elements: S1APNodeList) {
    guard let (plmn, _) = elements.trackingArea else { return }
    servingNetwork = plmn
  }

  /// Any message to a UE.
  private mutating func readDownlink(_ elements: S1APNodeList, _ message: S1APMessage) {
    nas = elements[.nasPDU]?.octets.map(Array.init)
    for element in elements {
      for item in element.value.elements {
        guard let octets = item.value["nAS-PDU"]?.octets else { continue }
        if nas == nil { nas = Array(octets) } else { others.append(Array(octets)) }
      }
    }
    guard message == .initialContextSetupRequest || message == .ueContextModificationRequest else { return }
    procedure = ProcedureObservation(message, elements, .downlink)
    if let bits = elements[.securityKey]?.bits {
      key = KeyMaterial(bits.padded)
      keyBitCount = bits.count
    }
  }
}

extension S1APNodeList {
  /// TAI: the PLMN's 3 octets and the TAC.
  var trackingArea: (plmn: UInt32, tac: UInt16)? {
    // TAI ::= SEQUENCE { pLMNidentity, tAC, ... }, each an octet string of one length.
    guard let tai = self[.tai], let plmn = tai.component(0)?.bigEndian, let tac = tai.component(1)?.bigEndian else { return nil }
    return (UInt32(truncatingIfNeeded: plmn), UInt16(truncatingIfNeeded: tac))
  }
}

extension S1APMessage {
  /// Whether it is observed as a procedure whatever it carries: see ``Observer/followProcedure(_:_:_:into:)``.
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
