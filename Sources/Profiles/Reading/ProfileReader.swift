import Yams

/// Reads nodes as their shapes say, and knows the names that the profile has defined so far.
struct ProfileReader {
  let file: String
  let load: ProfileParser.Loader
  private(set) var names: [Shape.Namespace: Set<String>] = [:]
  /// Files that include one another, outermost first.
  private(set) var including: [String]
  /// What is put in the place of `${name}` in files that are included.
  var parameters: [(name: String, value: Node)] = []
  /// Values that included files may still have.
  private var nodesLeft = ProfileParser.maximumNodes
  /// How many `parallel` a step is inside of.
  private var parallels = 0

  init(file: String, load: @escaping ProfileParser.Loader) {
    self.file = file
    self.load = load
    including = [file]
  }

  func place(_ node: Node) -> ProfilePlace {
    ProfilePlace(file: including.last ?? file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  mutating func define(_ name: String, _ namespace: Shape.Namespace) { names[namespace, default: []].insert(name) }

  /// - Throws: where the node is not of the shape.
  mutating func read(_ node: Node, as shape: Shape) throws(ProfileError) -> ProfileValue {
    let place = place(node)
    switch shape {
    case .either(let shapes, let words):
      guard let fitting = shapes.first(where: { $0.kind == node.kind }) else {
        let kinds = shapes.compactMap { $0.kind?.rawValue }
        throw ProfileError(place, "\(words): expected \(kinds.joined(separator: " or ")), found \(node.kind.rawValue)")
      }
      return try read(node, as: fitting)
    case .list(let element, let least, let words):
      guard case .sequence(let nodes) = node else { throw mismatch(node, .list, words) }
      guard nodes.count >= least else { throw ProfileError(place, "\(words): expected at least \(least)") }
      var values: [ProfileValue] = []
      for node in nodes { values.append(try read(node, as: element)) }
      return ProfileValue(place: place, content: .list(values))
    case .steps(let words):
      guard case .sequence(let nodes) = node else { throw mismatch(node, .list, words) }
      guard !nodes.isEmpty else { throw ProfileError(place, "expected at least one step") }
      var steps: [ProfileStep] = []
      for node in nodes { steps += try readStep(node) }
      return ProfileValue(place: place, content: .steps(steps))
    case .map(let fields, let words): return try readMap(node, fields, words)
    case .named(let namespace, let value, let words):
      guard case .mapping(let mapping) = node else { throw mismatch(node, .map, words) }
      guard !mapping.isEmpty else { throw ProfileError(place, "\(words): expected at least one") }
      var entries: [(String, ProfilePlace, ProfileValue)] = []
      for (key, _) in mapping { define(try name(key), namespace) }
      for (key, node) in mapping { entries.append((try name(key), self.place(key), try read(node, as: value))) }
      return ProfileValue(place: place, content: .map(entries))
    case .pairs(let words):
      guard case .mapping(let mapping) = node else { throw mismatch(node, .map, words) }
      var entries: [(String, ProfilePlace, ProfileValue)] = []
      for (key, node) in mapping { entries.append((try name(key), self.place(key), try read(node, as: .text(words)))) }
      return ProfileValue(place: place, content: .map(entries))
    case .text, .spelled, .integer, .boolean, .duration, .word, .message, .octets, .reference, .definition:
      guard case .scalar(let scalar) = node else { throw mismatch(node, .single, shape.words) }
      return ProfileValue(place: place, content: try readScalar(scalar.string, as: shape, at: place))
    }
  }

  private mutating func readMap(_ node: Node, _ fields: [Shape.Field], _ words: String) throws(ProfileError) -> ProfileValue {
    guard case .mapping(let mapping) = node else { throw mismatch(node, .map, words) }
    var nodes: [String: (key: Node, value: Node)] = [:]
    for (key, value) in mapping {
      let typed = try name(key)
      guard fields.contains(where: { $0.name == typed }) else {
        throw .unknown(typed, at: place(key), expected: "a key of \(words)", among: fields.map(\.name))
      }
      nodes[typed] = (key, value)
    }
    var entries: [(String, ProfilePlace, ProfileValue)] = []
    // In the table's order, so that names are defined before they are used.
    for field in fields {
      if let (key, value) = nodes[field.name] {
        entries.append((field.name, place(key), try read(value, as: field.shape)))
      } else if field.isRequired {
        throw ProfileError(place(node), "the key '\(field.name)' is missing: \(field.shape.words)")
      }
    }
    return ProfileValue(place: place(node), content: .map(entries))
  }

  private mutating func readScalar(_ text: String, as shape: Shape, at place: ProfilePlace) throws(ProfileError) -> ProfileValue.Content {
    // What stands behind a semicolon is for the manual.
    let expected = String(shape.words.prefix { $0 != ";" })
    switch shape {
    case .integer(let range, _):
      let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
      guard let number = isHexadecimal ? Int(text.dropFirst(2), radix: 16) : Int(text), range.contains(number) else {
        throw ProfileError(place, "'\(text)': expected \(expected), \(range.lowerBound) to \(range.upperBound)")
      }
      return .integer(number)
    case .boolean(let words):
      guard text == "true" || text == "false" else { throw ProfileError(place, "'\(text)': expected true or false (\(words))") }
      return .boolean(text == "true")
    case .duration:
      guard let duration = Duration(profileText: text) else {
        throw ProfileError(place, "'\(text)': expected \(expected), such as 500ms, 2s or 3min")
      }
      return .duration(duration)
    case .word(let words, _):
      guard words.contains(text) else { throw .unknown(text, at: place, expected: expected, among: words) }
      return .text(text)
    case .message:
      guard let message = MessageName(text) else {
        throw .unknown(text, at: place, expected: expected, among: MessageName.all.map(\.title))
      }
      return .message(message)
    case .octets:
      guard let octets = [UInt8](hexadecimal: text) else {
        throw ProfileError(place, "'\(text)': expected \(expected), in hexadecimal digits, two an octet")
      }
      return .octets(octets)
    case .reference(let namespace, _):
      let known = (names[namespace] ?? []).sorted()
      guard known.contains(text) else {
        let reason = known.isEmpty ? ", of which none is defined before it" : ""
        throw .unknown(text, at: place, expected: "\(expected), the name of a \(namespace.rawValue)\(reason)", among: known)
      }
      return .text(text)
    case .definition(let namespace, _):
      guard !text.isEmpty else { throw ProfileError(place, "expected \(expected)") }
      define(text, namespace)
      return .text(text)
    case .text, .spelled:
      guard !text.isEmpty else { throw ProfileError(place, "expected \(expected)") }
      return .text(text)
    case .list, .map, .named, .pairs, .either, .steps: return .text(text)
    }
  }

  /// A key as text.
  func name(_ key: Node) throws(ProfileError) -> String {
    guard case .scalar(let scalar) = key else { throw ProfileError(place(key), "expected a single word as key") }
    return scalar.string
  }

  private func mismatch(_ node: Node, _ kind: NodeKind, _ words: String) -> ProfileError {
    ProfileError(place(node), "\(words): expected \(kind.rawValue), found \(node.kind.rawValue)")
  }

  // MARK: Steps

  /// One step; several where it includes a file.
  private mutating func readStep(_ node: Node) throws(ProfileError) -> [ProfileStep] {
    let typed: String
    let namePlace: ProfilePlace
    var arguments: Node?
    switch node {
    case .scalar(let scalar): (typed, namePlace) = (scalar.string, place(node))
    case .mapping(let mapping):
      guard let (key, value) = mapping.first.map({ ($0.key, $0.value) }), mapping.count == 1 else {
        throw ProfileError(place(node), "expected one step, such as attach: {cell: a}; its arguments go in a mapping of their own")
      }
      (typed, namePlace) = (try name(key), place(key))
      if case .scalar(let scalar) = value, scalar.string.isEmpty { arguments = nil } else { arguments = value }
    case .sequence, .alias: throw ProfileError(place(node), "expected a step, found a list")
    }
    guard let kind = StepKind.named(typed) else {
      if ["sleep", "pause", "timeout"].contains(typed.lowercased()) {
        throw ProfileError(namePlace, "'\(typed)': steps are events and expectations, never sleeps: wait for what is to happen")
      }
      throw .unknown(typed, at: namePlace, expected: "a step", among: StepKind.all.map(\.name))
    }
    if kind.name == StepKind.include.name, let arguments { return try readIncluded(arguments) }
    if kind.name == StepKind.barrier.name, parallels == 0 {
      throw ProfileError(namePlace, "barrier: expected it in a branch of parallel, where others can come to it")
    }
    if kind.name == StepKind.parallel.name { parallels += 1 }
    defer { if kind.name == StepKind.parallel.name { parallels -= 1 } }
    var value: ProfileValue?
    if let arguments {
      guard let shape = kind.arguments else { throw ProfileError(place(arguments), "\(kind.name) takes no arguments") }
      value = try read(arguments, as: shape)
    } else if kind.needsArguments {
      throw ProfileError(namePlace, "\(kind.name) needs arguments, such as \(kind.example)")
    }
    let action = try kind.make(value, namePlace)
    return [ProfileStep(place: namePlace, text: Self.describe(typed, arguments), action: action)]
  }

  private mutating func readIncluded(_ node: Node) throws(ProfileError) -> [ProfileStep] {
    guard case .scalar(let scalar) = node else { throw mismatch(node, .single, "a file of steps") }
    guard let included = load(scalar.string, including.last ?? file) else {
      throw ProfileError(place(node), "'\(scalar.string)' cannot be read: expected a file of steps")
    }
    guard !including.contains(included.path), including.count < 8 else {
      throw ProfileError(place(node), "'\(scalar.string)' includes itself")
    }
    including.append(included.path)
    defer { including.removeLast() }
    let composed = try ProfileParser.compose(included.text, file: included.path, as: "a list of steps")
    guard ProfileParser.count(composed, &nodesLeft) else {
      throw ProfileError(place(composed), "more than \(ProfileParser.maximumNodes) values in what is included")
    }
    let root = try Parameters.substitute(parameters, in: composed, self)
    return try read(root, as: .steps("the steps of an included file")).steps ?? []
  }

  /// `expect: no HANDOVER REQUEST, until (released answer), for 1s`.
  private static func describe(_ name: String, _ arguments: Node?) -> String {
    guard let arguments else { return name }
    return name + ": " + words(arguments, nested: false)
  }

  private static func words(_ node: Node, nested: Bool) -> String {
    switch node {
    case .scalar(let scalar): return scalar.string
    case .sequence(let nodes):
      let isLong = nodes.contains { if case .mapping = $0 { true } else { false } }
      return isLong ? "\(nodes.count) entries" : "[" + nodes.map { words($0, nested: true) }.joined(separator: ", ") + "]"
    case .mapping(let mapping):
      let text = mapping.map { "\(words($0.key, nested: true)) \(words($0.value, nested: true))" }.joined(separator: ", ")
      return nested ? "(\(text))" : text
    case .alias: return "…"
    }
  }
}

extension Node {
  var kind: NodeKind {
    switch self {
    case .scalar, .alias: .single
    case .sequence: .list
    case .mapping: .map
    }
  }
}

extension [UInt8] {
  /// Two digits an octet, spaces between octets allowed.
  init?(hexadecimal text: String) {
    let digits = text.filter { $0 != " " }
    guard !digits.isEmpty, digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else { return nil }
    var octets: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      guard let octet = UInt8(rest.prefix(2), radix: 16) else { return nil }
      octets.append(octet)
      rest = rest.dropFirst(2)
    }
    self = octets
  }
}
