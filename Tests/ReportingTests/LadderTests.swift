import NASCrypto
import Reporting
import Testing
import Trace

@Suite struct LadderTests {
  func ladder(
    _ style: TerminalStyle = TerminalStyle(), timers: Ladder.Timers = .expired, showKeys: Bool = false,
    keeping: (TraceEvent) -> Bool = { _ in true }
  ) -> String {
    var ladder = Ladder(style: style, names: SampleTrace.names, timers: timers, showKeys: showKeys)
    var text = ""
    for (event, deciphered) in SampleTrace.attach() where keeping(event) { text += ladder.consume(event, deciphered: deciphered) }
    return text + ladder.finish()
  }

  @Test func anAttachIsDrawnAsItPasses() {
    #expect(
      ladder() == """
                    UE                             eNB                                         MME
          0.000000  • S1 association up (east – mme)
          0.000100  │                              │── S1 SETUP REQUEST ──────────────────────▶│
          0.000412  │                              │◀─ S1 SETUP RESPONSE ──────────────────────│
          0.000500  │── ATTACH REQUEST ───────────▶│  plain · no key · PDN CONNECTIVITY REQ    │
          0.000510  │                              │── INITIAL UE MESSAGE ────────────────────▶│  ATTACH REQUEST
          0.000900  │                              │◀─ DOWNLINK NAS TRANSPORT ─────────────────│  SECURITY MODE COMMAND
          0.000910  │◀─ SECURITY MODE COMMAND ─────│  integrity, new context · SQN 0 · eKSI 0  │
          0.000920  • UE 001010123456780: current context eKSI 0, 128-EEA2, 128-EIA2, KASME 79f83854, uplink COUNT next 1,
                      downlink COUNT largest accepted 0 (SECURITY MODE COMMAND accepted)
          0.000950  │── SECURITY MODE COMPLETE ───▶│  ciphered, new context · COUNT 0 · eKSI 0 │
          0.000960  │                              │── UPLINK NAS TRANSPORT ──────────────────▶│  SECURITY MODE COMPLETE
          0.001200  │                              │◀─ INITIAL CONTEXT SETUP REQUEST ──────────│  ciphered NAS
          0.001210  • eNB 0: KeNB e4e19ab3, NCC 0
          0.001300  • UE 001010123456780 discards: the MAC does not verify (TS 24.301 §4.4.4.2)
          1.500000  • MME 0: T3450 expired
          1.600000  • UE 001010123456780: EMM-REGISTERED
          2.000000  │                              │◀─ UE CONTEXT RELEASE COMMAND ─────────────│  nas: normal-release
         12.000000  • nothing came for 10 s

        """)
  }

  @Test func aCaptureHasTheDetailsOfNASBesideS1AP() {
    let text = ladder { if case .s1ap = $0.body { true } else { false } }
    #expect(
      text == """
                    UE                             eNB                                         MME
          0.000100  │                              │── S1 SETUP REQUEST ──────────────────────▶│
          0.000412  │                              │◀─ S1 SETUP RESPONSE ──────────────────────│
          0.000510  │ plain · no key               │── INITIAL UE MESSAGE ────────────────────▶│  ATTACH REQ + PDN CONN REQ
          0.000900  │ integrity, new · SQN 0 · eK… │◀─ DOWNLINK NAS TRANSPORT ─────────────────│  SECURITY MODE COMMAND
          0.000960  │ ciphered, new · COUNT 0 · e… │── UPLINK NAS TRANSPORT ──────────────────▶│  SECURITY MODE COMPLETE
          0.001200  │ ciphered · SQN 2             │◀─ INITIAL CONTEXT SETUP REQUEST ──────────│  ciphered NAS
          2.000000  │                              │◀─ UE CONTEXT RELEASE COMMAND ─────────────│  nas: normal-release

        """)
  }

  @Test func noLineIsWiderThanAsked() {
    for width in [100, 120] {
      for line in ladder(TerminalStyle(width: width), timers: .all, showKeys: true).split(separator: "\n") {
        #expect(line.count <= max(width, 110), "\(line)")
      }
    }
  }

  @Test func timersAreShownAsAsked() {
    #expect(ladder(timers: .all).contains("T3410 started"))
    #expect(!ladder(timers: .expired).contains("T3410"))
    #expect(!ladder(timers: .none).contains("T3450"))
  }

  @Test func keysAreShownOnlyWhenAsked() {
    #expect(!ladder().contains(SampleTrace.keNB))
    #expect(!ladder().replacing("\n              ", with: "").contains(SampleTrace.kasme))
    #expect(ladder(showKeys: true).contains(SampleTrace.keNB))
    #expect(ladder(showKeys: true).contains(SampleTrace.kasme))
  }

  @Test func coloursAndBoxCharactersComeOnlyWhenAsked() {
    #expect(!ladder().contains("\u{1B}"))
    #expect(ladder(TerminalStyle(colours: true)).contains("\u{1B}["))
    let ascii = ladder(TerminalStyle(unicode: false)) { if case .s1ap = $0.body { true } else { false } }
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func aPeersControlCharactersDoNotReachTheTerminal() {
    var ladder = Ladder()
    let text = ladder.consume(TraceEvent(index: 0, time: .zero, body: .note("a\u{1B}[31mb\u{07}c\u{9B}d")))
    #expect(text.contains("a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d"))
  }

  @Test func whatIsNoPDUIsSaidSoAndNeverTraps() {
    var ladder = Ladder()
    let leg = S1Leg(eNB: 0, mme: 0)
    var text = ""
    for (index, octets) in ([[], [0xFF], [0x00, 0x09], [0x07], [0x27, 1, 2]] as [[UInt8]]).enumerated() {
      text += ladder.consume(TraceEvent(index: index, time: .zero, body: .s1ap(leg, .uplink, stream: 0, octets: octets)))
      text += ladder.consume(TraceEvent(index: index, time: .zero, body: .nas(ue: "1", .downlink, octets: octets)))
    }
    text += ladder.finish()
    #expect(text.contains("not an S1AP-PDU"))
    #expect(text.contains("not a NAS-PDU"))
  }

  @Test func severalLegsAndUEsAreTold() {
    var ladder = Ladder(names: SampleTrace.names)
    let setup = SampleTrace.octets(SampleTrace.s1SetupRequest)
    _ = ladder.consume(TraceEvent(index: 0, time: .zero, body: .s1ap(S1Leg(eNB: 0, mme: 0), .uplink, stream: 0, octets: setup)))
    let second = ladder.consume(TraceEvent(index: 1, time: .zero, body: .s1ap(S1Leg(eNB: 1, mme: 0), .uplink, stream: 0, octets: setup)))
    #expect(second.contains("S1 SETUP REQUEST (eNB 1)"))
    let attach = SampleTrace.octets(SampleTrace.attachRequest)
    _ = ladder.consume(TraceEvent(index: 2, time: .zero, body: .nas(ue: "1", .uplink, octets: attach)))
    let other = ladder.consume(TraceEvent(index: 3, time: .zero, body: .nas(ue: "2", .uplink, octets: attach)))
    #expect(other.contains("2 · plain"))
  }

  @Test func whatIsHeldBackForANameIsNotLost() {
    var ladder = Ladder()
    let ciphered = SampleTrace.octets(SampleTrace.securityModeComplete)
    #expect(ladder.consume(TraceEvent(index: 0, time: .zero, body: .nas(ue: "1", .uplink, octets: ciphered))).isEmpty)
    #expect(ladder.consume(TraceEvent(index: 1, time: .zero, body: .note("meanwhile"))).isEmpty)
    let rest = ladder.finish()
    #expect(rest.contains("ciphered NAS"))
    #expect(rest.contains("meanwhile"))
    #expect(ladder.finish().isEmpty)
  }
}
