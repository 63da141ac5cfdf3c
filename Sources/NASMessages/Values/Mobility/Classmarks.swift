/// Mobile station classmark 2, TS 24.008 §10.5.1.6: three octets.
public struct MobileStationClassmark2: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 3
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// 0 phase 1, 1 phase 2, 2 R99 or later.
  public var revisionLevel: UInt8 { octets[0] >> 5 & 0x03 }
  /// Controlled early classmark sending.
  public var earlyClassmarkSending: Bool { bit(5, ofOctet: 0) }
  /// The bit is 0 where A5/1 is available.
  public var supportsA51: Bool { !bit(4, ofOctet: 0) }
  /// As coded; 7 is not relevant (no GSM of that kind).
  public var rfPowerCapability: UInt8 { octets[0] & 0x07 }
  /// Pseudo-synchronization capability.
  public var pseudoSynchronisation: Bool { bit(7, ofOctet: 1) }
  /// As coded, 0 to 3.
  public var ssScreeningIndicator: UInt8 { octets[1] >> 4 & 0x03 }
  /// Mobile terminated point to point SMS.
  public var shortMessages: Bool { bit(4, ofOctet: 1) }
  /// VBS notification reception.
  public var voiceBroadcast: Bool { bit(3, ofOctet: 1) }
  /// VGCS notification reception.
  public var voiceGroupCall: Bool { bit(2, ofOctet: 1) }
  /// E-GSM or R-GSM.
  public var extendedBand: Bool { bit(1, ofOctet: 1) }
  /// Options are told in classmark 3.
  public var hasClassmark3: Bool { bit(8, ofOctet: 2) }
  /// LCS value added location request notification.
  public var locationServiceValueAdded: Bool { bit(6, ofOctet: 2) }
  /// No preference between the default alphabet and UCS2.
  public var ucs2: Bool { bit(5, ofOctet: 2) }
  /// Support of localised service area.
  public var solsa: Bool { bit(4, ofOctet: 2) }
  /// CM service prompt.
  public var cmServicePrompt: Bool { bit(3, ofOctet: 2) }
  public var supportsA53: Bool { bit(2, ofOctet: 2) }
  public var supportsA52: Bool { bit(1, ofOctet: 2) }

  /// The bits, in the order of the octets, bit 8 first; of A5/1 whether it is supported, though the bit says the opposite.
  public var features: [CapabilityBit] {
    [
      CapabilityBit("ES IND", earlyClassmarkSending), .init("A5/1", supportsA51), .init("PS", pseudoSynchronisation),
      .init("SM", shortMessages), .init("VBS", voiceBroadcast), .init("VGCS", voiceGroupCall), .init("FC", extendedBand),
      .init("CM3", hasClassmark3), .init("LCSVA", locationServiceValueAdded), .init("UCS2", ucs2), .init("SoLSA", solsa),
      .init("CMSP", cmServicePrompt), .init("A5/3", supportsA53), .init("A5/2", supportsA52),
    ]
  }

  public var description: String {
    (["revision \(revisionLevel)", "RF power \(rfPowerCapability)"] + features.names).joined(separator: ", ")
  }
}

/// Supported codec list, TS 24.008 §10.5.4.32.
public struct SupportedCodecList: InformationElementValue, Hashable {
  /// The codecs of one radio system.
  public struct System: Hashable, Sendable {
    /// 0x00 GSM, 0x04 UMTS.
    public var identifier: UInt8
    /// Bit 1 of the first octet is the first codec of TS 26.103.
    public var bitmap: [UInt8]

    /// - Parameter bitmap: at most 255 octets (precondition when encoded).
    public init(identifier: UInt8, bitmap: [UInt8]) {
      self.identifier = identifier
      self.bitmap = bitmap
    }

    /// Names of the codecs.
    public var codecs: [String] {
      let names = [
        "GSM FR", "GSM HR", "GSM EFR", "FR AMR", "HR AMR", "UMTS AMR", "UMTS AMR2", "TDMA EFR", "PDC EFR", "FR AMR-WB",
        "UMTS AMR-WB", "OHR AMR", "OFR AMR-WB", "OHR AMR-WB", "UMTS EVS",
      ]
      return names.enumerated()
        .filter { $0.offset / 8 < bitmap.count && bitmap[$0.offset / 8] & 1 << UInt8($0.offset % 8) != 0 }.map(\.element)
    }
  }

  /// One entry for each radio system.
  public var systems: [System]

  public init(_ systems: [System]) { self.systems = systems }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    systems = try part.entries("system").map { System(identifier: $0, bitmap: $1) }
  }

  public func encode(into octets: inout OctetWriter) {
    for system in systems { octets.append(entry: system.identifier, system.bitmap) }
  }

  public var description: String {
    systems.map { system in
      let name = system.identifier == 0 ? "GSM" : system.identifier == 4 ? "UMTS" : "system 0x\(hexOctet(system.identifier))"
      return "\(name): " + list(system.codecs, otherwise: "none")
    }.joined(separator: "; ")
  }
}
