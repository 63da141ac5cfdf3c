/// What follows the old EPS security context in an MM context of security mode 4 (TS 29.274 figure 8.38-5): each part behind its length,
/// the element ending wherever its sender's release did.
public struct EPSContextTail: Sendable, Equatable {
  /// EPS NAS Security Context Type.
  public enum ContextType: UInt8, Sendable {
    case native = 1
    case mapped = 2
  }

  /// Voice domain preference and UE's usage setting (TS 24.008 §10.5.5.28); empty without, as all here.
  public var voiceDomainPreference: [UInt8] = []
  public var radioCapabilityForPaging: [UInt8] = []
  public var extendedAccessRestriction: [UInt8] = []
  /// UE additional security capability (TS 24.301 §9.9.3.53).
  public var additionalSecurityCapability: [UInt8] = []
  /// UE NR security capability.
  public var nrSecurityCapability: [UInt8] = []
  public var accessPointRateControl: [UInt8] = []
  public var coreNetworkRestrictions: [UInt8] = []
  /// UE radio capability ID (TS 24.301 §9.9.3.60).
  public var radioCapabilityID: [UInt8] = []
  /// nil where it is not told.
  public var contextType: ContextType?

  public init() {}

  init(_ octets: [UInt8], at offset: Int) throws(GTPv2CError) {
    var reader = OctetReader(octets[...])
    func part(_ reader: inout OctetReader, _ width: Int, _ name: String) throws(GTPv2CError) -> [UInt8] {
      guard !reader.isAtEnd else { return [] }
      do { return try reader.octets(Int(try reader.number(width, "length of \(name)")), name) } catch {
        throw GTPv2CError(error.code, offset: offset + error.offset, path: error.path)
      }
    }
    voiceDomainPreference = try part(&reader, 1, "voice domain preference")
    radioCapabilityForPaging = try part(&reader, 2, "radio capability for paging")
    extendedAccessRestriction = try part(&reader, 1, "extended access restriction data")
    additionalSecurityCapability = try part(&reader, 1, "UE additional security capability")
    nrSecurityCapability = try part(&reader, 1, "UE NR security capability")
    accessPointRateControl = try part(&reader, 2, "APN rate control statuses")
    coreNetworkRestrictions = try part(&reader, 1, "core network restrictions")
    radioCapabilityID = try part(&reader, 1, "UE radio capability ID")
    if !reader.isAtEnd { contextType = ContextType(rawValue: try reader.octet("ENSCT") & 3) }
  }

  var octets: [UInt8] {
    var octets: [UInt8] = []
    func part(_ value: [UInt8], _ width: Int) {
      let cut = value.prefix(width == 1 ? 255 : 65_535)
      octets.append(UInt16(cut.count), width: width)
      octets += cut
    }
    part(voiceDomainPreference, 1)
    part(radioCapabilityForPaging, 2)
    part(extendedAccessRestriction, 1)
    part(additionalSecurityCapability, 1)
    part(nrSecurityCapability, 1)
    part(accessPointRateControl, 2)
    part(coreNetworkRestrictions, 1)
    part(radioCapabilityID, 1)
    octets.append(contextType?.rawValue ?? 0)
    return octets
  }
}

extension MMContext {
  /// ``rest`` of an MM context of security mode 4, read; what it lacks is empty.
  public var epsTail: EPSContextTail {
    get throws(GTPv2CError) { try EPSContextTail(rest, at: restOffset) }
  }

  /// Puts the parts behind the context.
  public mutating func setEPSTail(_ tail: EPSContextTail) { rest = tail.octets }
}
