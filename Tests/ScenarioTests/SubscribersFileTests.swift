import NASCrypto
import Testing

@testable import Scenario

@Suite struct SubscribersFileTests {
  private func parse(_ text: String) throws(InputFileError) -> [SubscriberCredentials] {
    var engine = CryptoEngine()
    return try SubscribersFile.parse(text, name: "s.yaml", using: &engine)
  }

  @Test func theExampleOfTheReadmeIsRead() throws {
    let found = try parse(
      """
      subscribers:
        - {imsi: "001010123456780", k: 00112233445566778899aabbccddeeff, opc: 63bfa50ee6523365ff14c1f45f88737d, amf: "8000"}
        - {imsi: "001010123456781", k: 00112233445566778899aabbccddeeff, op: 11111111111111111111111111111111, algorithm: milenage}
        - {imsi: "001010123456782", k: 00112233445566778899aabbccddeeff, algorithm: xor, sqn: 20}
      """)
    #expect(found.map(\.imsi) == ["001010123456780", "001010123456781", "001010123456782"])
    #expect(found[0].amf == 0x8000)
    #expect(found[2].sqn == 0x20)
  }

  /// Keys of digits alone are YAML integers; they must not go through one.
  @Test func aKeyOfDigitsKeepsItsZeros() throws {
    let digits = "00112233445566778899001122334455"
    let found = try parse("subscribers:\n- {imsi: \"001010123456780\", k: \(digits), opc: \(digits)}\n")
    #expect(found[0].k == KeyMaterial(hex: digits))
  }

  @Test(arguments: [
    ("", 1, "'subscribers'"),
    ("subscribers: 3\n", 1, "list"),
    ("subscribers:\n- 7\n", 2, "mapping"),
    ("subscribers:\n- {imsi: \"001010123456780\"}\n", 2, "'k' is missing"),
    ("subscribers:\n- {imsi: \"001\", k: 00112233445566778899aabbccddeeff, opc: 63bfa50ee6523365ff14c1f45f88737d}\n", 2, "digits"),
    ("subscribers:\n- imsi: \"001010123456780\"\n  k: 0011\n", 3, "32 hex digits"),
    ("subscribers:\n- imsi: \"001010123456780\"\n  key: 0011\n", 3, "unknown key 'key'"),
    ("subscribers:\n- imsi: \"001010123456780\"\n  k: 00112233445566778899aabbccddeeff\n", 2, "'opc' (or 'op') is missing"),
    ("subscribers: [\n", 2, "not YAML"),
  ])
  func aBadFileIsToldWithItsLine(text: String, line: Int, words: String) {
    do throws(InputFileError) {
      _ = try parse(text)
      Issue.record("read")
    } catch {
      #expect(error.line == line, "\(error)")
      #expect(error.description.contains(words), "\(error)")
      #expect(error.file == "s.yaml")
    }
  }

  @Test func theSameIMSITwiceIsRefused() {
    let entry = "- {imsi: \"001010123456780\", k: 00112233445566778899aabbccddeeff, opc: 63bfa50ee6523365ff14c1f45f88737d}\n"
    #expect(throws: InputFileError.self) { try parse("subscribers:\n" + entry + entry) }
  }

  @Test func aBadKeyIsNotRepeatedInTheError() {
    do throws(InputFileError) {
      _ = try parse("subscribers:\n- {imsi: \"001010123456780\", k: 00112233445566778899aabbccddeefX, opc: 00}\n")
      Issue.record("read")
    } catch {
      #expect(!error.description.contains("00112233"))
    }
  }

  /// The YAML reader's own descriptions quote the lines around the place.
  @Test(arguments: ["opc: 63bfa50ee6523365ff14c1f45f88737e}", "opc: \u{1}}", "opc: [}", "opc: \"}"])
  func textThatIsNoYAMLIsNotRepeatedInTheError(end: String) {
    do throws(InputFileError) {
      _ = try parse("subscribers:\n- {imsi: \"001010123456780\", k: 00112233445566778899aabbccddeeff, opc: 63bf, \(end)\n")
      Issue.record("read")
    } catch {
      #expect(error.line == 2 || error.line == 3, "\(error)")
      #expect(!error.description.contains("00112233") && !error.description.contains("63bf"), "\(error)")
      #expect(!error.description.contains("\n"))
    }
  }
}
