/// Where one information element of a decoded message lies.
struct ElementSlot: Sendable {
  /// What TS 24.301 §7.5 to §7.7 make of an element.
  enum Standing: UInt8 {
    /// Counts.
    case accepted
    /// Not in the message's table: skipped (§7.6.1).
    case unknown
    /// The first of its kind counts (§7.6.3).
    case repeated
    /// After an element that it should precede: skipped (§7.6.2).
    case outOfSequence
    /// Too short for its type: treated as not present (§7.7.1).
    case syntacticallyIncorrect
    /// Octets put in on purpose by our side.
    case forced
  }

  /// Offset of the value from the start of the message.
  var offset: UInt16
  /// Length of the value in octets.
  var length: UInt16
  /// Line of the table, or ``MessageLayout/unknown``.
  var row: UInt8
  /// Standing in bits 1 to 4, octets of identifier and length before the value in bits 5 to 8.
  private var bits: UInt8

  @inline(__always)
  init(offset: Int, length: Int, row: UInt8, overhead: Int, standing: Standing = .accepted) {
    self.offset = UInt16(truncatingIfNeeded: offset)
    self.length = UInt16(truncatingIfNeeded: length)
    self.row = row
    self.bits = UInt8(truncatingIfNeeded: overhead) << 4 | standing.rawValue
  }

  @inline(__always)
  private init(unused: Void) {
    offset = 0
    length = 0
    row = 0
    bits = 0
  }

  /// Fills the places not in use.
  @inline(__always)
  static var unused: ElementSlot { ElementSlot(unused: ()) }

  var standing: Standing { Standing(rawValue: bits & 0x0F) ?? .forced }
  var isAccepted: Bool { bits & 0x0F == 0 }
  var overhead: Int { Int(bits >> 4) }
  /// The value.
  var value: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
  /// The element with identifier and length.
  var element: Range<Int> { Int(offset) - overhead..<Int(offset) + Int(length) }
}

/// The slots of a message in the order of the wire: inline up to 24, then in an array, whose size is bounded.
struct ElementSlots: Sendable {
  static let inlineCapacity = 24
  /// From here on, neighbouring elements that do not count share a slot, so that a message of 64 KiB of unknown
  /// one-octet elements does not grow a list of 64 Ki slots.
  static let mergeThreshold = 96

  private(set) var count = 0
  // A literal is stored in place; `init(repeating:)` would make a copy of the whole.
  private var inline: InlineArray<24, ElementSlot> = [
    .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
    .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
    .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
  ]
  private var spill: [ElementSlot] = []

  subscript(_ index: Int) -> ElementSlot {
    get { index < Self.inlineCapacity ? inline[index] : spill[index - Self.inlineCapacity] }
    set {
      if index < Self.inlineCapacity { inline[index] = newValue } else { spill[index - Self.inlineCapacity] = newValue }
    }
  }

  @inline(__always)
  mutating func append(_ slot: ElementSlot) {
    if count < Self.inlineCapacity {
      inline[count] = slot
      count += 1
    } else {
      appendToSpill(slot)
    }
  }

  @inline(never)
  private mutating func appendToSpill(_ slot: ElementSlot) {
    if count >= Self.mergeThreshold, !slot.isAccepted {
      var last = self[count - 1]
      let merged = slot.value.upperBound - last.element.lowerBound
      if !last.isAccepted, merged <= Int(UInt16.max) {
        last = ElementSlot(
          offset: last.element.lowerBound, length: merged, row: MessageLayout.unknown, overhead: 0, standing: .unknown)
        self[count - 1] = last
        return
      }
    }
    spill.append(slot)
    count += 1
  }

  mutating func insert(_ slot: ElementSlot, at index: Int) {
    if count >= Self.inlineCapacity { spill.append(.unused) }
    count += 1
    var place = count - 1
    while place > index {
      self[place] = self[place - 1]
      place -= 1
    }
    self[index] = slot
  }

  mutating func remove(at index: Int) {
    var place = index
    while place + 1 < count {
      self[place] = self[place + 1]
      place += 1
    }
    count -= 1
    if count >= Self.inlineCapacity { spill.removeLast() }
  }

  /// The place of the element that counts for a line of the table.
  func place(ofRow row: Int) -> Int? {
    for place in 0..<min(count, Self.inlineCapacity) where inline[place].row == row && inline[place].isAccepted {
      return place
    }
    guard count > Self.inlineCapacity else { return nil }
    for place in Self.inlineCapacity..<count where self[place].row == row && self[place].isAccepted { return place }
    return nil
  }
}
