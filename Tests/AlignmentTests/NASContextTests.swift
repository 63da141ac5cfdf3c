import NASCrypto
import NASMessages
import Testing
import Trace

@testable import Alignment

@Suite("nas-context")
struct NASContextTests {
  private static let mme = TraceEntity.mme(0)

  @Test("an attach with right reports is aligned in every attribute", arguments: CipheringAlgorithm.allCases)
  func aligned(ciphering: CipheringAlgorithm) throws {
    for integrity in [IntegrityAlgorithm.eia1, .eia2, .eia3] {
      var network = try SketchedNetwork()
      network.ciphering = ciphering
      network.integrity = integrity
      try network.attach()
      network.report(Self.mme)
      network.report(.ue("001010000000001"))
      let found = verdicts(network)
      #expect(found.filter { $0.verdict == .aligned }.map(\.slug) == allAttributes + ["kenb-explained", "self-check"])
      #expect(found.count == 8)
      #expect(found.allSatisfy { $0.ue == "001010000000001" })
    }
  }

  @Test("against a foreign MME what its messages prove is aligned; the uplink COUNT is proven by KeNB")
  func foreign() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var found = verdicts(network)
    #expect(found.map(\.verdict) == [Verdict.Outcome](repeating: .aligned, count: 7))
    // Without a key for the eNB nothing proves it.
    network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    try network.down(network.downProtected(network.plain(.emmInformation)))
    found = verdicts(network)
    #expect(found.filter { $0.verdict == .unobserved }.map(\.slug) == ["nas-context/uplink-nas-count"])
    #expect(found.filter { $0.verdict == .aligned }.count == 5)
  }

  private static let faults: [(String, @Sendable (inout SecurityContextReport) -> Void)] = [
    ("nas-context/eksi", { $0.eKSI = 1 }),
    ("nas-context/eksi", { $0.isMapped = true }),
    ("nas-context/kasme", { $0.kasme = KeyMaterial([UInt8](repeating: 1, count: 32)) }),
    ("nas-context/ciphering-algorithm", { $0.cipheringAlgorithm = .eea1 }),
    ("nas-context/integrity-algorithm", { $0.integrityAlgorithm = .eia3 }),
    ("nas-context/uplink-nas-count", { $0.uplinkNASCount = .next($0.uplinkNASCount.next + 1) }),
    ("nas-context/uplink-nas-count", { $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1) }),
    ("nas-context/uplink-nas-count", { $0.uplinkNASCount = .next($0.uplinkNASCount.next + 256) }),
    ("nas-context/downlink-nas-count", { $0.downlinkNASCount = .next($0.downlinkNASCount.next + 1) }),
    ("nas-context/downlink-nas-count", { $0.downlinkNASCount = .next($0.downlinkNASCount.next - 1) }),
    ("nas-context/downlink-nas-count", { $0.downlinkNASCount = .unused }),
  ]

  @Test("a fault in one attribute of the MME's report is misaligned there and nowhere else", arguments: faults.indices)
  func seededReports(index: Int) throws {
    let (slug, change) = Self.faults[index]
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme, change)
    network.report(.ue("001010000000001"))
    let found = verdicts(network)
    #expect(misaligned(found) == [slug])
    let verdict = try require(found.first { $0.slug == slug })
    #expect(verdict.expected != verdict.observed)
    #expect(verdict.frame == network.log.count - 2)
    #expect(verdict.derivation.contains("PLMN 001-01, KASME \(network.kasme.fingerprint), eKSI 0"))
    #expect(found.filter { $0.verdict == .aligned }.count == 7)
  }

  @Test("a fault in our UE's own report is self-check and nothing else", arguments: faults.indices)
  func seededUE(index: Int) throws {
    let (_, change) = Self.faults[index]
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme)
    network.report(.ue("001010000000001"), change)
    #expect(misaligned(verdicts(network)) == ["self-check"])
  }

  @Test("COUNTs under way in the direction that allows it are not a difference")
  func underWay() throws {
    var network = try SketchedNetwork()
    try network.attach()
    // The MME has made the next message, and has not yet had the one that the UE sent last.
    network.report(Self.mme) {
      $0.uplinkNASCount = .next($0.uplinkNASCount.next - 1)
      $0.downlinkNASCount = .next($0.downlinkNASCount.next + 1)
    }
    network.report(.ue("001010000000001")) { $0.uplinkNASCount = .next($0.uplinkNASCount.next + 1) }
    #expect(misaligned(verdicts(network)) == ["nas-context/uplink-nas-count", "nas-context/downlink-nas-count", "self-check"])
    try network.down(network.downProtected(network.plain(.emmInformation)))
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    // The one that the report lacked may have come since.
    #expect(misaligned(verdicts(network)) == [])
    #expect(verdicts(network).filter { $0.verdict == .unobserved }.map(\.slug) == ["nas-context/uplink-nas-count"])
    network.report(Self.mme)
    #expect(misaligned(verdicts(network)) == [])
    #expect(verdicts(network).allSatisfy { $0.verdict == .aligned })
  }

  @Test("a report is of its moment: a COUNT that the wire has passed since is unobserved until a later report comes")
  func staleReports() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme)
    #expect(verdicts(network).allSatisfy { $0.verdict == .aligned })
    for _ in 0..<10 { try network.up(network.upProtected(network.plain(.gutiReallocationComplete))) }
    var found = verdicts(network)
    #expect(found.filter { $0.verdict != .aligned }.map(\.slug) == ["nas-context/uplink-nas-count"])
    let verdict = try require(found.first { $0.verdict != .aligned })
    #expect(verdict.verdict == .unobserved)
    #expect(verdict.note.contains("no later one came"))
    try network.down(network.downProtected(network.plain(.emmInformation)))
    found = verdicts(network)
    #expect(found.filter { $0.verdict == .unobserved }.map(\.slug) == ["nas-context/uplink-nas-count", "nas-context/downlink-nas-count"])
    network.report(Self.mme) { $0.uplinkNASCount = .next(2) }
    #expect(misaligned(verdicts(network)) == ["nas-context/uplink-nas-count"])
    network.report(Self.mme)
    #expect(verdicts(network).allSatisfy { $0.verdict == .aligned })
  }

  @Test(
    "re-authentication: a report on the old context while SECURITY MODE COMMAND is out is aligned, and both contexts have their verdicts")
  func reauthentication() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme)
    let old = (network.kasme, network.uplink, network.downlink)
    network.kasme = try network.authenticate(keySet: 1)
    network.eKSI = 1
    network.uplink = 0
    network.downlink = 0
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    network.report(Self.mme) {
      $0.kasme = old.0
      $0.eKSI = 0
      $0.uplinkNASCount = .next(old.1)
      $0.downlinkNASCount = .next(old.2)
    }
    #expect(misaligned(verdicts(network)) == [])
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    network.report(Self.mme)
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(found.filter { $0.verdict == .aligned }.count == 13)
    // An MME that stays on the old one.
    network.report(Self.mme) {
      $0.kasme = old.0
      $0.eKSI = 0
    }
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
  }

  @Test("SECURITY MODE COMMAND that changes the algorithms goes on with the COUNTs")
  func changeOfAlgorithms() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.ciphering = .eea3
    network.integrity = .eia1
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    network.report(Self.mme)
    network.report(.ue("001010000000001"))
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(found.filter { $0.assertion == "nas-context" }.count == 6)
    #expect(found.first { $0.slug == "nas-context/ciphering-algorithm" }?.observed == CipheringAlgorithm.eea3.description)
  }

  @Test("a wrong eKSI in SECURITY MODE COMMAND is misaligned in eKSI")
  func commandNamesAnotherKeySet() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 2, commandKeySet: 3)
    try network.finishAttach()
    #expect(misaligned(verdicts(network)) == ["nas-context/eksi"])
  }

  @Test("SECURITY MODE COMMAND under the KASME of another PLMN is misaligned in KASME, and the PLMN is named")
  func otherServingNetwork() throws {
    var network = try SketchedNetwork()
    try network.s1Setup(servedPLMN: "26202")
    try network.initial(network.attachRequest(network.imsi()))
    let right = try network.authenticate(keySet: 0)
    let vector = network.crypto.authenticationVector(
      for: network.subscriber, sqn: network.sqn, rand: (0..<16).map { UInt8($0) &+ UInt8(truncatingIfNeeded: network.sqn) })
    network.kasme = network.crypto.deriveKASME(ck: vector.ck, ik: vector.ik, servingNetwork: [0x62, 0xf2, 0x20], sqnXorAK: vector.sqnXorAK)
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    let found = verdicts(network)
    #expect(misaligned(found) == ["nas-context/kasme"])
    let verdict = try require(found.first { $0.verdict == .misaligned })
    #expect(verdict.note.contains("262-02"))
    #expect(verdict.expected.contains(right.fingerprint))
    #expect(verdict.observed.contains(network.kasme.fingerprint))
  }

  @Test("SECURITY MODE COMMAND made with another algorithm or an unknown key is told so")
  func unexplainedCommands() throws {
    for (integrity, slug) in [(IntegrityAlgorithm.eia1, "nas-context/integrity-algorithm"), (.eia2, "nas-context/kasme")] {
      var network = try SketchedNetwork()
      try network.initial(network.attachRequest(network.imsi()))
      network.kasme = try network.authenticate(keySet: 0)
      var protection = network.protection(0)
      protection.integrity = integrity
      if integrity == .eia2 { protection.kasme = KeyMaterial([UInt8](repeating: 9, count: 32)) }
      try network.down(network.protect(network.securityModeCommand(), .integrityProtectedNewContext, .downlink, protection))
      #expect(misaligned(verdicts(network)) == [slug])
      // A right one afterwards heals it.
      try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
      try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
      try network.finishAttach()
      #expect(misaligned(verdicts(network)) == [])
    }
  }

  @Test("a downlink message ciphered with another algorithm is misaligned in the ciphering algorithm")
  func wrongCiphering() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var protection = network.protection(network.downlink)
    protection.ciphering = .eea1
    try network.down(network.protect(network.plain(.emmInformation), .integrityProtectedAndCiphered, .downlink, protection))
    #expect(misaligned(verdicts(network)) == ["nas-context/ciphering-algorithm"])
  }

  @Test("two messages under one downlink COUNT are misaligned; the same octets again are not")
  func repeatedCount() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let first = network.downProtected(network.plain(.emmInformation))
    try network.down(first)
    try network.down(first)
    #expect(misaligned(verdicts(network)) == [])
    network.downlink -= 1
    let command = network.plain(.identityRequest) { $0.setRaw(IdentityRequest.identityType, [2]) }
    try network.down(network.downProtected(command))
    let found = verdicts(network)
    #expect(misaligned(found) == ["nas-context/downlink-nas-count"])
    #expect(found.first { $0.verdict == .misaligned }?.observed == "2")
  }

  @Test("a forged uplink message changes nothing")
  func forgery() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var forged = network.upProtected(network.plain(.gutiReallocationComplete))
    network.uplink -= 1
    forged[1] ^= 0xff
    try network.up(forged)
    network.report(Self.mme)
    #expect(misaligned(verdicts(network)) == [])
  }

  @Test("COUNTs beyond 8 bits are followed in both directions")
  func longCounts() throws {
    var network = try SketchedNetwork()
    try network.attach()
    for _ in 0..<600 {
      try network.down(network.downProtected(network.plain(.emmInformation)))
      try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    }
    network.report(Self.mme)
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(found.first { $0.slug == "nas-context/uplink-nas-count" }?.observed == "next 602")
    // And the report 256 behind is a difference.
    network.report(Self.mme) { $0.downlinkNASCount = .next($0.downlinkNASCount.next - 256) }
    #expect(misaligned(verdicts(network)) == ["nas-context/downlink-nas-count"])
  }

  @Test("keys are printed only on demand")
  func fingerprints() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme) { $0.kasme = KeyMaterial([UInt8](repeating: 0xab, count: 32)) }
    let hidden = verdicts(network).map { "\($0)" }.joined()
    #expect(!hidden.contains(network.kasme.hex()))
    #expect(!hidden.contains("abababab"))
    let shown = verdicts(network, showKeys: true).map { "\($0)" }.joined()
    #expect(shown.contains(network.kasme.hex()))
    #expect(shown.contains("abababab"))
  }

  @Test("an unknown subscriber, and one that never gets a context, are unobserved; so is what is required and never seen")
  func unobserved() throws {
    var network = try SketchedNetwork()
    try network.attach()
    let unknown = verdicts(network, subscribers: [])
    #expect(unknown.allSatisfy { $0.verdict == .unobserved })
    #expect(unknown.map(\.slug) == allAttributes + ["kenb-explained"])
    let empty = try SketchedNetwork()
    let required = verdicts(empty, required: ["nas-context/kasme", "kenb-explained"])
    #expect(required.map(\.slug) == ["kenb-explained", "nas-context/kasme"])
    #expect(required.allSatisfy { $0.verdict == .unobserved })
  }

  @Test("what is required is required of every UE that attached, and listed where it stayed open")
  func requiredPerUE() throws {
    var first = try SketchedNetwork()
    try first.attach()
    // The second attaches without INITIAL CONTEXT SETUP; the third does not get that far.
    var second = try SketchedNetwork(imsi: "001010000000002")
    second.eNBID = 2
    second.mmeID = 200
    try second.initial(second.attachRequest(second.imsi()))
    try second.secure(keySet: 0)
    try second.down(second.downProtected(second.attachAccept()))
    try second.up(second.upProtected(second.plain(.attachComplete) { $0.set(AttachComplete.esmMessageContainer, .init([0x52, 0, 0xc2])) }))
    var third = try SketchedNetwork(imsi: "001010000000003")
    third.eNBID = 3
    third.mmeID = 300
    try third.initial(third.attachRequest(third.imsi()))
    var engine = AlignmentEngine(subscribers: [first.subscriber, second.subscriber, third.subscriber], required: ["kenb-explained"])
    var crypto = CryptoEngine()
    for event in first.log.events + second.log.events + third.log.events { engine.consume(event, using: &crypto) }
    let found = engine.verdicts().filter { $0.slug == "kenb-explained" }
    #expect(found.map(\.ue) == ["001010000000001", "001010000000002"])
    #expect(found.map(\.verdict) == [.aligned, .unobserved])
  }
}
