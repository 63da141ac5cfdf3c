import NASCrypto
public import Observer
import Yams

/// The YAML file of KASMEs that `nasue check --kasmes` reads, for UEs whose K is not known.
///
/// ```yaml
/// kasmes:
///   - {imsi: "001010123456780", eksi: 0, kasme: 18addbd4e176bdeac075a37d9400c53458615563b7914d9e964988d15129d31f}
///   - {rand: 00112233445566778899aabbccddeeff, kasme: f1e990b5d69ac71d3d483b27b3067fd037f19a35382fad2124816ed579c89fa6}
/// ```
public enum KASMEsFile {
  private static let keys = ["eksi", "imsi", "kasme", "rand"]

  /// - Parameter name: the file's name, for errors.
  public static func parse(_ text: String, name: String) throws(InputFileError) -> [ToldKASME] {
    let root: Node?
    do {
      // Every scalar is taken as it is written, so none need be looked at for what else it might be.
      root = try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw InputFileError(file: name, line: error.line, message: "not YAML: \(error.problem)")
    } catch {
      throw InputFileError(file: name, line: nil, message: "not YAML")
    }
    func fault(_ node: Node?, _ message: String) -> InputFileError {
      InputFileError(file: name, line: node?.mark?.line ?? 1, column: node?.mark?.column ?? 1, message: message)
    }
    guard let list = root?.mapping?["kasmes"] else { throw fault(root, "expected a mapping with the key 'kasmes'") }
    guard let entries = list.sequence, !entries.isEmpty else {
      throw fault(list, "expected 'kasmes' to be a list with at least one entry")
    }
    var told: [ToldKASME] = []
    for entry in entries {
      guard let mapping = entry.mapping else { throw fault(entry, "expected a mapping such as {imsi: …, eksi: 0, kasme: …}") }
      var values: [String: (node: Node, text: String)] = [:]
      for (key, value) in mapping {
        guard let word = key.scalar?.string, keys.contains(word) else {
          throw fault(key, "unknown key '\(key.scalar?.string ?? "?")', expected one of \(keys.joined(separator: ", "))")
        }
        guard let text = value.scalar?.string else { throw fault(value, "expected a single value for '\(word)'") }
        values[word] = (value, text)
      }
      func octets(_ key: String, _ count: Int) throws(InputFileError) -> KeyMaterial? {
        guard let (node, text) = values[key] else { return nil }
        guard let octets = KeyMaterial(hex: text), octets.count == count else {
          throw fault(node, "expected '\(key)' to be \(2 * count) hexadecimal digits")
        }
        return octets
      }
      guard let kasme = try octets("kasme", 32) else { throw fault(entry, "'kasme' is missing") }
      let rand = try octets("rand", 16)?.withUnsafeBytes { Array($0) }
      if let (node, imsi) = values["imsi"], !(6...15).contains(imsi.utf8.count) || !imsi.utf8.allSatisfy({ (48...57).contains($0) }) {
        throw fault(node, "expected 'imsi' to be 6 to 15 digits, in quotes")
      }
      var eKSI: UInt8?
      if let (node, text) = values["eksi"] {
        guard let value = UInt8(text), value < 7 else { throw fault(node, "expected 'eksi' to be 0 to 6") }
        eKSI = value
      }
      guard rand != nil || values["imsi"] != nil else { throw fault(entry, "expected 'imsi', or the 'rand' of the challenge") }
      told.append(ToldKASME(kasme: kasme, rand: rand, imsi: values["imsi"]?.text, eKSI: eKSI))
    }
    return told
  }
}
