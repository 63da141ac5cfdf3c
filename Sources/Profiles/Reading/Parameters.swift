import Yams

/// The values that a run of a profile takes for its parameters, in the order of the profile.
public struct ParameterValues: Sendable, Equatable, CustomStringConvertible {
  public var values: [(name: String, text: String)] = []

  public var description: String { values.map { "\($0.name) \($0.text)" }.joined(separator: ", ") }

  public static func == (one: Self, other: Self) -> Bool { one.description == other.description }
}

/// `parameters: {eia: [1, 2, 3]}`: every combination of the values is a run of its own, with `${eia}` replaced wherever it stands.
struct Parameters {
  static let maximumCombinations = 1_000

  private var parameters: [(name: String, place: ProfilePlace, values: [Node])] = []

  /// - Parameter node: the value of the key `parameters`.
  init(_ node: Node?, _ reader: ProfileReader) throws(ProfileError) {
    guard let node else { return }
    guard case .mapping(let mapping) = node else {
      throw ProfileError(reader.place(node), "expected a mapping of names to lists of values, such as {eia: [1, 2]}")
    }
    var count = 1
    for (key, value) in mapping {
      guard case .sequence(let values) = value, !values.isEmpty else {
        throw ProfileError(reader.place(value), "expected a list of values, at least one")
      }
      parameters.append((try reader.name(key), reader.place(key), Array(values)))
      count *= values.count
      guard count <= Self.maximumCombinations else {
        throw ProfileError(reader.place(key), "more than \(Self.maximumCombinations) combinations of parameters")
      }
    }
  }

  /// The first that stands nowhere in the texts: its values would be runs that are all the same.
  func unused(in texts: [String]) -> (name: String, place: ProfilePlace)? {
    parameters.first { parameter in !texts.contains { $0[...].range(of: "${\(parameter.name)}") != nil } }.map { ($0.name, $0.place) }
  }

  /// Every combination, the last parameter changing fastest.
  var combinations: [[(name: String, value: Node)]] {
    parameters.reduce([[]]) { combinations, parameter in
      combinations.flatMap { combination in parameter.values.map { combination + [(parameter.name, $0)] } }
    }
  }

  /// The tree with `${name}` replaced.
  static func substitute(_ combination: [(name: String, value: Node)], in node: Node, _ reader: ProfileReader) throws(ProfileError) -> Node
  {
    switch node {
    case .scalar(let scalar):
      guard scalar.string.contains("${") else { return node }
      return try replace(scalar, combination, node, reader)
    case .sequence(let sequence):
      var nodes: [Node] = []
      for node in sequence { nodes.append(try substitute(combination, in: node, reader)) }
      return .sequence(.init(nodes, sequence.tag, sequence.style, sequence.mark))
    case .mapping(let mapping):
      var pairs: [(Node, Node)] = []
      for (key, value) in mapping { pairs.append((key, try substitute(combination, in: value, reader))) }
      return .mapping(.init(pairs, mapping.tag, mapping.style, mapping.mark))
    case .alias: return node
    }
  }

  private static func replace(
    _ scalar: Node.Scalar, _ combination: [(name: String, value: Node)], _ node: Node, _ reader: ProfileReader
  ) throws(ProfileError) -> Node {
    var text = ""
    var rest = scalar.string[...]
    while let start = rest.range(of: "${") {
      text += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw ProfileError(reader.place(node), "'\(scalar.string)': expected } behind ${")
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = combination.first(where: { $0.name == name })?.value else {
        throw .unknown(name, at: reader.place(node), expected: "the name of a parameter", among: combination.map(\.name))
      }
      rest = rest[rest.index(after: end)...]
      guard case .scalar(let replacement) = value else {
        guard text.isEmpty, rest.isEmpty else {
          throw ProfileError(reader.place(node), "${\(name)} is more than a single value and must stand alone")
        }
        return value
      }
      text += replacement.string
    }
    return .scalar(.init(text + rest, scalar.tag, scalar.style, scalar.mark))
  }
}

extension Substring {
  /// Without Foundation.
  fileprivate func range(of text: String) -> Range<Substring.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
