/// Where a value writes itself: a piece of memory. What does not fit is only counted, so that whoever owns the memory can make
/// room and have the value written again.
///
/// Unsafe inside, because building a message is as hot as reading one and `Array.append` checks for uniqueness at every octet;
/// no octet is ever written outside of the memory.
public struct OctetWriter: ~Copyable {
  @usableFromInline let memory: UnsafeMutablePointer<UInt8>
  @usableFromInline let capacity: Int
  /// Octets written and counted so far, with those that were there before.
  @inlinable public var count: Int { end }
  @usableFromInline var end: Int

  @inlinable
  init(_ memory: UnsafeMutableBufferPointer<UInt8>, from count: Int) {
    // An empty buffer may have no address; then nothing is written to this one.
    self.memory = memory.baseAddress ?? UnsafeMutablePointer(bitPattern: 1).unsafelyUnwrapped
    capacity = memory.count
    end = count
  }

  /// Writes one octet.
  @inlinable
  @inline(__always)
  public mutating func append(_ octet: UInt8) {
    if end < capacity { memory[end] = octet }
    end &+= 1
  }

  /// Leaves room for octets that are written later.
  @inlinable
  @inline(__always)
  mutating func skip(_ octets: Int) { end &+= octets }

  @inlinable
  @inline(__always)
  mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    if end &+ source.count <= capacity, let base = source.baseAddress {
      (memory + end).update(from: base, count: source.count)
    }
    end &+= source.count
  }

  /// Writes octets as they are.
  @inlinable
  public mutating func append(contentsOf octets: [UInt8]) {
    octets.withUnsafeBufferPointer { append($0) }
  }

  /// Writes octets as they are.
  @inlinable
  public mutating func append(contentsOf octets: ArraySlice<UInt8>) {
    octets.withUnsafeBufferPointer { append($0) }
  }

  /// Writes two octets, the most significant first.
  @inlinable
  @inline(__always)
  public mutating func append(bigEndian16 value: UInt16) {
    if end &+ 2 <= capacity { UnsafeMutableRawPointer(memory + end).storeBytes(of: value.bigEndian, as: UInt16.self) }
    end &+= 2
  }

  /// Writes the low 16 bits as two octets, the most significant first.
  @inlinable
  @inline(__always)
  public mutating func append(bigEndian16 value: Int) { append(bigEndian16: UInt16(truncatingIfNeeded: value)) }

  /// Writes four octets, the most significant first.
  @inlinable
  @inline(__always)
  public mutating func append(bigEndian32 value: UInt32) {
    if end &+ 4 <= capacity { UnsafeMutableRawPointer(memory + end).storeBytes(of: value.bigEndian, as: UInt32.self) }
    end &+= 4
  }

  /// An octet written earlier: for lengths that are known late.
  @inlinable
  subscript(_ index: Int) -> UInt8 {
    get { index < capacity ? memory[index] : 0 }
    set { if index < capacity { memory[index] = newValue } }
  }
}

extension InformationElementValue {
  /// Appends the value part to an array.
  public func encode(into octets: inout [UInt8]) { octets.append(contentsOf: encodedOctets) }

  /// The value part.
  public var encodedOctets: [UInt8] {
    var capacity = 64
    while true {
      var needed = 0
      let octets = [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
        var writer = OctetWriter(UnsafeMutableBufferPointer(rebasing: memory[..<capacity]), from: 0)
        encode(into: &writer)
        needed = writer.count
        count = min(needed, capacity)
      }
      if needed <= capacity { return octets }
      capacity = needed
    }
  }
}
