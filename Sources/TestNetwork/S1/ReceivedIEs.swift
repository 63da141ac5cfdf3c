import NASMessages
import S1AP

/// What RESET covers.
enum ResetScope: Sendable, Equatable {
  case all
  case part([UEAssociatedLogicalS1Connection])
}

/// The IEs that the MME reads, each nil when it is absent or is not what it should be.
extension S1APPDU {
  func integer(_ id: ProtocolIEID) -> UInt32? { self[id]?.unsigned.flatMap { UInt32(exactly: $0) } }

  func octets(_ id: ProtocolIEID) -> [UInt8]? { self[id]?.octets.map { Array($0) } }

  private func read<V: S1APRepresentable>(_ id: ProtocolIEID, as type: V.Type = V.self) -> V? {
    do { return try value(id, as: type) } catch { return nil }
  }

  var cause: Cause? { read(.cause) }

  var sTMSI: STMSI? { read(.sTMSI) }

  var trackingArea: MMEConfiguration.TrackingArea? {
    read(.tai, as: TAI.self).map { MMEConfiguration.TrackingArea(plmn: PLMN($0.plmn), code: $0.tac) }
  }

  /// Every tracking area of SUPPORTED TAS with each PLMN that it broadcasts.
  var supportedAreas: [MMEConfiguration.TrackingArea]? {
    guard let list = self[.supportedTAs] else { return nil }
    var areas: [MMEConfiguration.TrackingArea] = []
    for entry in list.elements {
      guard let item = try? SupportedTA(entry) else { return nil }
      areas += item.plmns.map { MMEConfiguration.TrackingArea(plmn: PLMN($0), code: item.tac) }
    }
    return areas
  }

  var resetScope: ResetScope? {
    guard let choice = self[.resetType]?.choice else { return nil }
    switch choice.name {
    case "s1-Interface": return .all
    case "partOfS1-Interface":
      var items: [UEAssociatedLogicalS1Connection] = []
      for entry in choice.value.elements {
        guard let item = try? UEAssociatedLogicalS1Connection(entry.value) else { return nil }
        items.append(item)
      }
      return .part(items)
    default: return nil
    }
  }
}

extension PLMN {
  init(_ identity: PLMNIdentity) {
    let octets = identity.octets
    self.init(octets[0], octets[1], octets[2])
  }
}

extension PLMNIdentity {
  init(_ plmn: PLMN) {
    guard let identity = PLMNIdentity(octets: plmn.wireOctets) else { preconditionFailure("a PLMN has three octets") }
    self = identity
  }
}

/// IEs of the E-RAB procedures (TS 36.413 §9.3.7).
extension ProtocolIEID {
  static let eRABFailedToSetupListBearerSURes = ProtocolIEID(29)
  static let eRABToBeModifiedListBearerModReq = ProtocolIEID(30)
  static let eRABFailedToModifyList = ProtocolIEID(32)
  static let eRABFailedToReleaseList = ProtocolIEID(34)
  static let eRABReleasedList = ProtocolIEID(110)
}
