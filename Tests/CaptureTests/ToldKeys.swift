import Foundation
import NASCrypto

/// What the text beside a capture tells: subscribers, keys, and which MACs are wrong on purpose.
struct ToldKeys {
  var subscribers: [SubscriberCredentials] = []
  /// In order of their challenges. Open5GS texts name every KASME with its key set; srsEPC texts those that an SMC took into use.
  var kasmes: [String] = []
  /// (KNASenc, KNASint) in order of the SECURITY MODE COMMANDs (srsEPC texts).
  var nasKeys: [(encryption: String, integrity: String)] = []
  /// (uplink COUNT, KeNB) in order (Open5GS texts).
  var keNBs: [(count: UInt32, key: String)] = []
  /// SERVICE REQUESTs that the text calls bad.
  var badMACs = 0

  init(_ text: String) throws {
    func value(after marker: String, in line: Substring) -> String? {
      line.range(of: marker).map { range in
        String(line[range.upperBound...].drop { $0 == " " || $0 == "=" }.prefix { $0.isHexDigit })
      }
    }
    for line in text.split(separator: "\n") {
      if line.hasPrefix("IMSI(s):") || line.hasPrefix("IMSI 0") {
        let k = try Self.require(value(after: " K", in: line))
        let opc = try Self.require(value(after: "OPc", in: line))
        for word in line.split(separator: " ") where word.count == 15 && word.allSatisfy(\.isNumber) {
          let functions = AuthenticationFunctionSet.milenage(opc: try Self.require(KeyMaterial(hex: opc)))
          subscribers.append(
            try SubscriberCredentials(imsi: String(word), k: try Self.require(KeyMaterial(hex: k)), functions: functions))
        }
      } else if line.hasPrefix("KASME ksi"), let key = value(after: " =", in: line) {
        kasmes.append(key)
      } else if line.hasPrefix("KeNB ICS"), let count = value(after: "UL COUNT", in: line), let key = value(after: " = ", in: line) {
        keNBs.append((try Self.require(UInt32(count)), key))
      } else if let encryption = value(after: "kenc=", in: line), let integrity = value(after: "kint=", in: line) {
        nasKeys.append((encryption, integrity))
        if let kasme = value(after: "kasme=", in: line), kasme.count == 64 { kasmes.append(kasme) }
      }
      badMACs += line.contains("SERVICE REQUEST with bad MAC") || line.contains("Service Request with bad short MAC") ? 1 : 0
    }
  }

  private struct Missing: Error {}

  private static func require<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
  }
}
