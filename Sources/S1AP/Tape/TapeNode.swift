/// One decoded value: 12 octets in one array, in the order of the wire, each followed by what it holds.
///
/// | kind | `low` | `extent` |
/// |---|---|---|
/// | PDU (first node) | procedure code, kind << 8, criticality << 16, 1 << 24 once read | span |
/// | integer, enumerated, boolean | value, low half | value, high half |
/// | octets, text | offset into the octets, or the value itself when `inline` | octets |
/// | bits | offset into the octets, or the value itself when `inline` | bits |
/// | sequence | extension additions announced in its bitmap | span |
/// | choice | alternative | span |
/// | list | elements | span |
/// | field | IE identity, criticality << 16, 1 << 24 once read | span |
///
/// A span and the high half of a value are never needed both, and the size of a node is what bounds the memory that a hostile PDU can take.
struct TapeNode {
  struct Flags: OptionSet {
    let rawValue: UInt8
    /// The value lies behind the extension marker.
    static let extended = Flags(rawValue: 1)
    /// A string too short to be aligned on the wire: `low` is its value.
    static let inline = Flags(rawValue: 2)
    /// Contents of an open type that the grammar does not describe, kept whole.
    static let opaque = Flags(rawValue: 4)
    /// Others may lie inside: ``extent`` is the span. Set while anything is read, too.
    static let holdsOthers = Flags(rawValue: 8)
  }

  /// Of the PDU's node: which message it is has been read.
  static let isMessageRead: UInt32 = 1 << 24
  /// Of a field's node: which IE it is has been read.
  static let isIdentityRead: UInt32 = 1 << 24

  /// Index of the type in the grammar.
  var type: UInt16
  var flags: Flags = []
  /// Which component of the sequence around it this is.
  var slot: UInt8 = 0
  var low: UInt32 = 0
  /// See the table.
  private(set) var extent: UInt32 = 0

  /// A value that is being read or written, whatever it is; its span is 0 until it is closed.
  @inline(__always)
  init(opening type: UInt16, slot: UInt8, flags: Flags = [], low: UInt32 = 0, span: UInt32 = 0) {
    self.type = type
    self.flags = flags.union(.holdsOthers)
    self.slot = slot
    self.low = low
    extent = span
  }

  /// A value without parts.
  @inline(__always)
  init(leaf type: UInt16, slot: UInt8, flags: Flags, low: UInt32, high: UInt32) {
    self.type = type
    self.flags = flags
    self.slot = slot
    self.low = low
    extent = high
  }

  /// Nodes from this one to the next that is not inside it; 0 while it is being read. Settable where others may lie inside.
  @inline(__always)
  var span: UInt32 {
    get { flags.contains(.holdsOthers) ? extent : 1 }
    set { extent = newValue }
  }

  /// Of a value without parts.
  @inline(__always)
  var high: UInt32 { extent }

  @inline(__always)
  var wide: UInt64 { UInt64(extent) << 32 | UInt64(low) }

  /// What was opened turns out to be a value without parts, and is read.
  @inline(__always)
  mutating func setLeaf(_ flags: Flags, _ low: UInt32, _ high: UInt32) {
    self.flags = flags
    self.low = low
    extent = high
  }

  /// IE identity of a field.
  @inline(__always)
  var identity: UInt16 { UInt16(truncatingIfNeeded: low) }

  /// Criticality of a field.
  @inline(__always)
  var criticality: UInt8 { UInt8(truncatingIfNeeded: low >> 16) & 3 }

  /// What a field's ``low`` is.
  @inline(__always)
  static func field(_ identity: UInt16, _ criticality: UInt8) -> UInt32 {
    UInt32(identity) | UInt32(criticality) << 16 | isIdentityRead
  }
}
