/// One line of a decoded PDU for people: how deep, which field, what value, what it means.
public struct S1APTreeLine: Sendable, Equatable {
  /// 0 for the message.
  public var depth: Int
  /// Field, IE or element name.
  public var name: String
  /// Number, enumeration name, hexadecimal octets; empty for what only holds others.
  public var value: String
  /// Meaning in words where there is one (an IE's criticality, a PLMN in digits, an address, algorithms), else empty.
  public var meaning: String
  /// What an IE's open type holds, in hexadecimal; empty for other lines, where that is the value itself, and where IEs inside have theirs.
  public var octets = ""
}

extension S1APPDU {
  /// Every value of the PDU in the order of the wire. Containers and open types are not lines of their own.
  public func walk(_ visit: (S1APTreeLine) -> Void) {
    visit(S1APTreeLine(depth: 0, name: message.title, value: "", meaning: "\(kind.name), \(procedureCode), \(criticality.name)"))
    if root.isOpaque {
      visit(S1APTreeLine(depth: 1, name: "contents", value: Meaning.hex(root.octets ?? []), meaning: "unknown procedure, kept whole"))
      return
    }
    for part in root.elements { TreeWalk.walk(part, named: root.partName(part), depth: 1, visit) }
  }

  /// The PDU in JER (X.697): `{"initiatingMessage":{"procedureCode":9,"criticality":"reject","value":{…}}}`. Octets are hexadecimal;
  /// what the grammar does not have is hexadecimal whole.
  public func json() -> String {
    String(decoding: jsonOctets(), as: UTF8.self)
  }

  /// ``json()`` as UTF-8.
  public func jsonOctets() -> [UInt8] {
    var writer = JERWriter(tape)
    writer.pdu()
    return writer.text
  }

  /// Appends ``json()`` as UTF-8, for streams: the buffer's storage is used again.
  public func writeJSON(into buffer: inout [UInt8]) {
    var writer = JERWriter(tape, appendingTo: buffer)
    buffer = []
    writer.pdu()
    buffer = writer.text
  }
}

extension S1APNode {
  /// This value in JER, as in ``S1APPDU/json()``.
  public func json() -> String {
    var writer = JERWriter(tape)
    _ = writer.value(index)
    return String(decoding: writer.text, as: UTF8.self)
  }

  /// The name of a direct part of this sequence.
  func partName(_ part: S1APNode) -> String {
    let names = Grammar.shared.names(of: Int(here.type))
    let slot = Int(part.here.slot)
    return slot < names.count ? names[slot] : "extension \(slot - Int(row.rootCount))"
  }
}

private enum TreeWalk {
  static func walk(_ node: S1APNode, named name: String, depth: Int, _ visit: (S1APTreeLine) -> Void) {
    if let id = node.identity {
      let inner = node.value
      return line(inner, named: id.description, depth: depth, note: node.criticality?.name ?? "", octets: octets(of: inner), visit)
    }
    // Containers of IEs and extensions go without saying: their IEs are lines.
    if name == "protocolIEs" || name == "iE-Extensions" {
      for part in node.elements { walk(part, named: "", depth: depth, visit) }
      return
    }
    line(node, named: name, depth: depth, note: "", visit)
  }

  /// The octets of an IE's value, which is as the wire had them since aligned PER starts an open type at an octet.
  private static func octets(of value: S1APNode) -> String {
    guard value.octets == nil, !value.elements.contains(where: { $0.identity != nil }) else { return "" }
    return Meaning.hex(value.encoded())
  }

  private static func line(
    _ node: S1APNode, named name: String, depth: Int, note: String, octets: String = "", _ visit: (S1APTreeLine) -> Void
  ) {
    let notes = [Meaning.of(node), note].filter { !$0.isEmpty }.joined(separator: ", ")
    visit(S1APTreeLine(depth: depth, name: name, value: Meaning.value(of: node), meaning: notes, octets: octets))
    if let choice = node.choice {
      return walk(choice.value, named: choice.name, depth: depth + 1, visit)
    }
    let isList = node.row.kind == .list
    for (position, part) in node.elements.enumerated() {
      walk(part, named: isList ? "[\(position)]" : node.partName(part), depth: depth + 1, visit)
    }
  }
}

/// What values say to people.
enum Meaning {
  static func hex(_ octets: some Collection<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The value itself, empty for what only holds others.
  static func value(of node: S1APNode) -> String {
    if let text = node.text { return text }
    if let number = node.integer { return String(number) }
    if let number = node.unsigned { return String(number) }
    if let position = node.enumerated { return node.enumeratedName ?? String(position) }
    if let octets = node.octets { return hex(octets) }
    if let bits = node.bits { return hex(bits.padded) }
    if let isTrue = node.boolean { return isTrue ? "true" : "false" }
    return ""
  }

  static func of(_ node: S1APNode) -> String {
    if node.isOpaque { return "not in the tables, kept whole" }
    if node.enumerated != nil, node.enumeratedName == nil { return "value not in the tables" }
    switch node.typeName {
    case "PLMNidentity", "TBCD-STRING":
      return node.octets.flatMap { PLMNIdentity(octets: $0) }?.description ?? ""
    case "TAC", "MME-Group-ID", "MME-Code", "LAC", "CI", "CellIdentity":
      return node.bigEndian.map { String($0) } ?? ""
    case "TransportLayerAddress": return node.bits.map { address($0) } ?? ""
    case "EncryptionAlgorithms": return node.bits.map { algorithms($0, "EEA") } ?? ""
    case "IntegrityProtectionAlgorithms": return node.bits.map { algorithms($0, "EIA") } ?? ""
    default: break
    }
    if let bits = node.bits { return "\(bits.count) bits" }
    return ""
  }

  /// IPv4, IPv6 or both (TS 36.414 §5.3).
  private static func address(_ bits: S1APBits) -> String {
    let octets = bits.padded
    func four(_ slice: ArraySlice<UInt8>) -> String { slice.map { String($0) }.joined(separator: ".") }
    func sixteen(_ slice: ArraySlice<UInt8>) -> String {
      let octets = Array(slice)
      return stride(from: 0, to: 16, by: 2).map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }.joined(
        separator: ":")
    }
    switch bits.count {
    case 32: return four(octets[...])
    case 128: return sixteen(octets[...])
    case 160: return four(octets[..<4]) + " and " + sixteen(octets[4...])
    default: return "\(bits.count) bits, 32, 128 or 160 expected"
    }
  }

  private static func algorithms(_ bits: S1APBits, _ family: String) -> String {
    let octets = bits.padded
    let names = (0..<min(bits.count, 16)).filter { octets[$0 >> 3] & (0x80 >> UInt8($0 & 7)) != 0 }
      .map { $0 < 3 ? "128-\(family)\($0 + 1)" : "\(family)\($0 + 1)" }
    return names.isEmpty ? "none but \(family)0" : names.joined(separator: " ")
  }
}
