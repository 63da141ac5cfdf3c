import DequeModule
import Observer

/// The last messages of one direction under one context, by COUNT: to tell a repeated transmission from a second message under one COUNT.
struct MessagesByCount: Sendable {
  private static let maximum = 32

  private var messages: Deque<(count: UInt32, digest: OctetsDigest)> = []
  /// The largest COUNT that was ever recorded.
  private(set) var largest: UInt32?
  /// Of so many of the last ones the octets are kept.
  private let kept: Int
  private var octets: Deque<(count: UInt32, octets: [UInt8])> = []

  /// - Parameter kept: of how many messages the octets are kept as well.
  init(keeping kept: Int = 0) { self.kept = kept }

  func message(_ count: UInt32) -> OctetsDigest? {
    // Almost every COUNT is a new one.
    guard let largest, count <= largest else { return nil }
    return messages.last { $0.count == count }?.digest
  }

  /// Those of which the octets are kept, oldest first.
  var last: Deque<(count: UInt32, octets: [UInt8])> { octets }

  /// Remembers a message.
  /// - Returns: the one that had this COUNT before, if it is remembered.
  mutating func record(_ count: UInt32, _ octets: [UInt8], _ digest: OctetsDigest) -> OctetsDigest? {
    if let earlier = message(count) { return earlier }
    if messages.count >= Self.maximum { messages.removeFirst() }
    messages.append((count, digest))
    largest = max(largest ?? 0, count)
    guard kept > 0 else { return nil }
    if self.octets.count >= kept { self.octets.removeFirst() }
    self.octets.append((count, octets))
    return nil
  }
}
