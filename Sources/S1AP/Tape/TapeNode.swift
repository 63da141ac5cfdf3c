/// One decoded value: 16 octets in one array, in the order of the wire, each followed by what it holds.
///
/// | kind | `low` | `high` |
/// |---|---|---|
/// | PDU (first node) | procedure code, kind << 8, criticality << 16 | 1 once read |
/// | integer, enumerated, boolean | value, low half | value, high half |
/// | octets, text | offset into the octets, or the value itself when `inline` | octets |
/// | bits | offset into the octets, or the value itself when `inline` | bits |
/// | sequence | extension additions announced in its bitmap | - |
/// | choice | alternative | - |
/// | list | elements | - |
/// | field | IE identity | criticality |
struct TapeNode {
  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The value lies behind the extension marker.
    static let extended = Flags(rawValue: 1)
    /// A string too short to be aligned on the wire: `low` is its value.
    static let inline = Flags(rawValue: 2)
    /// Contents of an open type that the grammar does not describe, kept whole.
    static let opaque = Flags(rawValue: 4)
  }

  /// Index of the type in the grammar.
  var type: UInt16
  var flags: Flags = []
  /// Which component of the sequence around it this is.
  var slot: UInt8 = 0
  /// Nodes from this one to the next that is not inside it; 0 while it is being read.
  var span: UInt32 = 0
  var low: UInt32 = 0
  var high: UInt32 = 0

  var wide: UInt64 { UInt64(high) << 32 | UInt64(low) }

  mutating func setWide(_ value: UInt64) {
    low = UInt32(truncatingIfNeeded: value)
    high = UInt32(truncatingIfNeeded: value >> 32)
  }
}

/// The nodes of one PDU and the octets their strings lie in. Immutable once made, so it may be shared between threads.
final class Tape: @unchecked Sendable {
  let octets: [UInt8]
  let nodes: UnsafeMutablePointer<TapeNode>
  let count: Int

  init(octets: [UInt8], copying nodes: UnsafeBufferPointer<TapeNode>) {
    let copy = UnsafeMutablePointer<TapeNode>.allocate(capacity: max(nodes.count, 1))
    if let base = nodes.baseAddress { copy.initialize(from: base, count: nodes.count) }
    self.octets = octets
    self.nodes = copy
    count = nodes.count
  }

  /// Takes over `nodes`, which must come from `allocate(capacity:)`.
  init(octets: [UInt8], adopting nodes: UnsafeMutablePointer<TapeNode>, count: Int) {
    self.octets = octets
    self.nodes = nodes
    self.count = count
  }

  deinit { nodes.deallocate() }
}
