/// Turns the tables' notation into flat rows. The tables are ours, so a fault in them is a precondition failure (and a failing test).
///
/// One line each, `\` at its end continues it; indented lines belong to the line above:
/// ```
/// procedure 9 reject                         procedure code, criticality
/// message initiating Name = WRITTEN NAME     its IEs below: presence (M, O, C), criticality (r, i, n), identity [: type]
/// Name = int 0..15 ...                       `...` is the extension marker; also octets, bits, text (sizes), bool, null
/// Name = enum a b ... c
/// Name = list 1..16 Type
/// Name = items 1..256                        list of IEs, the rows of its set below
/// Name = item                                one IE
/// Name = choice | sequence                   below: alternatives or components, `name? type` if optional
/// Name = record                              sequence that ends in `iE-Extensions` and `...`; rows with + are its extensions
/// Name = Other
/// ```
/// A component of type `item` or `extensions` takes the rows with + of its block.
struct GrammarCompiler {
  var types: [TypeRow] = []
  var typeNames: [String] = []
  var typeNumbers: [String: UInt16] = [:]
  var labels: [[String]] = []
  var components: [ComponentRow] = []
  var fields: [IERow] = []
  var messages: [MessageRow] = []

  private struct Block {
    var head: [Substring]
    var body: [[Substring]] = []
  }

  private var definitions: [String: Block] = [:]

  mutating func compile(_ texts: [String]) {
    let opaque = reserve()
    types[opaque] = TypeRow(kind: .octets)
    var pending: [(procedure: UInt8, criticality: Criticality, block: Block)] = []
    for text in texts {
      var procedure: UInt8 = 0
      var criticality = Criticality.ignore
      for block in Self.blocks(of: text) {
        switch block.head[0] {
        case "procedure":
          procedure = UInt8(block.head[1]) ?? 0
          criticality = Criticality.allCases.first { $0.name == block.head[2] } ?? .ignore
        case "message": pending.append((procedure, criticality, block))
        default:
          precondition(block.head.count > 2 && block.head[1] == "=", "definition: \(block.head)")
          precondition(definitions.updateValue(block, forKey: String(block.head[0])) == nil, "twice: \(block.head[0])")
        }
      }
    }
    for (procedure, criticality, block) in pending {
      let kind: PDUKind =
        switch block.head[1] {
        case "initiating": .initiatingMessage
        case "successful": .successfulOutcome
        default: .unsuccessfulOutcome
        }
      messages.append(
        MessageRow(
          message: S1APMessage(procedure: ProcedureCode(procedure), kind: kind), name: String(block.head[2]),
          title: block.head.dropFirst(4).joined(separator: " "), criticality: criticality, type: message(block)))
    }
    for name in definitions.keys.sorted() { _ = named(name) }
  }

  private static func blocks(of text: String) -> [Block] {
    var blocks: [Block] = []
    var words: [Substring] = []
    var isIndented = false
    var continues = false
    // Over UTF-8: splitting by character costs milliseconds at the start of every run.
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      var parts = line.split(separator: UInt8(ascii: " ")).map { Substring($0) }
      guard !parts.isEmpty else { continue }
      if !continues { isIndented = line.first == UInt8(ascii: " ") }
      continues = parts.last == "\\"
      if continues { parts.removeLast() }
      words += parts
      if continues { continue }
      if isIndented {
        precondition(!blocks.isEmpty, "a body needs a head")
        blocks[blocks.count - 1].body.append(words)
      } else {
        blocks.append(Block(head: words))
      }
      words = []
    }
    return blocks
  }

  private mutating func reserve(_ name: String = "") -> Int {
    types.append(TypeRow(kind: .null))
    typeNames.append(name)
    labels.append([])
    if !name.isEmpty { typeNumbers[name] = UInt16(types.count - 1) }
    return types.count - 1
  }

  /// The type of that name, compiled when first asked for.
  private mutating func named(_ name: String) -> UInt16 {
    if let number = typeNumbers[name] { return number }
    guard let block = definitions[name] else { preconditionFailure("no type \(name)") }
    let words = block.head.dropFirst(2)
    if words.count == 1, definitions[String(words[2])] != nil {
      let number = named(String(words[2]))
      typeNumbers[name] = number
      return number
    }
    let at = reserve(name)
    fill(at, words, body: block.body)
    return UInt16(at)
  }

  private mutating func expression(_ words: ArraySlice<Substring>, rows: [[Substring]] = []) -> UInt16 {
    let first = String(words[words.startIndex])
    if words.count == 1, definitions[first] != nil { return named(first) }
    let at = reserve()
    fill(at, words, body: rows)
    return UInt16(at)
  }

  /// `1..160 ...` and the like: bounds and marker, and how many words they took.
  private static func size(_ words: ArraySlice<Substring>) -> (layout: NumberLayout?, isFixed: Bool, isExtensible: Bool, taken: Int) {
    guard let first = words.first, first.first?.isNumber == true else { return (nil, false, false, 0) }
    let bounds = first.split(separator: ".", omittingEmptySubsequences: true)
    guard let lower = UInt64(bounds[0]), let upper = UInt64(bounds[bounds.count - 1]) else { preconditionFailure("bounds: \(first)") }
    let isExtensible = words.dropFirst().first == "..."
    return (NumberLayout(lower, upper), lower == upper, isExtensible, isExtensible ? 2 : 1)
  }

  private mutating func fill(_ at: Int, _ words: ArraySlice<Substring>, body: [[Substring]]) {
    let keyword = words[words.startIndex]
    let rest = words.dropFirst()
    var row = TypeRow(kind: .null)
    switch keyword {
    case "int", "octets", "bits", "text":
      row.kind = keyword == "int" ? .integer : keyword == "octets" ? .octets : keyword == "bits" ? .bits : .text
      let size = Self.size(rest)
      row.layout = size.layout ?? NumberLayout()
      row.isFixedSize = size.isFixed
      row.isExtensible = size.isExtensible
    case "bool": row.kind = .boolean
    case "null": row.kind = .null
    case "enum":
      row.kind = .enumerated
      let parts = rest.split(separator: "...", omittingEmptySubsequences: false)
      row.isExtensible = parts.count == 2
      row.rootCount = UInt16(parts[0].count)
      row.extensionCount = UInt16(parts.count == 2 ? parts[1].count : 0)
      row.layout = NumberLayout(0, UInt64(parts[0].count - 1))
      labels[at] = parts.joined().map { String($0) }
    case "list":
      row.kind = .list
      let size = Self.size(rest)
      row.layout = size.layout ?? NumberLayout()
      row.isExtensible = size.isExtensible
      row.first = UInt32(expression(rest.dropFirst(size.taken)))
    case "items":
      row.kind = .list
      row.layout = Self.size(rest).layout ?? NumberLayout()
      row.first = UInt32(fieldType(body, isExtension: false))
    case "item":
      self.types[at] = fieldRow(body, isExtension: false)
      return
    case "extensions":
      row = listRow(of: fieldType(body, isExtension: true), from: 1)
    case "record", "sequence", "choice":
      row = structure(at, keyword, body)
    default: preconditionFailure("type: \(words)")
    }
    types[at] = row
  }

  private func listRow(of element: UInt16, from lower: UInt64) -> TypeRow {
    var row = TypeRow(kind: .list)
    row.layout = NumberLayout(lower, 65535)
    row.first = UInt32(element)
    return row
  }

  private mutating func structure(_ at: Int, _ keyword: Substring, _ body: [[Substring]]) -> TypeRow {
    var row = TypeRow(kind: keyword == "choice" ? .choice : .sequence)
    let rows = body.filter { $0[0] == "+" }.map { Array($0.dropFirst()) }
    var lines = body.filter { $0[0] != "+" }
    if keyword == "record" { lines += [["iE-Extensions?", "extensions"], ["..."]] }
    var built: [ComponentRow] = []
    var names: [String] = []
    for words in lines {
      if words == ["..."] {
        row.isExtensible = true
        row.rootCount = UInt16(built.count)
        continue
      }
      let isOptional = words[0].last == "?"
      let type = expression(words.dropFirst(), rows: rows)
      if isOptional, !row.isExtensible { row.optionalCount += 1 }
      built.append(ComponentRow(type: type, isOptional: isOptional))
      names.append(String(isOptional ? words[0].dropLast() : words[0]))
    }
    if row.isExtensible { row.extensionCount = UInt16(built.count) - row.rootCount } else { row.rootCount = UInt16(built.count) }
    precondition(row.rootCount < 50 && row.optionalCount < 50, "small structures: \(names)")
    if row.kind == .choice { row.layout = NumberLayout(0, UInt64(row.rootCount - 1)) }
    row.first = UInt32(components.count)
    components += built
    labels[at] = names
    return row
  }

  private mutating func fieldType(_ rows: [[Substring]], isExtension: Bool) -> UInt16 {
    let at = reserve()
    types[at] = fieldRow(rows, isExtension: isExtension)
    return UInt16(at)
  }

  private mutating func fieldRow(_ rows: [[Substring]], isExtension: Bool) -> TypeRow {
    var row = TypeRow(kind: .field)
    row.isExtensionField = isExtension
    var set: [IERow] = []
    for words in rows {
      guard let id = IENames.shared.numbers[String(words[2])] else { preconditionFailure("no IE \(words[2])") }
      let presence: Presence = words[0] == "M" ? .mandatory : words[0] == "C" ? .conditional : .optional
      let criticality: Criticality = words[1] == "r" ? .reject : words[1] == "n" ? .notify : .ignore
      let type = words.count > 4 ? expression(words[4...]) : named(String(words[2]))
      set.append(IERow(id: id, type: type, criticality: criticality, presence: presence))
    }
    row.first = UInt32(fields.count)
    row.setCount = UInt16(set.count)
    fields += set
    return row
  }

  private mutating func message(_ block: Block) -> UInt16 {
    if block.body.count == 1, block.body[0][0] == "=" { return named(String(block.body[0][1])) }
    let at = reserve(String(block.head[2]))
    let list = reserve()
    types[list] = listRow(of: fieldType(block.body, isExtension: false), from: 0)
    var row = TypeRow(kind: .sequence)
    row.isExtensible = true
    row.rootCount = 1
    row.first = UInt32(components.count)
    components.append(ComponentRow(type: UInt16(list), isOptional: false))
    labels[at] = ["protocolIEs"]
    types[at] = row
    return UInt16(at)
  }
}
