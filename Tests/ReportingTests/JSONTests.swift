import Alignment
import Foundation
import Reporting
import Testing
import Trace

@Suite struct JSONTests {
  func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: [
    "", "plain", "a\"b\\c/d", "line\nend\r\ttab", "\u{0}\u{1}\u{1F}\u{7F}", "§ – é 日本 😀", "\u{2028}\u{2029}", "</script>",
  ])
  func stringsComeBackAsTheyWere(_ string: String) throws {
    var json = JSONWriter()
    json.object { $0.member(string, string) }
    #expect(try object(json.text) as? [String: String] == [string: string])
  }

  @Test func commasAreWhereTheyBelong() {
    var json = JSONWriter()
    json.object { json in
      json.member("a", 1)
      json.member("b") { $0.array { _ in } }
      json.member("c") { json in
        json.array { json in
          json.number(-5)
          json.object { $0.member("d", true) }
          json.literal("null")
          json.hexadecimal([0, 0x0F, 0xFF])
        }
      }
    }
    json.endLine()
    json.array { $0.string("next") }
    #expect(json.text == "{\"a\":1,\"b\":[],\"c\":[-5,{\"d\":true},null,\"000fff\"]}\n[\"next\"]")
  }

  @Test func aVerdictHasTheKeysThatScriptsRelyOn() throws {
    let keys: Set = [
      "slug", "verdict", "rules", "ue", "clause", "message", "frame", "expected", "observed", "derivation", "note", "chains",
      "deviations",
    ]
    for verdict in SampleTrace.verdicts {
      #expect(verdict.jsonLine.hasSuffix("}\n"))
      let read = try object(verdict.jsonLine)
      #expect(Set(read.keys) == keys)
      #expect(read["slug"] as? String == verdict.slug)
      #expect(read["verdict"] as? String == verdict.verdict.rawValue)
      #expect(read["rules"] as? [String] == verdict.rules)
      #expect(read["frame"] as? Int == verdict.frame)
      #expect(read["observed"] as? String == verdict.observed)
    }
  }

  @Test func theTwoChainsOfKeysAreStructure() throws {
    var verdict = SampleTrace.verdicts[0]
    #expect(try object(verdict.jsonLine)["chains"] is NSNull)
    verdict.chains = KeyChains(
      expected: [
        .init(name: "KASME", key: "1a2b3c4d", origin: "eKSI 0, PLMN 001-01"),
        .init(name: "KeNB", key: "00000001", origin: "uplink NAS COUNT 0"),
      ],
      sent: [
        .init(name: "KASME", key: "1a2b3c4d", origin: "eKSI 0, PLMN 001-01"),
        .init(name: "KeNB", key: "00000002", origin: "uplink NAS COUNT 1"),
      ])
    let golden =
      #""chains":{"expected":[{"name":"KASME","key":"1a2b3c4d","from":"eKSI 0, PLMN 001-01"},{"name":"KeNB","key":"00000001","from":"uplink NAS COUNT 0"}],"#
      + #""sent":[{"name":"KASME","key":"1a2b3c4d","from":"eKSI 0, PLMN 001-01"},{"name":"KeNB","key":"00000002","from":"uplink NAS COUNT 1"}],"#
      + #""partsAt":1},"#
    #expect(verdict.jsonLine.contains(golden), "\(verdict.jsonLine)")
    verdict.chains?.sent = []
    #expect(verdict.jsonLine.contains(#""sent":[],"partsAt":null}"#))
  }

  @Test func everyEventIsOneLine() throws {
    var lines = EventLines(names: SampleTrace.names)
    var text = ""
    for (event, deciphered) in SampleTrace.attach() { text += lines.consume(event, deciphered: deciphered) }
    text += lines.finish()
    let objects = try text.split(separator: "\n").map { try object(String($0)) }
    #expect(objects.map { $0["frame"] as? Int } == Array(0..<SampleTrace.attach().count))
    #expect(objects[4]["message"] as? String == "INITIAL UE MESSAGE")
    #expect(objects[4]["octets"] as? String == SampleTrace.initialUEMessage)
    // The uplink message was named by what the Observer said of the S1AP message that followed.
    #expect((objects[8]["nas"] as? [String: Any])?["name"] as? String == "SECURITY MODE COMPLETE")
  }

  @Test func keysAreNowhereUnlessAsked() {
    for format in ReportFormat.allCases {
      let text = SampleTrace.report().text(as: format)
      #expect(!text.contains(SampleTrace.keNB), "\(format)")
      #expect(!text.contains(SampleTrace.kasme), "\(format)")
    }
    let shown = SampleTrace.report(showKeys: true).json()
    #expect(shown.contains(SampleTrace.keNB))
    #expect(shown.contains(SampleTrace.kasme))
  }

  @Test func theReportIsOneDocument() throws {
    let read = try object(SampleTrace.report(required: ["rekey-owed"]).json())
    #expect(read["passed"] as? Bool == false)
    #expect(read["missing"] as? [String] == ["rekey-owed"])
    #expect((read["verdicts"] as? [Any])?.count == 4)
    #expect((read["events"] as? [Any])?.count == SampleTrace.attach().count)
    #expect((read["counts"] as? [String: Int])?["misaligned"] == 1)
  }

  @Test func eventsBeyondTheLimitAreCounted() throws {
    var report = RunReport(title: "t", maximumEvents: 5)
    for (event, deciphered) in SampleTrace.attach() { report.consume(event, deciphered: deciphered) }
    report.finish(verdicts: [])
    let read = try object(report.json())
    #expect((read["events"] as? [Any])?.count == 5)
    #expect(read["omittedEvents"] as? Int == SampleTrace.attach().count - 5)
  }
}
