import Foundation
import Testing

@testable import NASMessages

/// Octets from hexadecimal digits; blanks are skipped.
func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  precondition(digits.count % 2 == 0, "two digits an octet")
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}

/// The lines of a resource that are not comments.
func lines(of resource: String) throws -> [String] {
  let url = try #require(Bundle.module.url(forResource: resource, withExtension: "txt", subdirectory: "Resources"))
  return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
}

/// A NAS PDU of a capture.
struct CapturedNAS: CustomStringConvertible {
  let capture: String
  let packet: String
  let direction: NASDirection
  /// Not ciphered, or ciphered with EEA0.
  let isReadable: Bool
  let octets: [UInt8]

  var description: String { "\(capture) packet \(packet)" }

  static func all() throws -> [CapturedNAS] {
    try lines(of: "capture-nas").map { line in
      let part = line.split(separator: " ").map(String.init)
      return CapturedNAS(
        capture: part[0], packet: part[1], direction: part[2] == "up" ? .uplink : .downlink, isReadable: part[3] == "plain",
        octets: hex(part[4]))
    }
  }

  /// The EMM message, out of its envelope; `nil` for ciphered ones and SERVICE REQUEST.
  func message() throws -> NASMessage? {
    guard isReadable else { return nil }
    switch try NASPDU(parsing: octets, direction: direction) {
    case .plain(let message): return message
    case .protected(let envelope): return try NASMessage(decoding: envelope.payload, direction: direction)
    case .serviceRequest: return nil
    }
  }
}

/// One line of table-vectors.txt: a message with every element.
struct TableVector {
  let name: String
  let direction: NASDirection
  let octets: [UInt8]
  let elements: [(name: String, offset: Int, length: Int)]

  static func all() throws -> [TableVector] {
    try lines(of: "table-vectors").map { line in
      let part = line.components(separatedBy: " | ").map { $0.trimmingCharacters(in: .whitespaces) }
      let elements = part.count < 4 ? [] : part[3].components(separatedBy: "; ").filter { !$0.isEmpty }
      return TableVector(
        name: part[0], direction: part[1] == "up" ? .uplink : .downlink, octets: hex(part[2]),
        elements: elements.map {
          let fields = $0.split(separator: ":").map(String.init)
          return (fields[0], Int(fields[1])!, Int(fields[2])!)
        })
    }
  }
}

/// A small generator with a seed, so that a failure repeats.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension NASMessage {
  /// Reads everything there is to read: the tree, its nested messages, their trees.
  func readEverything() -> Int {
    informationElements.reduce(0) { $0 + $1.value.utf8.count + ($1.message?.readEverything() ?? 0) }
  }
}
