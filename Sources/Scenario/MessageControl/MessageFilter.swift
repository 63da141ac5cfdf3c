import NASCrypto
import NASMessages
import S1AP
import Trace

/// Which S1AP-PDUs a rule is for: those that have everything that is asked for.
public struct MessageFilter: Sendable, Equatable {
  public var direction: LinkDirection?
  public var eNB: Int?
  public var mme: Int?
  /// The UE's number. Messages whose ids name no UE of ours are nobody's.
  public var ue: Int?
  public var message: S1APMessage?
  /// The type of a NAS message inside, where it can be read without keys: plain or integrity protected ones, SECURITY MODE COMMAND, and
  /// SECURITY MODE COMPLETE, which alone has its header type.
  public var nas: NASMessageType?
  /// The security header type of a NAS message inside.
  public var securityHeader: SecurityHeaderType?
  /// The security header types of which that NAS message must have one; nil: any.
  public var securityHeaders: [SecurityHeaderType]?

  public init(
    _ message: S1APMessage? = nil, direction: LinkDirection? = nil, eNB: Int? = nil, mme: Int? = nil, ue: Int? = nil,
    nas: NASMessageType? = nil, securityHeader: SecurityHeaderType? = nil
  ) {
    self.message = message
    self.direction = direction
    self.eNB = eNB
    self.mme = mme
    self.ue = ue
    self.nas = nas
    self.securityHeader = securityHeader
  }

  func matches(_ message: DescribedMessage) -> Bool {
    (direction ?? message.direction) == message.direction && (eNB ?? message.leg.eNB) == message.leg.eNB
      && (mme ?? message.leg.mme) == message.leg.mme && (ue.map { $0 == message.ue } ?? true)
      && (self.message.map { $0 == message.message } ?? true)
      && (nas == nil && securityHeaders == nil || message.nas.contains(where: hasTypeAndHeader))
      && (securityHeader.map { message.nas.map(\.header).contains($0) } ?? true)
  }
}

extension MessageFilter {
  fileprivate func hasTypeAndHeader(_ message: DescribedMessage.NAS) -> Bool {
    (nas.map { $0 == message.type } ?? true) && (securityHeaders?.contains(message.header) ?? true)
  }
}

/// What of an S1AP-PDU a filter looks at.
struct DescribedMessage: Sendable {
  struct NAS: Sendable, Equatable {
    var type: NASMessageType?
    var header: SecurityHeaderType
  }

  var leg: S1Leg
  var direction: LinkDirection
  /// nil for octets that are no S1AP-PDU.
  var message: S1APMessage?
  var eNBUES1APID: UInt32?
  var mmeUES1APID: UInt32?
  var nas: [NAS] = []
  var ue: Int?

  init(_ octets: [UInt8], leg: S1Leg, direction: LinkDirection) {
    self.leg = leg
    self.direction = direction
    guard let pdu = try? S1APPDU(decoding: octets) else { return }
    message = pdu.message
    eNBUES1APID = pdu[.eNBUES1APID]?.unsigned.flatMap { UInt32(exactly: $0) }
    mmeUES1APID = (pdu[.mmeUES1APID] ?? pdu[.sourceMMEUES1APID])?.unsigned.flatMap { UInt32(exactly: $0) }
    if let pair = pdu[.ueS1APIDs].flatMap({ try? UES1APIDs($0.value) }) {
      switch pair {
      case .pair(let mme, let eNB): (mmeUES1APID, eNBUES1APID) = (mme, eNB)
      case .mme(let mme): mmeUES1APID = mme
      }
    }
    nas = Self.nasPDUs(in: pdu).map { Self.describe($0, direction) }
  }

  /// The NAS-PDU of the message, and those of its bearers.
  private static func nasPDUs(in pdu: S1APPDU) -> [[UInt8]] {
    var found = pdu[.nasPDU]?.octets.map { [Array($0)] } ?? []
    for id in [ProtocolIEID.eRABToBeSetupListCtxtSUReq, .eRABToBeSetupListBearerSUReq] {
      guard let list = pdu[id] else { continue }
      for entry in list.elements { if let nas = entry.value["nAS-PDU"]?.octets { found.append(Array(nas)) } }
    }
    return found
  }

  private static func describe(_ octets: [UInt8], _ direction: LinkDirection) -> NAS {
    switch try? NASPDU(parsing: octets, direction: direction == .uplink ? .uplink : .downlink) {
    case .plain(let message): return NAS(type: message.type, header: .plain)
    case .serviceRequest: return NAS(type: nil, header: .serviceRequest)
    case .protected(let pdu):
      let type: NASMessageType? =
        switch pdu.headerType {
        case .integrityProtected, .integrityProtectedNewContext:
          (try? NASMessage(decoding: pdu.payload, direction: direction == .uplink ? .uplink : .downlink))?.type
        case .integrityProtectedAndCipheredNewContext: .securityModeComplete
        default: nil
        }
      return NAS(type: type, header: pdu.headerType)
    case nil: return NAS(type: nil, header: .plain)
    }
  }
}
