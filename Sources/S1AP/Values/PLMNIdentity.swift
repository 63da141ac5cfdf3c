/// PLMNidentity (TS 36.413 §9.2.3.8): mobile country and network code in TBCD, three octets as on the wire.
public struct PLMNIdentity: Hashable, Sendable, CustomStringConvertible, S1APRepresentable {
  /// The three octets, first one most significant, in the low 24 bits.
  public let packed: UInt32

  /// Three octets as on the wire.
  @inlinable
  public init?(octets: some Collection<UInt8>) {
    guard octets.count == 3 else { return nil }
    packed = octets.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Country code (3 digits) and network code (2 or 3 digits); nil for anything else.
  public init?(mcc: String, mnc: String) {
    let digits = (mcc + mnc).utf8.map { $0 &- 0x30 }
    guard mcc.utf8.count == 3, mnc.utf8.count == 2 || mnc.utf8.count == 3, digits.allSatisfy({ $0 < 10 }) else { return nil }
    let third = digits.count == 6 ? digits[5] : 0xf
    self.init(octets: [digits[0] | digits[1] << 4, digits[2] | third << 4, digits[3] | digits[4] << 4])
  }

  /// `"00101"`, `"001-01"`, `"310410"`.
  public init?(_ text: String) {
    let digits = text.filter { $0 != "-" }
    self.init(mcc: String(digits.prefix(3)), mnc: String(digits.dropFirst(3)))
  }

  /// Three, as on the wire (TS 36.413 §9.2.3.8).
  public var octets: [UInt8] {
    [UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8), UInt8(truncatingIfNeeded: packed)]
  }

  /// Three digits.
  public var mcc: String { digits([octets[0] & 15, octets[0] >> 4, octets[1] & 15]) }

  /// Two or three digits.
  public var mnc: String {
    let third = octets[1] >> 4
    return digits([octets[2] & 15, octets[2] >> 4] + (third == 0xf ? [] : [third]))
  }

  /// `001-01`.
  public var description: String { "\(mcc)-\(mnc)" }

  private func digits(_ values: [UInt8]) -> String { values.map { $0 < 10 ? String($0) : "?" }.joined() }

  public init(_ node: S1APNode) throws(S1APError) {
    guard let octets = node.octets, let plmn = PLMNIdentity(octets: octets) else { throw node.wrongKind("a PLMN identity") }
    self = plmn
  }

  public func write(to writer: inout S1APWriter) {
    writer.octets(UInt64(packed), count: 3)
  }
}
