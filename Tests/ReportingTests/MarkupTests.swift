import Alignment
import Foundation
#if canImport(FoundationXML)
  import FoundationXML
#endif
import NASCrypto
import Reporting
import Testing
import Trace

/// Counts the elements of a document and keeps the attributes of each.
private final class Elements: NSObject, XMLParserDelegate {
  var found: [String: [[String: String]]] = [:]
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    found[name, default: []].append(attributes)
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  init(_ document: String) throws {
    super.init()
    let parser = XMLParser(data: Data(document.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }
}

@Suite struct MarkupTests {
  static let hostile = "<script>alert('x')</script> & \"q\" \u{0}\u{1B}\u{FFFE} ]]> \n\t§"

  @Test func junitHasACaseForEachVerdict() throws {
    let elements = try Elements(SampleTrace.report(required: ["nas-context", "rekey-owed"]).junit())
    let cases = try #require(elements.found["testcase"])
    #expect(cases.map { $0["name"] } == SampleTrace.verdicts.map(\.slug) + ["rekey-owed"])
    #expect(elements.found["failure"]?.map { $0["type"] } == ["misaligned", "unobserved", "unobserved"])
    #expect(elements.found["skipped"]?.count == 1)
    let suite = try #require(elements.found["testsuite"]?.first)
    #expect(suite["tests"] == "5")
    #expect(suite["failures"] == "3")
    #expect(elements.found["failure"]?[0]["message"]?.contains("<wrong> & \"odd\"") == true)
  }

  @Test func aRunThatBrokeOffIsAFailure() throws {
    var report = RunReport(title: "nasue attach")
    report.failure = "connection refused"
    report.finish(verdicts: [])
    let elements = try Elements(report.junit())
    #expect(elements.found["failure"]?.first?["message"] == "connection refused")
    #expect(report.html().contains("connection refused"))
  }

  func hostileReport() -> RunReport {
    let hostile = Self.hostile
    var report = RunReport(title: hostile, facts: [.init(hostile, hostile)])
    var names = TraceLog.Names()
    names.eNBs[0] = hostile
    report.names = names
    report.failure = hostile
    let leg = S1Leg(eNB: 0, mme: 0)
    for (index, body) in [
      TraceEvent.Body.association(leg, .down(hostile)), .note(hostile),
      .discard(by: .ue(UELabel(hostile)), reason: hostile, clause: hostile),
      .state(.ue(UELabel(hostile)), imsi: hostile, name: hostile), .nas(ue: UELabel(hostile), .uplink, octets: [1, 2, 3]),
      .securityContext(SampleTrace.context(.ue(UELabel(hostile)))),
    ].enumerated() {
      report.consume(TraceEvent(index: index, time: .zero, body: body), observations: [])
    }
    let step = KeyChains.Step(name: hostile, key: hostile, origin: hostile)
    report.finish(verdicts: [
      Verdict(
        slug: hostile, verdict: .misaligned, rules: [hostile], ue: hostile, clause: hostile, message: hostile, frame: 1, expected: hostile,
        observed: hostile, derivation: hostile, note: hostile, chains: KeyChains(expected: [step], sent: [step, step]))
    ])
    return report
  }

  @Test func hostileTextStaysText() throws {
    let elements = try Elements(hostileReport().junit())
    #expect(elements.found["script"] == nil)
    #expect(elements.found["testcase"]?.first?["name"]?.hasPrefix("<script>alert('x')</script> & \"q\"") == true)
    let html = hostileReport().html()
    #expect(!html.contains("<script"))
    #expect(!html.contains("\u{0}"))
    #expect(html.contains("class=\"timeline\"") && html.contains("class=\"chains\""))
    var suite = SuiteReport(title: Self.hostile)
    suite.entries = [
      .init(
        file: Self.hostile, title: Self.hostile, clause: Self.hostile, outcome: .failed(Self.hostile),
        checks: [.init(text: Self.hostile, place: Self.hostile, outcome: .failed(Self.hostile))], verdicts: hostileReport().verdicts,
        duration: .zero, run: hostileReport())
    ]
    #expect(!suite.html().contains("<script") && !suite.html().contains("\u{0}"))
    _ = try JSONSerialization.jsonObject(with: Data(hostileReport().json().utf8))
  }

  @Test(arguments: [false, true]) func theDiagramIsWellFormed(isHostile: Bool) throws {
    let html = isHostile ? hostileReport().html() : SampleTrace.report().html()
    let start = try #require(html.range(of: "<svg"))
    let end = try #require(html.range(of: "</svg>"))
    let elements = try Elements(String(html[start.lowerBound..<end.upperBound]))
    if !isHostile {
      #expect(elements.found["path"]?.count == 10)
      // Three lifelines and an arrow for each message.
      #expect(elements.found["line"]?.count == 13)
      #expect(elements.text.contains("INITIAL CONTEXT SETUP REQUEST"))
      #expect(elements.found["g"]?.contains { $0["id"] == "f11" } == true)
    }
  }

  @Test func nothingIsLoadedFromElsewhere() {
    let html = SampleTrace.report().html()
    #expect(
      !html.contains("http://")
        || html.components(separatedBy: "http://").count == html.components(separatedBy: "http://www.w3.org/2000/svg").count)
    #expect(!html.contains("https://"))
    #expect(!html.contains("src="))
    #expect(!html.contains("url("))
    #expect(html.contains("prefers-color-scheme: dark"))
  }

  @Test func reportRequestsAreReadFromArguments() {
    #expect(ReportRequest(argument: "html=a=b.html") == ReportRequest(format: .html, path: "a=b.html"))
    #expect(ReportRequest(argument: "pdf=x") == nil)
    #expect(ReportRequest(argument: "html=") == nil)
    #expect(ReportRequest(argument: "html") == nil)
  }
}
