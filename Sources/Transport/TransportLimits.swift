/// Bounds that keep a peer from taking all memory, and how patient a transport is.
public struct TransportLimits: Sendable {
  /// Streams asked for and offered in each direction (TS 36.412 §7 needs two).
  public var streams: UInt16 = 16
  /// Octets of one message, sent or received in parts.
  public var messageOctets = 128 * 1024
  /// Octets that may wait for a peer that does not read.
  public var queuedOctets = 4 * 1024 * 1024
  /// Associations at once; beyond it, new ones are closed as soon as accepted.
  public var associations = 4096
  /// Attempts to open an association, each of at most `connectInterval` milliseconds.
  public var connectAttempts: UInt16 = 3
  public var connectInterval: UInt16 = 2000

  public init() {}
}
