import GTPv2C
import NASMessages
import S1AP

/// A cell of UTRAN or GERAN as the target of a handover: Target RNC-ID or CGI of HANDOVER REQUIRED (TS 36.413 §9.2.1.6).
enum OtherSystemIdentity: Sendable, Equatable {
  case rnc(LocationArea, routingArea: UInt8?, rnc: UInt16, extended: UInt16?)
  case geranCell(LocationArea, routingArea: UInt8?, cell: UInt16)

  var locationArea: LocationArea {
    switch self {
    case .rnc(let area, _, _, _), .geranCell(let area, _, _): area
    }
  }

  /// nil for what is neither, or has no location area.
  init?(_ choice: String, _ value: S1APNode) {
    func number(_ octets: ArraySlice<UInt8>?) -> UInt16? { octets?.reduce(0) { $0 << 8 | UInt16($1) } }
    let routing = value["rAC"]?.octets?.first
    switch choice {
    case "targetRNC-ID":
      guard let lai = value["lAI"], let area = LocationArea(lai), let rnc = value["rNC-ID"]?.unsigned else { return nil }
      self = .rnc(
        area, routingArea: routing, rnc: UInt16(truncatingIfNeeded: rnc),
        extended: value["extendedRNC-ID"]?.unsigned.map { UInt16(truncatingIfNeeded: $0) })
    case "cGI":
      guard let area = LocationArea(value), let cell = number(value["cI"]?.octets) else { return nil }
      self = .geranCell(area, routingArea: routing, cell: cell)
    default: return nil
    }
  }
}

/// A location area: what an SGSN serves as far as handovers go.
public struct LocationArea: Sendable, Hashable {
  public var plmn: PLMN
  /// LAC.
  public var code: UInt16

  public init(plmn: PLMN, code: UInt16) {
    self.plmn = plmn
    self.code = code
  }

  fileprivate init?(_ node: S1APNode) {
    guard let plmn = node["pLMNidentity"]?.octets, let identity = PLMNIdentity(octets: Array(plmn)), let code = node["lAC"]?.octets else {
      return nil
    }
    self.init(plmn: PLMN(identity), code: code.reduce(0) { $0 << 8 | UInt16($1) })
  }
}

extension TargetIdentification {
  /// Cell Identifier (TS 29.274 §8.51): RAI and CI.
  static let cellIdentifierType: UInt8 = 2

  init(_ target: OtherSystemIdentity) {
    switch target {
    case .rnc(let area, let routing, let rnc, let extended):
      self = .rnc(
        plmn: PLMNOctets(area.plmn), locationArea: area.code, routingArea: routing ?? 0, rnc: rnc, extended: extended)
    case .geranCell(let area, let routing, let cell):
      self = .other(
        type: Self.cellIdentifierType,
        area.plmn.wireOctets + [UInt8(area.code >> 8), UInt8(area.code & 255), routing ?? 0, UInt8(cell >> 8), UInt8(cell & 255)])
    }
  }
}
