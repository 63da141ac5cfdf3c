/// What carries S1AP between an eNB and an MME: reliable associations of numbered streams that keep message boundaries
/// (RFC 9260; TS 36.412 §7). One thread owns a transport; only `wake()` may be called from elsewhere.
public protocol SignallingTransport: AnyObject {
  /// Starts an association to a peer's endpoint. Returns at once: `.connected` or `.closed` follows from `poll`.
  /// - Parameters:
  ///   - remote: the peer's addresses, one or more of the same endpoint (multihoming).
  ///   - local: our addresses; empty lets the kernel choose. Port 0 means any.
  func connect(to remote: [SocketAddress], from local: [SocketAddress]) throws(TransportError) -> AssociationID

  /// Accepts associations on one endpoint with these addresses; each arrives as `.accepted`.
  func listen(on local: [SocketAddress]) throws(TransportError)

  /// Sends one message with the payload protocol identifier of S1AP. What the socket does not take yet waits in a bounded queue.
  /// - Parameter stream: 0 for non-UE-associated signalling, another for UEs (TS 36.412 §7), below `outboundStreams(of:)`.
  func send(_ octets: [UInt8], on association: AssociationID, stream: UInt16) throws(TransportError)

  /// Octets that wait because the socket does not take them yet (0 when the association is unknown).
  func queuedOctets(of association: AssociationID) -> Int

  /// Waits until something happened, at most `timeout` (`nil`: for ever), and tells what, in order. An empty answer is a time-out.
  func poll(timeout: Duration?) throws(TransportError) -> [TransportEvent]

  /// Ends an association in order: what was sent is delivered first, `.closed(_, nil)` follows. Unknown associations are ignored.
  func close(_ association: AssociationID)

  /// How many streams may be used towards the peer (0 when the association is not up).
  func outboundStreams(of association: AssociationID) -> UInt16

  /// Makes `poll` return with `.wake` while another descriptor is readable; its owner reads it empty.
  func watch(_ descriptor: Int32) throws(TransportError)

  /// Makes a `poll` that waits, or the next one, return with `.wake`. May be called from any thread.
  func wake()
}

/// Registered values for S1AP over SCTP.
public enum S1APOverSCTP {
  /// Payload protocol identifier of S1AP (TS 36.412 §7, IANA).
  public static let payloadProtocolIdentifier: UInt32 = 18
  /// Destination port of S1AP (TS 36.412 §7, IANA).
  public static let port: UInt16 = 36412
}
