import NASMessages

/// A request of the network that the UE refuses with this ESM cause.
struct SessionRefusal: Error, Equatable {
  let cause: ESMCause

  init(_ cause: ESMCause) { self.cause = cause }
}

/// What TS 24.301 §6.4.2.4 and §6.4.3.4 ask of a TFT in a request of the network; the letters and numbers are theirs.
extension TrafficFlowTemplate {
  /// The TFT of a new dedicated bearer (§6.4.2.4).
  func checkAsNew() throws(SessionRefusal) {
    // a 1.
    guard operation == .createNew else { throw SessionRefusal(.semanticErrorInTheTFTOperation) }
    try checkContent()
    try checkUplink()
  }

  /// The bearer's TFT after this operation of the network (§6.4.3.4); nil where a default bearer has none then.
  func applied(to existing: TrafficFlowTemplate?, ofDefaultBearer isDefault: Bool) throws(SessionRefusal) -> TrafficFlowTemplate? {
    // "Ignore this IE" (TS 24.008 Table 10.5.162).
    if operation == .ignore { return existing }
    // a 4.
    if operation == .deleteExisting, !isDefault { throw SessionRefusal(.semanticErrorInTheTFTOperation) }
    try checkContent()
    var filters = existing?.packetFilters ?? []
    switch operation {
    case .createNew:
      // a 1: the old one goes.
      filters = packetFilters
    case .addPacketFilters, .replacePacketFilters:
      // a 2 b, b 3, d 1: what is not there yet is added, what has the same identifier is replaced.
      let new = Set(packetFilters.map(\.identifier))
      filters.removeAll { new.contains($0.identifier) }
      filters += packetFilters
    case .deletePacketFilters:
      // b 4: what is not there counts as deleted.
      let gone = Set(deletedFilters.map { $0 & 0x0F })
      filters.removeAll { gone.contains($0.identifier) }
      if filters.isEmpty {
        // a 3; a 2 a.
        guard isDefault else { throw SessionRefusal(.semanticErrorInTheTFTOperation) }
        return nil
      }
    case .deleteExisting: return nil
    default:
      // "No TFT operation": for the parameters alone.
      guard existing != nil else { return nil }
    }
    var result = TrafficFlowTemplate(.createNew, parameters: parameters ?? existing?.parameters)
    result.packetFilters = filters
    result.packetFilterCount = UInt8(truncatingIfNeeded: filters.count) & 0x0F
    if !isDefault { try result.checkUplink() }
    return result
  }

  /// b, c 1 and d, as far as the request alone can tell.
  private func checkContent() throws(SessionRefusal) {
    switch operation {
    case .createNew, .addPacketFilters, .replacePacketFilters, .deletePacketFilters:
      // b 1.
      guard packetFilterCount > 0 else { throw SessionRefusal(.syntacticalErrorInTheTFTOperation) }
    case .deleteExisting, .noOperation:
      // b 2.
      guard packetFilterCount == 0 else { throw SessionRefusal(.syntacticalErrorInTheTFTOperation) }
    default: throw SessionRefusal(.syntacticalErrorInTheTFTOperation)
    }
    // b 6: more filters than the number says.
    guard rest.isEmpty else { throw SessionRefusal(.syntacticalErrorInTheTFTOperation) }
    // d 1, and d 2 where no filter is the older one.
    guard Set(packetFilters.map(\.identifier)).count == packetFilters.count,
      Set(packetFilters.map(\.precedence)).count == packetFilters.count,
      // d 3.
      packetFilters.allSatisfy(\.isWellCoded)
    else { throw SessionRefusal(.syntacticalErrorsInPacketFilter) }
    // c 1.
    guard packetFilters.allSatisfy(\.canFit) else { throw SessionRefusal(.semanticErrorsInPacketFilter) }
  }

  /// c 2. A filter without a direction is for both (§6.4.2.3).
  private func checkUplink() throws(SessionRefusal) {
    guard packetFilters.contains(where: { $0.direction != .downlinkOnly }) else {
      throw SessionRefusal(.semanticErrorsInPacketFilter)
    }
  }
}

extension PacketFilter {
  /// At least one component, each of a known type, which comes once (TS 24.008 Table 10.5.162).
  fileprivate var isWellCoded: Bool {
    rest.isEmpty && !components.isEmpty && Set(components.map(\.kind)).count == components.count
  }

  /// No IP packet is of both versions.
  fileprivate var canFit: Bool {
    let kinds = Set(components.map(\.kind))
    return kinds.isDisjoint(with: [.ipv4RemoteAddress, .ipv4LocalAddress])
      || kinds.isDisjoint(with: [.ipv6RemoteAddress, .ipv6RemotePrefix, .ipv6LocalPrefix, .flowLabel])
  }
}
