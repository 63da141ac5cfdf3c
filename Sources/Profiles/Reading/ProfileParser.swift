import Yams

/// Reads profiles. No I/O: texts are given to it.
public enum ProfileParser {
  /// Gives the file that another one includes, by its name as written there: its path, and its text.
  public typealias Loader = (_ name: String, _ from: String) -> (path: String, text: String)?

  static let maximumOctets = 1 << 20
  /// Of one file, and of all that a profile includes.
  static let maximumNodes = 200_000

  /// One profile for each combination of its parameters.
  ///
  /// - Parameter file: the file's name, for places.
  /// - Throws: the first thing that is wrong.
  public static func parse(_ text: String, file: String, load: @escaping Loader = { _, _ in nil }) throws(ProfileError) -> [Profile] {
    let root = try compose(text, file: file)
    let texts = Texts()
    texts.all.append(text)
    let load: Loader = { name, from in
      let included = load(name, from)
      if let included { texts.all.append(included.text) }
      return included
    }
    var reader = ProfileReader(file: file, load: load)
    // What goes wrong in the table is told before what goes wrong in a combination.
    let parameters = try Parameters(root.mapping?["parameters"], reader)
    var profiles: [Profile] = []
    for combination in parameters.combinations {
      reader = ProfileReader(file: file, load: load)
      reader.parameters = combination
      var tree = try Parameters.substitute(combination, in: without(root, "parameters"), reader)
      if tree.mapping?["parameters"] != nil { tree = without(tree, "parameters") }
      // The only UE has a name too.
      if tree.mapping?["ues"] == nil { reader.define(UEDescription.onlyName, .ue) }
      if tree.mapping?["cells"] == nil { reader.define("a", .cell) }
      let value = try reader.read(tree, as: .map(Profile.fields, "profile"))
      if let ue = value.entries.first(where: { $0.key == "ue" }), value["ues"] != nil {
        throw ProfileError(ue.place, "ue: expected either ue or ues")
      }
      var profile = try Profile(value, file: file)
      profile.parameters.values = combination.map { ($0.name, words($0.value)) }
      profiles.append(profile)
    }
    if let unused = parameters.unused(in: texts.all) {
      throw ProfileError(unused.place, "the parameter '\(unused.name)' stands nowhere: expected ${\(unused.name)} in a value")
    }
    return profiles
  }

  /// Collects what is read.
  private final class Texts {
    var all: [String] = []
  }

  static func compose(_ text: String, file: String, as what: String = "a profile") throws(ProfileError) -> Node {
    let start = ProfilePlace(file: file, line: 1, column: 1)
    guard text.utf8.count <= maximumOctets else { throw ProfileError(start, "larger than \(maximumOctets) octets") }
    do {
      guard let root = try Yams.compose(yaml: text) else { throw ProfileError(start, "expected \(what), found an empty file") }
      // Aliases make much of little: nine levels of nine are a file of a few lines.
      var left = maximumNodes
      guard count(root, &left) else { throw ProfileError(start, "more than \(maximumNodes) values, aliases taken for what they stand for") }
      return root
    } catch let error as ProfileError {
      throw error
    } catch let error as YamlError {
      let (line, column, problem) = error.placeAndProblem
      throw ProfileError(ProfilePlace(file: file, line: line, column: column), "not YAML: \(problem)")
    } catch {
      throw ProfileError(start, "not YAML")
    }
  }

  /// - Returns: false as soon as there are more than are left.
  static func count(_ node: Node, _ left: inout Int) -> Bool {
    left -= 1
    guard left >= 0 else { return false }
    switch node {
    case .scalar, .alias: return true
    case .sequence(let nodes):
      for node in nodes { guard count(node, &left) else { return false } }
    case .mapping(let pairs):
      for pair in pairs {
        left -= 1
        guard count(pair.value, &left) else { return false }
      }
    }
    return true
  }

  private static func without(_ node: Node, _ key: String) -> Node {
    guard case .mapping(let mapping) = node else { return node }
    return .mapping(
      .init(mapping.filter { $0.key.scalar?.string != key }.map { ($0.key, $0.value) }, mapping.tag, mapping.style, mapping.mark))
  }

  private static func words(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .sequence(let nodes): "[" + nodes.map(words).joined(separator: ", ") + "]"
    case .mapping(let mapping): mapping.map { "\(words($0.key)) \(words($0.value))" }.joined(separator: ", ")
    case .alias: "…"
    }
  }
}

extension YamlError {
  fileprivate var placeAndProblem: (line: Int, column: Int, problem: String) {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
      (mark.line, mark.column, problem)
    case .duplicatedKeysInMapping(let names, let context): Self.duplicate(names, context)
    case .reader(let problem, let offset, _, let yaml):
      (offset.map { 1 + yaml.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } } ?? 1, 1, problem)
    default: (1, 1, "it cannot be read")
    }
  }

  /// The second place of a key that stands twice, as far as lines tell it: block mappings have a key a line, at one column.
  private static func duplicate(_ names: [String], _ context: Context) -> (line: Int, column: Int, problem: String) {
    let words = names.map { "'\($0)'" }.sorted().joined(separator: ", ")
    let lines = context.text.split(separator: "\n", omittingEmptySubsequences: false)
    let (line, column) = (context.mark.line, context.mark.column)
    let place = (line: line, column: column, problem: "the key \(words) stands there twice")
    guard lines.indices.contains(line - 1), let name = names.sorted().first else { return place }
    func isKey(_ text: Substring) -> Bool {
      text.hasPrefix(name) && text.dropFirst(name.count).drop { $0 == " " }.first == ":"
    }
    // Further on in its line, as in {a: 1, a: 2}.
    var rest = lines[line - 1].dropFirst(column)
    while !rest.isEmpty {
      if isKey(rest) { return (line, 1 + lines[line - 1].count - rest.count, place.problem) }
      rest = rest.dropFirst().drop { $0 != "," && $0 != "{" }.dropFirst().drop { $0 == " " }
    }
    for number in lines.indices where number > line - 1 {
      let text = lines[number].dropFirst(column - 1)
      guard lines[number].prefix(column - 1).allSatisfy({ $0 == " " || $0 == "-" }) else { continue }
      if isKey(text) { return (number + 1, column, place.problem) }
    }
    return place
  }
}
