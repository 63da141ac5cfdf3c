/// A message's table in the form the decoder walks: flat, immortal memory without reference counts.
///
/// Built once from ``MessageTable/all``; decoding then costs one `swift_once` check and no retain.
@usableFromInline
struct MessageLayout {
  /// One line: how to find the end of the element.
  struct Row {
    enum Kind: UInt8 {
      /// Bits 1 to 4 of an octet whose other half is the next line.
      case lowHalf
      case highHalf
      case v, lv, lvE, t, tvHalfOctet, tv, tlv, tlvE
      /// An unknown identifier that asks for comprehension: only in ``lookup``.
      case comprehensionRequired
    }
    var kind: Kind
    /// Shortest value in octets; for `v` and `tv` the length.
    var minimum: UInt32
  }

  let type: NASMessageType
  /// The table's place in ``MessageTable/all``.
  let table: Int
  let rows: UnsafePointer<Row>
  let rowCount: Int
  /// Lines of the imperative part.
  let mandatoryCount: Int
  /// By identifier octet; 256 entries.
  let lookup: UnsafePointer<Entry>

  /// What an identifier octet means in this message.
  struct Entry {
    /// The line, or -1 for an identifier that the table does not have.
    var row: Int8
    var kind: Row.Kind
    /// Shortest value in octets; for `tv` the length.
    var minimum: UInt16

    /// The form of an unknown element, TS 24.007 §11.2.4: bit 8 set is one octet, 0x78 to 0x7F have a length of two
    /// octets, the others of one. Bits 5 to 8 all zero ask for comprehension.
    init(unknown identifier: UInt8) {
      row = -1
      minimum = 0
      kind =
        identifier & 0x80 != 0
        ? .tvHalfOctet : identifier & 0xF8 == 0x78 ? .tlvE : identifier & 0xF0 == 0 ? .comprehensionRequired : .tlv
    }

    init(row: Int, _ kind: Row.Kind, minimum: Int) {
      self.row = Int8(row)
      self.kind = kind
      self.minimum = UInt16(minimum)
    }
  }

  /// No such line.
  static let unknown: UInt8 = 0xFF

  init(_ source: MessageTable, at place: Int) {
    type = source.type
    table = place
    rowCount = source.rows.count
    precondition(rowCount <= 64, "the decoder keeps a bit for each line")
    let rows = UnsafeMutablePointer<Row>.allocate(capacity: max(1, source.rows.count))
    let lookup = UnsafeMutablePointer<Entry>.allocate(capacity: 256)
    for identifier in 0..<256 { (lookup + identifier).initialize(to: Entry(unknown: UInt8(identifier))) }
    var mandatory = 0
    var lowHalf = false
    for (index, row) in source.rows.enumerated() {
      precondition(row.index == index && row.message == source.type, "\(source.type.name): the fields number their lines")
      let kind: Row.Kind
      switch row.format {
      case .halfOctet: kind = row.isHighHalf ? .highHalf : .lowHalf
      case .v: kind = .v
      case .lv: kind = .lv
      case .lvE: kind = .lvE
      case .t: kind = .t
      case .tvHalfOctet: kind = .tvHalfOctet
      case .tv: kind = .tv
      case .tlv: kind = .tlv
      case .tlvE: kind = .tlvE
      }
      precondition(lowHalf == (kind == .highHalf), "half octets come in pairs")
      lowHalf = kind == .lowHalf
      rows.advanced(by: index)
        .initialize(to: Row(kind: kind, minimum: UInt32(row.valueLength.lowerBound)))
      if let identifier = row.identifier {
        let entry = Entry(row: index, kind, minimum: row.valueLength.lowerBound)
        for low in 0..<(kind == .tvHalfOctet ? 16 : 1) { lookup[Int(identifier) | low] = entry }
      } else {
        precondition(mandatory == index, "the imperative part comes first")
        mandatory += 1
      }
    }
    precondition(!lowHalf, "half octets come in pairs")
    self.rows = UnsafePointer(rows)
    self.lookup = UnsafePointer(lookup)
    mandatoryCount = mandatory
  }
}

/// Every message's layout, found by message type octet. EMM types are 0x40 to 0x7F and ESM types 0xC0 to 0xFF, so one
/// index serves both; the DETACH REQUEST of the network has a place of its own.
struct LayoutIndex: @unchecked Sendable {
  // Immortal and never written after init, hence Sendable.
  private let layouts: UnsafeMutablePointer<UnsafePointer<MessageLayout>?>
  private static let networkDetach = 0

  static let shared = LayoutIndex()

  private init() {
    layouts = .allocate(capacity: 256)
    layouts.initialize(repeating: nil, count: 256)
    for (place, table) in MessageTable.all.enumerated() {
      let key = Self.key(table.type)
      precondition(layouts[key] == nil, "two tables for \(table.type.name)")
      let layout = UnsafeMutablePointer<MessageLayout>.allocate(capacity: 1)
      layout.initialize(to: MessageLayout(table, at: place))
      layouts[key] = UnsafePointer(layout)
    }
  }

  private static func key(_ type: NASMessageType) -> Int {
    type.isNetworkVariant ? networkDetach : Int(type.octet)
  }

  /// The layout, or none where the type is not in the tables.
  @inline(__always)
  func reference(of type: NASMessageType) -> LayoutReference {
    guard let layout = layouts[Self.key(type)], layout.pointee.type == type else { return LayoutReference(pointer: nil) }
    return LayoutReference(pointer: layout)
  }

  /// The layout, or `nil` where the type is not in the tables.
  func layout(of type: NASMessageType) -> MessageLayout? { reference(of: type).pointee }
}

/// A message's layout, which lives for ever and never changes.
@usableFromInline
struct LayoutReference: @unchecked Sendable {
  @usableFromInline let pointer: UnsafePointer<MessageLayout>?

  init(pointer: UnsafePointer<MessageLayout>?) { self.pointer = pointer }

  @usableFromInline
  init(of type: NASMessageType) { self = LayoutIndex.shared.reference(of: type) }

  var pointee: MessageLayout? { pointer?.pointee }

  /// The line of a row, if the row is one of this message's.
  @inline(__always)
  func line(of row: InformationElementRow) -> UnsafePointer<MessageLayout.Row>? {
    guard let pointer, row.message == pointer.pointee.type, row.index < pointer.pointee.rowCount else { return nil }
    return pointer.pointee.rows + row.index
  }
}
