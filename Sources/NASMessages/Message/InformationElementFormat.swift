/// How an information element lies in a message, TS 24.007 §11.2.1.1.
///
/// `V` of half an octet and `TV` of one octet ("type 1") are kinds of their own, because they share an octet with a
/// neighbour or with their own identifier.
public enum InformationElementFormat: UInt8, Sendable, Equatable {
  /// V, half an octet. Two in a row share one octet: the first is bits 1 to 4, the second bits 5 to 8.
  case halfOctet
  /// V of a fixed number of octets.
  case v
  /// One octet of length, then the value.
  case lv
  /// Two octets of length, then the value.
  case lvE
  /// The identifier alone ("type 2").
  case t
  /// Identifier in bits 5 to 8 and value in bits 1 to 4 of one octet ("type 1").
  case tvHalfOctet
  /// Identifier, then a value of fixed length ("type 3").
  case tv
  /// Identifier, one octet of length, value ("type 4").
  case tlv
  /// Identifier, two octets of length, value ("type 6").
  case tlvE

  /// Octets of the element that are not its value; 0 for the half-octet kinds.
  @inlinable @inline(__always) var overhead: Int {
    switch self {
    case .halfOctet, .v, .tvHalfOctet: 0
    case .lv, .t, .tv: 1
    case .lvE, .tlv: 2
    case .tlvE: 3
    }
  }

  /// An octet of identifier comes before the value.
  @inlinable @inline(__always) var hasIdentifierOctet: Bool {
    switch self {
    case .t, .tv, .tlv, .tlvE: true
    default: false
    }
  }

  /// Octets of length before the value.
  @inlinable @inline(__always) var lengthOctets: Int {
    switch self {
    case .lv, .tlv: 1
    case .lvE, .tlvE: 2
    default: 0
    }
  }

  /// The longest value whose length can be said.
  @inlinable @inline(__always) var longest: Int { self == .lv || self == .tlv ? 255 : 65_535 }

  /// The specification's notation.
  public var notation: String {
    switch self {
    case .halfOctet, .v: "V"
    case .lv: "LV"
    case .lvE: "LV-E"
    case .t: "T"
    case .tvHalfOctet, .tv: "TV"
    case .tlv: "TLV"
    case .tlvE: "TLV-E"
    }
  }
}
