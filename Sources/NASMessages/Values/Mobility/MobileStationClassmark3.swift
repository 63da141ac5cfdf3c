/// Mobile station classmark 3, TS 24.008 §10.5.1.7: what the UE can do in GERAN, a bit string in CSN.1.
///
/// The octets are kept; ``fields`` reads them. The string may end anywhere: bits after its end read as zero.
public struct MobileStationClassmark3: OctetStringValue {
  public var octets: [UInt8]
  // The table allows an element without contents.
  public static let shortest = 0
  public init(octets: [UInt8]) { self.octets = octets }

  /// One component of the structure that is there.
  public struct Field: Hashable, Sendable {
    /// The specification's name.
    public let name: String
    /// As coded; 0 or 1 for the many of one bit.
    public let value: UInt8
    /// Whether the string goes so far; else the value is the zero that is read beyond its end.
    public let isTold: Bool
  }

  /// A component: bits, or a bit that says whether what is in it follows.
  private indirect enum Component {
    case bits(String, Int)
    case optional([Component])
    /// A bit that is always 0.
    case zero
  }

  // What comes after the bands, in the order of the specification.
  private static let components: [Component] = [
    .optional([.bits("R-GSM associated radio capability", 3)]),
    .optional([.bits("HSCSD multislot class", 5)]),
    .bits("UCS2 treatment", 1), .bits("Extended measurement capability", 1),
    .optional([.bits("SMS value", 4), .bits("SM value", 4)]),
    .optional([.bits("MS positioning method capability", 5)]),
    .optional([.bits("ECSD multislot class", 5)]),
    .optional([
      .bits("8-PSK modulation capability", 1), .optional([.bits("8-PSK RF power capability 1", 2)]),
      .optional([.bits("8-PSK RF power capability 2", 2)]),
    ]),
    .optional([.bits("GSM 400 bands supported", 2), .bits("GSM 400 associated radio capability", 4)]),
    .optional([.bits("GSM 850 associated radio capability", 4)]),
    .optional([.bits("GSM 1900 associated radio capability", 4)]),
    .bits("UMTS FDD", 1), .bits("UMTS 3.84 Mcps TDD", 1), .bits("CDMA 2000", 1),
    .optional([
      .bits("DTM GPRS multislot class", 2), .bits("Single slot DTM", 1), .optional([.bits("DTM EGPRS multislot class", 2)]),
    ]),
    .optional([.bits("Single band support", 4)]),
    .optional([.bits("GSM 750 associated radio capability", 4)]),
    .bits("UMTS 1.28 Mcps TDD", 1), .bits("GERAN feature package 1", 1),
    .optional([.bits("Extended DTM GPRS multislot class", 2), .bits("Extended DTM EGPRS multislot class", 2)]),
    .optional([.bits("High multislot capability", 2)]),
    .zero,  // GERAN Iu mode capabilities, of a release that is gone
    .bits("GERAN feature package 2", 1), .bits("GMSK multislot power profile", 2), .bits("8-PSK multislot power profile", 2),
    .optional([.bits("T-GSM 400 bands supported", 2), .bits("T-GSM 400 associated radio capability", 4)]),
    .zero,  // T-GSM 900, likewise
    .bits("Downlink advanced receiver performance", 2), .bits("DTM enhancements capability", 1),
    .optional([
      .bits("DTM GPRS high multislot class", 3), .bits("Offset required", 1), .optional([.bits("DTM EGPRS high multislot class", 3)]),
    ]),
    .bits("Repeated ACCH capability", 1),
    .optional([.bits("GSM 710 associated radio capability", 4)]),
    .optional([.bits("T-GSM 810 associated radio capability", 4)]),
    .bits("Ciphering mode setting capability", 1), .bits("Additional positioning capabilities", 1), .bits("E-UTRA FDD support", 1),
    .bits("E-UTRA TDD support", 1), .bits("E-UTRA measurement and reporting support", 1),
    .bits("Priority-based reselection support", 1), .bits("UTRA CSG cells reporting", 1), .bits("VAMOS level", 2),
    .bits("TIGHTER capability", 2), .bits("Selective ciphering of downlink SACCH", 1),
    .bits("CS to PS SRVCC from GERAN to UTRA", 2), .bits("CS to PS SRVCC from GERAN to E-UTRA", 2),
    .bits("GERAN network sharing support", 1), .bits("E-UTRA wideband RSRQ measurements support", 1), .bits("ER band support", 1),
    .bits("UTRA multiple frequency band indicators support", 1), .bits("E-UTRA multiple frequency band indicators support", 1),
    .bits("Extended TSC set capability support", 1), .bits("Extended EARFCN value range", 1),
  ]

  /// Reads bits, zeros after the end.
  private struct Bits {
    let octets: [UInt8]
    var at = 0
    /// Whether the bits read last were in the string.
    var isInside: Bool { at <= 8 * octets.count }

    mutating func next(_ count: Int) -> UInt8 {
      var value: UInt8 = 0
      for _ in 0..<count {
        let octet = at / 8 < octets.count ? octets[at / 8] : 0
        value = value << 1 | octet >> UInt8(7 - at % 8) & 1
        at += 1
      }
      return value
    }
  }

  /// Every component that is there, in the order of the specification.
  public var fields: [Field] {
    var bits = Bits(octets: octets)
    _ = bits.next(1)
    let bands = Self.field("Multiband supported", 3, &bits)
    var fields = [bands]
    for algorithm in [7, 6, 5, 4] { fields.append(Self.field("A5/\(algorithm)", 1, &bits)) }
    // Two bands have two power classes; one has four spare bits and one class; none has neither.
    if bands.value != 0 {
      let second = Self.field("Associated radio capability 2", 4, &bits)
      if bands.value == 0b101 || bands.value == 0b110 { fields.append(second) }
      fields.append(Self.field("Associated radio capability 1", 4, &bits))
    }
    Self.read(Self.components, from: &bits, into: &fields)
    return fields
  }

  private static func field(_ name: String, _ count: Int, _ bits: inout Bits) -> Field {
    let value = bits.next(count)
    return Field(name: name, value: value, isTold: bits.isInside)
  }

  private static func read(_ components: [Component], from bits: inout Bits, into fields: inout [Field]) {
    for component in components {
      switch component {
      case .bits(let name, let count): fields.append(field(name, count, &bits))
      case .optional(let contents): if bits.next(1) == 1 { read(contents, from: &bits, into: &fields) }
      case .zero: _ = bits.next(1)
      }
    }
  }

  /// The value of a component, by the specification's name; `nil`: it is not there.
  public func value(_ name: String) -> UInt8? { fields.first { $0.name == name }?.value }

  /// GSM 1800, E-GSM or R-GSM, and P-GSM in bits 3 to 1.
  public var bands: UInt8 { (octets.first ?? 0) >> 4 & 0x07 }
  /// A5/7 in bit 4 to A5/4 in bit 1.
  public var a5: UInt8 { (octets.first ?? 0) & 0x0F }
  /// Power class in the second band, where there are two.
  public var associatedRadioCapability2: UInt8? { value("Associated radio capability 2") }
  /// Power class in the band, or in the first of two.
  public var associatedRadioCapability1: UInt8? { value("Associated radio capability 1") }

  public var description: String {
    let names = ["GSM 1800", "E-GSM/R-GSM", "P-GSM"].enumerated().filter { bands & 4 >> UInt8($0.offset) != 0 }.map(\.element)
    let others = fields.dropFirst().filter { $0.value != 0 }.map { $0.value == 1 ? $0.name : "\($0.name) \($0.value)" }
    return ([list(names, otherwise: "no band told")] + others).joined(separator: ", ")
  }
}
