import Testing

@testable import Transport

/// Two transports in one thread, polled in turn until what a test waits for has come.
final class Pump {
  let client: any SignallingTransport
  let server: any SignallingTransport
  private(set) var atClient: [TransportEvent] = []
  private(set) var atServer: [TransportEvent] = []

  init(client: any SignallingTransport, server: any SignallingTransport) {
    self.client = client
    self.server = server
  }

  /// Polls both until `condition` holds; fails the test after `limit`.
  func until(
    _ what: Comment, limit: Duration = .seconds(20), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: (Pump) -> Bool
  ) throws {
    let end = ContinuousClock.now.advanced(by: limit)
    while !condition(self) {
      atClient += try client.poll(timeout: .milliseconds(5))
      atServer += try server.poll(timeout: .zero)
      guard ContinuousClock.now < end else {
        Issue.record("never: \(what); client \(Self.summary(atClient)), server \(Self.summary(atServer))", sourceLocation: sourceLocation)
        throw TransportError(.timedOut, "\(what)")
      }
    }
  }

  /// Waits for an association and gives its number at both ends.
  func establish() throws -> (client: AssociationID, server: AssociationID) {
    try until("an association at both ends") { !$0.connected.isEmpty && !$0.accepted.isEmpty }
    return (try #require(connected.first), try #require(accepted.first))
  }

  var connected: [AssociationID] { atClient.compactMap { if case .connected(let id, _) = $0 { id } else { nil } } }
  var accepted: [AssociationID] { atServer.compactMap { if case .accepted(let id, _) = $0 { id } else { nil } } }

  /// The events without the octets of messages.
  static func summary(_ events: [TransportEvent]) -> String {
    let others = events.filter { if case .message = $0 { false } else { true } }
    return "\(messages(events).count) messages and \(others)"
  }

  static func messages(_ events: [TransportEvent]) -> [[UInt8]] {
    events.compactMap { if case .message(_, _, _, let octets) = $0 { octets } else { nil } }
  }

  static func closed(_ events: [TransportEvent], _ id: AssociationID) -> TransportError?? {
    for case .closed(id, let error) in events { return .some(error) }
    return nil
  }
}

extension SocketAddress {
  static func loopback(_ port: UInt16) -> SocketAddress { SocketAddress(octets: [127, 0, 0, 1], port: port, scope: 0) }
}
