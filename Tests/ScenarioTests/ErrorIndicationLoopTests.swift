import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import TestNetwork
import Testing

/// Our eNB and our MME, wired to each other: whatever one of them is given, they stop talking.
@Suite struct ErrorIndicationLoopTests {
  private struct Pair {
    var eNB: ENodeB
    var mme: MME

    init() throws {
      eNB = ENodeB(configuration: ENodeBConfiguration(plmn: try #require(PLMNIdentity("00101"))))
      mme = MME(configuration: MMEConfiguration(plmns: [PLMN(0x00, 0xF1, 0x10)]), subscribers: [], seed: 1)
    }

    /// Gives the messages that are under way to their receivers until none is, 64 at most; answers how many there were.
    mutating func run(toENB first: [[UInt8]] = [], toMME other: [[UInt8]] = [], using engine: inout CryptoEngine) -> Int {
      var toENB = first
      var toMME = other
      var count = 0
      while !(toENB.isEmpty && toMME.isEmpty), count < 64 {
        var fromENB: [ENodeB.Output] = []
        var fromMME: [MME.Output] = []
        for octets in toENB { eNB.handle(.s1ap(octets, stream: 1), at: .zero, using: &engine, into: &fromENB) }
        for octets in toMME { mme.handle(.s1ap(octets, association: 0, stream: 1), at: .zero, using: &engine, into: &fromMME) }
        toMME = fromENB.compactMap { if case .s1ap(let octets, _) = $0 { octets } else { nil } }
        toENB = fromMME.compactMap { if case .s1ap(let octets, _, _) = $0 { octets } else { nil } }
        count += toMME.count + toENB.count
      }
      return count
    }
  }

  @Test func `no PDU, damaged or strange, keeps two of our entities busy`() throws {
    var engine = CryptoEngine()
    var pair = try Pair()
    var outputs: [MME.Output] = []
    pair.mme.handle(.associationUp(0), at: .zero, using: &engine, into: &outputs)
    var started: [ENodeB.Output] = []
    pair.eNB.handle(.associationUp, at: .zero, using: &engine, into: &started)
    let setup = started.compactMap { if case .s1ap(let octets, _) = $0 { octets } else { nil } }
    #expect(pair.run(toMME: setup, using: &engine) == 1 && pair.eNB.isReady)
    var samples: [[UInt8]] = []
    for procedure in UInt8(0)...66 {
      for kind in [PDUKind.initiatingMessage, .successfulOutcome, .unsuccessfulOutcome] {
        for criticality in UInt8(0)..<3 {
          // No IE at all, one unknown IE of every criticality, cut short, and an IE of the ids that nobody has.
          let head = [kind.rawValue << 5, procedure, criticality << 6]
          samples.append(head + [3, 0, 0, 0])
          for inner in UInt8(0)..<3 { samples.append(head + [8, 0, 0, 1, 0xEA, 0x60, inner << 6, 1, 0]) }
          samples.append(head + [9, 0])
          samples.append(head + [14, 0, 0, 2, 0, 0, 0, 2, 0, 99, 0, 8, 0, 2, 0, 99])
        }
      }
    }
    for octets in samples {
      let fresh = pair
      #expect(pair.run(toENB: [octets], using: &engine) <= 3, "to the eNB: \(octets)")
      pair = fresh
      #expect(pair.run(toMME: [octets], using: &engine) <= 3, "to the MME: \(octets)")
      pair = fresh
    }
  }
}
