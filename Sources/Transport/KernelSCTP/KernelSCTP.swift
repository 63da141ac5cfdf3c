/// Kernel SCTP in one-to-one sockets, on one epoll set.
public final class KernelSCTP: SignallingTransport, InterruptibleTransport {
  private let wakeUp: WakeUp
  public var wakeDescriptor: Int32 { wakeUp.descriptor }
  public let limits: TransportLimits

  public init(limits: TransportLimits = TransportLimits()) throws(TransportError) {
    self.limits = limits
    wakeUp = try WakeUp()
  }

  public func connect(to remote: [SocketAddress], from local: [SocketAddress]) throws(TransportError) -> AssociationID {
    throw TransportError(.noSCTP, "not yet")
  }
  public func listen(on local: [SocketAddress]) throws(TransportError) { throw TransportError(.noSCTP, "not yet") }
  public func send(_ octets: [UInt8], on association: AssociationID, stream: UInt16) throws(TransportError) {}
  public func poll(timeout: Duration?) throws(TransportError) -> [TransportEvent] { [] }
  public func close(_ association: AssociationID) {}
  /// Ends an association at once (ABORT): what was not delivered is lost, the peer sees a reset.
  public func abort(_ association: AssociationID) {}
  public func outboundStreams(of association: AssociationID) -> UInt16 { 0 }
  public func wake() { wakeUp.raise() }
  /// Addresses listened on, with the ports the kernel chose.
  public var listeningAddresses: [SocketAddress] { [] }
}
