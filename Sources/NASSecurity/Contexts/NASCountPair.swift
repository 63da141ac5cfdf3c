import NASCrypto

/// Which end of NAS signalling a context belongs to.
public enum NASSide: Sendable, Hashable {
  case userEquipment
  case mme

  /// The direction this side sends in.
  @inlinable public var sendingDirection: LinkDirection { self == .userEquipment ? .uplink : .downlink }
  /// The direction this side receives in.
  @inlinable public var receivingDirection: LinkDirection { self == .userEquipment ? .downlink : .uplink }
}

/// The two NAS COUNTs of a context as one side keeps them (TS 24.301 §4.4.3.1).
///
/// The sender's COUNT is the one its *next* message takes; the receiver's is the *largest accepted*.
public struct NASCountPair: Hashable, Sendable {
  /// The COUNT of the next message sent; nil once the 24 bits are used up.
  public internal(set) var nextToSend: NASCount?
  /// The largest COUNT whose message passed its integrity check; nil before the first.
  public internal(set) var largestAccepted: NASCount?

  public init(nextToSend: NASCount? = .zero, largestAccepted: NASCount? = nil) {
    self.nextToSend = nextToSend
    self.largestAccepted = largestAccepted
  }
}
