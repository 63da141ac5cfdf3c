/// One block of 128 bits as two big-endian numbers: `high` is octets 0 to 7.
public struct Block: Sendable, Hashable {
  public var high: UInt64
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The 16 octets at `pointer`.
  @inlinable
  public init(at pointer: UnsafeRawPointer) {
    high = UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// The block that 16 octets make; nil for any other number of them.
  public init?(_ octets: [UInt8]) {
    guard octets.count == 16 else { return nil }
    self = octets.withUnsafeBytes { Block(bytes: $0) }
  }

  /// The first 16 octets of `bytes`, which must have them.
  init(bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= 16)
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  @inlinable
  public static func ^ (a: Block, b: Block) -> Block { Block(high: a.high ^ b.high, low: a.low ^ b.low) }

  /// Writes the 16 octets to `pointer`.
  @inlinable
  public func store(to pointer: UnsafeMutableRawPointer) {
    pointer.storeBytes(of: high.bigEndian, as: UInt64.self)
    pointer.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
  }

  /// The 16 octets.
  public var octets: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      if let base = buffer.baseAddress { store(to: UnsafeMutableRawPointer(base)) }
      count = 16
    }
  }
}
