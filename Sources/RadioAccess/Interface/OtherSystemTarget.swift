import RadioInterface
import S1AP

/// A cell of UTRAN or GERAN, as a source eNB names it in HANDOVER REQUIRED (TS 36.413 §9.2.1.6).
public enum OtherSystemTarget: Sendable, Hashable, CustomStringConvertible {
  /// - Parameters:
  ///   - locationArea: LAC.
  ///   - routingArea: RAC; there where the target has a packet domain.
  ///   - rnc: 12 bits.
  case utran(plmn: PLMNIdentity, locationArea: UInt16, routingArea: UInt8, rnc: UInt16)
  /// - Parameter cell: CI.
  case geran(plmn: PLMNIdentity, locationArea: UInt16, routingArea: UInt8, cell: UInt16)

  public var description: String {
    switch self {
    case .utran(let plmn, let area, _, let rnc): "UTRAN, LAI \(plmn)-\(area), RNC \(rnc)"
    case .geran(let plmn, let area, _, let cell): "GERAN, LAI \(plmn)-\(area), cell \(cell)"
    }
  }

  /// Handover type (TS 36.413 §9.2.1.13).
  var handoverType: String {
    switch self {
    case .utran: "ltetoutran"
    case .geran: "ltetogeran"
    }
  }

  var plmn: PLMNIdentity {
    switch self {
    case .utran(let plmn, _, _, _), .geran(let plmn, _, _, _): plmn
    }
  }

  /// Source to Target Transparent Container for the RNC or BSS. UTRA's RRC is not emulated: what is in it says no more than whose it is.
  var sourceContainer: [UInt8] {
    switch self {
    case .utran:
      // Source RNC to Target RNC Transparent Container (TS 25.413 §9.2.1.28), aligned PER: no optional component; the RRC container;
      // one Iu instance, "UE involved in relocation of SRNS".
      let container = [UInt8]("nasue".utf8)
      return [0, 0, UInt8(container.count)] + container + [0x20]
    case .geran:
      // Source BSS to Target BSS Transparent Container (TS 48.018 §11.3.79): MS Radio Access Capability of a GSM P phone of power class 4
      // without GPRS multislot classes (TS 24.008 §10.5.5.12a).
      return [0x13, 0x83, 0x01, 0x31, 0x80]
    }
  }
}

extension HandoverTarget {
  /// A cell of another system.
  public init(_ other: OtherSystemTarget) {
    self.init(
      plmn: other.plmn, enbID: 0, trackingAreaCode: 0, cellIdentifier: 0, cell: RadioCell(physicalCellIdentity: 0, downlinkEARFCN: 0))
    otherSystem = other
  }
}

/// RRC CONNECTION RECONFIGURATION of a target eNB, as it comes to a UE in UTRAN or GERAN (TS 36.331 §5.4.2).
public struct HandoverFromOtherSystem: Sendable, Equatable {
  public var control: MobilityControl
  /// nas-SecurityParamToEUTRA.
  public var nasParameters: [UInt8]

  /// - Parameter container: TargeteNB-ToSourceeNB-TransparentContainer; nil for what no eNB of ours wrote.
  public init?(container: [UInt8]) {
    guard let node = try? S1APNode(decoding: container, as: "TargeteNB-ToSourceeNB-TransparentContainer"),
      let octets = node["rRC-Container"]?.octets, octets.count >= 17, let control = MobilityControl(octets: octets.prefix(11))
    else { return nil }
    self.control = control
    nasParameters = Array(octets.dropFirst(11))
  }
}
