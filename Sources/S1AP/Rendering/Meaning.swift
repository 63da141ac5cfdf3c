/// What values say to people.
enum Meaning {
  /// How a type is read; by type of the grammar.
  private enum Reading: UInt8 {
    case none, plmn, number, address, ciphering, integrity
  }

  private static let readings: [Reading] = Grammar.shared.typeNames.map { name in
    switch name {
    case "PLMNidentity", "TBCD-STRING": .plmn
    case "TAC", "MME-Group-ID", "MME-Code", "LAC", "CI", "CellIdentity": .number
    case "TransportLayerAddress": .address
    case "EncryptionAlgorithms": .ciphering
    case "IntegrityProtectionAlgorithms": .integrity
    default: .none
    }
  }

  /// Appends the meaning, nothing if there is none.
  static func write(_ node: TapeNode, _ row: TypeRow, _ tape: Tape, _ grammar: Grammar, to text: inout TextBuffer) {
    if node.flags.contains(.opaque) { return text.append(literal: "not in the tables, kept whole") }
    switch row.kind {
    case .enumerated:
      let position = Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
      if grammar.label(position, of: node.type) == nil { text.append(literal: "value not in the tables") }
    case .octets:
      switch readings[Int(node.type)] {
      case .plmn: plmn(tape.value(of: node, row), node.high, to: &text)
      case .number: if let number = tape.value(of: node, row) { text.append(decimal: number) }
      case .none, .address, .ciphering, .integrity: break
      }
    case .bits:
      switch readings[Int(node.type)] {
      case .number: if let number = tape.value(of: node, row) { return text.append(decimal: number) }
      case .address: return address(node, tape, to: &text)
      case .ciphering: return algorithms(node, tape, "EEA", to: &text)
      case .integrity: return algorithms(node, tape, "EIA", to: &text)
      case .none, .plmn: break
      }
      text.append(decimal: UInt64(node.high))
      text.append(literal: " bits")
    case .integer, .boolean, .null, .text, .sequence, .choice, .list, .field: break
    }
  }

  /// Digits of TBCD, `001-01`; `?` for what is none.
  private static func plmn(_ packed: UInt64?, _ octets: UInt32, to text: inout TextBuffer) {
    guard octets == 3, let packed else { return }
    func digit(_ place: UInt64) {
      let value = UInt8(truncatingIfNeeded: packed >> place & 15)
      text.append(value < 10 ? 0x30 + value : UInt8(ascii: "?"))
    }
    digit(16)
    digit(20)
    digit(8)
    text.append(UInt8(ascii: "-"))
    digit(0)
    digit(4)
    if packed >> 12 & 15 != 15 { digit(12) }
  }

  /// IPv4, IPv6 or both (TS 36.414 §5.3).
  private static func address(_ node: TapeNode, _ tape: Tape, to text: inout TextBuffer) {
    let bits = Int(node.high)
    // A size that starts neither at an octet's beginning nor in the octets is none of these.
    guard !node.flags.contains(.inline), TransportAddressSize.isKnown(bits) else {
      text.append(decimal: UInt64(bits))
      return text.append(literal: " bits, 32, 128 or 160 expected")
    }
    let octets = tape.octets[Int(node.low)..<Int(node.low) + bits / 8]
    if bits != 128 {
      for (place, octet) in octets.prefix(4).enumerated() {
        if place > 0 { text.append(UInt8(ascii: ".")) }
        text.append(decimal: UInt64(octet))
      }
    }
    if bits == 160 { text.append(literal: " and ") }
    if bits != 32 {
      let address = octets.suffix(16)
      for place in stride(from: address.startIndex, to: address.endIndex, by: 2) {
        if place > address.startIndex { text.append(UInt8(ascii: ":")) }
        text.append(text: String(UInt16(address[place]) << 8 | UInt16(address[place + 1]), radix: 16))
      }
    }
  }

  private static func algorithms(_ node: TapeNode, _ tape: Tape, _ family: StaticString, to text: inout TextBuffer) {
    let start = text.count
    for place in 0..<min(Int(node.high), 16) where tape.bit(place, of: node) {
      if text.count > start { text.append(literal: " ") }
      if place < 3 { text.append(literal: "128-") }
      text.append(literal: family)
      text.append(decimal: UInt64(place + 1))
    }
    if text.count == start {
      text.append(literal: "none but ")
      text.append(literal: family)
      text.append(literal: "0")
    }
  }
}

extension Tape {
  /// An octet string of up to 8 octets, or a bit string of up to 64 bits, as one big-endian number.
  func value(of node: TapeNode, _ row: TypeRow) -> UInt64? {
    if node.flags.contains(.inline) { return UInt64(node.low) }
    if row.kind == .octets {
      guard node.high <= 8 else { return nil }
      return octets[Int(node.low)..<Int(node.low) + Int(node.high)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    guard node.high <= 64 else { return nil }
    let count = (Int(node.high) + 7) / 8
    let padded = octets[Int(node.low)..<Int(node.low) + count].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    return padded >> UInt64(count * 8 - Int(node.high))
  }

  /// One bit of a bit string, the first one 0.
  func bit(_ place: Int, of node: TapeNode) -> Bool {
    node.flags.contains(.inline)
      ? node.low >> UInt32(Int(node.high) - 1 - place) & 1 != 0
      : octets[Int(node.low) + place >> 3] & (0x80 >> UInt8(place & 7)) != 0
  }
}
