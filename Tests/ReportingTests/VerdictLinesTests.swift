import Alignment
import Reporting
import Testing

@Suite struct VerdictLinesTests {
  @Test func aLineEachAndTheEvidenceOfWhatIsWrong() {
    #expect(
      VerdictLines().text(of: SampleTrace.verdicts, required: ["nas-context"]) == """
        aligned        nas-context/eksi                 001010123456780  0
        misaligned     kenb-explained                   001010123456780
                       expected     KeNB 5f1c0d2e (COUNT 0)
                       observed     KeNB 77aa0011 <wrong> & "odd"
                       derivation   KASME 1a2b3c4d, eKSI 0, uplink NAS COUNT 0
                       message      INITIAL CONTEXT SETUP REQUEST
                       frame        11
                       clause       TS 33.401 §7.2.9
                       rules        old-as-chain-until-rekey
                       note         It is the KeNB of uplink NAS COUNT 1: the COUNT of the next message.
        unobserved     nas-context/downlink-nas-count   001010123456780  no downlink message since
        not applicable self-check                       001010123456780  the UE is not ours
        required, but not observed: nas-context/downlink-nas-count
        4 verdicts: 1 aligned, 1 misaligned, 1 unobserved, 1 not applicable. FAILED

        """)
  }

  @Test func unobservedFailsOnlyWhereItIsRequired() {
    let open = [SampleTrace.verdicts[0], SampleTrace.verdicts[2]]
    #expect(Scoreboard(open).isPassed)
    #expect(!Scoreboard(open, required: ["nas-context"]).isPassed)
    #expect(!Scoreboard(open, required: ["nas-context/downlink-nas-count"]).isPassed)
    #expect(Scoreboard(open, required: ["nas-context/eksi"]).isPassed)
    #expect(Scoreboard(open, required: ["rekey-owed"]).missing == ["rekey-owed"])
    #expect(VerdictLines().summary(of: open) == "2 verdicts: 1 aligned, 1 unobserved. passed\n")
  }

  @Test func whatIsRequiredIsRequiredOfEachUE() {
    let first = SampleTrace.verdicts[0]
    var second = first
    second.ue = "001010123456781"
    let both = [first.ue, second.ue]
    #expect(Scoreboard([first, second], required: ["nas-context"], ues: both).isPassed)
    let score = Scoreboard([first], required: ["nas-context"], ues: both)
    #expect(!score.isPassed)
    #expect(score.open.map { [$0.slug, $0.ue] } == [["nas-context", second.ue]])
    #expect(score.open == score.unseen.sorted())
    #expect(!Scoreboard([], required: ["nas-context"], ues: both).isPassed)
    #expect(Scoreboard([first], required: ["nas-context"]).isPassed)
  }

  @Test func observedLeavesARequirementOpen() {
    var verdict = SampleTrace.verdicts[0]
    verdict.verdict = .observed
    #expect(Scoreboard([verdict]).isPassed)
    let score = Scoreboard([verdict], required: ["nas-context"], ues: [verdict.ue])
    #expect(!score.isPassed)
    #expect(score.isFailure(verdict))
    #expect(score.missing == ["nas-context/eksi"])
  }

  @Test func aMisalignedVerdictFails() {
    #expect(!Scoreboard(SampleTrace.verdicts).isPassed)
    #expect(VerdictLines(style: TerminalStyle(colours: true)).text(of: SampleTrace.verdicts[1]).contains("\u{1B}[1;31mmisaligned"))
  }

  @Test func longEvidenceIsWrapped() {
    var verdict = SampleTrace.verdicts[1]
    verdict.note = Array(repeating: "word", count: 100).joined(separator: " ")
    for line in VerdictLines().text(of: verdict).split(separator: "\n") { #expect(line.count <= 120) }
  }

  @Test func aUEThatDeviatesIsNamedOnEveryVerdict() {
    let verdicts = SampleTrace.verdicts.map {
      var verdict = $0
      verdict.deviations = ["answer-smc-twice", "ignore-paging"]
      return verdict
    }
    for verdict in verdicts {
      let text = VerdictLines().text(of: verdict)
      // Long names are broken between words; put together again they are whole.
      #expect(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("answer-smc-twice, ignore-paging"))
      #expect(verdict.jsonLine.contains("\"deviations\":[\"answer-smc-twice\",\"ignore-paging\"]"))
    }
    #expect(VerdictLines().summary(of: verdicts).contains("(answer-smc-twice, ignore-paging)"))
    #expect(!VerdictLines().summary(of: SampleTrace.verdicts).contains("deviates"))
  }
}
