import NASMessages

/// What another decoder should say about a message too: name of the fact, and its values in the order of the message.
struct Facts {
  private(set) var all: [(name: String, value: Value)] = []

  /// A number, or text.
  enum Value {
    case number(Int)
    case text(String)

    var json: String {
      switch self {
      case .number(let value): "\(value)"
      case .text(let text): "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
      }
    }
  }

  init(_ message: NASMessage, _ direction: NASDirection) { add(message, direction) }

  mutating func add(_ name: String, _ value: some BinaryInteger) { all.append((name, .number(Int(value)))) }
  mutating func add(_ name: String, text: String) { all.append((name, .text(text))) }

  private mutating func add(_ message: NASMessage, _ direction: NASDirection) {
    add(message.type.isESM ? "esmType" : "emmType", message.type.octet)
    if message.type.isESM {
      add("bearer", message.epsBearerIdentity)
      add("transaction", message.procedureTransactionIdentity)
    }
    guard let table = MessageTable.all.first(where: { $0.type == message.type }) else { return }
    for element in message.informationElements {
      // Optional elements; those of half an octet count too.
      if element.identifier != nil { add("elements", 1) }
      guard let row = table.rows.first(where: { $0.label == element.name && $0.identifier == element.identifier }) else { continue }
      let half = row.format == .halfOctet || row.format == .tvHalfOctet
      let octets = half ? message.raw(OptionalField<OpaqueValue>(row: row)) ?? [] : element.octets
      if let value = try? row.valueType.init(decoding: ValuePart(octets)) { add(value) }
      if let inner = element.message { add(inner, direction) }
    }
  }

  private mutating func add(_ value: any InformationElementValue) {
    switch value {
    case let cause as EMMCause: add("emmCause", cause.rawValue)
    case let cause as ESMCause: add("esmCause", cause.rawValue)
    case let key as NASKeySetIdentifier: add("ksi", key.value)
    case let type as EPSAttachType: add("attachType", type.rawValue & 7)
    case let algorithms as NASSecurityAlgorithms:
      add("ciphering", algorithms.ciphering)
      add("integrity", algorithms.integrity)
    case EPSMobileIdentity.guti(let guti) as EPSMobileIdentity: add(guti)
    case EPSMobileIdentity.imsi(let digits) as EPSMobileIdentity: add("imsi", Int(digits) ?? -1)
    case EPSMobileIdentity.imei(let digits) as EPSMobileIdentity: add("epsIMEI", Int(digits) ?? -1)
    case MobileIdentity.imsi(let digits) as MobileIdentity: add("imsi", Int(digits) ?? -1)
    case MobileIdentity.imei(let digits) as MobileIdentity: add("imei", Int(digits) ?? -1)
    case MobileIdentity.imeisv(let digits) as MobileIdentity: add("imeisv", Int(digits) ?? -1)
    case MobileIdentity.tmsi(let tmsi) as MobileIdentity: add("tmsi", tmsi)
    case let capability as UENetworkCapability:
      add(capability.octets)
      for bit in capability.features { add("ue \(bit.name)", bit.isSet ? 1 : 0) }
    case let capability as UESecurityCapability:
      add(capability.octets)
      if let gea = capability.gea { for index in 1...7 { add("gea\(index)", gea >> (7 - UInt8(index)) & 1) } }
    case let areas as TAIList: add(areas)
    case let keys as CipheringKeyData:
      for set in keys.sets { if let areas = try? TAIList(decoding: ValuePart(set.trackingAreas[...])) { add(areas) } }
    case let remote as RemoteUEContextList:
      for identity in remote.contexts.flatMap(\.identities) where (identity.first ?? 0) & 7 == 2 {
        // Coded like an IMSI elsewhere, but for the type.
        let imsi = try? MobileIdentity(decoding: ValuePart(([identity[0] & 0xF8 | 1] + identity[1...])[...]))
        if case .imsi(let digits)? = imsi { add("imsi", Int(digits) ?? -1) }
      }
    case let area as TrackingAreaIdentity: add("tac", area.tac)
    case let area as LocationAreaIdentity: add("lac", area.lac)
    case let qos as EPSQoS:
      add("qci", qos.qci)
      let names = ["", " ext", " ext"].flatMap { suffix in ["mbrUp", "mbrDown", "gbrUp", "gbrDown"].map { $0 + suffix } }
      for (name, octet) in zip(names, qos.bitRates) { add(name, octet) }
    case let linked as LinkedEPSBearerIdentity: add("linkedBearer", linked.rawValue)
    case let address as PDNAddress:
      add("PDN type", (address.encodedOctets.first ?? 0) & 7)
      switch address {
      case .ipv4(let ipv4), .ipv4v6(_, let ipv4): add("pdnIPv4", ipv4)
      case .ipv6, .other: break
      }
    case let type as ServiceType: add("serviceType", type.rawValue)
    case let type as IdentityType2: add("identityType", type.rawValue)
    default: addMobility(value)
    }
  }

  private mutating func add(_ guti: GUTI) {
    add("mmeGroup", guti.mmeGroupID)
    add("mmeCode", guti.mmeCode)
    add("mTMSI", guti.mTMSI)
    add("tmsi", guti.mTMSI)
  }

  /// EEA, EIA, then UEA and UIA.
  private mutating func add(_ capability: [UInt8]) {
    for (octet, name) in zip(capability, ["eea", "eia", "uea", "uia"]) {
      for index in (name == "uia" ? 1 : 0)...7 { add("\(name)\(index)", octet >> (7 - UInt8(index)) & 1) }
    }
  }

  private mutating func add(_ list: TAIList) {
    for area in list.areas { add("tac", area.tac) }
  }

  /// `{"name":[values],…}`.
  var json: String {
    var names: [String] = []
    for fact in all where !names.contains(fact.name) { names.append(fact.name) }
    let parts = names.map { name in
      "\"\(name)\":[" + all.filter { $0.name == name }.map(\.value.json).joined(separator: ",") + "]"
    }
    return "{" + parts.joined(separator: ",") + "}"
  }
}
