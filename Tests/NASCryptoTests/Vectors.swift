import Foundation
import Testing

@testable import NASCrypto

/// The vectors in Resources/, which come from the published test sets (their origin: Resources/README.md).
enum Vectors {
  struct Cipher: Decodable, Sendable {
    var key, message, output: String
    var count: UInt32
    var bearer, direction: UInt8
    var bitLength: Int
  }
  struct MAC: Decodable, Sendable {
    var key, message, mac: String
    var count: UInt32
    var bearer: UInt8?
    var fresh: UInt32?
    var direction: UInt8
    var bitLength: Int
  }
  struct NASShaped: Decodable, Sendable {
    var algorithm, key, message: String
    var count: UInt32
    var bearer, direction: UInt8
    var output, mac: String?
  }
  struct Milenage: Decodable, Sendable {
    var source, k, rand, sqn, amf, op, opc, f1, f1star, f2, f3, f4, f5, f5star: String
  }
  struct TUAK: Decodable, Sendable {
    var source, k, rand, sqn, amf, top, topc, f1, f1star, f2, f3, f4, f5, f5star: String
    var keccakIterations, macBits, ckBits, ikBits, resBits: Int
  }
  struct Published: Decodable, Sendable {
    var uea2: [Cipher]
    var uia2, eia1: [MAC]
    var eea3: [Cipher]
    var eia3: [MAC]
    var eea2: [Cipher]
    var eia2: [MAC]
    var milenage: [Milenage]
    var tuak: [TUAK]
    var nasShaped: [NASShaped]

    enum CodingKeys: String, CodingKey {
      case uea2 = "snow3g_uea2"
      case uia2 = "snow3g_uia2"
      case eia1 = "128-EIA1"
      case eea3 = "128-EEA3"
      case eia3 = "128-EIA3"
      case eea2 = "128-EEA2"
      case eia2 = "128-EIA2"
      case milenage, tuak, nasShaped
    }
  }
  struct Derivation: Decodable, Sendable {
    struct Parameter: Decodable, Sendable {
      var name, value: String
    }
    var name, clause: String
    var fc: UInt8
    var key: String
    var parameters: [Parameter]
    var output: String
  }

  static let published: Published = load("crypto", Published.self)
  static let derivations: [Derivation] = load("kdf", [Derivation].self)

  private static func load<T: Decodable>(_ name: String, _ type: T.Type) -> T {
    do {
      let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources"))
      return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    } catch {
      preconditionFailure("\(name).json: \(error)")
    }
  }
}

func octets(_ hex: String) throws -> [UInt8] { try #require(Hex.octets(hex)) }
func key(_ hex: String) throws -> KeyMaterial { try #require(KeyMaterial(hex: hex)) }
func direction(_ value: UInt8) throws -> LinkDirection { try #require(LinkDirection(rawValue: value)) }
