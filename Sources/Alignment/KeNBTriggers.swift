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
  /// SECURITY MODE COMMANDs seen on a connection and not answered yet.
  private var commands: [Connection: Int] = [:]
  /// For a connection that a handover made.
  private var latest: NASLedger.Trigger?

  mutating func open(_ connection: Connection, with reason: String) {
    // Identities are used again; a UE has few connections at once.
    if byConnection.count > 64 { byConnection.removeAll() }
    if commands.count > 64 { commands.removeAll() }
    commands[connection] = nil
    byConnection[connection] = .failure(Absence(reason: reason))
    latest = nil
  }

  /// SECURITY MODE COMMAND went to the UE.
  mutating func commanded(on connection: Connection) { commands[connection, default: 0] += 1 }

  /// An initial message, or a SECURITY MODE COMPLETE. Of these, one that answers no command, after all commands seen were answered, is
  /// dropped by the network and triggers nothing.
  mutating func take(_ trigger: NASLedger.Trigger, isInitial: Bool, on connection: Connection) {
    if !isInitial, let open = commands[connection] {
      guard open > 0 else { return }
      commands[connection] = open - 1
    }
    byConnection[connection] = .success(trigger)
    latest = trigger
  }

  mutating func release(_ connection: Connection) {
    byConnection[connection] = nil
    commands[connection] = nil
  }

  func trigger(on connection: Connection) -> Result<NASLedger.Trigger, Absence> {
    if let known = byConnection[connection] { return known }
    if let latest { return .success(latest) }
    return .failure(Absence(reason: "no uplink message that would trigger it was seen on this connection"))
  }
}

extension Observation {
  var connection: KeNBTriggers.Connection { .init(leg: leg, eNBUES1APID: eNBUES1APID) }
}
