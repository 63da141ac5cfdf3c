import NASCrypto
import NASMessages

/// Why a traffic flow template is refused (TS 24.301 §6.4.2.4, §6.4.3.4).
struct TrafficFlowFault: Error, Equatable {
  var cause: ESMCause
}

extension TrafficFlowTemplate {
  /// What is wrong with a template that cannot be read: #45 where it is a packet filter, else #42, as of a number that does not fit.
  static func fault(_ error: NASDecodingError) -> ESMCause {
    error.description.contains("packet filter") ? .syntacticalErrorsInPacketFilter : .syntacticalErrorInTheTFTOperation
  }

  /// §6.4.2.4: of a new dedicated bearer.
  var faultAsNew: ESMCause? {
    guard operation == .createNew else { return .semanticErrorInTheTFTOperation }
    return faultOfSyntax ?? faultOfFilters ?? (packetFilters.contains(where: \.appliesToUplink) ? nil : .semanticErrorsInPacketFilter)
  }

  /// Cases b: a list where there is none, or none where there is one.
  private var faultOfSyntax: ESMCause? {
    let isWrong =
      switch operation {
      case .createNew, .addPacketFilters, .replacePacketFilters: packetFilters.isEmpty || !rest.isEmpty
      case .deletePacketFilters: deletedFilters.isEmpty || !rest.isEmpty
      case .deleteExisting, .noOperation: packetFilterCount != 0 || !rest.isEmpty
      case .ignore: false
      default: true
      }
    return isWrong ? .syntacticalErrorInTheTFTOperation : nil
  }

  /// Cases d of the request alone: identifiers or precedences twice, reserved components.
  private var faultOfFilters: ESMCause? {
    let isRight =
      Set(packetFilters.map(\.identifier)).count == packetFilters.count && Set(packetFilters.map(\.precedence)).count == packetFilters.count
      && packetFilters.allSatisfy { $0.rest.isEmpty }
    return isRight ? nil : .syntacticalErrorsInPacketFilter
  }

  /// §6.4.3.4: the template of a bearer after this operation; nil where it has none any more, which a default bearer may.
  ///
  /// - Parameter existing: nil where a default bearer has none.
  func applied(to existing: TrafficFlowTemplate?, isDefault: Bool) -> Result<TrafficFlowTemplate?, TrafficFlowFault> {
    func failed(_ cause: ESMCause) -> Result<TrafficFlowTemplate?, TrafficFlowFault> { .failure(TrafficFlowFault(cause: cause)) }
    if operation == .deleteExisting, !isDefault { return failed(.semanticErrorInTheTFTOperation) }
    if let cause = faultOfSyntax ?? faultOfFilters { return failed(cause) }
    var filters = existing?.packetFilters ?? []
    switch operation {
    case .ignore: return .success(existing)
    case .noOperation:
      guard let existing else { return .success(nil) }
      return .success(
        TrafficFlowTemplate(.createNew, packetFilters: existing.packetFilters, parameters: parameters ?? existing.parameters))
    case .deleteExisting: return .success(nil)
    case .deletePacketFilters:
      filters.removeAll { filter in deletedFilters.contains { $0 & 0x0F == filter.identifier } }
      if filters.isEmpty { return isDefault ? .success(nil) : failed(.semanticErrorInTheTFTOperation) }
    case .createNew: filters = packetFilters
    default:
      filters.removeAll { old in packetFilters.contains { $0.identifier == old.identifier } }
      filters += packetFilters
    }
    guard filters.count <= 15 else { return failed(.syntacticalErrorInTheTFTOperation) }
    guard isDefault || filters.contains(where: \.appliesToUplink) else { return failed(.semanticErrorsInPacketFilter) }
    return .success(TrafficFlowTemplate(.createNew, packetFilters: filters, parameters: parameters ?? existing?.parameters))
  }
}

extension PacketFilter {
  /// One of before release 7 is not told to be for one direction.
  var appliesToUplink: Bool { direction != .downlinkOnly }
}

extension UE {
  func trafficFlows(of identity: UInt8) -> TrafficFlowTemplate? {
    dedicatedBearers.first { $0.epsBearerIdentity == identity }?.trafficFlowTemplate
      ?? bearers.first { $0.epsBearerIdentity == identity }?.trafficFlowTemplate
  }

  mutating func setTrafficFlows(_ flows: TrafficFlowTemplate?, of identity: UInt8) {
    if let index = dedicatedBearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      if let flows { dedicatedBearers[index].trafficFlowTemplate = flows }
    } else if let index = bearers.firstIndex(where: { $0.epsBearerIdentity == identity }) {
      bearers[index].trafficFlowTemplate = flows
    }
  }

  /// Case d 2: older filters of the same PDN connection with the precedence of a new one go, and the network is asked to let them go; where
  /// they are the default bearer's, the PDN connection goes (§6.4.2.4, §6.4.3.4).
  mutating func yieldPrecedence(
    to filters: [PacketFilter], of identity: UInt8, linked: UInt8, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    func clashes(_ old: PacketFilter, in bearer: UInt8) -> Bool {
      filters.contains { $0.precedence == old.precedence && (bearer != identity || $0.identifier != old.identifier) }
    }
    if let flows = bearers.first(where: { $0.epsBearerIdentity == linked })?.trafficFlowTemplate,
      flows.packetFilters.contains(where: { clashes($0, in: linked) })
    {
      if bearers.count > 1 { return requestSession(.disconnect(linked: linked), using: &engine, into: &outputs) }
      // The last one: detached, and attached anew when the connection is gone.
      startDetach(switchOff: false, using: &engine, into: &outputs)
      backOff.attachesAfterRelease = true
      return
    }
    for index in dedicatedBearers.indices where dedicatedBearers[index].linkedEPSBearerIdentity == linked {
      let bearer = dedicatedBearers[index]
      let gone = bearer.trafficFlowTemplate.packetFilters.filter { clashes($0, in: bearer.epsBearerIdentity) }
      guard !gone.isEmpty else { continue }
      let left = bearer.trafficFlowTemplate.packetFilters.filter { old in !gone.contains { $0.identifier == old.identifier } }
      dedicatedBearers[index].trafficFlowTemplate = TrafficFlowTemplate(
        .createNew, packetFilters: left, parameters: bearer.trafficFlowTemplate.parameters)
      requestSession(
        .modify(
          bearer: bearer.epsBearerIdentity, TrafficFlowTemplate(.deletePacketFilters, deletedFilters: gone.map(\.identifier)), nil),
        using: &engine, into: &outputs)
    }
  }
}
