import NASCrypto
import Yams

/// A bad input file: where, and what was expected there.
public struct InputFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path, as the user gave it.
  public var file: String
  /// From 1; nil when the file as a whole is meant.
  public var line: Int?
  /// From 1, with a line; nil when the line as a whole is meant.
  public var column: Int?
  /// What was expected, what was found.
  public var message: String

  public init(file: String, line: Int?, column: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  public var description: String {
    ([file] + [line, column].compactMap { $0 }.map(String.init)).joined(separator: ":") + ": " + message
  }
}

/// The YAML file of subscribers that `nasue attach` and `nasue mme` read.
///
/// ```yaml
/// subscribers:
///   - {imsi: "001010123456780", k: 00112233445566778899aabbccddeeff, opc: 63bfa50ee6523365ff14c1f45f88737d, amf: "8000"}
/// ```
public enum SubscribersFile {
  /// - Parameter name: the file's name, for errors.
  public static func parse(
    _ text: String, name: String, using engine: inout CryptoEngine
  ) throws(InputFileError)
    -> [SubscriberCredentials]
  {
    let root: Node?
    do {
      // Every scalar is taken as it is written, so none need be looked at for what else it might be.
      root = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw InputFileError(file: name, line: error.line, message: "not YAML: \(error.problem)")
    } catch {
      throw InputFileError(file: name, line: nil, message: "not YAML")
    }
    guard let list = root?.mapping?["subscribers"] else {
      throw InputFileError(file: name, line: 1, message: "expected a mapping with the key 'subscribers'")
    }
    guard let entries = list.sequence, !entries.isEmpty else {
      throw InputFileError(file: name, line: list.mark?.line, message: "expected 'subscribers' to be a list with at least one entry")
    }
    var subscribers: [SubscriberCredentials] = []
    var seen: Set<String> = []
    for entry in entries {
      let subscriber = try SubscriberEntry(entry, file: name).credentials(using: &engine)
      guard seen.insert(subscriber.imsi).inserted else {
        throw InputFileError(file: name, line: entry.mark?.line, message: "IMSI \(subscriber.imsi) stands here twice")
      }
      subscribers.append(subscriber)
    }
    return subscribers
  }
}

private struct SubscriberEntry {
  let file: String
  let line: Int?
  let values: [String: (text: String, line: Int?)]

  private static let keys: Set<String> = ["imsi", "k", "opc", "op", "topc", "top", "amf", "sqn", "algorithm"]

  init(_ node: Node, file: String) throws(InputFileError) {
    self.file = file
    line = node.mark?.line
    guard let mapping = node.mapping else {
      throw InputFileError(file: file, line: node.mark?.line, message: "expected a mapping such as {imsi: …, k: …, opc: …}")
    }
    var values: [String: (String, Int?)] = [:]
    for (key, value) in mapping {
      guard let name = key.scalar?.string, Self.keys.contains(name) else {
        let found = key.scalar?.string ?? "?"
        throw InputFileError(
          file: file, line: key.mark?.line, message: "unknown key '\(found)', expected one of \(Self.keys.sorted().joined(separator: ", "))"
        )
      }
      guard let text = value.scalar?.string else {
        throw InputFileError(file: file, line: value.mark?.line, message: "expected a single value for '\(name)'")
      }
      values[name] = (text, value.mark?.line)
    }
    self.values = values
  }

  func credentials(using engine: inout CryptoEngine) throws(InputFileError) -> SubscriberCredentials {
    func value(_ key: String) throws(InputFileError) -> (text: String, line: Int?) {
      guard let found = values[key] else { throw InputFileError(file: file, line: line, message: "'\(key)' is missing") }
      return found
    }
    do throws(SubscriberOptions.Fault) {
      return try SubscriberOptions(
        imsi: values["imsi"]?.text, k: values["k"]?.text, opc: values["opc"]?.text, op: values["op"]?.text, topc: values["topc"]?.text,
        top: values["top"]?.text, amf: values["amf"]?.text, sqn: values["sqn"]?.text, algorithm: values["algorithm"]?.text
      ).credentials(using: &engine)
    } catch {
      throw InputFileError(file: file, line: values[error.key]?.line ?? line, message: error.message)
    }
  }
}

extension YamlError {
  /// Where the text stops being YAML, from 1.
  var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    case .reader(_, let offset, _, let yaml): offset.map { 1 + yaml.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } }
    default: nil
    }
  }

  /// What is wrong. The errors' own descriptions repeat the text around the place, and what stands there are keys.
  var problem: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
    case .reader(let problem, _, _, _): problem
    case .duplicatedKeysInMapping(let names, _): "the key \(names.map { "'\($0)'" }.sorted().joined(separator: ", ")) stands there twice"
    default: "it cannot be read"
    }
  }
}
