import NASCrypto
import NASMessages
import Testing
import Trace

@testable import Alignment

@Suite("kenb-explained")
struct KeNBExplainedTests {
  @Test("a command answered twice: the key of the earlier COMPLETE is open, and our UE may have either; another key is wrong")
  func answeredTwice() throws {
    for key in 0..<3 as Range<UInt32> {
      var network = try SketchedNetwork()
      try network.initial(network.attachRequest(network.imsi()))
      network.kasme = try network.authenticate(keySet: 0)
      for _ in 0..<2 { try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)) }
      for _ in 0..<2 { try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext)) }
      try network.initialContextSetup(key: network.keNB(key))
      network.note(
        .keNB(.ue(UELabel(network.subscriber.imsi)), imsi: network.subscriber.imsi, key: network.keNB(1), nextHopChainingCount: 0))
      let found = verdicts(network)
      #expect(found.first { $0.slug == "kenb-explained" }?.verdict == [.observed, .aligned, .misaligned][Int(key)])
      #expect(found.first { $0.slug == "self-check" }?.verdict == .aligned)
    }
  }

  private func keNBVerdicts(_ network: borrowing SketchedNetwork) -> [Verdict] { verdicts(network).filter { $0.slug == "kenb-explained" } }

  @Test("the trigger is the latest SECURITY MODE COMPLETE, SERVICE REQUEST, or ATTACH REQUEST without SMC")
  func triggers() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(2))
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(3))
    // Attach with the stored context.
    try network.released()
    network.eNBID += 1
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    try network.initialContextSetup(key: network.keNB(4), nas: network.downProtected(network.attachAccept()))
    // And one that authenticates again.
    try network.released()
    network.eNBID += 1
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    try network.secure(keySet: 1)
    try network.finishAttach()
    let found = keNBVerdicts(network)
    #expect(found.map(\.verdict) == [.aligned, .aligned, .aligned, .aligned, .aligned])
    #expect(found.map { $0.derivation.contains("SERVICE REQUEST") } == [false, true, true, false, false])
    #expect(found[3].derivation.contains("COUNT 4 of ATTACH REQUEST"))
    #expect(found[4].derivation.contains("COUNT 0 of SECURITY MODE COMPLETE"))
    #expect(misaligned(verdicts(network)) == [])
  }

  @Test("a retransmitted SECURITY MODE COMMAND: the latest COMPLETE counts")
  func latestComplete() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    try network.finishAttach()
    #expect(keNBVerdicts(network).map(\.verdict) == [.aligned])
    #expect(keNBVerdicts(network)[0].derivation.contains("COUNT 1 of SECURITY MODE COMPLETE"))
  }

  @Test("a SECURITY MODE COMPLETE that answers no command triggers nothing")
  func surplusComplete() throws {
    for second in [false, true] {
      var network = try SketchedNetwork()
      try network.initial(network.attachRequest(network.imsi()))
      try network.secure(keySet: 0)
      try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
      // The network used the first, and a key of the second is not the right one.
      try network.initialContextSetup(key: network.keNB(second ? 1 : 0), nas: network.downProtected(network.attachAccept()))
      #expect(keNBVerdicts(network).map(\.verdict) == [second ? .misaligned : .aligned])
    }
  }

  private static let wrong: [(named: String, key: @Sendable (inout SketchedNetwork) -> KeyMaterial)] = [
    ("COUNT 1, which no message has had yet", { network in network.keNB(1) }),
    ("COUNT 40, which no message has had yet", { network in network.keNB(40) }),
    ("all zero", { _ in KeyMaterial([UInt8](repeating: 0, count: 32)) }),
    ("KASME", { network in network.kasme }),
    ("NH1 of KASME", { network in network.crypto.deriveNextHop(kasme: network.kasme, syncInput: network.keNB(0)) }),
    (
      "NH3 of KASME",
      { network in
        (0..<3).reduce(network.keNB(0)) { key, _ in network.crypto.deriveNextHop(kasme: network.kasme, syncInput: key) }
      }
    ),
    (
      "the first 16 octets (the rest zero)",
      { network in KeyMaterial(network.keNB(0).withUnsafeBytes { Array($0.prefix(16)) + [UInt8](repeating: 0, count: 16) }) }
    ),
    (
      "the first 1 octets (the rest zero)",
      { network in KeyMaterial(network.keNB(0).withUnsafeBytes { Array($0.prefix(1)) + [UInt8](repeating: 0, count: 31) }) }
    ),
    (
      "the last 16 octets",
      { network in KeyMaterial(network.keNB(0).withUnsafeBytes { [UInt8](repeating: 7, count: 16) + Array($0.suffix(16)) }) }
    ),
    ("no derivation that was tried", { _ in KeyMaterial([UInt8](repeating: 0x5a, count: 32)) }),
  ]

  @Test("a wrong key is misaligned there and nowhere else, and named", arguments: wrong.indices)
  func named(index: Int) throws {
    let (named, key) = Self.wrong[index]
    var network = try SketchedNetwork()
    try network.attach(key: key)
    network.report(.mme(0))
    network.report(.ue("001010000000001"))
    let found = verdicts(network)
    #expect(misaligned(found) == ["kenb-explained"])
    let verdict = try require(found.first { $0.verdict == .misaligned })
    #expect(verdict.note.contains(named), "\(verdict.note)")
    #expect(verdict.expected == "key \(network.keNB(0).fingerprint)")
    #expect(
      verdict.derivation.contains("KASME \(network.kasme.fingerprint), uplink NAS COUNT 0 of SECURITY MODE COMPLETE), PLMN 001-01, eKSI 0"))
    #expect(found.filter { $0.verdict == .aligned }.count == 7)
  }

  @Test("the newest COUNT instead of the trigger's is named as such")
  func newestCount() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    try network.up(network.upProtected([0x02, 0x01, 0xda]))
    try network.initialContextSetup(key: network.keNB(1), nas: network.downProtected(network.attachAccept()))
    let verdict = try require(keNBVerdicts(network).first)
    #expect(verdict.verdict == .misaligned)
    #expect(verdict.note.contains("COUNT 1 of ESM INFORMATION RESPONSE, the newest uplink message"))
  }

  @Test("the KASME of a context before, of one not yet in use, of another UE")
  func otherKASMEs() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let old = network.kasme
    try network.released()
    network.eNBID += 1
    try network.initial(network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected))
    try network.secure(keySet: 1)
    try network.finishAttach { $0.crypto.deriveKeNB(kasme: old, uplinkNASCount: 2) }
    var verdict = try require(keNBVerdicts(network).last)
    #expect(verdict.verdict == .misaligned)
    #expect(verdict.note.contains("KASME \(old.fingerprint) of eKSI 0, another context's, COUNT 2 of ATTACH REQUEST"))
    // AKA done, no SMC yet: the SERVICE REQUEST's own context counts, not the partial one.
    try network.serviceRequest()
    let current = network.kasme
    let partial = try network.authenticate(keySet: 2)
    try network.initialContextSetup(key: network.crypto.deriveKeNB(kasme: partial, uplinkNASCount: 0))
    verdict = try require(keNBVerdicts(network).last)
    #expect(verdict.note.contains("a partial context's, COUNT 0"))
    #expect(verdict.derivation.contains(current.fingerprint))
  }

  @Test("a key of another UE is named with its UE")
  func otherUE() throws {
    var first = try SketchedNetwork()
    try first.attach()
    let foreign = first.keNB(0)
    var second = try SketchedNetwork(imsi: "001010000000002")
    second.eNBID = 50
    second.mmeID = 500
    second.sqn = 0x4000
    try second.attach { _ in foreign }
    var engine = AlignmentEngine(subscribers: [first.subscriber, second.subscriber])
    var crypto = CryptoEngine()
    for event in first.log.events + second.log.events { engine.consume(event, using: &crypto) }
    let verdict = try require(engine.verdicts().first { $0.verdict == .misaligned })
    #expect(verdict.ue == "001010000000002")
    #expect(verdict.note.contains("of UE 001010000000001"))
  }

  @Test("a key on a connection without a trigger is no violation: observed if something explains it")
  func withoutTrigger() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.released()
    network.eNBID += 1
    try network.initial(network.attachRequest(.guti(network.guti)))
    try network.initialContextSetup(key: network.keNB(1))
    try network.initialContextSetup(key: KeyMaterial([UInt8](repeating: 3, count: 32)))
    let found = keNBVerdicts(network)
    #expect(found.map(\.verdict) == [.aligned, .observed, .unobserved])
    #expect(found[1].note.contains("COUNT 1 of ATTACH COMPLETE"))
  }

  @Test("a key belongs to the connection that carried its trigger")
  func perConnection() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.serviceRequest()
    let connection = network.eNBID
    // The UE loses its radio connection and comes again; the first connection's key comes afterwards.
    network.eNBID += 1
    var request = network.upProtected(network.attachRequest(.guti(network.guti), keySet: 0), .integrityProtected)
    request[2] ^= 1
    try network.initial(request)
    network.eNBID = connection
    try network.initialContextSetup(key: network.keNB(2))
    #expect(keNBVerdicts(network).map(\.verdict) == [.aligned, .aligned])
  }

  @Test("our eNB's and our UE's own KeNB feed self-check alone")
  func selfCheck() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.note(.keNB(.eNB(0), imsi: "001010000000001", key: network.keNB(0), nextHopChainingCount: 0))
    network.note(.keNB(.ue("001010000000001"), imsi: "001010000000001", key: network.keNB(0), nextHopChainingCount: 0))
    #expect(verdicts(network).last?.slug == "self-check")
    #expect(misaligned(verdicts(network)) == [])
    network.note(.keNB(.ue("001010000000001"), imsi: "001010000000001", key: network.keNB(1), nextHopChainingCount: 0))
    #expect(misaligned(verdicts(network)) == ["self-check"])
  }
}
