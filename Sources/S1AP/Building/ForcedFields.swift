/// An IE written octet by octet, whatever the grammar says: for sending wrong things on purpose.
public struct S1APRawIE: Sendable, Equatable {
  /// Any, of the message or not.
  public var identity: ProtocolIEID
  /// 0 to 3: 3 is no criticality (TS 36.413 §9.3.7), and is written all the same.
  public var criticality: UInt8
  /// What the open type contains.
  public var octets: [UInt8]
  /// The length that is claimed for it, up to 16383; nil: the true one.
  public var length: Int?

  public init(_ identity: ProtocolIEID, criticality: UInt8 = 0, octets: [UInt8], length: Int? = nil) {
    self.identity = identity
    self.criticality = criticality
    self.octets = octets
    self.length = length
  }
}

/// Header fields and lengths of a PDU that are written as told; nil: what is true. See ``S1APBuilder/forced``.
public struct S1APForcedFields: Sendable, Equatable {
  /// The extension marker of S1AP-PDU.
  public var isExtended: Bool?
  /// The arm of S1AP-PDU, 0 to 3 (3 does not exist).
  public var kind: UInt8?
  /// Any, known or not.
  public var procedureCode: UInt8?
  /// 0 to 3 (3 does not exist).
  public var criticality: UInt8?
  /// Octets claimed for the message, up to 16383.
  public var messageLength: Int?
  /// IEs claimed for the container, up to 65535.
  public var count: Int?
  /// Octets claimed for an IE, by identity, up to 16383.
  public var lengths: [ProtocolIEID: Int] = [:]
  /// Behind the PDU.
  public var trailingOctets: [UInt8] = []

  /// Nothing forced.
  public init() {}
}

extension S1APBuilder {
  /// Adds an IE octet by octet, behind those of the grammar. Needs no deviation: that it is wanted is plain.
  public mutating func add(raw element: S1APRawIE) { rawElements.append(element) }

  /// The PDU's octets with what was forced; IEs whose lengths are true come out as ever.
  func forcedOctets() throws(S1APError) -> [UInt8] {
    let nodes = try arranged()
    guard nodes.count > 2, additions.isEmpty, Grammar.shared.types[Int(nodes[2].type)].kind == .list else {
      throw S1APError(.unsupported, path: message.title, detail: "fields can be forced in messages made of protocol IEs only")
    }
    let forced = forced ?? S1APForcedFields()
    var body: [UInt8] = [0]
    Self.append(UInt16(truncatingIfNeeded: forced.count ?? Int(nodes[2].low) + rawElements.count), to: &body)
    for element in try elements(nodes) + rawElements {
      Self.append(element.identity.rawValue, to: &body)
      body.append(element.criticality << 6)
      if let length = element.length ?? forced.lengths[element.identity] {
        Self.append(length: length, to: &body)
        body += element.octets
      } else {
        Self.append(openType: element.octets, to: &body)
      }
    }
    let low = nodes[0].low
    let kind = forced.kind ?? UInt8(truncatingIfNeeded: low >> 8)
    var octets: [UInt8] = [
      (forced.isExtended == true ? 0x80 : 0) | (kind & 3) << 5, forced.procedureCode ?? UInt8(truncatingIfNeeded: low),
      (forced.criticality ?? UInt8(truncatingIfNeeded: low >> 16)) << 6,
    ]
    if let length = forced.messageLength {
      Self.append(length: length, to: &octets)
      octets += body
    } else {
      Self.append(openType: body, to: &octets)
    }
    return octets + forced.trailingOctets
  }

  /// The IEs of the grammar, each as its octets.
  private func elements(_ nodes: [TapeNode]) throws(S1APError) -> [S1APRawIE] {
    var elements: [S1APRawIE] = []
    var parts = forcedParts
    var at = 3
    while at < nodes.count {
      let end = at + Int(nodes[at].span)
      let identity = ProtocolIEID(nodes[at].identity)
      let octets = try contents(of: nodes[(at + 1)..<end], parts.filter { $0.ie == identity })
      parts.removeAll { $0.ie == identity }
      elements.append(S1APRawIE(identity, criticality: nodes[at].criticality, octets: octets))
      at = end
    }
    if let part = parts.first {
      throw S1APError(.missing, path: "\(message.title) / \(part.ie)", detail: "no such IE, so nothing in it to force")
    }
    return elements
  }

  private static func append(_ number: UInt16, to octets: inout [UInt8]) {
    octets.append(UInt8(truncatingIfNeeded: number >> 8))
    octets.append(UInt8(truncatingIfNeeded: number))
  }

  /// Octets behind their length, from 16K on in fragments (X.691 §11.9.3.8).
  private static func append(openType contents: [UInt8], to octets: inout [UInt8]) {
    var rest = contents[...]
    while rest.count >= 1 << 14 {
      let blocks = min(rest.count >> 14, 4)
      octets.append(0xc0 | UInt8(blocks))
      octets += rest.prefix(blocks << 14)
      rest = rest.dropFirst(blocks << 14)
    }
    append(length: rest.count, to: &octets)
    octets += rest
  }

  /// A length determinant (X.691 §11.9) of one or two octets.
  private static func append(length: Int, to octets: inout [UInt8]) {
    if length < 0x80 { return octets.append(UInt8(truncatingIfNeeded: length)) }
    append(0x8000 | UInt16(truncatingIfNeeded: length) & 0x3fff, to: &octets)
  }
}
