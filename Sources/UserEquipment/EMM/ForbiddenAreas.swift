import NASMessages

/// Where the network does not want us (TS 24.301 §5.3.2, §5.3.3, §5.3.3a). What is on the USIM stays beyond switch-off.
struct ForbiddenAreas: Sendable, Equatable {
  /// The two lists of §5.3.2.
  enum Purpose: CaseIterable {
    /// "Forbidden tracking areas for roaming": #13, #15.
    case roaming
    /// "Forbidden tracking areas for regional provision of service": #12.
    case regionalProvision
  }

  private var forRoaming = ForbiddenAreaList()
  private var forRegionalProvision = ForbiddenAreaList()
  /// "Forbidden PLMNs", in EF_FPLMN of the USIM.
  var plmns: [PLMN] = []
  /// "Forbidden PLMNs for GPRS service", which stand for EPS services too; until switch-off.
  var plmnsForPacketServices: [PLMN] = []

  /// What each list holds at most; of a full one the oldest entry goes (§5.3.2, §5.3.3: 40 or more).
  static let limit = 40

  /// Of both lists.
  var hasTrackingAreas: Bool { !forRoaming.entries.isEmpty || !forRegionalProvision.entries.isEmpty }

  /// One list, the oldest first.
  func trackingAreas(for purpose: Purpose) -> [TrackingAreaIdentity] {
    switch purpose {
    case .roaming: forRoaming.entries.map(\.area)
    case .regionalProvision: forRegionalProvision.entries.map(\.area)
    }
  }

  func contains(_ area: TrackingAreaIdentity) -> Bool {
    forRoaming.contains(area) || forRegionalProvision.contains(area) || plmns.contains(area.plmn)
      || plmnsForPacketServices.contains(area.plmn)
  }

  /// What counted until switching off counts no more.
  mutating func forgetAtSwitchOff() {
    var kept = ForbiddenAreas()
    kept.plmns = plmns
    self = kept
  }

  /// The UE is registered there after all (§5.5.1.2.4, §5.5.3.2.4).
  mutating func remove(_ plmn: PLMN) {
    plmns.removeAll { $0 == plmn }
    plmnsForPacketServices.removeAll { $0 == plmn }
  }

  /// - Parameter isProven: false of a reject without integrity protection.
  mutating func insert(_ area: TrackingAreaIdentity, for purpose: Purpose = .roaming, isProven: Bool) {
    change(purpose) { $0.insert(area, isProven: isProven, limit: ForbiddenAreas.limit) }
  }

  /// The network names these areas as ones of ours (§5.3.2).
  mutating func remove(_ areas: TAIList) {
    for purpose in Purpose.allCases { change(purpose) { list in list.entries.removeAll { areas.contains($0.area) } } }
  }

  /// T3247 expired (§5.3.7b).
  mutating func forgetUnproven() {
    for purpose in Purpose.allCases { change(purpose) { list in list.entries.removeAll { !$0.isProven } } }
  }

  /// The lists of tracking areas are erased (§5.3.2).
  mutating func forgetTrackingAreas() { (forRoaming, forRegionalProvision) = (ForbiddenAreaList(), ForbiddenAreaList()) }

  mutating func insert(_ plmn: PLMN, forPacketServices: Bool) {
    var list = forPacketServices ? plmnsForPacketServices : plmns
    guard !list.contains(plmn) else { return }
    if list.count == ForbiddenAreas.limit { list.removeFirst() }
    list.append(plmn)
    if forPacketServices { plmnsForPacketServices = list } else { plmns = list }
  }

  private mutating func change(_ purpose: Purpose, _ change: (inout ForbiddenAreaList) -> Void) {
    switch purpose {
    case .roaming: change(&forRoaming)
    case .regionalProvision: change(&forRegionalProvision)
    }
  }
}

/// One list of forbidden tracking areas.
private struct ForbiddenAreaList: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var area: TrackingAreaIdentity
    /// False where only a reject without integrity protection named it: forgotten when T3247 expires (§5.3.7b).
    var isProven: Bool
  }

  /// The oldest first.
  var entries: [Entry] = []

  func contains(_ area: TrackingAreaIdentity) -> Bool { entries.contains { $0.area == area } }

  mutating func insert(_ area: TrackingAreaIdentity, isProven: Bool, limit: Int) {
    if let index = entries.firstIndex(where: { $0.area == area }) {
      if isProven { entries[index].isProven = true }
      return
    }
    if entries.count >= limit { entries.removeFirst() }
    entries.append(Entry(area: area, isProven: isProven))
  }
}
