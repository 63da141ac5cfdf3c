import NASMessages

/// Where a node of the core network speaks GTPv2-C: UDP over IPv4 or IPv6.
public struct CoreAddress: Hashable, Sendable, CustomStringConvertible {
  /// Four or sixteen octets.
  public var octets: [UInt8]
  public var port: UInt16

  /// GTPv2-C's port (TS 29.274 §4.4.2).
  public static let gtpPort: UInt16 = 2123

  /// - Precondition: four or sixteen octets.
  public init(octets: [UInt8], port: UInt16 = gtpPort) {
    precondition(octets.count == 4 || octets.count == 16, "an address is of IPv4 or IPv6")
    self.octets = octets
    self.port = port
  }

  public var description: String {
    if octets.count == 4 { return octets.map(String.init).joined(separator: ".") + ":\(port)" }
    let groups = stride(from: 0, to: 16, by: 2).map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }
    return "[\(groups.joined(separator: ":"))]:\(port)"
  }
}

/// Another MME, or an SGSN, as this MME knows it: what it serves, and where it speaks S10 or S3. The DNS that would tell is not emulated.
public struct S10Peer: Hashable, Sendable {
  /// A GUMMEI: whose GUTIs the peer has given.
  public struct Identity: Hashable, Sendable {
    public var plmn: PLMN
    public var mmeGroupID: UInt16
    public var mmeCode: UInt8

    public init(plmn: PLMN, mmeGroupID: UInt16, mmeCode: UInt8) {
      self.plmn = plmn
      self.mmeGroupID = mmeGroupID
      self.mmeCode = mmeCode
    }
  }

  public var address: CoreAddress
  public var identities: [Identity]
  /// A handover to an eNB of one of these goes there.
  public var trackingAreas: [MMEConfiguration.TrackingArea]
  /// The same for UTRAN and GERAN: it is an SGSN then, and S3 is what is spoken.
  public var locationAreas: [LocationArea]

  public init(
    address: CoreAddress, identities: [Identity] = [], trackingAreas: [MMEConfiguration.TrackingArea] = [],
    locationAreas: [LocationArea] = []
  ) {
    self.address = address
    self.identities = identities
    self.trackingAreas = trackingAreas
    self.locationAreas = locationAreas
  }
}

extension MMEConfiguration {
  /// The GUMMEIs that this MME gives GUTIs of.
  public var gummeis: [S10Peer.Identity] {
    plmns.map { S10Peer.Identity(plmn: $0, mmeGroupID: mmeGroupID, mmeCode: mmeCode) }
  }

  /// How others know this MME; nil while it has no address for S10.
  public var asPeer: S10Peer? {
    s10Address.map { S10Peer(address: $0, identities: gummeis, trackingAreas: trackingAreas) }
  }

  /// MMEs that know each other: each gets an address on the loopback, and the others as peers.
  public static func linked(_ configurations: [MMEConfiguration]) -> [MMEConfiguration] {
    var linked = configurations
    for index in linked.indices {
      linked[index].s10Address = CoreAddress(octets: [127, 0, 10, UInt8(truncatingIfNeeded: index + 1)])
    }
    for index in linked.indices {
      linked[index].peers = linked.indices.filter { $0 != index }.compactMap { linked[$0].asPeer }
    }
    return linked
  }

  /// The MME, or SGSN, that serves the target of a handover.
  func peer(serving target: HandoverTargetIdentity) -> S10Peer? {
    guard s10Address != nil else { return nil }
    switch target {
    case .eNB(_, let area): return peers.first { $0.trackingAreas.contains(area) }
    case .otherSystem(let other): return peers.first { $0.locationAreas.contains(other.locationArea) }
    }
  }

  /// The MME that has given a GUTI.
  func peer(of guti: GUTI) -> S10Peer? {
    guard s10Address != nil else { return nil }
    let identity = S10Peer.Identity(plmn: guti.plmn, mmeGroupID: guti.mmeGroupID, mmeCode: guti.mmeCode)
    return peers.first { $0.identities.contains(identity) }
  }
}
