/// The same calls between endpoints of one process: no kernel, no wire, the same order of events.
public final class InProcessTransport: SignallingTransport, InterruptibleTransport {
  private let wakeUp: WakeUp

  public init(on network: InProcessNetwork) throws(TransportError) { wakeUp = try WakeUp() }

  public var wakeDescriptor: Int32 { wakeUp.descriptor }

  public func connect(to remote: [SocketAddress], from local: [SocketAddress]) throws(TransportError) -> AssociationID {
    throw TransportError(.refused, "not yet")
  }
  public func listen(on local: [SocketAddress]) throws(TransportError) {}
  public func send(_ octets: [UInt8], on association: AssociationID, stream: UInt16) throws(TransportError) {}
  public func poll(timeout: Duration?) throws(TransportError) -> [TransportEvent] { [] }
  public func close(_ association: AssociationID) {}
  public func outboundStreams(of association: AssociationID) -> UInt16 { 0 }
  public func wake() { wakeUp.raise() }
}

/// Where in-process endpoints find each other.
public final class InProcessNetwork {
  public init() {}
}
