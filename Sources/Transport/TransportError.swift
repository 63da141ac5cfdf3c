/// Why a transport could not do what was asked, in one line that says what to do about it.
public struct TransportError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: Equatable, Sendable {
    /// The kernel has no SCTP.
    case noSCTP
    /// Nothing listens at the peer's address and port.
    case refused
    /// The peer, or something on the way, aborted the association.
    case reset
    /// The peer does not answer, or stopped answering.
    case timedOut
    /// There is no route to the peer.
    case unreachable
    /// Another socket has the local address and port.
    case addressInUse
    /// The local address is not one of this machine's.
    case addressNotAvailable
    /// The kernel does not allow it to this user.
    case notPermitted
    /// No address of that name.
    case unknownHost
    /// The call makes no sense as given (no address, mixed families, …).
    case invalidArgument
    /// The association is not up.
    case notConnected
    /// The stream was not negotiated with the peer.
    case invalidStream
    /// A message beyond the configured bound, sent or received.
    case messageTooLong
    /// The peer does not read: the queue of messages to it has reached its bound.
    case queueFull
    /// Any other answer of the kernel (errno).
    case system(Int32)
  }

  public let code: Code
  /// One line: what happened, with whom, what to do.
  public let description: String

  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
