import GTPv2C
import NASMessages
import S1AP

/// Between what S1AP and NAS say and what GTPv2-C says.
extension TargetIdentification {
  /// nil for what the handover would not go to over S10.
  init?(_ target: HandoverTargetIdentity) {
    guard case .eNB(let identity, let area) = target else {
      if case .otherSystem(let other) = target { self.init(other) } else { return nil }
      return
    }
    let plmn = PLMNOctets(octets: identity.plmn.octets)
    switch identity.eNBID {
    case .macro(let number): self = .macroENB(plmn: plmn, identity: number, trackingArea: area.code)
    case .home(let number): self = .homeENB(plmn: plmn, identity: number, trackingArea: area.code)
    case .shortMacro, .longMacro: return nil
    }
  }

  /// The eNB and its tracking area; nil for targets that are none.
  var eNB: (identity: GlobalENBID, area: MMEConfiguration.TrackingArea)? {
    switch self {
    case .macroENB(let plmn, let number, let code):
      guard let identity = PLMNIdentity(octets: plmn.octets) else { return nil }
      return (GlobalENBID(plmn: identity, eNBID: .macro(number)), .init(plmn: PLMN(identity), code: code))
    case .homeENB(let plmn, let number, let code):
      guard let identity = PLMNIdentity(octets: plmn.octets) else { return nil }
      return (GlobalENBID(plmn: identity, eNBID: .home(number)), .init(plmn: PLMN(identity), code: code))
    case .rnc, .other: return nil
    }
  }
}

extension PLMNOctets {
  init(_ plmn: PLMN) { self.init(octets: plmn.wireOctets) }
}

extension FullyQualifiedCause {
  /// S1AP's groups in the order of TS 29.274 §8.49.
  private static let groups: [Cause.Group] = [.radioNetwork, .transport, .nas, .protocol, .misc]

  init(_ cause: Cause) {
    self.init(kind: UInt8(Self.groups.firstIndex(of: cause.group) ?? 0), value: UInt8(clamping: cause.value))
  }

  fileprivate var group: Cause.Group? { Self.groups.indices.contains(Int(kind)) ? Self.groups[Int(kind)] : nil }
}

extension Cause {
  /// nil for what S1AP does not have.
  init?(_ cause: FullyQualifiedCause) {
    guard let group = cause.group, let value = cause.value.first else { return nil }
    self.init(group, Int(value))
    guard name != nil else { return nil }
  }
}

extension MME {
  /// Where a peer wants messages about one UE: its F-TEID, with the port that it is known to listen on. Without an address in it, where the
  /// message came from.
  func endpoint(_ element: FullyQualifiedTEID, from sender: CoreAddress) -> RemoteEndpoint {
    let octets = element.ipv4 ?? element.ipv6 ?? sender.octets
    let known = configuration.peers.first { $0.address.octets == octets }?.address
    return RemoteEndpoint(address: known ?? CoreAddress(octets: octets), teid: element.teid)
  }
}
