import NASCrypto
import NASMessages
import Observer

/// Requests that nothing proves to be the UE's, on connections where secure exchange is established, and whether the network grants one: by an
/// answer that no genuine request waits for. After secure exchange is established the network discards them all (TS 24.301 §4.4.4.3).
struct UnprovenRequests: Sendable {
  struct Request: Sendable {
    var name: String
    var event: Int
    var integrity: NASObservation.Integrity
    /// nil where it is ciphered and cannot be read.
    fileprivate var type: NASMessageType?
    fileprivate var connection: KeNBTriggers.Connection
  }

  private var secured = FewOf<KeNBTriggers.Connection>()
  @Rare private var unproven: Request?
  /// Answers that genuine requests wait for, and those that may go out again since nothing has confirmed them.
  private var awaited = FewOf<NASMessageType>()
  private var repeatable = FewOf<NASMessageType>()

  /// - Returns: the request that this message of the network grants, if it is one that nothing proves.
  mutating func observe(_ nas: NASObservation, _ observation: Observation) -> Request? {
    guard nas.direction == .uplink else { return downlink(nas, observation) }
    uplink(nas, observation)
    return nil
  }

  mutating func released(_ observation: Observation, isLast: Bool) {
    if isLast { self = UnprovenRequests() } else { secured.remove(observation.connection) }
  }

  private static func answer(to type: NASMessageType) -> NASMessageType? {
    switch type {
    case .trackingAreaUpdateRequest: .trackingAreaUpdateAccept
    case .detachRequestFromUE: .detachAccept
    default: nil
    }
  }

  private mutating func uplink(_ nas: NASObservation, _ observation: Observation) {
    if case .verified = nas.integrity {
      if secured.count > 64 { secured = FewOf() }
      secured.insert(observation.connection)
      if let answer = nas.type.flatMap(Self.answer) {
        awaited.insert(answer)
        if unproven?.type == nas.type { unproven = nil }
      }
      if nas.type == .trackingAreaUpdateComplete { repeatable.remove(.trackingAreaUpdateAccept) }
      return
    }
    guard !nas.isInitial, nas.integrity != .unverifiable, secured.contains(observation.connection), nas.header != .serviceRequest else {
      return
    }
    if let type = nas.type, Self.answer(to: type) == nil { return }
    unproven = Request(
      name: nas.name, event: observation.event, integrity: nas.integrity, type: nas.type, connection: observation.connection)
  }

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation) -> Request? {
    guard let type = nas.type, type == .trackingAreaUpdateAccept || type == .detachAccept else { return nil }
    defer {
      awaited.remove(type)
      if type == .trackingAreaUpdateAccept { repeatable.insert(type) }
    }
    guard let unproven, unproven.connection == observation.connection, !awaited.contains(type), !repeatable.contains(type),
      unproven.type.map({ Self.answer(to: $0) == type }) ?? true
    else { return nil }
    self.unproven = nil
    return unproven
  }
}
