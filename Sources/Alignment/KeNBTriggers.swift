import Observer
import Trace

/// The trigger of KeNB per S1 connection: a UE that lost its radio connection opens another before the first is released, and a key
/// belongs to the connection that carried its trigger.
struct KeNBTriggers: Sendable {
  struct Connection: Hashable, Sendable {
    var leg: S1Leg
    var eNBUES1APID: UInt64?
  }

  /// Why a connection has no trigger.
  struct Absence: Error {
    var reason: String
  }

  private var byConnection: [Connection: Result<NASLedger.Trigger, Absence>] = [:]
  /// For a connection that a handover made.
  private var latest: NASLedger.Trigger?

  mutating func open(_ connection: Connection, with reason: String) {
    // Identities are used again; a UE has few connections at once.
    if byConnection.count > 64 { byConnection.removeAll() }
    byConnection[connection] = .failure(Absence(reason: reason))
    latest = nil
  }

  mutating func set(_ trigger: NASLedger.Trigger, on connection: Connection) {
    byConnection[connection] = .success(trigger)
    latest = trigger
  }

  mutating func release(_ connection: Connection) { byConnection[connection] = nil }

  func trigger(on connection: Connection) -> Result<NASLedger.Trigger, Absence> {
    if let known = byConnection[connection] { return known }
    if let latest { return .success(latest) }
    return .failure(Absence(reason: "no uplink message that would trigger it was seen on this connection"))
  }
}

extension Observation {
  var connection: KeNBTriggers.Connection { .init(leg: leg, eNBUES1APID: eNBUES1APID) }
}
