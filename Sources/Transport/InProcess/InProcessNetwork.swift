import Synchronization

/// Where endpoints of one process find each other by address; safe to share between threads.
public final class InProcessNetwork: Sendable {
  struct Link {
    let peerEndpoint: Int
    let peerAssociation: AssociationID
  }

  struct Endpoint {
    var events: [TransportEvent] = []
    var links: [AssociationID: Link] = [:]
    var nextAssociation = 1
    let wakeUp: WakeUp

    mutating func nextID() -> AssociationID {
      defer { nextAssociation += 1 }
      return AssociationID(nextAssociation)
    }
  }

  struct State {
    var endpoints: [Int: Endpoint] = [:]
    var listeners: [SocketAddress: Int] = [:]
    var nextEndpoint = 1

    /// Queues an event for an endpoint and wakes it.
    mutating func post(_ event: TransportEvent, to endpoint: Int) {
      endpoints[endpoint]?.events.append(event)
      endpoints[endpoint]?.wakeUp.announce()
    }

    /// Takes a link away at both ends; tells the endpoint at the other one.
    mutating func cut(_ association: AssociationID, of endpoint: Int, _ error: TransportError?) {
      guard let link = endpoints[endpoint]?.links.removeValue(forKey: association) else { return }
      endpoints[link.peerEndpoint]?.links[link.peerAssociation] = nil
      post(.closed(link.peerAssociation, error), to: link.peerEndpoint)
    }
  }

  private let state = Mutex(State())

  public init() {}

  func withState<R, E: Error>(_ body: (inout sending State) throws(E) -> sending R) throws(E) -> sending R {
    try state.withLock(body)
  }
}
