import NASCrypto
import NASMessages
import NASSecurity

/// Packet filters of a bearer that have the evaluation precedence of new ones in the same PDN connection (TS 24.301 §6.4.2.4 d 2,
/// §6.4.3.4 d 2).
struct PrecedenceClash: Equatable {
  var bearer: UInt8
  var filters: [UInt8]
}

extension UE {
  /// The older filters that clash with the `new` ones.
  ///
  /// - Parameters:
  ///   - bearer: what the new ones are for.
  ///   - keepsItsOwn: the older filters of that bearer stay, but for those with the same identifiers.
  ///   - linked: the default bearer of the PDN connection.
  func clashes(with new: [PacketFilter], on bearer: UInt8, keepsItsOwn: Bool, linked: UInt8) -> [PrecedenceClash] {
    let precedences = Set(new.map(\.precedence))
    let identifiers = Set(new.map(\.identifier))
    let older =
      bearers.filter { $0.epsBearerIdentity == linked }.map { ($0.epsBearerIdentity, $0.trafficFlowTemplate?.packetFilters ?? []) }
      + dedicatedBearers.filter { $0.linkedEPSBearerIdentity == linked }.map {
        ($0.epsBearerIdentity, $0.trafficFlowTemplate.packetFilters)
      }
    return older.compactMap { identity, filters in
      if identity == bearer, !keepsItsOwn { return nil }
      let found = filters.filter { precedences.contains($0.precedence) && !(identity == bearer && identifiers.contains($0.identifier)) }
      return found.isEmpty ? nil : PrecedenceClash(bearer: identity, filters: found.map(\.identifier))
    }
  }

  /// The older filters of dedicated bearers go.
  mutating func deleteFilters(_ clashes: [PrecedenceClash]) {
    for clash in clashes {
      guard let index = dedicatedBearers.firstIndex(where: { $0.epsBearerIdentity == clash.bearer }) else { continue }
      dedicatedBearers[index].trafficFlowTemplate.packetFilters.removeAll { clash.filters.contains($0.identifier) }
    }
  }

  /// The network is told which filters went.
  mutating func reportDeletedFilters(_ clashes: [PrecedenceClash], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    for clash in clashes where activeBearerIdentities.contains(clash.bearer) {
      let deletion = TrafficFlowTemplate(.deletePacketFilters, deletedFilters: Array(clash.filters.prefix(15)))
      requestSession(.modify(bearer: clash.bearer, deletion, nil), using: &engine, into: &outputs)
    }
  }

  /// A filter of the default bearer clashes: the PDN connection is released, the last one with a detach and a new attach.
  mutating func releaseConnection(_ linked: UInt8, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard bearers.count == 1 else {
      let isUnderWay = sessions.transactions.contains { $0.request == .disconnect(linked: linked) }
      if !isUnderWay { requestSession(.disconnect(linked: linked), using: &engine, into: &outputs) }
      return
    }
    detachFromLastConnection(attaches: true, using: &engine, into: &outputs)
  }

  /// §6.4.2.4, §6.4.3.4, §6.4.4.4: the last PDN connection goes at the network's wish. What the UE does is to detach, and to attach anew.
  mutating func detachFromLastConnection(attaches: Bool, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    switch machine {
    case .registered(var registered):
      registered.attachesAfterDetach = attaches
      machine = .registered(registered)
    case .trackingAreaUpdatingInitiated(var attempt):
      // A detach of the user's that waits already stays one for good.
      attempt.registered.attachesAfterDetach = attaches && !attempt.staysAway
      machine = .trackingAreaUpdatingInitiated(attempt)
    case .serviceRequestInitiated(var attempt):
      attempt.registered.attachesAfterDetach = attaches
      machine = .serviceRequestInitiated(attempt)
    case .null, .deregistered, .registeredInitiated, .deregisteredInitiated: return
    }
    startDetach(switchOff: false, using: &engine, into: &outputs)
  }
}
