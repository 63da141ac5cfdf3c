/// The type of an information element (TS 29.274 §8.1, table 8.1-1).
public struct ElementType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let imsi = Self(rawValue: 1)
  public static let cause = Self(rawValue: 2)
  public static let recovery = Self(rawValue: 3)
  public static let accessPointName = Self(rawValue: 71)
  public static let aggregateMaximumBitRate = Self(rawValue: 72)
  public static let epsBearerIdentity = Self(rawValue: 73)
  public static let ipAddress = Self(rawValue: 74)
  public static let mobileEquipmentIdentity = Self(rawValue: 75)
  public static let indication = Self(rawValue: 77)
  public static let bearerQoS = Self(rawValue: 80)
  public static let ratType = Self(rawValue: 82)
  public static let servingNetwork = Self(rawValue: 83)
  public static let fullyQualifiedTEID = Self(rawValue: 87)
  public static let bearerContext = Self(rawValue: 93)
  public static let mmContextGSM = Self(rawValue: 103)
  public static let mmContextUMTSWithCipher = Self(rawValue: 104)
  public static let mmContextGSMWithQuintuplets = Self(rawValue: 105)
  public static let mmContextUMTS = Self(rawValue: 106)
  public static let mmContextEPS = Self(rawValue: 107)
  public static let mmContextUMTSWithQuadruplets = Self(rawValue: 108)
  public static let pdnConnection = Self(rawValue: 109)
  public static let completeRequestMessage = Self(rawValue: 116)
  public static let guti = Self(rawValue: 117)
  public static let fullyQualifiedContainer = Self(rawValue: 118)
  public static let fullyQualifiedCause = Self(rawValue: 119)
  public static let plmn = Self(rawValue: 120)
  public static let targetIdentification = Self(rawValue: 121)

  /// Its value is a sequence of elements (§8.2.1).
  var isGrouped: Bool { self == .bearerContext || self == .pdnConnection }
}

/// An information element as it is on the wire: type, instance and value (TS 29.274 §8.2.1).
public struct InformationElement: Sendable, Equatable {
  public var type: ElementType
  /// 0 ... 15: which of several of this type.
  public var instance: UInt8
  /// The four spare bits beside the instance, kept as they came.
  var spare: UInt8 = 0
  public var value: ArraySlice<UInt8>

  public init(_ type: ElementType, instance: UInt8 = 0, value: [UInt8]) {
    self.type = type
    self.instance = instance & 15
    self.value = value[...]
  }

  /// Octets and place count where elements of one message are compared; here only what they say does.
  public static func == (a: Self, b: Self) -> Bool {
    a.type == b.type && a.instance == b.instance && a.spare == b.spare && a.value.elementsEqual(b.value)
  }

  /// Reads elements up to the end of the octets.
  static func list(_ octets: ArraySlice<UInt8>) throws(GTPv2CError) -> [InformationElement] {
    var reader = OctetReader(octets)
    var elements: [InformationElement] = []
    while !reader.isAtEnd {
      let type = ElementType(rawValue: try reader.octet("element type"))
      let length = Int(try reader.number(2, "element length"))
      let octet = try reader.octet("element instance")
      var element = InformationElement(type, instance: octet & 15, value: [])
      element.spare = octet >> 4
      element.value = try reader.slice(length, "element \(type.rawValue)")
      elements.append(element)
    }
    return elements
  }

  static func encode(_ elements: [InformationElement], into octets: inout [UInt8]) throws(GTPv2CError) {
    for element in elements {
      guard element.value.count <= 0xFFFF else { throw GTPv2CError(.invalidValue, path: "element \(element.type.rawValue)") }
      octets.append(element.type.rawValue)
      octets.append(UInt16(element.value.count), width: 2)
      octets.append(element.spare << 4 | element.instance)
      octets.append(contentsOf: element.value)
    }
  }
}
