/// Where a value writes itself: a piece of memory. What does not fit is only counted, so that whoever owns the memory can make
/// room and have the value written again.
///
/// Unsafe inside, because building a message is as hot as reading one and `Array.append` checks for uniqueness at every octet;
/// no octet is ever written outside of the memory.
public struct OctetWriter: ~Copyable {
  @usableFromInline let memory: UnsafeMutableBufferPointer<UInt8>
  /// Octets written and counted so far, with those that were there before.
  @inlinable public var count: Int { end }
  @usableFromInline var end: Int

  @inlinable
  init(_ memory: UnsafeMutableBufferPointer<UInt8>, from count: Int) {
    self.memory = memory
    end = count
  }

  /// Writes one octet.
  @inlinable
  @inline(__always)
  public mutating func append(_ octet: UInt8) {
    if end < memory.count { memory[end] = octet }
    end &+= 1
  }

  /// Leaves room for octets that are written later.
  @inlinable
  @inline(__always)
  mutating func skip(_ octets: Int) { end &+= octets }

  @inlinable
  @inline(__always)
  mutating func append(_ source: UnsafeBufferPointer<UInt8>) {
    if end &+ source.count <= memory.count, let to = memory.baseAddress, let from = source.baseAddress {
      (to + end).update(from: from, count: source.count)
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
    if end &+ 2 <= memory.count, let to = memory.baseAddress {
      UnsafeMutableRawPointer(to + end).storeBytes(of: value.bigEndian, as: UInt16.self)
    }
    end &+= 2
  }

  /// Writes the low 16 bits as two octets, the most significant first.
  @inlinable
  @inline(__always)
  public mutating func append(bigEndian16 value: Int) { append(bigEndian16: UInt16(truncatingIfNeeded: value)) }

  /// Writes an octet that tells what follows, an octet of length, and the contents.
  ///
  /// - Precondition: at most 255 octets.
  mutating func append(entry identifier: UInt8, _ contents: [UInt8]) {
    precondition(contents.count < 256, "the length of an entry is one octet")
    append(identifier)
    append(UInt8(contents.count))
    append(contentsOf: contents)
  }

  /// Writes four octets, the most significant first.
  @inlinable
  @inline(__always)
  public mutating func append(bigEndian32 value: UInt32) {
    if end &+ 4 <= memory.count, let to = memory.baseAddress {
      UnsafeMutableRawPointer(to + end).storeBytes(of: value.bigEndian, as: UInt32.self)
    }
    end &+= 4
  }

  /// An octet written earlier: for lengths that are known late.
  @inlinable
  subscript(_ index: Int) -> UInt8 {
    get { index < memory.count ? memory[index] : 0 }
    set { if index < memory.count { memory[index] = newValue } }
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
