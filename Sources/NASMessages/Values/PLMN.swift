/// A PLMN identity: mobile country code and mobile network code, three octets as on the wire (TS 24.008 §10.5.1.3).
public struct PLMN: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
  /// Octets 1 to 3 in the high, middle and low octet of 24 bits.
  @usableFromInline let bits: UInt32

  /// From the three octets of the wire.
  public init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
    bits = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
  }

  /// From digits, "001" and "01" or "001".
  public init?(mcc: String, mnc: String) {
    let country = mcc.utf8.compactMap(decimalDigit)
    let network = mnc.utf8.compactMap(decimalDigit)
    guard mcc.utf8.count == 3, country.count == 3, mnc.utf8.count == network.count, 2...3 ~= network.count else { return nil }
    let last: UInt8 = network.count == 3 ? network[2] : 0xF
    self.init(country[1] << 4 | country[0], last << 4 | country[2], network[1] << 4 | network[0])
  }

  /// From "00101", "001001", "001-01" or "001/01".
  public init?(_ text: String) {
    let digits = text.filter { $0 != "-" && $0 != "/" }
    guard 5...6 ~= digits.utf8.count else { return nil }
    self.init(mcc: String(digits.prefix(3)), mnc: String(digits.dropFirst(3)))
  }

  /// The octets of the wire.
  public var octets: (UInt8, UInt8, UInt8) {
    (UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits))
  }

  /// The octets of the wire, as key derivation takes them (TS 33.401 §A.2).
  public var wireOctets: [UInt8] { [octets.0, octets.1, octets.2] }

  /// Three digits; hexadecimal ones where the wire had them.
  public var mcc: String { digit(octets.0 & 0xF) + digit(octets.0 >> 4) + digit(octets.1 & 0xF) }
  /// Two or three digits.
  public var mnc: String {
    let two = digit(octets.2 & 0xF) + digit(octets.2 >> 4)
    return octets.1 >> 4 == 0xF ? two : two + digit(octets.1 >> 4)
  }

  private func digit(_ value: UInt8) -> String { String(value, radix: 16) }

  /// "001-01".
  public var description: String { mcc + "-" + mnc }

  @inlinable
  @inline(__always)
  func encode(into output: inout OctetWriter) {
    output.append(UInt8(truncatingIfNeeded: bits >> 16))
    output.append(bigEndian16: UInt16(truncatingIfNeeded: bits))
  }
}

extension ValuePart {
  func plmn(at index: Int) -> PLMN { PLMN(self[index], self[index + 1], self[index + 2]) }
}

/// The value of an ASCII digit.
func decimalDigit(_ character: UInt8) -> UInt8? { 0x30...0x39 ~= character ? character - 0x30 : nil }

/// A list of PLMNs, TS 24.008 §10.5.1.13 (equivalent PLMNs).
public struct PLMNList: InformationElementValue {
  /// Up to 15 (TS 24.008 §10.5.1.13); more are read too.
  public var plmns: [PLMN]

  public init(_ plmns: [PLMN]) { self.plmns = plmns }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    guard part.count % 3 == 0 else { throw part.invalid(expected: part.count / 3 * 3, found: part.count) }
    plmns = stride(from: 0, to: part.count, by: 3).map(part.plmn(at:))
  }

  public func encode(into octets: inout OctetWriter) { for plmn in plmns { plmn.encode(into: &octets) } }
  public var description: String { plmns.map(\.description).joined(separator: ", ") }
}
