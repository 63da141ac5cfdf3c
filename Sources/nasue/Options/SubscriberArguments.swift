import ArgumentParser
import NASCrypto
import Observer
import Scenario

/// Whose UE it is.
struct SubscriberArguments: ParsableArguments {
  @Option(help: ArgumentHelp("IMSI, 6 to 15 digits.", valueName: "digits")) var imsi: String?
  @Option(help: ArgumentHelp("Subscriber key K, 32 hex digits (64 possible with tuak).", valueName: "hex")) var k: String?
  @Option(help: ArgumentHelp("OPc, 32 hex digits.", valueName: "hex")) var opc: String?
  @Option(help: ArgumentHelp("OP, 32 hex digits, instead of --opc.", valueName: "hex")) var op: String?
  @Option(help: ArgumentHelp("TOPc for tuak, 64 hex digits.", valueName: "hex")) var topc: String?
  @Option(help: ArgumentHelp("TOP for tuak, 64 hex digits, instead of --topc.", valueName: "hex")) var top: String?
  @Option(help: ArgumentHelp("AMF of the test network's vectors, 4 hex digits. (default: 8000)", valueName: "hex")) var amf: String?
  @Option(help: ArgumentHelp("SQN that the test network's HSS starts after, 12 hex digits. (default: 0)", valueName: "hex"))
  var sqn: String?
  @Option(help: ArgumentHelp("milenage, tuak or xor. (default: milenage)", valueName: "name")) var algorithm: String?
  @Option(help: ArgumentHelp("YAML file of subscribers, instead of the options above.", valueName: "file")) var subscribers: String?

  /// Used when nothing is given: the subscriber of our examples.
  static let example = SubscriberOptions(
    imsi: "001010123456780", k: "00112233445566778899aabbccddeeff", opc: "63bfa50ee6523365ff14c1f45f88737d")

  /// Whether the user names any subscriber.
  var isGiven: Bool { hasInline || subscribers != nil }

  /// Every subscriber of the file, or the one of the options.
  func all(using engine: inout CryptoEngine) throws -> [SubscriberCredentials] {
    guard let subscribers, !hasInline else { return try load(count: 1, using: &engine) }
    return try Self.file(subscribers, using: &engine)
  }

  private var hasInline: Bool { [imsi, k, opc, op, topc, top, amf, sqn, algorithm].contains { $0 != nil } }

  /// - Parameter count: how many UEs are wanted; one subscriber given alone is counted up from its IMSI.
  func load(count: Int, using engine: inout CryptoEngine) throws -> [SubscriberCredentials] {
    if let subscribers {
      guard !hasInline else { throw Refusal.usage("--subscribers and single subscriber options exclude each other") }
      let found = try Self.file(subscribers, using: &engine)
      guard found.count >= count else { throw Refusal.usage("\(subscribers): has \(found.count) subscribers, --count asks for \(count)") }
      return Array(found.prefix(count))
    }
    var options = Self.example
    if hasInline {
      options = SubscriberOptions(
        imsi: imsi ?? options.imsi, k: k, opc: opc, op: op, topc: topc, top: top, amf: amf, sqn: sqn, algorithm: algorithm)
      if k == nil && opc == nil && op == nil && topc == nil && top == nil {
        // Only details were changed: the example's keys stay.
        options.k = Self.example.k
        if algorithm == nil || algorithm == "milenage" { options.opc = Self.example.opc }
      }
    }
    var result: [SubscriberCredentials] = []
    for index in 0..<count {
      var one = options
      if index > 0, let imsi = options.imsi {
        guard let next = Self.counted(imsi, by: index) else { throw Refusal.usage("--count \(count): IMSI \(imsi) cannot be counted up") }
        one.imsi = next
      }
      do { result.append(try one.credentials(using: &engine)) } catch { throw Refusal.usage("--\(error.key): \(error.message)") }
    }
    return result
  }

  static func file(_ path: String, using engine: inout CryptoEngine) throws -> [SubscriberCredentials] {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    do { return try SubscribersFile.parse(text, name: path, using: &engine) } catch { throw Refusal.usage(error.description) }
  }

  static func kasmes(_ path: String) throws -> [ToldKASME] {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    do { return try KASMEsFile.parse(text, name: path) } catch { throw Refusal.usage(error.description) }
  }

  private static func counted(_ imsi: String, by index: Int) -> String? {
    guard let number = UInt64(imsi) else { return nil }
    let text = String(number + UInt64(index))
    guard text.count <= imsi.count else { return nil }
    return String(repeating: "0", count: imsi.count - text.count) + text
  }
}
