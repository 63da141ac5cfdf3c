/// Emergency number list, TS 24.008 §10.5.3.13.
public struct EmergencyNumberList: InformationElementValue, Hashable {
  /// A number and the services it reaches.
  public struct Number: Hashable, Sendable {
    /// Bits 1 to 5: police, ambulance, fire brigade, marine guard, mountain rescue; the others are spare.
    public var category: UInt8
    /// As coded, two digits an octet.
    public var bcd: [UInt8]

    /// - Parameter digits: see ``CallingLineIdentity/init(digits:typeOfNumber:numberingPlan:)``.
    public init(category: UInt8, digits: String) {
      self.category = category
      bcd = packBCD(digits)
    }
    fileprivate init(category: UInt8, bcd: [UInt8]) {
      self.category = category
      self.bcd = bcd
    }

    /// The number to be dialled, up to the end mark.
    public var digits: String { unpackBCD(bcd) }
    /// "police", "ambulance", …
    public var services: [String] {
      ["police", "ambulance", "fire brigade", "marine guard", "mountain rescue"].enumerated()
        .filter { category & 1 << UInt8($0.offset) != 0 }.map(\.element)
    }
  }

  /// In the order of the message.
  public var numbers: [Number]

  public init(_ numbers: [Number]) { self.numbers = numbers }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    numbers = []
    var at = 0
    while at < part.count {
      let item = part.item("number", numbers.count)
      let length = Int(part[at])
      guard length > 0 else { throw item.invalid(at: at, expected: 1, found: 0) }
      try item.require(at + 1 + length)
      numbers.append(Number(category: part[at + 1], bcd: Array(part.octets.dropFirst(at + 2).prefix(length - 1))))
      at += 1 + length
    }
  }

  public func encode(into octets: inout OctetWriter) {
    for number in numbers {
      precondition(number.bcd.count < 255, "the length of an emergency number is one octet")
      octets.append(UInt8(number.bcd.count + 1))
      octets.append(number.category)
      octets.append(contentsOf: number.bcd)
    }
  }

  public var description: String {
    numbers.map { "\($0.digits) (\(list($0.services, otherwise: "no category")))" }.joined(separator: "; ")
  }
}

/// Extended emergency number list, TS 24.301 §9.9.3.37A.
public struct ExtendedEmergencyNumberList: InformationElementValue, Hashable {
  /// A number and the sub-services of the emergency service URN that it stands for.
  public struct Number: Hashable, Sendable {
    /// As coded, two digits an octet.
    public var bcd: [UInt8]
    /// What follows "urn:service:sos.", in the GSM 7 bit default alphabet as coded; empty: none.
    public var subServices: [UInt8]

    /// - Parameter subServices: coded in the GSM 7 bit default alphabet.
    public init(digits: String, subServices: [UInt8] = []) {
      bcd = packBCD(digits)
      self.subServices = subServices
    }
    /// - Parameter subServiceText: what follows "urn:service:sos.", as text.
    public init(digits: String, subServiceText: String) {
      self.init(digits: digits, subServices: GSMAlphabet.packed(GSMAlphabet.codes(subServiceText)))
    }
    fileprivate init(bcd: [UInt8], subServices: [UInt8]) {
      self.bcd = bcd
      self.subServices = subServices
    }

    /// The number to be dialled, up to the end mark.
    public var digits: String { unpackBCD(bcd) }
    /// "police.municipal"; empty: none. Where seven bits are left over at the end and are zero, they are taken for a filler: they
    /// would be an "@", which no URN has.
    public var subServiceText: String {
      let text = GSMAlphabet.text(subServices)
      return subServices.count % 7 == 0 && text.hasSuffix("@") ? String(text.dropLast()) : text
    }
  }

  /// Bit 1: the list is valid only in the PLMN it came from, not in its whole country. The others are spare.
  public var validity: UInt8
  /// In the order of the message.
  public var numbers: [Number]
  /// What follows the first 256 numbers, unread.
  public var rest: [UInt8]

  /// - Parameter validOnlyInPLMN: not in the whole country of the PLMN.
  public init(validOnlyInPLMN: Bool = false, _ numbers: [Number]) {
    validity = validOnlyInPLMN ? 1 : 0
    self.numbers = numbers
    rest = []
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(1)
    validity = part[0]
    numbers = []
    rest = []
    var at = 1
    while at < part.count, numbers.count < 256 {
      let item = part.item("number", numbers.count)
      let length = Int(part[at])
      try item.require(at + 2 + length)
      let services = Int(part[at + 1 + length])
      try item.require(at + 2 + length + services)
      numbers.append(
        Number(
          bcd: Array(part.octets.dropFirst(at + 1).prefix(length)),
          subServices: Array(part.octets.dropFirst(at + 2 + length).prefix(services))))
      at += 2 + length + services
    }
    rest = Array(part.octets.dropFirst(at))
  }

  public func encode(into octets: inout OctetWriter) {
    octets.append(validity)
    for number in numbers {
      precondition(number.bcd.count < 256 && number.subServices.count < 256, "the lengths are one octet")
      octets.append(UInt8(number.bcd.count))
      octets.append(contentsOf: number.bcd)
      octets.append(UInt8(number.subServices.count))
      octets.append(contentsOf: number.subServices)
    }
    octets.append(contentsOf: rest)
  }

  /// The list is valid only in the PLMN it came from, not in its whole country.
  public var isValidOnlyInPLMN: Bool { validity & 0x01 != 0 }

  public var description: String {
    numbers.map { $0.digits + ($0.subServices.isEmpty ? "" : " (urn:service:sos.\($0.subServiceText))") }.joined(separator: "; ")
      + (rest.isEmpty ? "" : "; then \(rest.count) octets") + (isValidOnlyInPLMN ? "; valid in this PLMN" : "; valid in this country")
  }
}
