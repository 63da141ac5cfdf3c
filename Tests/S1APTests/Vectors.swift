import Foundation

@testable import S1AP

/// One PDU of `s1ap-aper.json`: its octets and its value as another implementation tells it (JER).
struct Vector: Sendable, CustomStringConvertible {
  let name: String
  let octets: [UInt8]
  /// The value as JSON text, keys sorted.
  let value: String
  var description: String { name }

  static let all: [Vector] = {
    guard let url = Bundle.module.url(forResource: "s1ap-aper", withExtension: "json", subdirectory: "Resources"),
      let data = try? Data(contentsOf: url),
      let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    var seen: [String: Int] = [:]
    return list.compactMap { (entry) -> Vector? in
      guard let message = entry["message"] as? String, let hex = entry["aper"] as? String, let value = entry["value"] else { return nil }
      seen[message, default: 0] += 1
      return Vector(name: "\(message) \(seen[message] ?? 0)", octets: unhex(hex), value: sorted(value))
    }
  }()

  /// One JSON text for one value.
  static func sorted(_ value: Any) -> String {
    guard let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed]) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }

  static func sorted(json: String) -> String {
    guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) else {
      return "not JSON: \(json)"
    }
    return sorted(value)
  }
}

/// Octets of a hexadecimal text.
func unhex(_ hex: some StringProtocol) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).map { index in
    UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
  }
}

func hex(_ octets: some Sequence<UInt8>) -> String {
  octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
