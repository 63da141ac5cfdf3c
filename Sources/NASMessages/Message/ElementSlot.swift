/// Where one information element of a decoded message lies.
@usableFromInline
struct ElementSlot: Sendable {
  /// What TS 24.301 §7.5 to §7.7 make of an element.
  @usableFromInline
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

  // One word, so that the decoder writes a slot with one store: offset of the value in bits 0 to 15, its length in 16 to
  // 31, line of the table in 32 to 39, standing in 40 to 47, octets of identifier and length before the value in 48 to 55.
  @usableFromInline var word: UInt64

  /// - Parameters:
  ///   - offset: of the value, from the start of the message.
  ///   - length: of the value.
  ///   - row: line of the table, or ``MessageLayout/unknown``.
  ///   - overhead: octets of identifier and length before the value.
  @inlinable
  @inline(__always)
  init(offset: Int, length: Int, row: UInt8, overhead: Int, standing: Standing = .accepted) {
    // A message has at most 65,535 octets, so no part runs into the next.
    word =
      UInt64(truncatingIfNeeded: offset) | UInt64(truncatingIfNeeded: length) << 16 | UInt64(row) << 32
      | UInt64(standing.rawValue) << 40 | UInt64(truncatingIfNeeded: overhead) << 48
  }

  @inlinable
  @inline(__always)
  init(word: UInt64) { self.word = word }

  /// Fills the places not in use.
  @inlinable
  @inline(__always)
  static var unused: ElementSlot { ElementSlot(word: 0) }

  var offset: Int { Int(word & 0xFFFF) }
  var length: Int { Int(word >> 16 & 0xFFFF) }
  @inlinable var row: UInt8 { UInt8(truncatingIfNeeded: word >> 32) }
  var overhead: Int { Int(word >> 48 & 0xFF) }
  var standing: Standing { Standing(rawValue: UInt8(truncatingIfNeeded: word >> 40)) ?? .forced }
  var isAccepted: Bool { word >> 40 & 0xFF == 0 }
  /// The value.
  var value: Range<Int> { offset..<offset + length }
  /// The element with identifier and length.
  var element: Range<Int> { offset - overhead..<offset + length }

  /// The same element further on (or back, if negative).
  func moved(by shift: Int) -> ElementSlot {
    ElementSlot(offset: offset + shift, length: length, row: row, overhead: overhead, standing: standing)
  }
}

/// The slots of a message in the order of the wire: inline up to 24, then in an array, whose size is bounded.
@usableFromInline
struct ElementSlots: Sendable {
  @inlinable static var inlineCapacity: Int { 24 }
  /// From here on, neighbouring elements that do not count share a slot, so that a message of 64 KiB of unknown
  /// one-octet elements does not grow a list of 64 Ki slots.
  static let mergeThreshold = 96

  @usableFromInline var count: Int
  /// The line of the last one where all that were appended count, -1 where there are none; else 255. For building: the
  /// decoder has its own.
  @usableFromInline var lastRow: Int
  @usableFromInline var inline: InlineArray<24, ElementSlot>
  @usableFromInline var spill: [ElementSlot]

  @inlinable
  @inline(__always)
  init() {
    count = 0
    lastRow = -1
    // A literal is stored in place; `init(repeating:)`, and a default value of the property, would be made elsewhere and copied.
    inline = [
      .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
      .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
      .unused, .unused, .unused, .unused, .unused, .unused, .unused, .unused,
    ]
    spill = []
  }

  subscript(_ index: Int) -> ElementSlot {
    get { index < Self.inlineCapacity ? inline[index] : spill[index - Self.inlineCapacity] }
    set {
      if index < Self.inlineCapacity { inline[index] = newValue } else { spill[index - Self.inlineCapacity] = newValue }
    }
  }

  /// Appends an element that counts and comes after all others.
  @inlinable
  @inline(__always)
  mutating func appendInOrder(_ slot: ElementSlot) {
    append(slot)
    lastRow = Int(slot.row)
  }

  @inlinable
  @inline(__always)
  mutating func append(_ slot: ElementSlot) {
    if count < Self.inlineCapacity {
      inline[count] = slot
      count += 1
    } else {
      appendToSpill(slot)
    }
  }

  @usableFromInline
  @inline(never)
  mutating func appendToSpill(_ slot: ElementSlot) {
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

  /// After a change elsewhere than at the end.
  mutating func findLastRow() {
    // Elements that count lie in the order of the table: so a last one that counts says it all.
    lastRow = count == 0 ? -1 : self[count - 1].isAccepted ? Int(self[count - 1].row) : 255
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
