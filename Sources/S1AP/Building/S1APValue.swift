/// A value to be written, in the shape of the grammar. The builder checks it against the schema.
///
/// ```swift
/// let tai: S1APValue = ["pLMNidentity": .octets([0x00, 0xf1, 0x10]), "tAC": .octets([0, 1])]
/// ```
public enum S1APValue: Sendable, Equatable {
  /// INTEGER that is not negative.
  case integer(UInt64)
  /// ENUMERATED by name.
  case enumerated(String)
  /// ENUMERATED by position, values behind the extension marker counted on.
  case position(Int)
  case boolean(Bool)
  case null
  /// OCTET STRING, or a text's octets.
  case octets([UInt8])
  /// BIT STRING: left-justified octets and the count of bits.
  case bits([UInt8], count: Int)
  /// PrintableString, VisibleString.
  case text(String)
  /// SEQUENCE: components by name in any order; those not named are absent.
  case sequence([Component])
  /// SEQUENCE OF; where the elements are IEs of one identity (`E-RABToBeSetupItemCtxtSUReq`), their values alone will do.
  case list([S1APValue])
  /// CHOICE by alternative.
  indirect case choice(String, S1APValue)
  /// An IE or extension in a container. Criticality nil: the grammar's.
  indirect case field(ProtocolIEID, S1APValue, criticality: Criticality? = nil)
  /// Contents of an open type (value of an IE or extension), already in PER: for what the grammar does not have, or should not.
  case opaque([UInt8])
  /// A copy of something decoded.
  case node(S1APNode)
  /// A Swift value that writes itself.
  indirect case typed(S1APTypedValue)

  /// A component of a sequence, by its name in ASN.1.
  public struct Component: Sendable, Equatable {
    public var name: String
    public var value: S1APValue

    public init(_ name: String, _ value: S1APValue) {
      self.name = name
      self.value = value
    }
  }

  /// BIT STRING of up to 64 bits out of a number, first bit most significant.
  public static func bits(_ number: UInt64, count: Int) -> S1APValue {
    precondition(count > 0 && count <= 64, "1 to 64 bits")
    let octets = (count + 7) / 8
    let padded = number << UInt64(64 - count)
    return .bits((0..<octets).map { UInt8(truncatingIfNeeded: padded >> UInt64(56 - 8 * $0)) }, count: count)
  }

  /// OCTET STRING of up to 8 octets out of a number, big-endian.
  public static func octets(_ number: UInt64, count: Int) -> S1APValue {
    precondition(count > 0 && count <= 8, "1 to 8 octets")
    return .octets((0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) })
  }
}

extension S1APValue: ExpressibleByIntegerLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral value: UInt64) { self = .integer(value) }

  public init(dictionaryLiteral elements: (String, S1APValue)...) { self = .sequence(elements.map { Component($0.0, $0.1) }) }

  public init(arrayLiteral elements: S1APValue...) { self = .list(elements) }
}

extension S1APValue {
  /// This value alone in aligned PER, as one of a named type: for transparent containers.
  public func encoded(as typeName: String) throws(S1APError) -> [UInt8] {
    guard let type = Grammar.shared.type(named: typeName) else { throw S1APError(.notInGrammar, path: typeName, detail: "no such type") }
    var writer = S1APWriter(type: type)
    writer.value(self)
    if let failure = writer.failure { throw failure }
    return Encoder.encode(value: writer)
  }
}

/// A Swift value that stands for one type of the grammar.
public protocol S1APRepresentable: Sendable, Equatable {
  /// Reads it from a decoded node; throws `wrongKind` or `missing` when the node is something else.
  init(_ node: S1APNode) throws(S1APError)
  /// Writes it where the grammar has a value of its type. Nothing in it allocates but the strings' octets.
  func write(to writer: inout S1APWriter)
}

extension S1APRepresentable {
  /// The same as a part of a tree of values.
  public var s1apValue: S1APValue { .typed(S1APTypedValue(self)) }
}

/// A value that writes itself, whatever its Swift type.
public struct S1APTypedValue: Sendable, Equatable {
  public let value: any S1APRepresentable

  public init(_ value: any S1APRepresentable) { self.value = value }

  public static func == (left: S1APTypedValue, right: S1APTypedValue) -> Bool {
    func areEqual<V: S1APRepresentable>(_ value: V) -> Bool { value == right.value as? V }
    return areEqual(left.value)
  }
}

extension S1APPDU {
  /// The first IE with that identity as a Swift value; nil if there is none.
  public func value<V: S1APRepresentable>(_ id: ProtocolIEID, as type: V.Type = V.self) throws(S1APError) -> V? {
    guard let node = self[id] else { return nil }
    return try V(node)
  }

  /// The first IE with that identity as a Swift value; throws `missing` if there is none.
  public func required<V: S1APRepresentable>(_ id: ProtocolIEID, as type: V.Type = V.self) throws(S1APError) -> V {
    try V(required(id))
  }

  /// The first IE with that identity; throws `missing` if there is none.
  public func required(_ id: ProtocolIEID) throws(S1APError) -> S1APNode {
    guard let node = self[id] else { throw S1APError(.missing, path: "\(message.title) / \(id)", detail: "the IE is missing") }
    return node
  }
}

extension S1APNode {
  /// The component; throws `missing` if it is absent.
  public func required(_ field: String) throws(S1APError) -> S1APNode {
    guard let node = self[field] else {
      throw S1APError(.missing, offset: offset, path: "\(path) / \(field)", detail: "\(field) is missing")
    }
    return node
  }

  /// From the outermost message (or the type that was decoded alone) down to this value.
  public var path: String { tape.path(to: index) }

  /// The octet in which this value starts in what was decoded, of the outermost PDU; 0 for a value that was never on the wire. Worked
  /// out when asked for.
  public var offset: Int { Decoder.offset(of: index, in: tape) }

  /// A transport layer address: 4 octets (IPv4), 16 (IPv6) or 20 (both), TS 36.413 §9.2.2.1.
  func requiredAddress(_ field: String) throws(S1APError) -> [UInt8] {
    let node = try required(field)
    guard let bits = node.bits else { throw node.wrongKind("a transport layer address") }
    guard TransportAddressSize.isKnown(bits.count) else {
      throw S1APError(.outOfRange, offset: node.offset, path: node.path, detail: TransportAddressSize.complaint(bits.count))
    }
    return bits.padded
  }

  func wrongKind(_ expected: String) -> S1APError {
    S1APError(.wrongKind, offset: offset, path: path, detail: "not \(expected)")
  }

  func requiredNumber(_ field: String? = nil) throws(S1APError) -> UInt64 {
    let node = if let field { try required(field) } else { self }
    guard let number = node.unsigned ?? node.bigEndian else { throw node.wrongKind("a number") }
    return number
  }

  func requiredOctets(_ field: String? = nil) throws(S1APError) -> [UInt8] {
    let node = if let field { try required(field) } else { self }
    guard let octets = node.octets else { throw node.wrongKind("an octet string") }
    return Array(octets)
  }
}
