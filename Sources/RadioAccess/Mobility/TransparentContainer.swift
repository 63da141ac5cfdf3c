import RadioInterface
import S1AP

/// What source and target eNB tell each other through an MME that does not look inside (TS 36.413 §9.2.1.7, §9.2.1.8). The containers are
/// those of the standard; the RRC containers in them are ours.
enum TransparentContainer {
  /// What the target reads.
  struct Source: Sendable, Equatable {
    var target: EUTRANCGI
    /// Of the source: handover preparation information, opaque.
    var rrcContainer: [UInt8]
  }

  static func sourceToTarget(
    target: HandoverTarget, source: RadioCell, temporaryIdentity: UInt16, bearers: [AccessStratumContext.Bearer]
  ) -> [UInt8]? {
    let cell = EUTRANCGI(plmn: target.plmn, cell: target.enbID << 8 | UInt32(target.cellIdentifier))
    let preparation: [UInt8] =
      [UInt8(source.physicalCellIdentity >> 8), UInt8(source.physicalCellIdentity & 0xFF)]
      + [16, 8, 0].map { UInt8(truncatingIfNeeded: source.downlinkEARFCN >> UInt32($0)) }
      + [UInt8(temporaryIdentity >> 8), UInt8(temporaryIdentity & 0xFF)]
    return SourceENBContainer.octets(rrcContainer: preparation, bearers: bearers.map(\.identifier), target: cell)
  }

  static func readSource(_ octets: [UInt8]) -> Source? {
    guard let node = try? S1APNode(decoding: octets, as: "SourceeNB-ToTargeteNB-TransparentContainer"),
      let cell = node["targetCell-ID"].flatMap({ try? EUTRANCGI($0) }), let container = node["rRC-Container"]?.octets
    else { return nil }
    return Source(target: cell, rrcContainer: Array(container))
  }

  /// - Parameter nasParameters: nas-SecurityParamToEUTRA, of a handover from another system.
  static func targetToSource(_ control: MobilityControl, nasParameters: [UInt8] = []) -> [UInt8]? {
    let node = try? S1APNode("TargeteNB-ToSourceeNB-TransparentContainer") {
      $0.sequence { $0.component("rRC-Container") { $0.octets(control.octets + nasParameters) } }
    }
    return node?.encoded()
  }

  /// nil for what no eNB of ours wrote.
  static func targetToSource(_ octets: [UInt8]) -> MobilityControl? {
    guard let node = try? S1APNode(decoding: octets, as: "TargeteNB-ToSourceeNB-TransparentContainer"),
      let container = node["rRC-Container"]?.octets
    else { return nil }
    return MobilityControl(octets: container)
  }
}
