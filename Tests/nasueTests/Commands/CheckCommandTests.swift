import Foundation
import Testing

/// `nasue check` on captures of real MMEs, as somebody with a capture of their own would use it.
@Suite struct CheckCommandTests {
  private static let keys = ["--k", "00112233445566778899aabbccddeeff", "--opc", "63bfa50ee6523365ff14c1f45f88737d"]

  private static func capture(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../CaptureTests/Resources/\(name).pcap")
      .standardized.path
  }

  private static func check(_ name: String, imsi: String, _ more: [String] = []) throws -> DecodeExecutable.Outcome {
    try DecodeExecutable.run(["check", capture(name), "--imsi", imsi] + keys + more)
  }

  private func withFile<R>(_ contents: Data, _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString)")
    try contents.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test("a HANDOVER REQUEST over an outstanding SMC is named with its wrong derivation, the rule and the packet, and ends with 1")
  func wrongDerivation() throws {
    let run = try Self.check("open5gs/smc_then_ho", imsi: "001010000000109", ["--format", "json"])
    #expect(run.status == 1)
    let wrong = try run.objects().filter { $0["verdict"] as? String == "misaligned" }
    #expect(wrong.count == 1)
    let verdict = try #require(wrong.first)
    #expect(verdict["slug"] as? String == "nh-genealogy" && verdict["message"] as? String == "HANDOVER REQUEST")
    #expect(verdict["rules"] as? [String] == ["old-as-chain-until-rekey"])
    #expect((verdict["note"] as? String)?.contains("new KASME over old NH₁, NCC 2") == true)
    // Wireshark's number of the packet that carries it.
    #expect(verdict["frame"] as? Int == Self.handoverRequestOfSMCThenHandover)
  }

  /// As tshark counts: `tshark -r smc_then_ho.pcap -Y s1ap.HandoverRequest_element`.
  private static let handoverRequestOfSMCThenHandover = 40

  @Test(
    "captures of handovers that went right are aligned in every NCC",
    arguments: [("open5gs/s1_handover", "001010000000105"), ("open5gs/x2_path_switch", "001010000000106")])
  func rightHandovers(name: String, imsi: String) throws {
    let run = try Self.check(name, imsi: imsi, ["--require", "nh-genealogy", "--require", "kenb-explained"])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.lines.filter { $0.hasPrefix("aligned") && $0.contains("nh-genealogy") }.count == 11)
  }

  @Test(
    "followed and judged on threads of their own, or on one because a report is written, the verdicts are the same octets",
    arguments: [
      ("open5gs/smc_then_ho", "001010000000109"), ("open5gs/s1_handover", "001010000000105"),
      ("srsepc/guti_reattach_eia2_eea2", "001010123456780"), ("open5gs/attach_detach", "001010999999999"),
    ])
  func threads(name: String, imsi: String) throws {
    try withFile(Data()) { path in
      let threads = try Self.check(name, imsi: imsi, ["--format", "json"])
      let one = try Self.check(name, imsi: imsi, ["--format", "json", "--report", "json=\(path)"])
      #expect(threads.lines.count > 5 && threads.output == one.output && threads.status == one.status)
    }
  }

  @Test("connections beyond those that are followed are let go of, and that is said") func tooManyConnections() throws {
    var file = Data([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 150, 0, 0, 0])
    for id in UInt8(0)..<100 {
      // INITIAL UE MESSAGE with an ATTACH REQUEST of 001010000000101.
      let nas: [UInt8] = [0x07, 0x41, 0x71, 0x08, 0x09, 0x10, 0x10, 0x00, 0x00, 0x00, 0x01, 0x01, 0x02, 0xf0, 0x70, 0, 4, 2, 1, 0xd0, 0x11]
      let elements: [UInt8] =
        [0, 0, 3, 0, 8, 0, 2, 0, id, 0, 26, 0, UInt8(nas.count + 1), UInt8(nas.count)] + nas
        + [0, 67, 0, 6, 0, 0, 0xf1, 0x10, 0, 1]
      let pdu = [0, 12, 0x40, UInt8(elements.count)] + elements
      file += Data([0, 0, 0, 0, 0, 0, 0, 0, UInt8(pdu.count), 0, 0, 0, UInt8(pdu.count), 0, 0, 0] + pdu)
    }
    try withFile(file) { path in
      let run = try DecodeExecutable.run(["check", path])
      #expect(run.output.contains("100 S1AP messages") && run.output.contains("UEs: 1,"), "\(run.output)")
      #expect(run.errors.contains("too many connections at once: 36"), "\(run.errors)")
    }
  }

  @Test("without K nothing is claimed, and what is required stays open") func withoutKeys() throws {
    let run = try DecodeExecutable.run(["check", Self.capture("open5gs/attach_detach")])
    #expect(run.status == 0)
    #expect(!run.output.contains("misaligned") && run.output.contains("K of this subscriber is not known"))
    let required = try DecodeExecutable.run(["check", Self.capture("open5gs/attach_detach"), "--require", "nas-context/kasme"])
    #expect(required.status == 1 && required.errors.contains("nas-context/kasme"))
  }

  @Test("a capture that breaks off is judged as far as it goes, and that is said") func truncated() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: Self.capture("open5gs/smc_then_ho")))
    try withFile(whole.dropLast(7)) { path in
      let run = try DecodeExecutable.run(["check", path, "--imsi", "001010000000109"] + Self.keys)
      #expect(run.status == 1 && run.output.contains("new KASME over old NH₁"))
      #expect(run.errors.contains("the file ends inside a record"))
    }
  }

  @Test("what is no capture of S1AP is refused in one line with 2") func noCapture() throws {
    for (contents, words) in [
      (Data(), "the file is empty"), (Data("hello, world".utf8), "neither pcap nor pcapng"),
      (try Data(contentsOf: URL(fileURLWithPath: Self.capture("open5gs/smc_then_ho"))).prefix(24), "no S1AP in its 0 packets"),
    ] {
      try withFile(contents) { path in
        let run = try DecodeExecutable.run(["check", path])
        #expect(run.status == 2 && run.errors.contains(words) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      }
    }
    let missing = try DecodeExecutable.run(["check", "/no/such/file"])
    #expect(missing.status == 2 && missing.errors.contains("No such file"))
  }

  @Test("a file whose last packet is older than its first is judged, shown and reported as any other") func timesGoBack() throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.capture("open5gs/smc_then_ho"))))
    // The seconds of each record count down, as where files were put one behind the other.
    var file = whole
    var (record, seconds) = (24, UInt32(1_700_000_000))
    while record + 16 <= file.count {
      let length = (0..<4).reduce(0) { $0 | Int(file[record + 8 + $1]) << (8 * $1) }
      for octet in 0..<4 { file[record + octet] = UInt8(truncatingIfNeeded: seconds >> UInt32(8 * octet)) }
      for octet in 4..<8 { file[record + octet] = 0 }
      (record, seconds) = (record + 16 + length, seconds - 60)
    }
    try withFile(Data(file)) { path in
      try withFile(Data()) { report in
        for more in [[], ["--ladder"], ["--ladder", "--format", "json"]]
          + ["html", "json", "junit"].map({ ["--report", "\($0)=\(report)"] })
        {
          let run = try DecodeExecutable.run(["check", path, "--imsi", "001010000000109"] + Self.keys + more)
          #expect(run.status == 1 && run.output.contains("new KASME over old NH₁"), "\(more) \(run.errors)")
          #expect(more.contains("json") || run.output.contains("44 S1AP messages, 4980.000 s"), "\(run.output)")
        }
      }
    }
  }

  @Test(
    "with one packet missing that is said, and nothing is misaligned but the NH over the old chain", arguments: Array(8..<57))
  func onePacketMissing(left: Int) throws {
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.capture("open5gs/smc_then_ho"))))
    var file = Array(whole.prefix(24))
    var (record, number) = (24, 0)
    while record + 16 <= whole.count {
      let length = (0..<4).reduce(0) { $0 | Int(whole[record + 8 + $1]) << (8 * $1) }
      if number != left { file += whole[record..<record + 16 + length] }
      (record, number) = (record + 16 + length, number + 1)
    }
    try withFile(Data(file)) { path in
      let run = try DecodeExecutable.run(["check", path, "--imsi", "001010000000109", "--format", "json"] + Self.keys)
      let wrong = try run.objects().filter { $0["verdict"] as? String == "misaligned" }
      for verdict in wrong {
        #expect(
          verdict["slug"] as? String == "nh-genealogy" && (verdict["note"] as? String)?.contains("over old NH₁") == true, "\(verdict)")
      }
      #expect(!wrong.isEmpty || run.errors.contains("missing from the capture: 1 message"), "\(run.errors)")
    }
  }

  @Test("the ladder and the reports show the capture") func reports() throws {
    let html = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString).html")
    defer { try? FileManager.default.removeItem(at: html) }
    let run = try Self.check("open5gs/attach_detach", imsi: "001010000000101", ["--ladder", "--report", "html=\(html.path)"])
    #expect(run.status == 0)
    #expect(run.output.contains("INITIAL CONTEXT SETUP REQ") && run.output.contains("ATTACH ACCEPT"))
    #expect(try String(contentsOf: html, encoding: .utf8).contains("ATTACH ACCEPT"))
  }
}
