/// EPS network feature support, TS 24.301 §9.9.3.12A. Octets that are absent read as zero.
public struct EPSNetworkFeatureSupport: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }
  /// Two octets in which nothing is supported.
  public init() { octets = [0, 0] }

  /// IMS voice over PS session in S1 mode.
  public var imsVoiceOverPS: Bool {
    get { bit(1, ofOctet: 0) }
    set { setBit(1, ofOctet: 0, newValue) }
  }
  /// Emergency bearer services in S1 mode.
  public var emergencyBearerServices: Bool {
    get { bit(2, ofOctet: 0) }
    set { setBit(2, ofOctet: 0, newValue) }
  }
  /// Location services via EPC.
  public var locationServicesInEPC: Bool {
    get { bit(3, ofOctet: 0) }
    set { setBit(3, ofOctet: 0, newValue) }
  }
  /// Location services via CS: 0 no information, 1 supported, 2 not supported.
  public var locationServicesInCS: UInt8 { octets[0] >> 3 & 0x03 }
  /// EXTENDED SERVICE REQUEST for packet services.
  public var extendedServiceRequestForPacketServices: Bool {
    get { bit(6, ofOctet: 0) }
    set { setBit(6, ofOctet: 0, newValue) }
  }
  /// EMM-REGISTERED without PDN connection.
  public var registeredWithoutPDNConnection: Bool {
    get { bit(7, ofOctet: 0) }
    set { setBit(7, ofOctet: 0, newValue) }
  }
  /// Control plane CIoT EPS optimization.
  public var controlPlaneCIoT: Bool {
    get { bit(8, ofOctet: 0) }
    set { setBit(8, ofOctet: 0, newValue) }
  }
  /// User plane CIoT EPS optimization.
  public var userPlaneCIoT: Bool {
    get { bit(1, ofOctet: 1) }
    set { setBit(1, ofOctet: 1, newValue) }
  }
  /// S1-U data transfer; counts only with ``controlPlaneCIoT``.
  public var s1UDataTransfer: Bool {
    get { bit(2, ofOctet: 1) }
    set { setBit(2, ofOctet: 1, newValue) }
  }
  /// Header compression for control plane CIoT EPS optimization.
  public var headerCompressionForControlPlaneCIoT: Bool {
    get { bit(3, ofOctet: 1) }
    set { setBit(3, ofOctet: 1, newValue) }
  }
  /// The extended protocol configuration options element.
  public var extendedProtocolConfigurationOptions: Bool {
    get { bit(4, ofOctet: 1) }
    set { setBit(4, ofOctet: 1, newValue) }
  }
  /// Use of enhanced coverage is restricted.
  public var restrictsEnhancedCoverage: Bool {
    get { bit(5, ofOctet: 1) }
    set { setBit(5, ofOctet: 1, newValue) }
  }
  /// Use of dual connectivity with NR is restricted.
  public var restrictsDualConnectivityWithNR: Bool {
    get { bit(6, ofOctet: 1) }
    set { setBit(6, ofOctet: 1, newValue) }
  }
  /// Interworking with 5GS without N26 interface.
  public var interworkingWithoutN26: Bool {
    get { bit(7, ofOctet: 1) }
    set { setBit(7, ofOctet: 1, newValue) }
  }
  /// Signalling for 15 EPS bearer contexts.
  public var fifteenBearers: Bool {
    get { bit(8, ofOctet: 1) }
    set { setBit(8, ofOctet: 1, newValue) }
  }

  /// The bits of the octets that are there, beside the location services via CS, bit 1 first.
  public var features: [CapabilityBit] {
    let all = [
      [
        CapabilityBit("IMS VoPS", imsVoiceOverPS), .init("EMC BS", emergencyBearerServices), .init("EPC-LCS", locationServicesInEPC),
        .init("ESRPS", extendedServiceRequestForPacketServices), .init("ERw/oPDN", registeredWithoutPDNConnection),
        .init("CP CIoT", controlPlaneCIoT),
      ],
      [
        .init("UP CIoT", userPlaneCIoT), .init("S1-U data", s1UDataTransfer),
        .init("HC-CP CIoT", headerCompressionForControlPlaneCIoT), .init("ePCO", extendedProtocolConfigurationOptions),
        .init("RestrictEC", restrictsEnhancedCoverage), .init("RestrictDCNR", restrictsDualConnectivityWithNR),
        .init("IWK N26", interworkingWithoutN26), .init("15 bearers", fifteenBearers),
      ],
    ]
    return Array(all.prefix(octets.count).joined())
  }

  public var description: String {
    let location = ["", "CS-LCS supported", "CS-LCS not supported", "CS-LCS reserved"][Int(locationServicesInCS)]
    return list((features.names + [location]).filter { !$0.isEmpty }, otherwise: "none")
  }
}

/// DCN-ID, TS 24.008 §10.5.5.35.
public struct DCNID: InformationElementValue, Hashable {
  /// The identity of the dedicated core network.
  public var value: UInt16

  public init(_ value: UInt16) { self.value = value }
  public init(decoding part: ValuePart) throws(NASDecodingError) {
    try part.require(2)
    value = part.uint16(at: 0)
  }
  public func encode(into octets: inout OctetWriter) { octets.append(bigEndian16: value) }
  public var description: String { "\(value)" }
}

/// The keys of ciphered positioning broadcasts, TS 24.301 §9.9.3.56.
public struct CipheringKeyData: InformationElementValue, Hashable {
  /// One ciphering data set.
  public struct DataSet: Hashable, Sendable {
    /// The ciphering set identity that broadcasts name.
    public var identifier: UInt16
    /// 16 octets.
    public var key: [UInt8]
    /// The octet before the counter: its length in bits 1 to 5, spare bits above.
    let counterLength: UInt8
    /// The c0 counter, at most 31 octets; the specification allows 16.
    public var counter: [UInt8]
    /// For which positioning SIB types, 1-1 in bit 32.
    public var positioningSIBTypes: UInt32
    /// Year, month, day, hour, minute of universal time, two BCD digits each.
    public var validityStart: [UInt8]
    /// In minutes.
    public var validityDuration: UInt16
    /// The value part of a tracking area identity list; empty: the whole PLMN.
    public var trackingAreas: [UInt8]

    /// - Parameters:
    ///   - key: 16 octets (precondition).
    ///   - counter: at most 31 octets (precondition).
    ///   - validityStart: 5 octets (precondition).
    public init(
      identifier: UInt16, key: [UInt8], counter: [UInt8], positioningSIBTypes: UInt32, validityStart: [UInt8],
      validityDuration: UInt16, trackingAreas: TAIList? = nil
    ) {
      precondition(key.count == 16 && counter.count < 32 && validityStart.count == 5, "the key has 16 octets, the start 5")
      self.identifier = identifier
      self.key = key
      counterLength = UInt8(counter.count)
      self.counter = counter
      self.positioningSIBTypes = positioningSIBTypes
      self.validityStart = validityStart
      self.validityDuration = validityDuration
      self.trackingAreas = trackingAreas?.encodedOctets ?? []
    }

    /// Octets read, and the set.
    fileprivate static func read(_ part: ValuePart, at start: Int) throws(NASDecodingError) -> (Int, DataSet) {
      try part.require(start + 19)
      let length = Int(part[start + 18] & 0x1F)
      let after = start + 19 + length
      try part.require(after + 12)
      let areas = Int(part[after + 11])
      try part.require(after + 12 + areas)
      let octets = part.octets.dropFirst(start)
      let set = DataSet(
        identifier: part.uint16(at: start), key: Array(octets.dropFirst(2).prefix(16)), counterLength: part[start + 18],
        counter: Array(octets.dropFirst(19).prefix(length)), positioningSIBTypes: part.uint32(at: after),
        validityStart: Array(octets.dropFirst(after - start + 4).prefix(5)), validityDuration: part.uint16(at: after + 9),
        trackingAreas: Array(octets.dropFirst(after - start + 12).prefix(areas)))
      return (after + 12 + areas - start, set)
    }

    private init(
      identifier: UInt16, key: [UInt8], counterLength: UInt8, counter: [UInt8], positioningSIBTypes: UInt32,
      validityStart: [UInt8], validityDuration: UInt16, trackingAreas: [UInt8]
    ) {
      self.identifier = identifier
      self.key = key
      self.counterLength = counterLength
      self.counter = counter
      self.positioningSIBTypes = positioningSIBTypes
      self.validityStart = validityStart
      self.validityDuration = validityDuration
      self.trackingAreas = trackingAreas
    }

    fileprivate func write(into octets: inout OctetWriter) {
      octets.append(bigEndian16: identifier)
      octets.append(contentsOf: key)
      octets.append(counterLength & 0xE0 | UInt8(counter.count & 0x1F))
      octets.append(contentsOf: counter)
      octets.append(bigEndian32: positioningSIBTypes)
      octets.append(contentsOf: validityStart)
      octets.append(bigEndian16: validityDuration)
      octets.append(UInt8(truncatingIfNeeded: trackingAreas.count))
      octets.append(contentsOf: trackingAreas)
    }
  }

  /// At most 16 are read.
  public var sets: [DataSet]
  /// What follows the first 16 sets, which are those that the UE stores (table 9.9.3.56.1).
  public var rest: [UInt8]

  public init(_ sets: [DataSet]) {
    self.sets = sets
    rest = []
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    sets = []
    rest = []
    var at = 0
    while at < part.count, sets.count < 16 {
      let (length, set) = try DataSet.read(part.item("ciphering data set", sets.count), at: at)
      sets.append(set)
      at += length
    }
    rest = Array(part.octets.dropFirst(at))
  }

  public func encode(into octets: inout OctetWriter) {
    for set in sets { set.write(into: &octets) }
    octets.append(contentsOf: rest)
  }

  public var description: String {
    sets.map { "set \($0.identifier), valid \($0.validityDuration) min" }.joined(separator: "; ")
      + (rest.isEmpty ? "" : "; then \(rest.count) octets")
  }
}
