import NASCrypto
import NASMessages

/// How tracking areas come on the lists of forbidden ones, and how they leave them (TS 24.301 §5.3.2).
extension UE {
  /// The first area on the lists starts the time after which they are erased.
  mutating func forbid(
    _ area: TrackingAreaIdentity, for purpose: ForbiddenAreas.Purpose, isProven: Bool, into outputs: inout [Output]
  ) {
    if !forbidden.hasTrackingAreas {
      outputs.append(.startTimer(.forbiddenAreas, after: EMMTimer.forbiddenAreas.defaultDuration))
    }
    forbidden.insert(area, for: purpose, isProven: isProven)
  }

  /// What a list of the network names is forbidden no longer, unless the only PDN connection is one for emergencies.
  mutating func admit(_ areas: TAIList, into outputs: inout [Output]) {
    guard forbidden.hasTrackingAreas, !isAttachedForEmergency else { return }
    forbidden.remove(areas)
    if !forbidden.hasTrackingAreas { stop(.forbiddenAreas, into: &outputs) }
  }

  /// The areas that nobody proved to be forbidden are none (§5.3.7b).
  mutating func admitUnproven(into outputs: inout [Output]) {
    guard forbidden.hasTrackingAreas else { return }
    forbidden.forgetUnproven()
    if !forbidden.hasTrackingAreas { stop(.forbiddenAreas, into: &outputs) }
  }

  /// Their time is over: they are erased, and cells are selected anew, which is to enter the present one once more.
  mutating func forbiddenAreasErased(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard forbidden.hasTrackingAreas else { return }
    forbidden.forgetTrackingAreas()
    guard connection == .idle else { return circumstances.entersCellAnew = true }
    enterCellAnew(using: &engine, into: &outputs)
  }

  /// The cell is one of service again, where it was not before.
  mutating func enterCellAnew(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard connection == .idle, hasCoverage, let area = servingTrackingArea, !forbidden.contains(area) else { return }
    switch machine {
    case .deregistered(.limitedService, _), .deregistered(.plmnSearch, _): break
    case .registered(let registered) where registered.substate == .limitedService || registered.substate == .plmnSearch: break
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated,
      .deregisteredInitiated:
      return
    }
    servingTrackingArea = nil
    camped(on: area, isBarred: circumstancesBox != nil && circumstances.isAccessBarred, using: &engine, into: &outputs)
  }
}
