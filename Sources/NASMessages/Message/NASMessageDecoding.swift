extension NASMessage {
  /// Reads a plain message, with the comprehension rules of TS 24.301 §7.
  ///
  /// - Parameters:
  ///   - octets: the message; a slice is kept, not copied.
  ///   - direction: who sent it. Without it DETACH REQUEST is told apart by its shape.
  /// - Throws: a message too short for its type (§7.2); a mandatory element that is missing or too short, or an
  ///   unknown element that requires comprehension (§7.5.1). An optional element that runs past the end is none: it is
  ///   treated as not present (§7.7.1).
  ///   A message of unknown type is no error here: see ``isKnown``.
  public init(decoding octets: ArraySlice<UInt8>, direction: NASDirection? = nil) throws(NASDecodingError) {
    // Everything that can fail comes before `self`: so nothing is copied twice or taken back.
    let type = try Self.messageType(of: octets, direction: direction)
    var slots = ElementSlots()
    let layout = LayoutIndex.shared.reference(of: type)
    if let layout = layout.pointer { try Self.findElements(of: octets, layout, &slots) }
    received = octets
    built = []
    scratch = .init(repeating: 0)
    isInScratch = false
    used = 0
    self.type = type
    self.slots = slots
  }

  /// Reads a plain message that starts at `from` and goes to the end.
  public init(decoding octets: [UInt8], from start: Int = 0, direction: NASDirection? = nil) throws(NASDecodingError) {
    guard start <= octets.count else {
      throw NASDecodingError(.messageTooShort, offset: octets.count, field: "Message type", expected: start, found: octets.count)
    }
    let rest = octets[start...]
    let type = try Self.messageType(of: rest, direction: direction)
    var slots = ElementSlots()
    let layout = LayoutIndex.shared.reference(of: type)
    if let layout = layout.pointer { try Self.findElements(of: rest, layout, &slots) }
    received = rest
    built = []
    scratch = .init(repeating: 0)
    isInScratch = false
    used = 0
    self.type = type
    self.slots = slots
  }

  private static func messageType(of octets: ArraySlice<UInt8>, direction: NASDirection?) throws(NASDecodingError) -> NASMessageType {
    let start = octets.startIndex
    guard octets.count <= Self.longest else {
      throw NASDecodingError(.messageTooLong, offset: Self.longest, expected: Self.longest, found: octets.count)
    }
    guard octets.count >= 2 else {
      throw NASDecodingError(.messageTooShort, offset: octets.count, field: "Message type", expected: 2, found: octets.count)
    }
    let first = octets[start]
    let discriminator = ProtocolDiscriminator(rawValue: first)
    if discriminator == .epsMobilityManagement {
      guard first >> 4 == 0 else {
        throw NASDecodingError(
          .unexpectedSecurityHeaderType, offset: 0, field: "Security header type", expected: 0, found: Int(first >> 4))
      }
      let type = NASMessageType.emm(octets[start + 1])
      guard type.octet == NASMessageType.detachRequestFromUE.octet else { return type }
      return detachRequestType(of: octets, direction: direction)
    }
    guard discriminator == .epsSessionManagement else {
      throw NASDecodingError(
        .unknownProtocolDiscriminator, offset: 0, field: "Protocol discriminator", found: Int(discriminator.rawValue))
    }
    guard octets.count >= 3 else {
      throw NASDecodingError(.messageTooShort, offset: octets.count, field: "Message type", expected: 3, found: octets.count)
    }
    return .esm(octets[start + 2])
  }

  /// The UE's DETACH REQUEST has an EPS mobile identity after the first element octet, whose length is at most 15; the
  /// network's ends there or goes on with an identifier, all of which are above.
  private static func detachRequestType(of octets: ArraySlice<UInt8>, direction: NASDirection?) -> NASMessageType {
    switch direction {
    case .uplink: .detachRequestFromUE
    case .downlink: .detachRequestFromNetwork
    case nil: octets.count > 3 && octets[octets.startIndex + 3] < 16 ? .detachRequestFromUE : .detachRequestFromNetwork
    }
  }

  private static func findElements(
    of octets: ArraySlice<UInt8>, _ layout: UnsafePointer<MessageLayout>, _ slots: inout ElementSlots
  ) throws(NASDecodingError) {
    // An unsafe pointer because this is the hottest loop of the codec: every access below is behind a comparison with
    // `end`, and no sum can overflow, since a message has at most 65,535 octets.
    try octets.withUnsafeBufferPointer { (buffer) throws(NASDecodingError) in
      guard let base = buffer.baseAddress else { return }
      let at = try findMandatory(in: base, buffer.count, layout, &slots)
      try findOptional(in: base, from: at, buffer.count, layout, &slots)
    }
  }

  /// The imperative part (TS 24.301 §7.5). Returns where it ends.
  @inline(__always)
  private static func findMandatory(
    in base: UnsafePointer<UInt8>, _ end: Int, _ layout: UnsafePointer<MessageLayout>, _ slots: inout ElementSlots
  ) throws(NASDecodingError) -> Int {
    var at = layout.pointee.type.headerLength
    for index in 0..<layout.pointee.mandatoryCount {
      let row = layout.pointee.rows[index]
      guard at < end else { throw layout.pointee.failure(.missingMandatory, row: index, at: at) }
      var offset = at
      var length = 1
      switch row.kind {
      case .lowHalf:
        slots.append(ElementSlot(offset: at, length: 1, row: UInt8(truncatingIfNeeded: index), overhead: 0))
        continue
      case .highHalf: break
      case .lv:
        length = Int(base[at])
        offset = at &+ 1
      case .lvE:
        guard at &+ 1 < end else { throw layout.pointee.failure(.truncated, row: index, at: at, expected: 2, found: 1) }
        length = Int(base[at]) << 8 | Int(base[at &+ 1])
        offset = at &+ 2
      default: length = Int(row.minimum)  // V: the imperative part has no other kind
      }
      let next = offset &+ length
      guard next <= end else {
        throw layout.pointee.failure(.truncated, row: index, at: offset, expected: length, found: end - offset)
      }
      guard length >= Int(row.minimum) else {
        throw layout.pointee.failure(.mandatoryTooShort, row: index, at: offset, expected: Int(row.minimum), found: length)
      }
      slots.append(
        ElementSlot(offset: offset, length: length, row: UInt8(truncatingIfNeeded: index), overhead: offset &- at))
      at = next
    }
    return at
  }

  /// An element of the non-imperative part that runs past the end of the message: it takes the rest.
  ///
  /// That is no error of the message: TS 24.301 §7.5.1 has none for the non-imperative part but elements that require
  /// comprehension. The value breaks the rules of its specification, which makes the element syntactically incorrect (TS 24.007
  /// §11.4.2), and a syntactically incorrect optional element is treated as not present (§7.7.1).
  @inline(never)
  private static func cutShort(
    _ start: Int, _ offset: Int, _ end: Int, _ row: Int8, _ last: Int8, _ seen: UInt64, _ slots: inout ElementSlots
  ) {
    let standing: ElementSlot.Standing =
      row < 0 ? .unknown : row > last ? .syntacticallyIncorrect : seen & (1 << UInt64(row & 63)) != 0 ? .repeated : .outOfSequence
    slots.append(
      ElementSlot(offset: offset, length: end - offset, row: UInt8(bitPattern: row), overhead: offset - start, standing: standing))
  }

  /// The non-imperative part (TS 24.301 §7.6, §7.7).
  @inline(__always)
  private static func findOptional(
    in base: UnsafePointer<UInt8>, from start: Int, _ end: Int, _ layout: UnsafePointer<MessageLayout>, _ slots: inout ElementSlots
  ) throws(NASDecodingError) {
    var at = start
    var last: Int8 = -1
    // Lines of the table that came, one bit each: no table of the non-imperative part has more than 64.
    var seen: UInt64 = 0
    while at < end {
      let entry = layout.pointee.lookup[Int(base[at])]
      var offset = at
      var length = 1
      switch entry.kind {
      case .tlv:
        guard at &+ 1 < end else { return cutShort(at, at &+ 1, end, entry.row, last, seen, &slots) }
        length = Int(base[at &+ 1])
        offset = at &+ 2
      case .tv:
        length = Int(entry.minimum)
        offset = at &+ 1
      case .tlvE:
        guard at &+ 2 < end else { return cutShort(at, end, end, entry.row, last, seen, &slots) }
        length = Int(base[at &+ 1]) << 8 | Int(base[at &+ 2])
        offset = at &+ 3
      case .t:
        length = 0
        offset = at &+ 1
      case .comprehensionRequired: throw layout.pointee.comprehensionRequired(at: at, found: Int(base[at]))
      default: break  // one octet
      }
      let next = offset &+ length
      guard next <= end else { return cutShort(at, offset, end, entry.row, last, seen, &slots) }
      var standing = ElementSlot.Standing.accepted
      if entry.row > last {
        last = entry.row
        if length < Int(entry.minimum) { standing = .syntacticallyIncorrect }
      } else {
        standing = entry.row < 0 ? .unknown : seen & (1 << UInt64(entry.row & 63)) != 0 ? .repeated : .outOfSequence
      }
      if entry.row >= 0 { seen |= 1 << UInt64(entry.row & 63) }
      slots.append(
        ElementSlot(
          offset: offset, length: length, row: UInt8(bitPattern: entry.row), overhead: offset &- at, standing: standing))
      at = next
    }
  }
}

extension MessageLayout {
  @inline(never)
  fileprivate func failure(
    _ code: NASDecodingError.Code, row: Int, at offset: Int, expected: Int? = nil, found: Int? = nil
  ) -> NASDecodingError {
    NASDecodingError(
      code, offset: offset, field: MessageTable.all[table].rows[row].name, expected: expected, found: found, message: type)
  }

  @inline(never)
  fileprivate func comprehensionRequired(at offset: Int, found: Int) -> NASDecodingError {
    NASDecodingError(.comprehensionRequired, offset: offset, field: "unknown element", found: found, message: type)
  }
}
