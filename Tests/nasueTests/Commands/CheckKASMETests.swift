import Foundation
import Testing

/// `nasue check` on UEs whose K is not known: with their KASMEs, and with nothing.
@Suite struct CheckKASMETests {
  private static func capture(_ name: String, _ ending: String = "pcap") -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../CaptureTests/Resources/\(name).\(ending)")
      .standardized
  }

  /// What the text beside a capture of Open5GS tells: whose it is, and every KASME with its eKSI.
  private static func told(_ name: String) throws -> (imsi: String, kasmes: [(eKSI: String, key: String)]) {
    let text = try String(contentsOf: capture(name, "txt"), encoding: .utf8)
    var imsi = ""
    var kasmes: [(String, String)] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if line.hasPrefix("IMSI(s):"), words.count > 1 { imsi = words[1] }
      if line.hasPrefix("KASME ksi"), words.count > 3 { kasmes.append((String(words[1].dropFirst(3)), words[3])) }
    }
    return (imsi, kasmes)
  }

  private func withFile<R>(_ contents: String, _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString).yaml")
    try contents.write(to: url, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  private static func withK(_ name: String, _ imsi: String) throws -> DecodeExecutable.Outcome {
    try DecodeExecutable.run([
      "check", capture(name).path, "--format", "json", "--imsi", imsi, "--k", "00112233445566778899aabbccddeeff", "--opc",
      "63bfa50ee6523365ff14c1f45f88737d",
    ])
  }

  @Test(
    "KASMEs give the verdicts that K gives, with the eKSI and without",
    arguments: ["open5gs/attach_detach", "open5gs/s1_handover", "open5gs/x2_path_switch", "open5gs/smc_then_ho"], [true, false])
  func asWithK(name: String, namesKeySet: Bool) throws {
    let (imsi, kasmes) = try Self.told(name)
    #expect(!kasmes.isEmpty)
    let entries = kasmes.map { "  - {imsi: \"\(imsi)\", \(namesKeySet ? "eksi: \($0.eKSI), " : "")kasme: \($0.key)}\n" }
    try withFile("kasmes:\n" + entries.joined()) { path in
      let run = try DecodeExecutable.run(["check", Self.capture(name).path, "--format", "json", "--kasmes", path])
      let known = try Self.withK(name, imsi)
      #expect(run.status == known.status && run.output == known.output)
    }
  }

  /// AUTHENTICATION REQUEST as it stands in the file: type, eKSI, RAND, and AUTN with its length.
  private static func rands(_ name: String) throws -> [String] {
    let octets = [UInt8](try Data(contentsOf: capture(name)))
    return (0..<octets.count - 20).filter { octets[$0] == 7 && octets[$0 + 1] == 0x52 && octets[$0 + 2] < 7 && octets[$0 + 19] == 16 }
      .map { place in octets[place + 3..<place + 19].map { String(format: "%02x", $0) }.joined() }
  }

  @Test(
    "KASMEs by the RANDs of their challenges give the verdicts that K gives, without an IMSI; by others' RANDs they are not used",
    arguments: ["open5gs/s1_handover", "open5gs/x2_path_switch", "open5gs/smc_then_ho"])
  func byRAND(name: String) throws {
    let (imsi, kasmes) = try Self.told(name)
    let rands = try Self.rands(name)
    #expect(rands.count == kasmes.count && !rands.isEmpty)
    let entries = zip(rands, kasmes).map { "  - {rand: \($0), kasme: \($1.key)}\n" }
    let known = try Self.withK(name, imsi)
    try withFile("kasmes:\n" + entries.joined()) { path in
      let run = try DecodeExecutable.run(["check", Self.capture(name).path, "--format", "json", "--kasmes", path])
      #expect(run.status == known.status && run.output == known.output)
    }
    let others = kasmes.map { "  - {rand: \(String(repeating: "0a", count: 16)), kasme: \($0.key)}\n" }
    try withFile("kasmes:\n" + others.prefix(1).joined()) { path in
      let run = try DecodeExecutable.run(["check", Self.capture(name).path, "--format", "json", "--kasmes", path])
      let plain = try DecodeExecutable.run(["check", Self.capture(name).path, "--format", "json"])
      #expect(run.status == plain.status && run.output == plain.output)
    }
  }

  @Test("a KASME that is another challenge's, or one of two, makes nothing misaligned", arguments: [0, 1, 2])
  func incomplete(which: Int) throws {
    let (imsi, kasmes) = try Self.told("open5gs/smc_then_ho")
    let key = which < kasmes.count ? kasmes[which].key : String(repeating: "5a", count: 32)
    try withFile("kasmes:\n  - {imsi: \"\(imsi)\", kasme: \(key)}\n") { path in
      let run = try DecodeExecutable.run(["check", Self.capture("open5gs/smc_then_ho").path, "--kasmes", path])
      // One that explains nothing is told, and is not green.
      #expect(run.status == (which < kasmes.count ? 0 : 2) && !run.output.contains("misaligned "), "\(run.output)")
      #expect(run.output.contains("1 KASME told"))
    }
  }

  @Test(
    "a bad file of KASMEs is refused with its place and what was expected",
    arguments: [
      ("kasmes: 1\n", "1:9: expected 'kasmes' to be a list with at least one entry"),
      ("keys: []\n", "1:1: expected a mapping with the key 'kasmes'"),
      ("kasmes:\n  - 5\n", "2:5: expected a mapping such as {imsi: …, eksi: 0, kasme: …}"),
      ("kasmes:\n  - {imsi: \"001010000000001\"}\n", "2:5: 'kasme' is missing"),
      ("kasmes:\n  - {imsi: \"001010000000001\", kasme: 12}\n", "2:38: expected 'kasme' to be 64 hexadecimal digits"),
      ("kasmes:\n  - {kasmee: 12}\n", "2:6: unknown key 'kasmee', expected one of eksi, imsi, kasme, rand"),
      (
        "kasmes:\n  - {eksi: 7, kasme: \(String(repeating: "5a", count: 32)), imsi: \"001010000000001\"}\n",
        "2:12: expected 'eksi' to be 0 to 6"
      ),
      ("kasmes:\n  - {kasme: \(String(repeating: "5a", count: 32))}\n", "2:5: expected 'imsi', or the 'rand' of the challenge"),
    ])
  func refused(text: String, message: String) throws {
    try withFile(text) { path in
      let run = try DecodeExecutable.run(["check", Self.capture("open5gs/attach_detach").path, "--kasmes", path])
      #expect(run.status == 2 && run.errors.contains("\(path):\(message)"), "\(run.errors)")
    }
  }

  @Test("of a UE without keys what is plain is judged: eKSI, capabilities, algorithms, the order of NCC") func plain() throws {
    let run = try DecodeExecutable.run(["check", Self.capture("open5gs/s1_handover").path, "--format", "json"])
    #expect(run.status == 0)
    let aligned = Set(try run.objects().filter { $0["verdict"] as? String == "aligned" }.compactMap { $0["slug"] as? String })
    #expect(aligned == ["ncc-order", "nh-never-reused", "rekey-smc-order", "eksi-consistent", "capabilities-replayed", "null-algorithms"])
    #expect(run.output.contains("NH is not checked: no key is known") && run.output.contains("K of this subscriber is not known"))
  }
}
