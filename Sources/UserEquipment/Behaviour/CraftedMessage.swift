import NASCrypto
public import NASMessages
import NASSecurity

/// A NAS message of a tester's making, which goes beside what the UE's procedures send: protected with the keys that the UE has, and where
/// that is wanted wrongly.
public struct CraftedMessage: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// A NAS-PDU as it is.
    case octets([UInt8])
    /// A plain message, to be protected.
    case message([UInt8])
    /// SERVICE REQUEST, which has a form of its own; its KSI is the context's where none is given.
    case serviceRequest(ksi: UInt8?)
  }

  public enum Count: Sendable, Equatable {
    /// The next one.
    case next
    /// This one, 24 bits.
    case exactly(Int)
    /// So much beside the next one.
    case offset(Int)
  }

  public var content: Content
  /// nil: as the UE protects such a message now.
  public var headerType: SecurityHeaderType?
  /// What the header says instead, 0 to 15; the MAC does not cover it.
  public var shownHeaderType: UInt8?
  public var count = Count.next
  /// In the place of the COUNT's own; the MAC is made without it.
  public var sequenceNumber: UInt8?
  public var hasWrongMAC = false
  /// Over an RRC connection of its own, on which nobody answers, rather than the UE's.
  public var isOverNewConnection = false

  public init(_ content: Content) { self.content = content }
}

/// Why a message cannot be made.
public enum CraftingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  case noContext
  case countBeyondRange(Int)
  case countExhausted

  public var description: String {
    switch self {
    case .noContext: "the UE has no security context to protect it under"
    case .countBeyondRange(let count): "COUNT \(count) has no 24 bits"
    case .countExhausted: "the uplink NAS COUNT is exhausted"
    }
  }
}

extension UE {
  /// The octets of a message. A COUNT that is used in earnest, the next one or a later one, is used up: the UE goes on behind it. One before
  /// it and one with a wrong MAC change nothing.
  public mutating func craft(_ crafted: CraftedMessage, using engine: inout CryptoEngine) throws(CraftingFailure) -> [UInt8] {
    if case .octets(let octets) = crafted.content { return octets }
    let headerType = headerType(of: crafted)
    if headerType == .plain, case .message(let plain) = crafted.content { return plain }
    guard let current = contexts.current else { throw .noContext }
    guard let next = current.uplinkNASCount else { throw .countExhausted }
    let count: Int
    switch crafted.count {
    case .next: count = Int(next.value)
    case .exactly(let value): count = value
    case .offset(let offset): count = Int(next.value) + offset
    }
    guard (0...Int(NASCount.maximum.value)).contains(count) else { throw .countBeyondRange(count) }
    let used = NASCount(UInt32(count))
    var octets: [UInt8] =
      switch crafted.content {
      case .octets(let octets): octets
      case .message(let plain): current.seal(plain, as: headerType, count: used, using: &engine)
      case .serviceRequest(let ksi): current.sealServiceRequest(keySetIdentifier: ksi, count: used, using: &engine)
      }
    let isServiceRequest = headerType == .serviceRequest
    if let shown = crafted.shownHeaderType { octets[0] = shown << 4 | octets[0] & 0x0F }
    if let number = crafted.sequenceNumber {
      let place = isServiceRequest ? 1 : 5
      octets[place] = isServiceRequest ? octets[1] & 0xE0 | number & 0x1F : number
    }
    if crafted.hasWrongMAC { octets[isServiceRequest ? 2 : 1] ^= 0xFF }
    if used >= next, !crafted.hasWrongMAC, crafted.sequenceNumber == nil {
      contexts.withCurrent { $0.skipUplinkCounts(used.value - next.value + 1) }
    }
    return octets
  }

  private func headerType(of crafted: CraftedMessage) -> SecurityHeaderType {
    switch crafted.content {
    case .serviceRequest: return .serviceRequest
    case .octets: return .plain
    case .message(let plain):
      if let told = crafted.headerType { return told }
      guard contexts.current != nil else { return .plain }
      let isRequest = plain.count > 1 && plain[0] == 0x07 && [0x41, 0x48].contains(plain[1])
      // §4.4.5: these two are never ciphered.
      return connection == .secured && !isRequest && !crafted.isOverNewConnection ? .integrityProtectedAndCiphered : .integrityProtected
    }
  }

  /// Sends what a tester made.
  mutating func sendCrafted(_ crafted: CraftedMessage, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let octets = try? craft(crafted, using: &engine) else { return }
    outputs.append(
      .crafted(initialMessage(octets, cause: .mobileOriginatedSignalling), overNewConnection: crafted.isOverNewConnection))
  }

  /// A message as this UE would send it now. Mandatory elements for which it has nothing are zeros, as short as they may be.
  ///
  /// - Parameter type: one that has a table; another is a header alone.
  public func template(of type: NASMessageType) -> NASMessage {
    var message = begun(type)
    for row in MessageTable.all.first(where: { $0.type == type })?.rows ?? [] where row.identifier == nil {
      let field = MandatoryField<OpaqueHalfOctet>(row: row)
      if message.contains(field) { continue }
      message.setRaw(field, [UInt8](repeating: 0, count: row.valueLength.lowerBound))
    }
    return message
  }

  private func begun(_ type: NASMessageType) -> NASMessage {
    let bearer = bearers.first?.epsBearerIdentity ?? 5
    switch type {
    case NASMessageType.attachRequest: return attachRequest(procedureTransactionIdentity: 1)
    case NASMessageType.trackingAreaUpdateRequest: return updateRequest(EPSUpdateType(.taUpdating))
    case NASMessageType.detachRequestFromUE: return detachRequest(.epsDetach)
    default: break
    }
    let isOfBearer = type.isESM && type != .pdnConnectivityRequest && type != .pdnDisconnectRequest
    var message =
      type.isESM
      ? NASMessage(type, procedureTransactionIdentity: isOfBearer ? 0 : 1, epsBearerIdentity: isOfBearer ? bearer : 0)
      : NASMessage(type)
    switch type {
    case NASMessageType.attachComplete:
      let accept = NASMessage(.activateDefaultEPSBearerContextAccept, epsBearerIdentity: bearer)
      message.set(AttachComplete.esmMessageContainer, ESMMessageContainer(accept.encoded()))
    case NASMessageType.identityResponse: message.set(IdentityResponse.mobileIdentity, .imsi(configuration.imsi))
    case NASMessageType.emmStatus: message.set(EMMStatus.emmCause, .protocolErrorUnspecified)
    case NASMessageType.securityModeReject: message.set(SecurityModeReject.emmCause, .securityModeRejectedUnspecified)
    case NASMessageType.authenticationFailure: message.set(AuthenticationFailure.emmCause, .macFailure)
    case NASMessageType.extendedServiceRequest:
      message.set(ExtendedServiceRequest.nasKeySetIdentifier, contexts.eKSI)
      if let guti = registration.guti { message.set(ExtendedServiceRequest.mTMSI, .tmsi(guti.mTMSI)) }
    case NASMessageType.controlPlaneServiceRequest:
      message.set(ControlPlaneServiceRequest.nasKeySetIdentifier, contexts.eKSI)
    case NASMessageType.pdnConnectivityRequest:
      message.set(PDNConnectivityRequest.requestType, .initialRequest)
      message.set(PDNConnectivityRequest.pdnType, configuration.pdnType)
    case NASMessageType.pdnDisconnectRequest:
      message.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: bearer))
    default: break
    }
    return message
  }
}
