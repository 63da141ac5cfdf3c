/// One association of a transport, unique within it and never reused.
public struct AssociationID: Hashable, Sendable, CustomStringConvertible {
  public let value: Int

  public init(_ value: Int) { self.value = value }

  public var description: String { "association \(value)" }
}

/// What `SignallingTransport.poll` tells, in the order it happened.
public enum TransportEvent: Equatable, Sendable {
  /// An association that `connect` started is up.
  case connected(AssociationID, peer: String)
  /// A peer opened an association to one of our listening endpoints.
  case accepted(AssociationID, peer: String)
  /// One whole message.
  case message(AssociationID, stream: UInt16, ppid: UInt32, octets: [UInt8])
  /// The association is gone, or never came up; no error when it was ended in order by either side.
  case closed(AssociationID, TransportError?)
  /// Somebody called `wake()`, or an interrupt signal came.
  case wake
}
