import Alignment
import Testing

@Suite struct VerdictFramesTests {
  @Test("frames are renumbered where a verdict names them, in its texts too, and nothing else is") func renumbers() {
    let verdict = Verdict(
      slug: "rekey-owed", verdict: .aligned, clause: "TS 33.401 §7.2.10", frame: 7, expected: "12 frames",
      observed: "the key owed since frame 3",
      derivation: "frame 10, frame 2: COUNT 7", note: "a frame without a number; frame ")
    let packets = verdict.renumbered { $0 + 100 }
    #expect(packets.frame == 107)
    #expect(packets.expected == "12 frames" && packets.observed == "the key owed since frame 103")
    #expect(packets.derivation == "frame 110, frame 102: COUNT 7" && packets.note == "a frame without a number; frame ")
  }
}
