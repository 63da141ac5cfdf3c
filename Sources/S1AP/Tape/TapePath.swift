/// Field paths for people: `INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[1] / gTP-TEID`.
enum TapePath {
  /// Where a decoder stopped: the nodes that it opened and did not close are the way down to the field it was reading.
  static func ofUnfinished(_ nodes: UnsafePointer<TapeNode>, _ count: Int, _ grammar: Grammar) -> String {
    var chain: [Int] = []
    var index = 0
    while index < count {
      if nodes[index].span == 0 {
        chain.append(index)
        index += 1
      } else {
        index += Int(nodes[index].span)
      }
    }
    return render(chain, nodes, grammar)
  }

  /// The way down to a node.
  static func of(_ index: Int, _ nodes: UnsafePointer<TapeNode>) -> String {
    var chain = [0]
    var at = 1
    while at < index {
      if at + Int(nodes[at].span) > index {
        chain.append(at)
        at += 1
      } else {
        at += Int(nodes[at].span)
      }
    }
    if index > 0 { chain.append(index) }
    return render(chain, nodes, .shared)
  }

  private static func render(_ chain: [Int], _ nodes: UnsafePointer<TapeNode>, _ grammar: Grammar) -> String {
    guard let head = chain.first else { return "" }
    var chain = chain[...]
    var words: [String]
    if nodes[head].type == Grammar.opaqueType {
      // A PDU; `high` tells that which message it is has been read.
      let low = nodes[head].low
      let message = S1APMessage(
        procedure: ProcedureCode(UInt8(truncatingIfNeeded: low)),
        kind: PDUKind(rawValue: UInt8(truncatingIfNeeded: low >> 8)) ?? .initiatingMessage)
      words = [low & TapeNode.isMessageRead != 0 ? message.title : "S1AP-PDU"]
      chain = chain.dropFirst()
    } else {
      words = [grammar.typeNames[Int(nodes[head].type)]]
    }
    // Containers of IEs and extensions go without saying.
    var isContainer = false
    for (parent, child) in zip(chain, chain.dropFirst()) {
      let node = nodes[parent]
      let names = grammar.names(of: Int(node.type))
      switch grammar.types[Int(node.type)].kind {
      case .sequence:
        let slot = Int(nodes[child].slot)
        let name = slot < names.count ? names[slot] : "extension \(slot)"
        isContainer = name == "protocolIEs" || name == "iE-Extensions"
        if !isContainer { words.append(name) }
      case .choice:
        let row = grammar.types[Int(node.type)]
        let chosen = Int(node.low) + (node.flags.contains(.extended) ? Int(row.rootCount) : 0)
        words.append(chosen < names.count ? names[chosen] : "alternative \(chosen)")
      case .list:
        let element = nodes[child]
        let name =
          element.low & TapeNode.isIdentityRead != 0
          ? ProtocolIEID(element.identity).description : "IE[\(place(of: child, in: parent, nodes))]"
        if grammar.types[Int(element.type)].kind != .field {
          words.append("[\(place(of: child, in: parent, nodes))]")
        } else if isContainer {
          words.append(name)
        } else {
          item(name, place(of: child, in: parent, nodes), &words)
        }
        isContainer = false
      case .integer, .enumerated, .boolean, .null, .octets, .bits, .text, .field: break
      }
    }
    return words.joined(separator: " / ")
  }

  private static func place(of child: Int, in list: Int, _ nodes: UnsafePointer<TapeNode>) -> Int {
    var position = 0
    var at = list + 1
    while at < child {
      position += 1
      at += Int(max(nodes[at].span, 1))
    }
    return position
  }

  /// One of a list of items, `E-RABToBeSetupItem[1]`: which one it is says more than the list's own name, which goes without saying, and
  /// than the end of its name, which names the message (`…CtxtSUReq`).
  private static func item(_ name: String, _ place: Int, _ words: inout [String]) {
    if name.hasPrefix("IE[") { return words.append(name) }
    let octets = name.utf8
    var end = octets.startIndex
    while end < octets.endIndex {
      if octets[end...].starts(with: "Item".utf8) {
        if words.count > 1 { words.removeLast() }
        return words.append("\(name[..<octets.index(end, offsetBy: 4)])[\(place)]")
      }
      end = octets.index(after: end)
    }
    words.append("\(name)[\(place)]")
  }
}
