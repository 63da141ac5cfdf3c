/// F-TEID (TS 29.274 §8.22): where a node wants what is about one UE, or one bearer.
public struct FullyQualifiedTEID: ElementValue {
  /// Interface types used here (§8.22).
  public struct Interface: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue & 63 }

    public static let s1USGW = Self(rawValue: 1)
    public static let s5PGWUserPlane = Self(rawValue: 5)
    public static let s5PGWControlPlane = Self(rawValue: 7)
    public static let s11SGW = Self(rawValue: 11)
    public static let s10MME = Self(rawValue: 12)
    public static let s3MME = Self(rawValue: 13)
    public static let s3SGSN = Self(rawValue: 14)
    public static let s4SGW = Self(rawValue: 17)
  }

  public var interface: Interface
  public var teid: UInt32
  /// Four octets; nil without.
  public var ipv4: [UInt8]?
  /// Sixteen octets; nil without.
  public var ipv6: [UInt8]?

  /// - Parameter address: four or sixteen octets; others are left out.
  public init(_ interface: Interface, teid: UInt32, address: [UInt8]) {
    self.interface = interface
    self.teid = teid
    ipv4 = address.count == 4 ? address : nil
    ipv6 = address.count == 16 ? address : nil
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    let flags = try reader.octet("interface type")
    interface = Interface(rawValue: flags)
    teid = UInt32(truncatingIfNeeded: try reader.number(4, "TEID"))
    if flags & 0x80 != 0 { ipv4 = try reader.octets(4, "IPv4 address") }
    if flags & 0x40 != 0 { ipv6 = try reader.octets(16, "IPv6 address") }
    guard ipv4 != nil || ipv6 != nil else { throw GTPv2CError(.invalidValue, offset: octets.startIndex, path: "no address") }
  }

  public var octets: [UInt8] {
    var octets = [interface.rawValue | (ipv4 == nil ? 0 : 0x80) | (ipv6 == nil ? 0 : 0x40)]
    octets.append(teid, width: 4)
    return octets + (ipv4 ?? []) + (ipv6 ?? [])
  }
}

/// IP address (§8.9): four or sixteen octets.
public struct IPAddressOctets: ElementValue {
  public var octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    guard octets.count == 4 || octets.count == 16 else { throw GTPv2CError(.invalidValue, offset: octets.startIndex, path: "length") }
    self.octets = Array(octets)
  }
}

/// Target identification (§8.51): where a handover goes.
public enum TargetIdentification: ElementValue {
  /// - Parameter identity: 20 bits.
  case macroENB(plmn: PLMNOctets, identity: UInt32, trackingArea: UInt16)
  /// - Parameter identity: 28 bits.
  case homeENB(plmn: PLMNOctets, identity: UInt32, trackingArea: UInt16)
  /// - Parameters:
  ///   - rnc: 12 bits.
  ///   - extended: 16 bits in place of them, where there are some.
  case rnc(plmn: PLMNOctets, locationArea: UInt16, routingArea: UInt8, rnc: UInt16, extended: UInt16?)
  /// Another type: its number and what follows.
  case other(type: UInt8, [UInt8])

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    let type = try reader.octet("target type")
    switch type {
    case 0:
      let plmn = PLMNOctets(octets: try reader.octets(3, "PLMN"))
      let area = UInt16(truncatingIfNeeded: try reader.number(2, "LAC"))
      let routing = try reader.octet("RAC")
      let rnc = UInt16(truncatingIfNeeded: try reader.number(2, "RNC ID"))
      let extended = reader.remaining >= 2 ? UInt16(truncatingIfNeeded: try reader.number(2, "extended RNC ID")) : nil
      self = .rnc(plmn: plmn, locationArea: area, routingArea: routing, rnc: rnc & 0x0FFF, extended: extended)
    case 1:
      let plmn = PLMNOctets(octets: try reader.octets(3, "PLMN"))
      let identity = UInt32(truncatingIfNeeded: try reader.number(3, "macro eNodeB ID")) & 0xF_FFFF
      self = .macroENB(plmn: plmn, identity: identity, trackingArea: UInt16(truncatingIfNeeded: try reader.number(2, "TAC")))
    case 3:
      let plmn = PLMNOctets(octets: try reader.octets(3, "PLMN"))
      let identity = UInt32(truncatingIfNeeded: try reader.number(4, "home eNodeB ID")) & 0xFFF_FFFF
      self = .homeENB(plmn: plmn, identity: identity, trackingArea: UInt16(truncatingIfNeeded: try reader.number(2, "TAC")))
    default: self = .other(type: type, reader.rest())
    }
  }

  public var octets: [UInt8] {
    switch self {
    case .rnc(let plmn, let area, let routing, let rnc, let extended):
      var octets = [0] + plmn.octets
      octets.append(area, width: 2)
      octets.append(routing)
      octets.append(rnc & 0x0FFF, width: 2)
      if let extended { octets.append(extended, width: 2) }
      return octets
    case .macroENB(let plmn, let identity, let area):
      var octets = [1] + plmn.octets
      octets.append(identity & 0xF_FFFF, width: 3)
      octets.append(area, width: 2)
      return octets
    case .homeENB(let plmn, let identity, let area):
      var octets = [3] + plmn.octets
      octets.append(identity & 0xFFF_FFFF, width: 4)
      octets.append(area, width: 2)
      return octets
    case .other(let type, let octets): return [type] + octets
    }
  }
}

/// F-Container (§8.48): what the nodes of the radio networks tell each other; opaque here.
public struct FullyQualifiedContainer: ElementValue {
  public enum Kind: UInt8, Sendable {
    case utran = 1
    case bss = 2
    case eUTRAN = 3
  }

  /// Of ``Kind``, or another.
  public var kind: UInt8
  public var content: [UInt8]

  public init(_ kind: Kind, _ content: [UInt8]) {
    self.kind = kind.rawValue
    self.content = content
  }

  public init(decoding octets: ArraySlice<UInt8>) throws(GTPv2CError) {
    var reader = OctetReader(octets)
    kind = try reader.octet("container type") & 15
    content = reader.rest()
  }

  public var octets: [UInt8] { [kind & 15] + content }
}
