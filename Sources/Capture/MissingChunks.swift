public import NASCrypto
public import Trace

/// Messages that were sent and are not in the capture: TSNs that their receiver acknowledged, or that later ones follow, and that no packet
/// has.
public struct MissingChunks: Sendable, Equatable {
  public var leg: S1Leg
  /// Of the end that sent them.
  public var direction: LinkDirection
  /// DATA chunks: as many messages, where none was fragmented. 0 where nothing tells how many: fragments of an IP packet are missing.
  public var count: Int
  /// The event after which they were sent, counted as the follower gave events out.
  public var after: Int
  /// The event before which they were sent; that may be one that never came.
  public var before: Int
  /// The packet at which they were given up.
  public var packet: Int
}
