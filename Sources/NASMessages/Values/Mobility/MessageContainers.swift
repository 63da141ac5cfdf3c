/// An ESM message inside an EMM message, TS 24.301 §9.9.3.15.
public struct ESMMessageContainer: MessageContainer {
  /// The message inside as octets.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(_ message: NASMessage) { octets = message.octets }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// The ESM message; offsets in errors count from its own start.
  ///
  /// - Throws: what is wrong with it; ``NASDecodingError/Code/unknownProtocolDiscriminator`` for a message that is none of ESM.
  public func message() throws(NASDecodingError) -> NASMessage {
    let message = try NASMessage(decoding: octets)
    guard message.type.isESM else {
      throw NASDecodingError(
        .unknownProtocolDiscriminator, offset: 0, field: "Protocol discriminator", expected: 2,
        found: Int(message.type.protocolDiscriminator.rawValue))
    }
    return message
  }
  func mayCarry(_ type: NASMessageType) -> Bool { type.isESM }
  public var description: String { (try? message().type.name) ?? hexString(octets) }
}

/// The original ATTACH REQUEST or TRACKING AREA UPDATE REQUEST in SECURITY MODE COMPLETE, TS 24.301 §9.9.3.51.
public struct ReplayedNASMessageContainer: MessageContainer {
  /// The message inside as octets.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(_ message: NASMessage) { octets = message.octets }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// The message inside, whatever it is; offsets in errors count from its own start.
  public func message() throws(NASDecodingError) -> NASMessage { try NASMessage(decoding: octets, direction: .uplink) }
  func mayCarry(_ type: NASMessageType) -> Bool { type == .attachRequest || type == .trackingAreaUpdateRequest }
  public var description: String { (try? message().type.name) ?? hexString(octets) }
}
