/// A NAS COUNT: 24 bits, a 16-bit overflow counter before an 8-bit sequence number (TS 24.301 §4.4.3.1).
///
/// As an input of the algorithms it is padded with zeros to 32 bits.
public struct NASCount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// 0 ... 0xFFFFFF.
  public let value: UInt32

  public static let zero = NASCount(0)
  public static let maximum = NASCount(0xFF_FFFF)

  /// - Precondition: `value` fits 24 bits.
  @inlinable
  public init(_ value: UInt32) {
    precondition(value <= 0xFF_FFFF, "a NAS COUNT has 24 bits")
    self.value = value
  }

  @inlinable
  public init(overflow: UInt16, sequenceNumber: UInt8) {
    self.init(UInt32(overflow) << 8 | UInt32(sequenceNumber))
  }

  @inlinable public var overflow: UInt16 { UInt16(truncatingIfNeeded: value >> 8) }
  @inlinable public var sequenceNumber: UInt8 { UInt8(truncatingIfNeeded: value) }

  /// The COUNT after this one; nil where the 24 bits are used up and only a new KASME helps.
  @inlinable public var next: NASCount? { value == 0xFF_FFFF ? nil : NASCount(value + 1) }

  @inlinable
  public static func < (a: NASCount, b: NASCount) -> Bool { a.value < b.value }

  public var description: String { String(value) }

  /// The COUNT a receiver supposes for a received sequence number, given the largest COUNT it accepted so far
  /// (TS 24.301 §4.4.3.1): a sequence number that does not go up means that the overflow counter did.
  ///
  /// - Parameters:
  ///   - bits: how many low bits of the COUNT were received: 8, or 5 for SERVICE REQUEST.
  ///   - largestAccepted: nil when nothing was accepted under this context yet.
  /// - Returns: nil when the estimate leaves the 24 bits.
  @inlinable
  public static func estimate(sequenceNumber: UInt8, bits: UInt32 = 8, largestAccepted: NASCount?) -> NASCount? {
    let span: UInt32 = 1 << bits
    let received = UInt32(sequenceNumber) & (span - 1)
    guard let largest = largestAccepted else { return NASCount(received) }
    let high = largest.value & ~(span - 1)
    let estimate = received > largest.value & (span - 1) ? high | received : high + span + received
    return estimate <= 0xFF_FFFF ? NASCount(estimate) : nil
  }
}
