/// An SMS message in UPLINK and DOWNLINK NAS TRANSPORT, TS 24.301 §9.9.3.22.
public struct NASMessageContainer: InformationElementValue, Hashable {
  /// CP-DATA, CP-ACK or CP-ERROR of TS 24.011 §7.2.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// 1 CP-DATA, 4 CP-ACK, 16 CP-ERROR; `nil` if the container is too short to tell.
  public var messageType: UInt8? { octets.count > 1 ? octets[octets.startIndex + 1] : nil }
  public var description: String {
    switch messageType {
    case 1: "CP-DATA " + hexString(octets)
    case 4: "CP-ACK " + hexString(octets)
    case 16: "CP-ERROR " + hexString(octets)
    default: hexString(octets)
    }
  }
}

/// What a generic message container has in it, TS 24.301 §9.9.3.42.
public struct GenericMessageContainerType: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let ltePositioningProtocol = GenericMessageContainerType(rawValue: 1)
  public static let locationServices = GenericMessageContainerType(rawValue: 2)

  public var description: String {
    switch rawValue {
    case 1: "LTE Positioning Protocol message container"
    case 2: "location services message container"
    case 3...127: "unused (\(rawValue))"
    default: "reserved (\(rawValue))"
    }
  }
}

/// A message of an application, TS 24.301 §9.9.3.43: LPP (TS 36.355) or location services (TS 24.171), as the type beside it
/// says. Foreign protocols, hence octets.
public struct GenericMessageContainer: InformationElementValue, Hashable, ExpressibleByArrayLiteral {
  /// As coded.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(arrayLiteral elements: UInt8...) { octets = ArraySlice(elements) }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { "\(octets.count) octets \(hexString(octets))" }
}

/// Additional information to upper layers, TS 24.301 §9.9.2.0: the application of the generic message container says what it is
/// (for LPP a routing identifier of the MME), hence octets.
public struct AdditionalInformation: InformationElementValue, Hashable, ExpressibleByArrayLiteral {
  /// As coded.
  public var octets: ArraySlice<UInt8>

  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(arrayLiteral elements: UInt8...) { octets = ArraySlice(elements) }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { hexString(octets) }
}
