/// A set of algorithms 0 to 7 in one octet; algorithm 0 is bit 8.
func algorithmNames(_ octet: UInt8, _ names: [String]) -> String {
  (0..<8).filter { octet & 0x80 >> $0 != 0 }.map { names[$0] }.joined(separator: " ")
}

private let eeaNames = ["EEA0", "128-EEA1", "128-EEA2", "128-EEA3", "EEA4", "EEA5", "EEA6", "EEA7"]
private let eiaNames = ["EIA0", "128-EIA1", "128-EIA2", "128-EIA3", "EIA4", "EIA5", "EIA6", "EIA7"]

/// What the UE can do, as it tells in ATTACH REQUEST and TRACKING AREA UPDATE REQUEST: TS 24.301 §9.9.3.34.
public struct UENetworkCapability: InformationElementValue, Hashable {
  /// 2 to 13 octets: EEA, EIA, then optional UEA, UCS2 and UIA, and features.
  public var octets: [UInt8]

  /// - Parameter octets: at least 2 (precondition).
  public init(octets: [UInt8]) {
    precondition(octets.count >= 2, "UE network capability has at least EEA and EIA")
    self.octets = octets
  }

  /// - Parameters:
  ///   - eea: bit 8 is EEA0, bit 7 128-EEA1 and so on.
  ///   - eia: bit 8 is EIA0.
  ///   - uea: bit 8 is UEA0; with it the UCS2/UIA octet is there too.
  ///   - uia: bit 7 is UIA1; bit 8 is the UCS2 flag.
  ///   - features: the octets from octet 7 of the element on.
  public init(eea: UInt8, eia: UInt8, uea: UInt8? = nil, uia: UInt8? = nil, features: [UInt8] = []) {
    octets = [eea, eia]
    if uea != nil || uia != nil || !features.isEmpty { octets += [uea ?? 0, uia ?? 0] + features }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    octets = Array(part.octets)
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// EEA0 in bit 8 to EEA7 in bit 1.
  public var eea: UInt8 { octets[0] }
  /// EIA0 in bit 8 to EIA7 in bit 1.
  public var eia: UInt8 { octets[1] }
  /// `nil` if the UE does not tell.
  public var uea: UInt8? { octets.count > 2 ? octets[2] : nil }
  /// UIA1 in bit 7 to UIA7 in bit 1; bit 8 (UCS2) is taken out.
  public var uia: UInt8? { octets.count > 3 ? octets[3] & 0x7F : nil }

  /// Whether EEA `algorithm`, 0 to 7, is among them; false for other numbers.
  public func supports(eea algorithm: UInt8) -> Bool { algorithm < 8 && eea & 0x80 >> algorithm != 0 }
  /// Whether EIA `algorithm`, 0 to 7, is among them; false for other numbers.
  public func supports(eia algorithm: UInt8) -> Bool { algorithm < 8 && eia & 0x80 >> algorithm != 0 }

  public var description: String {
    var text = algorithmNames(eea, eeaNames) + " " + algorithmNames(eia, eiaNames)
    if let uea, uea != 0 { text += " " + algorithmNames(uea, (0..<8).map { "UEA\($0)" }) }
    if let uia, uia != 0 { text += " " + algorithmNames(uia, (0..<8).map { "UIA\($0)" }) }
    if ucs2 { text += " UCS2" }
    return ([text] + features.names).joined(separator: ", ")
  }
}

/// The capabilities the MME replays in SECURITY MODE COMMAND: TS 24.301 §9.9.3.36. 2, 4 or 5 octets.
public struct UESecurityCapability: InformationElementValue, Hashable {
  /// EEA, EIA, then optional UEA, UIA, GEA.
  public var octets: [UInt8]

  /// - Parameter octets: at least 2 (precondition).
  public init(octets: [UInt8]) {
    precondition(octets.count >= 2, "UE security capability has at least EEA and EIA")
    self.octets = octets
  }

  /// What the network has to replay to a UE that told these capabilities (TS 24.301 §5.4.3.2): EEA and EIA always; UEA
  /// and UIA if it told an algorithm for Iu or Gb; GEA if it told one for Gb. Spare bits are zero.
  public init(replaying capability: UENetworkCapability, _ msCapability: MSNetworkCapability? = nil) {
    octets = [capability.eea, capability.eia]
    let uea = capability.uea ?? 0
    let uia = capability.uia ?? 0
    let gea = msCapability?.gea ?? 0
    if uea | uia | gea != 0 { octets += [uea, uia] }
    if gea != 0 { octets.append(gea) }
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    octets = Array(part.octets)
  }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  /// EEA0 in bit 8 to EEA7 in bit 1.
  public var eea: UInt8 { octets[0] }
  /// EIA0 in bit 8 to EIA7 in bit 1.
  public var eia: UInt8 { octets[1] }
  /// UEA0 in bit 8 to UEA7 in bit 1; `nil`: not told.
  public var uea: UInt8? { octets.count > 2 ? octets[2] : nil }
  /// UIA1 in bit 7 to UIA7 in bit 1; `nil`: not told.
  public var uia: UInt8? { octets.count > 3 ? octets[3] : nil }
  /// GEA1 in bit 7 to GEA7 in bit 1; `nil`: not told.
  public var gea: UInt8? { octets.count > 4 ? octets[4] : nil }

  public var description: String {
    var text = algorithmNames(eea, eeaNames) + " " + algorithmNames(eia, eiaNames)
    if let uea, uea != 0 { text += " " + algorithmNames(uea, (0..<8).map { "UEA\($0)" }) }
    if let uia, uia != 0 { text += " " + algorithmNames(uia, (0..<8).map { "UIA\($0)" }) }
    if let gea, gea != 0 { text += " " + algorithmNames(gea, (0..<8).map { "GEA\($0)" }) }
    return text
  }
}

/// NR algorithms of the UE, TS 24.301 §9.9.3.53: four octets, 5G-EA0 and 5G-IA0 in bit 8 of the first and third.
public struct UEAdditionalSecurityCapability: InformationElementValue, Hashable {
  /// 5G-EA0 in bit 16.
  public var ea: UInt16
  /// 5G-IA0 in bit 16.
  public var ia: UInt16

  /// - Parameters:
  ///   - ea: 5G-EA0 in bit 16.
  ///   - ia: 5G-IA0 in bit 16.
  public init(ea: UInt16, ia: UInt16) {
    self.ea = ea
    self.ia = ia
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(4)
    ea = part.uint16(at: 0)
    ia = part.uint16(at: 2)
  }
  public func encode(into octets: inout OctetWriter) {
    octets.append(bigEndian16: ea)
    octets.append(bigEndian16: ia)
  }
  public var description: String { Self.names(ea, "5G-EA") + ", " + Self.names(ia, "5G-IA") }

  /// "128-5G-EA1", as the specification has algorithms 1 to 3; the numbers from 8 on have no names yet.
  private static func names(_ set: UInt16, _ kind: String) -> String {
    let names = (0..<16).filter { set & 0x8000 >> $0 != 0 }.map { (1...3 ~= $0 ? "128-" : "") + kind + "\($0)" }
    return names.isEmpty ? "no \(kind)" : names.joined(separator: " ")
  }
}
