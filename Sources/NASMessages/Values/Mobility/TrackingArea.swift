/// TS 24.301 §9.9.3.32: PLMN and tracking area code, five octets.
public struct TrackingAreaIdentity: InformationElementValue, Hashable {
  public var plmn: PLMN
  /// Tracking area code; 0 and 0xFFFE stand for a deleted TAI.
  public var tac: UInt16

  public init(plmn: PLMN, tac: UInt16) {
    self.plmn = plmn
    self.tac = tac
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(5)
    plmn = part.plmn(at: 0)
    tac = part.uint16(at: 3)
  }
  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) {
    plmn.encode(into: &octets)
    octets.append(bigEndian16: tac)
  }
  public var description: String { "\(plmn), TAC 0x\(hexDigits(tac, 4))" }
}

/// A list of up to 16 tracking areas, TS 24.301 §9.9.3.33.
public struct TAIList: InformationElementValue, Hashable {
  /// One partial list.
  public enum Partial: Hashable, Sendable {
    /// Type 0: one PLMN, any tracking area codes.
    case codes(PLMN, [UInt16])
    /// Type 1: one PLMN, consecutive codes from `first`.
    case consecutive(PLMN, first: UInt16, count: Int)
    /// Type 2: any tracking areas.
    case areas([TrackingAreaIdentity])

    var count: Int {
      switch self {
      case .codes(_, let codes): codes.count
      case .consecutive(_, _, let count): count
      case .areas(let areas): areas.count
      }
    }
  }

  /// Up to 16 elements in all (table 9.9.3.33.1); more are read too.
  public var partials: [Partial]

  public init(_ partials: [Partial]) { self.partials = partials }

  /// The shortest plain form: one partial list of type 0 if there is one PLMN, else of type 2.
  /// - Parameter areas: 1 to 16 (precondition when encoded).
  public init(areas: [TrackingAreaIdentity]) {
    if let first = areas.first, areas.allSatisfy({ $0.plmn == first.plmn }) {
      partials = [.codes(first.plmn, areas.map(\.tac))]
    } else {
      partials = [.areas(areas)]
    }
  }

  /// Every tracking area of the list.
  public var areas: [TrackingAreaIdentity] {
    partials.flatMap { partial -> [TrackingAreaIdentity] in
      switch partial {
      case .codes(let plmn, let codes): codes.map { TrackingAreaIdentity(plmn: plmn, tac: $0) }
      case .consecutive(let plmn, let first, let count):
        (0..<count).map { TrackingAreaIdentity(plmn: plmn, tac: first &+ UInt16(truncatingIfNeeded: $0)) }
      case .areas(let areas): areas
      }
    }
  }

  /// Whether an area is in the list.
  public func contains(_ area: TrackingAreaIdentity) -> Bool { areas.contains(area) }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    partials = []
    var at = 0
    while at < part.count {
      let item = part.item("partial list", partials.count)
      // More than 16 elements are read as 16 (table 9.9.3.33.1).
      let count = min(Int(part[at] & 0x1F) + 1, 16)
      let kind = part[at] >> 5 & 0x03
      let length =
        switch kind {
        case 0: 4 + 2 * count
        case 1: 6
        case 2: 1 + 5 * count
        default: throw item.invalid(at: at, expected: 2, found: 3) as NASDecodingError
        }
      try item.require(at + length)
      switch kind {
      case 0: partials.append(.codes(part.plmn(at: at + 1), (0..<count).map { part.uint16(at: at + 4 + 2 * $0) }))
      case 1: partials.append(.consecutive(part.plmn(at: at + 1), first: part.uint16(at: at + 4), count: count))
      default:
        partials.append(
          .areas(
            (0..<count).map {
              TrackingAreaIdentity(plmn: part.plmn(at: at + 1 + 5 * $0), tac: part.uint16(at: at + 4 + 5 * $0))
            }))
      }
      at += length
    }
  }

  public func encode(into octets: inout OctetWriter) {
    for partial in partials {
      precondition(1...16 ~= partial.count, "a partial tracking area identity list has 1 to 16 elements")
      let count = UInt8(partial.count - 1)
      switch partial {
      case .codes(let plmn, let codes):
        octets.append(count)
        plmn.encode(into: &octets)
        for code in codes { octets.append(bigEndian16: code) }
      case .consecutive(let plmn, let first, _):
        octets.append(0x20 | count)
        plmn.encode(into: &octets)
        octets.append(bigEndian16: first)
      case .areas(let areas):
        octets.append(0x40 | count)
        for area in areas { area.encode(into: &octets) }
      }
    }
  }

  public var description: String { areas.map(\.description).joined(separator: "; ") }
}

/// TS 24.008 §10.5.1.3: PLMN and location area code, five octets.
public struct LocationAreaIdentity: InformationElementValue, Hashable {
  public var plmn: PLMN
  /// Location area code; 0 and 0xFFFE stand for a deleted LAI.
  public var lac: UInt16

  public init(plmn: PLMN, lac: UInt16) {
    self.plmn = plmn
    self.lac = lac
  }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(5)
    plmn = part.plmn(at: 0)
    lac = part.uint16(at: 3)
  }
  @inlinable
  @inline(__always)
  public func encode(into octets: inout OctetWriter) {
    plmn.encode(into: &octets)
    octets.append(bigEndian16: lac)
  }
  public var description: String { "\(plmn), LAC 0x\(hexDigits(lac, 4))" }
}
