/// Remote UE context list, TS 24.301 §9.9.4.20.
public struct RemoteUEContextList: InformationElementValue, Hashable {
  /// One remote UE.
  public struct Context: Hashable, Sendable {
    /// The identities as coded, each behind its length: many of no octets take little memory so.
    private var coded: [UInt8]
    private var count: UInt8
    /// 0 none, 1 IPv4 address and port (6 octets), 2 IPv6 prefix (8 octets); bits 4 to 8 are spare. `nil`: not there.
    public var addressType: UInt8?
    /// As coded.
    public var address: [UInt8]

    /// - Parameter identities: at most 255 of at most 255 octets (precondition).
    public init(identities: [[UInt8]], addressType: UInt8 = 0, address: [UInt8] = []) {
      precondition(identities.count < 256 && identities.allSatisfy { $0.count < 256 }, "number and lengths are one octet")
      count = UInt8(identities.count)
      coded = identities.flatMap { [UInt8($0.count)] + $0 }
      self.addressType = addressType
      self.address = address
    }

    /// User identities: type and parity in bits 1 to 4 of the first octet of each, digits after (table 9.9.4.20.2).
    public var identities: [[UInt8]] {
      var identities: [[UInt8]] = []
      var rest = coded[...]
      while let length = rest.popFirst() {
        identities.append(Array(rest.prefix(Int(length))))
        rest = rest.dropFirst(Int(length))
      }
      return identities
    }

    fileprivate init(_ part: ValuePart, _ start: Int, _ end: Int) throws(NASDecodingError) {
      guard start < end else { throw part.invalid(at: start - 1, expected: 1, found: 0) }
      count = part[start]
      var at = start + 1
      for _ in 0..<count {
        guard at < end, at + 1 + Int(part[at]) <= end else { throw part.invalid(at: min(at, part.count), expected: end) }
        at += 1 + Int(part[at])
      }
      coded = Array(part.octets.dropFirst(start + 1).prefix(at - start - 1))
      addressType = at < end ? part[at] : nil
      address = Array(part.octets.dropFirst(at + 1).prefix(max(0, end - at - 1)))
    }

    fileprivate func encode(into octets: inout OctetWriter) {
      let place = octets.count
      octets.append(0)
      octets.append(count)
      octets.append(contentsOf: coded)
      if let addressType { octets.append(addressType) }
      octets.append(contentsOf: address)
      let length = octets.count - place - 1
      precondition(length < 256, "the length of a remote UE context is one octet")
      octets[place] = UInt8(length)
    }
  }

  /// At most 255 (precondition when encoded).
  public var contexts: [Context]
  /// The element was empty, without even a number of contexts; the table's minimum lets it be.
  private var isEmpty = false
  /// What follows the contexts that the number announces.
  public var rest: [UInt8]

  public init(_ contexts: [Context]) {
    self.contexts = contexts
    rest = []
  }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    contexts = []
    rest = []
    guard part.count > 0 else {
      isEmpty = true
      return
    }
    var at = 1
    for index in 0..<Int(part[0]) {
      let item = part.item("remote UE context", index)
      try item.require(at + 1)
      let end = at + 1 + Int(part[at])
      try item.require(end)
      contexts.append(try Context(item, at + 1, end))
      at = end
    }
    rest = Array(part.octets.dropFirst(at))
  }

  public func encode(into octets: inout OctetWriter) {
    precondition(contexts.count < 256, "the number of remote UE contexts is one octet")
    if isEmpty && contexts.isEmpty { return }
    octets.append(UInt8(contexts.count))
    for context in contexts { context.encode(into: &octets) }
    octets.append(contentsOf: rest)
  }

  public var description: String {
    let names = ["", "encrypted IMSI", "IMSI", "MSISDN", "IMEI", "IMEISV"]
    // A message has room for tens of thousands of identities; the first ones will do.
    return "\(contexts.count) remote UEs"
      + contexts.prefix(16).map { context in
        "; "
          + context.identities.prefix(16).map { identity in
            let type = Int((identity.first ?? 0) & 0x07)
            let value = Self.digits(identity) ?? hexString(identity.dropFirst())
            return (type < names.count && type > 0 ? names[type] : "type \(type)") + " " + value
          }.joined(separator: ", ") + Self.words(context)
      }.joined() + (contexts.count > 16 ? "; …" : "")
  }
}

extension RemoteUEContextList {
  /// The digits of an identity that is made of digits: IMSI, MSISDN, IMEI and IMEISV (types 2 to 5); else `nil`.
  public static func digits(_ identity: [UInt8]) -> String? {
    guard let first = identity.first, 2...5 ~= first & 0x07 else { return nil }
    // The first digit stands beside the type, as in a mobile identity; an end mark fills the last octet.
    var halves = [first >> 4]
    for octet in identity.dropFirst() { halves += [octet & 0x0F, octet >> 4] }
    if halves.last == 0x0F { halves.removeLast() }
    return halves.allSatisfy { $0 < 10 } ? halves.map { "\($0)" }.joined() : nil
  }

  fileprivate static func words(_ context: Context) -> String {
    let address = context.address
    switch (context.addressType.map { $0 & 0x07 }, address.count) {
    case (1?, 6): return " at \(dottedAddress(address[..<4])):\(UInt16(address[4]) << 8 | UInt16(address[5]))"
    case (2?, 8): return " at \(ipv6Address(address + [UInt8](repeating: 0, count: 8)))/64"
    default: return address.isEmpty ? "" : " at " + hexString(address)
    }
  }
}

/// PKMF address, TS 24.301 §9.9.4.21.
public struct PKMFAddress: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 1
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameter ipv4: network order.
  public init(ipv4: UInt32) {
    octets = [1]
    octets.append(bigEndian32: ipv4)
  }
  /// - Parameter ipv6: 16 octets (precondition).
  public init(ipv6: [UInt8]) {
    precondition(ipv6.count == 16, "an IPv6 address has 16 octets")
    octets = [2] + ipv6
  }

  /// 1 IPv4, 2 IPv6; the other values are reserved.
  public var addressType: UInt8 { octets[0] & 0x07 }
  /// As coded, in network order.
  public var address: ArraySlice<UInt8> { octets.dropFirst() }
  public var description: String {
    switch (addressType, address.count) {
    case (1, 4): dottedAddress(address)
    case (2, 16): ipv6Address(address)
    default: "type \(addressType) \(hexString(address))"
    }
  }
}

/// User data of control plane CIoT, TS 24.301 §9.9.4.24.
public struct UserDataContainer: InformationElementValue, Hashable {
  /// As coded: an IP packet, non-IP data or an Ethernet frame.
  public var octets: ArraySlice<UInt8>
  public init(_ octets: some Collection<UInt8>) { self.octets = ArraySlice(octets) }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = part.octets }
  public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }
  public var description: String { "\(octets.count) octets \(hexString(octets))" }
}
