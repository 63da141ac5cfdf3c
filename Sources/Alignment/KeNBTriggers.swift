import NASMessages
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
  enum Absence: Error {
    case opened(by: String)
    case openedUnproven(by: String)
    case unseen

    var reason: String {
      switch self {
      case .opened(let message): "\(message) opened the connection, which triggers no KeNB by itself"
      case .openedUnproven(let message): "\(message) opened the connection unprotected, with a bad MAC or with a used COUNT"
      case .unseen: "no uplink message that would trigger it was seen on this connection"
      }
    }
  }

  private var byConnection = FewByKey<Connection, Result<NASLedger.Trigger, Absence>>()
  /// SECURITY MODE COMMANDs seen on a connection and not answered yet.
  private var commands = FewByKey<Connection, Int>()
  private var latestCommands = FewByKey<Connection, Int>()
  /// The MME's identities of connections: those that a handover made have that of the one before.
  private var identities = FewByKey<Connection, Identity>()
  /// Connections that an initial message opened and whose eNB got no key yet; those that a handover made have one from the start.
  private var keyless = FewOf<Connection>()
  /// The event of the trigger that the last key was judged by: no key of it or of one before is due any more.
  private var settledEvent = -1
  /// For a connection that a handover made with another identity.
  private var latest: NASLedger.Trigger?

  /// What came before the latest trigger, of which no key has come, and of which one may be on its way. SECURITY MODE COMPLETEs of the same
  /// context each answer a copy of the command, and which of them ended the procedure at the network depends on what had reached it (TS 24.301
  /// §5.4.3.4, §5.4.3.7 b); the key of what opened the connection may cross a request that begins anew.
  private(set) var earlier: [NASLedger.Trigger] = []

  private struct Identity: Hashable, Sendable {
    var mme: Int
    var mmeUES1APID: UInt64
  }

  /// Learns the identity of a connection from a message that names both. One that is new takes the trigger over from the one before it.
  mutating func learn(_ observation: Observation) {
    guard let id = observation.mmeUES1APID, observation.eNBUES1APID != nil else { return }
    let connection = observation.connection
    let identity = Identity(mme: connection.leg.mme, mmeUES1APID: id)
    guard identities[connection] != identity else { return }
    if identities.count > 64 { identities.removeAll() }
    identities[connection] = identity
    guard byConnection[connection] == nil else { return }
    byConnection[connection] = identities.entries.first { $0.key != connection && $0.value == identity && byConnection[$0.key] != nil }
      .flatMap { byConnection[$0.key] }
  }

  mutating func open(_ connection: Connection, _ absence: Absence) {
    // Identities are used again; a UE has few connections at once.
    if byConnection.count > 64 { byConnection.removeAll() }
    if commands.count > 64 { commands.removeAll() }
    commands[connection] = nil
    identities[connection] = nil
    if keyless.count > 64 { keyless = FewOf() }
    keyless.insert(connection)
    byConnection[connection] = .failure(absence)
    latest = nil
  }

  /// SECURITY MODE COMMAND went to the UE.
  /// - Parameter event: where in the trace.
  mutating func commanded(on connection: Connection, event: Int) {
    if latestCommands.count > 64 { latestCommands.removeAll() }
    commands[connection] = (commands[connection] ?? 0) + 1
    latestCommands[connection] = event
  }

  /// An initial message, a request that begins anew, or a SECURITY MODE COMPLETE. Of these last, one that answers no command, after all commands
  /// seen were answered, is dropped by the network and triggers nothing.
  mutating func take(_ trigger: NASLedger.Trigger, isInitial: Bool, on connection: Connection) {
    if !isInitial, trigger.isSecurityModeComplete, let open = commands[connection] {
      guard open > 0 else { return }
      commands[connection] = open - 1
    }
    if !isInitial, case .success(let before)? = byConnection[connection], before.context.id == trigger.context.id,
      trigger.isSecurityModeComplete ? before.isSecurityModeComplete : before.event > settledEvent
    {
      earlier = (earlier + [before]).suffix(4)
    } else {
      earlier = []
    }
    byConnection[connection] = .success(trigger)
    if let identity = identities[connection] {
      for (other, known) in identities.entries where known == identity { byConnection[other] = .success(trigger) }
    }
    latest = trigger
  }

  /// A SECURITY MODE COMPLETE that was seen on another connection, after the command that it answers went out on this one.
  mutating func takeAgain(_ trigger: NASLedger.Trigger, on connection: Connection) {
    guard let command = latestCommands[connection], commands[connection].map({ $0 > 0 }) == true else { return }
    let isElsewhere = byConnection.entries.contains { other, known in
      guard other != connection, case .success(let taken) = known else { return false }
      return taken.isSecurityModeComplete && taken.context.id == trigger.context.id && taken.count == trigger.count && taken.event > command
    }
    if isElsewhere { take(trigger, isInitial: false, on: connection) }
  }

  /// The UE is idle.
  mutating func removeAll() {
    byConnection.removeAll()
    commands.removeAll()
    latestCommands.removeAll()
    identities.removeAll()
    keyless = FewOf()
    settledEvent = -1
    latest = nil
    earlier = []
  }

  mutating func release(_ connection: Connection) {
    latestCommands[connection] = nil
    byConnection[connection] = nil
    commands[connection] = nil
    identities[connection] = nil
    keyless.remove(connection)
  }

  /// A key has come.
  mutating func settled(on connection: Connection) {
    earlier = []
    keyless.remove(connection)
    if case .success(let known) = trigger(on: connection) { settledEvent = max(settledEvent, known.event) }
  }

  /// Whether a request that does not open its connection triggers KeNB as if it did: an attach always, for the network sets the UE's context up
  /// anew; others where the eNB has no key yet, on a connection that was for signalling alone.
  func beginsAnew(_ type: NASMessageType?, on connection: Connection) -> Bool {
    switch type {
    case NASMessageType.attachRequest: true
    case NASMessageType.trackingAreaUpdateRequest, NASMessageType.extendedServiceRequest: keyless.contains(connection)
    default: false
    }
  }

  /// The triggers of the UE's other connections.
  func triggers(except connection: Connection) -> [(Connection, NASLedger.Trigger)] {
    byConnection.entries.compactMap { other, result in
      guard other != connection, case .success(let trigger) = result else { return nil }
      return (other, trigger)
    }
  }

  func trigger(on connection: Connection) -> Result<NASLedger.Trigger, Absence> {
    if let known = byConnection[connection] { return known }
    if let latest { return .success(latest) }
    return .failure(.unseen)
  }
}

extension Observation {
  var connection: KeNBTriggers.Connection { .init(leg: leg, eNBUES1APID: eNBUES1APID) }
}
