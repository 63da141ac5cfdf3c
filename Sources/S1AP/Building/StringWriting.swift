/// Strings.
extension S1APWriter {
  /// OCTET STRING, or a text's octets.
  public mutating func octets(_ contents: [UInt8]) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .octets || row.pointee.kind == .text, let flags = size(contents.count, row, "octets") else {
      return hasFailed ? () : wrongKind(row)
    }
    if row.pointee.isFixedSize, contents.count <= 2, row.pointee.kind == .octets, flags.isEmpty {
      return leaf(.inline, contents.reduce(0) { $0 << 8 | UInt32($1) }, UInt32(contents.count), wrapper)
    }
    let start = contents.withUnsafeBytes { store($0) }
    leaf(flags, start, UInt32(truncatingIfNeeded: contents.count), wrapper)
  }

  /// OCTET STRING of up to 8 octets out of a number, big-endian.
  public mutating func octets(_ number: UInt64, count: Int) {
    precondition(count > 0 && count <= 8, "1 to 8 octets")
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .octets, let flags = size(count, row, "octets") else { return hasFailed ? () : wrongKind(row) }
    if row.pointee.isFixedSize, count <= 2, flags.isEmpty {
      return leaf(.inline, UInt32(truncatingIfNeeded: number), UInt32(count), wrapper)
    }
    let start = store(number << UInt64(64 - 8 * count), count: count)
    leaf(flags, start, UInt32(count), wrapper)
  }

  /// BIT STRING: left-justified octets, just as many as the bits need.
  public mutating func bits(_ contents: [UInt8], count: Int) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .bits, contents.count == (count + 7) / 8, let flags = size(count, row, "bits") else {
      return hasFailed ? () : wrongKind(row)
    }
    if row.pointee.isFixedSize, count <= 16, flags.isEmpty {
      let value = contents.reduce(0) { $0 << 8 | UInt32($1) } >> UInt32(contents.count * 8 - count)
      return leaf(.inline, value, UInt32(count), wrapper)
    }
    let start = contents.withUnsafeBytes { store($0) }
    leaf(flags, start, UInt32(truncatingIfNeeded: count), wrapper)
  }

  /// BIT STRING of up to 64 bits out of a number, first bit most significant.
  public mutating func bits(_ number: UInt64, count: Int) {
    precondition(count > 0 && count <= 64, "1 to 64 bits")
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .bits, let flags = size(count, row, "bits") else { return hasFailed ? () : wrongKind(row) }
    if row.pointee.isFixedSize, count <= 16, flags.isEmpty {
      let value = UInt32(truncatingIfNeeded: number) & (1 << UInt32(count) - 1)
      return leaf(.inline, value, UInt32(count), wrapper)
    }
    let start = store(number << UInt64(64 - count), count: (count + 7) / 8)
    leaf(flags, start, UInt32(count), wrapper)
  }

  /// PrintableString, VisibleString.
  public mutating func text(_ text: String) {
    guard let (row, wrapper) = place() else { return }
    guard row.pointee.kind == .text, let flags = size(text.utf8.count, row, "octets") else { return hasFailed ? () : wrongKind(row) }
    var text = text
    let start = text.withUTF8 { store(UnsafeRawBufferPointer($0)) }
    leaf(flags, start, UInt32(truncatingIfNeeded: storedCount) - start, wrapper)
  }

  /// The most significant octets of a number; where they lie.
  @inline(__always)
  private mutating func store(_ leftJustified: UInt64, count: Int) -> UInt32 {
    withUnsafeBytes(of: leftJustified.bigEndian) { store(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  /// The flags of a string or list of that size; nil after a failure.
  @inline(__always)
  mutating func size(_ count: Int, _ row: UnsafeMutablePointer<TypeRow>, _ unit: StaticString) -> TapeNode.Flags? {
    if UInt64(count) >= row.pointee.layout.lower, UInt64(count) <= row.pointee.layout.upper { return [] }
    if row.pointee.isExtensible { return .extended }
    let expected =
      row.pointee.isFixedSize ? "\(row.pointee.layout.lower)" : "\(row.pointee.layout.lower)..\(row.pointee.layout.upper)"
    fail(.outOfRange, "\(count) \(unit), expected \(expected)")
    return nil
  }
}
