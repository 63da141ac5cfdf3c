import Foundation
import Testing

/// `nasue attach` and `nasue mme` as a user or a script meets them.
@Suite struct AttachCommandTests {
  private let secret = "00112233445566778899aabbccddeeff"

  private func withFile<R>(_ contents: String = "", _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString)")
    try Data(contents.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test func theFirstCommandOfAUserPrintsMessagesAndVerdictsAndEndsWith0() throws {
    let run = try DecodeExecutable.run(["attach"])
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("EMM-REGISTERED"))
    for slug in [
      "nas-context/eksi", "nas-context/kasme", "nas-context/ciphering-algorithm", "nas-context/integrity-algorithm",
      "nas-context/uplink-nas-count", "nas-context/downlink-nas-count", "kenb-explained", "self-check",
    ] {
      #expect(run.lines.contains { $0.hasPrefix("aligned ") && $0.contains(slug) }, "\(slug)")
    }
    #expect(!run.output.contains("misaligned"))
    #expect(!run.output.contains("\u{1B}["), "no colours where there is no terminal")
  }

  @Test func jsonIsOneObjectALineWithTheKeysThatWerePromised() throws {
    let run = try DecodeExecutable.run(["attach", "--detach", "--count", "2", "--format", "json"])
    #expect(run.status == 0)
    let results = try run.objects().filter { $0["attached"] != nil }
    #expect(results.map { $0["ue"] as? String } == ["001010123456780", "001010123456781"])
    #expect(results.allSatisfy { $0["attached"] as? Bool == true && $0["detached"] as? Bool == true })
    let verdicts = try run.objects().filter { $0["verdict"] != nil }
    for ue in ["001010123456780", "001010123456781"] {
      let slugs = Set(verdicts.filter { $0["ue"] as? String == ue }.compactMap { $0["slug"] as? String })
      #expect(slugs.isSuperset(of: ["nas-context/kasme", "kenb-explained", "rekey-smc-order", "count-per-transmission", "self-check"]))
    }
    for verdict in verdicts {
      #expect(
        Set(verdict.keys) == [
          "slug", "verdict", "rules", "ue", "clause", "message", "frame", "expected", "observed", "derivation", "note", "chains",
          "deviations",
        ])
      #expect(verdict["verdict"] as? String == "aligned")
    }
  }

  @Test(arguments: [
    ["attach", "--no-such-option"], ["no-such-command"], ["attach", "--plmn", "1"], ["attach", "--tac", "65536"],
    ["attach", "--k", "0011"], ["attach", "--imsi", "12"], ["attach", "--report", "pdf=x"], ["attach", "--count", "0"],
    ["attach", "--eea", "9"], ["attach", "--mme", "127.0.0.1:99999"], ["attach", "--mme", "[::1"], ["attach", "--mme", "1:2:3"],
    ["attach", "--pcap", "/no/such/folder/x.pcap"], ["attach", "--report", "json=/no/such/folder/x.json"],
    ["attach", "--mme", "127.0.0.1", "--transport", "tcp"],
    ["attach", "--apn", "a..b"], ["attach", "--subscribers", "/no/such/file"], ["attach", "--bind", "127.0.0.1"],
    ["mme", "--listen", "nonsense"], ["mme", "--eia", "0"], ["attach", "--enb-id", "0x100000"],
    ["attach", "--enb-id", "18446744073709551615"],
    ["attach", "--transport", "tcp"], ["attach", "--then", "tau*0"], ["attach", "--then", "fly"],
    ["attach", "--mme", "127.0.0.1", "--then", "network=page"], ["mme", "--commands", "/no/such/file"],
  ])
  func wrongUsageEndsWith2AndOneReason(arguments: [String]) throws {
    let run = try DecodeExecutable.run(arguments)
    #expect(run.status == 2, "\(run.errors)")
    #expect(!run.errors.isEmpty)
    #expect(run.output.isEmpty)
  }

  @Test func whatFollowsTheAttachIsTakenStepByStep() throws {
    let run = try DecodeExecutable.run(["attach", "--quiet", "--then", "detach,attach", "--then", "service-request*3", "--detach"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("attached (EMM-REGISTERED), 5 steps, detached again"))
    let failed = try DecodeExecutable.run(["attach", "--quiet", "--then", "await=service", "--timeout", "1"])
    #expect(failed.status == 1)
    #expect(failed.errors.contains("step await=service"))
  }

  @Test func aBadSubscribersFileIsToldWithFileAndLine() throws {
    try withFile("subscribers:\n- imsi: \"001010123456780\"\n  k: 12\n") { path in
      let run = try DecodeExecutable.run(["attach", "--subscribers", path])
      #expect(run.status == 2)
      #expect(run.errors.contains("\(path):3: "))
      #expect(run.errors.contains("32 hex digits"))
    }
  }

  @Test func subscribersFromAFileAttach() throws {
    try withFile(
      """
      subscribers:
        - {imsi: "001010123456780", k: \(secret), opc: 63bfa50ee6523365ff14c1f45f88737d}
        - {imsi: "001010123456789", k: \(secret), algorithm: xor}
        - {imsi: "001010123456788", k: \(secret), top: \(secret)\(secret), algorithm: tuak}
      """
    ) { path in
      let run = try DecodeExecutable.run(["attach", "--subscribers", path, "--count", "3", "--quiet", "--enbs", "2"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("001010123456788"))
    }
  }

  @Test func keysAppearOnlyWhenAskedFor() throws {
    try withFile { html in
      try withFile { json in
        try withFile { junit in
          let reports = ["--report", "html=\(html)", "--report", "json=\(json)", "--report", "junit=\(junit)"]
          func everything(_ extra: [String]) throws -> String {
            let run = try DecodeExecutable.run(["attach", "--detach"] + reports + extra)
            let lines = try DecodeExecutable.run(["attach", "--detach", "--format", "json"] + extra)
            return try run.output + run.errors + lines.output
              + [html, json, junit].map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
          }
          let shown = try everything(["--show-keys"])
          // The KASME that this run derives, taken from its own words.
          let match = try #require(shown.firstMatch(of: /KASME ([0-9a-f]{64})/))
          let kasme = String(match.output.1)
          let hidden = try everything([])
          #expect(!hidden.contains(kasme))
          #expect(!hidden.contains(secret))
          // KeNB goes over S1 in the clear: not in the reports either.
          let keNB = String(try #require(shown.firstMatch(of: /KeNB ([0-9a-f]{64})/)).output.1)
          #expect(!hidden.contains(keNB))
        }
      }
    }
  }

  @Test func theCaptureItWritesIsAPcapng() throws {
    try withFile { path in
      let run = try DecodeExecutable.run(["attach", "--quiet", "--pcap", path])
      #expect(run.status == 0)
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(Array(data.prefix(4)) == [0x0A, 0x0D, 0x0D, 0x0A])
      #expect(data.count > 1000)
    }
  }

  @Test(arguments: [("1", "1"), ("2", "2"), ("3", "3"), ("0", "1")])
  func everyAlgorithmAttaches(ciphering: String, integrity: String) throws {
    let run = try DecodeExecutable.run(["attach", "--detach", "--eea", ciphering, "--eia", integrity, "--esm-information"])
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("128-EIA\(integrity)"))
  }

  @Test func aUEWithoutACommonIntegrityAlgorithmIsRefused() throws {
    let run = try DecodeExecutable.run(["attach", "--eia", "0"])
    #expect(run.status == 1)
    #expect(run.errors.contains("attach failed"))
  }
}
