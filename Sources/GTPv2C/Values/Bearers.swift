/// Bearer Context (TS 29.274 §8.28), a grouped element: a bearer as one node hands it to the other, or as it was set up.
public struct BearerContext: ElementValue, ElementHolder {
  public static let identity = MandatoryElement<EPSBearerIdentityValue>("EPS Bearer ID", .epsBearerIdentity)
  public static let servingGateway = OptionalElement<FullyQualifiedTEID>(
    "SGW S1/S4/S12 IP Address and TEID for user plane", .fullyQualifiedTEID)
  public static let qos = OptionalElement<BearerQualityOfService>("Bearer Level QoS", .bearerQoS)

  public var elements: [InformationElement] = []
  public private(set) var place: (name: String, offset: Int) = ("Bearer Context", 0)

  public init(identity: UInt8) { add(Self.identity, EPSBearerIdentityValue(identity)) }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    place.offset = octets.startIndex
    elements = try InformationElement.list(octets)
  }

  public var octets: [UInt8] { elements.grouped }

  public static func == (a: Self, b: Self) -> Bool { a.elements == b.elements }
}

/// MME/SGSN/AMF UE EPS PDN Connection (§8.39), a grouped element.
public struct PDNConnection: ElementValue, ElementHolder {
  public static let accessPointName = MandatoryElement<AccessPointLabels>("APN", .accessPointName)
  public static let ipv4Address = OptionalElement<IPAddressOctets>("IPv4 Address", .ipAddress)
  public static let ipv6Address = OptionalElement<IPAddressOctets>("IPv6 Address", .ipAddress, 1)
  public static let linkedBearer = MandatoryElement<EPSBearerIdentityValue>("Linked EPS Bearer ID", .epsBearerIdentity)
  public static let gateway = MandatoryElement<FullyQualifiedTEID>("PGW S5/S8 IP Address for Control Plane or PMIP", .fullyQualifiedTEID)
  public static let bearer = OptionalElement<BearerContext>("Bearer Contexts", .bearerContext)
  public static let bitRate = MandatoryElement<AccessPointBitRate>("Aggregate Maximum Bit Rate (APN-AMBR)", .aggregateMaximumBitRate)

  public var elements: [InformationElement] = []
  public private(set) var place: (name: String, offset: Int) = ("PDN Connection", 0)

  public init() {}

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    place.offset = octets.startIndex
    elements = try InformationElement.list(octets)
  }

  public var octets: [UInt8] { elements.grouped }

  public static func == (a: Self, b: Self) -> Bool { a.elements == b.elements }
}

extension [InformationElement] {
  /// Nothing where one of them is too long to be said.
  fileprivate var grouped: [UInt8] {
    var octets: [UInt8] = []
    do { try InformationElement.encode(self, into: &octets) } catch { return [] }
    return octets
  }
}

/// APN (§8.6): labels, each behind its length (TS 23.003 §9.1).
public struct AccessPointLabels: ElementValue {
  public var octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }
  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) { self.octets = Array(octets) }
}

/// APN-AMBR (§8.7), kbit/s.
public struct AccessPointBitRate: ElementValue {
  public var uplink: UInt32
  public var downlink: UInt32

  public init(uplink: UInt32, downlink: UInt32) {
    self.uplink = uplink
    self.downlink = downlink
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    uplink = UInt32(truncatingIfNeeded: try reader.number(4, "uplink"))
    downlink = UInt32(truncatingIfNeeded: try reader.number(4, "downlink"))
  }

  public var octets: [UInt8] {
    var octets: [UInt8] = []
    octets.append(uplink, width: 4)
    octets.append(downlink, width: 4)
    return octets
  }
}

/// Bearer QoS (§8.15): priority, QCI, and bit rates in kbit/s, of which a non-GBR bearer has none.
public struct BearerQualityOfService: ElementValue {
  public var qci: UInt8
  /// Allocation and retention priority: pre-emption capability, level, pre-emption vulnerability as they are in the octet.
  public var priority: UInt8
  /// MBR up and down, GBR up and down, 40 bits each.
  public var bitRates: [UInt64]

  public init(qci: UInt8, priority: UInt8 = 0x3C, bitRates: [UInt64] = [0, 0, 0, 0]) {
    self.qci = qci
    self.priority = priority
    self.bitRates = bitRates
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    priority = try reader.octet("priority")
    qci = try reader.octet("QCI")
    bitRates = []
    for name in ["uplink MBR", "downlink MBR", "uplink GBR", "downlink GBR"] { bitRates.append(try reader.number(5, name)) }
  }

  public var octets: [UInt8] {
    var octets = [priority, qci]
    for place in 0..<4 { octets.append(place < bitRates.count ? bitRates[place] : 0, width: 5) }
    return octets
  }
}
