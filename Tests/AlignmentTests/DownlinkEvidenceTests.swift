import NASCrypto
import NASMessages
import Testing
import Trace

@testable import Alignment

@Suite("What downlink messages disprove")
struct DownlinkEvidenceTests {
  private typealias Protection = SketchedNetwork.Protection
  private static let foreign = KeyMaterial([UInt8](repeating: 9, count: 32))

  private func down(_ network: inout SketchedNetwork, _ protection: Protection) throws {
    let message = network.plain(.emmInformation)
    try network.down(network.protect(message, .integrityProtectedAndCiphered, .downlink, protection))
  }

  @Test("messages under an unknown KASME after SECURITY MODE COMMAND: KASME is misaligned, with and without an MME's report")
  func unknownKASME() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    var protection = network.protection(network.downlink)
    protection.kasme = Self.foreign
    for _ in 0..<5 {
      try down(&network, protection)
      protection.count += 1
    }
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
    let verdict = try require(verdicts(network).first { $0.verdict == .misaligned })
    #expect(verdict.note.contains("5 downlink messages"))
    network.report(.mme(0))
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
    // The UE goes on as before, so it is the network that has left.
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
  }

  private static let faults: [(slug: String, named: String, change: @Sendable (inout SketchedNetwork, inout Protection) -> Void)] = [
    ("nas-context/integrity-algorithm", "EIA1", { $1.integrity = .eia1 }),
    ("nas-context/integrity-algorithm", "EIA3", { $1.integrity = .eia3 }),
    ("nas-context/downlink-nas-count", "5122", { $1.count += 20 * 256 }),
    ("nas-context/kasme", "another", { $1.kasme = foreign }),
    ("nas-context/ciphering-algorithm", "EEA1", { $1.ciphering = .eea1 }),
    ("nas-context/ciphering-algorithm", "EEA0", { $1.ciphering = .eea0 }),
    ("nas-context/ciphering-algorithm", "EEA3", { $1.ciphering = .eea3 }),
  ]

  @Test("one message made with something else is misaligned in that and nowhere else, and named", arguments: faults.indices)
  func named(index: Int) throws {
    let fault = Self.faults[index]
    for reports in [false, true] {
      var network = try SketchedNetwork()
      try network.attach()
      if reports { network.report(.mme(0)) }
      var protection = network.protection(network.downlink)
      fault.change(&network, &protection)
      try down(&network, protection)
      let found = verdicts(network)
      #expect(misaligned(found) == [fault.slug])
      #expect(found.first { $0.verdict == .misaligned }?.observed.contains(fault.named) == true, "\(found)")
    }
  }

  @Test("the KASME of a challenge that no SECURITY MODE COMMAND has taken into use is named")
  func partialContext() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var protection = network.protection(network.downlink)
    protection.kasme = try network.authenticate(keySet: 3)
    try down(&network, protection)
    let verdict = try require(verdicts(network).first { $0.verdict == .misaligned })
    #expect(verdict.slug == "nas-context/kasme")
    #expect(verdict.observed.contains(protection.kasme.fingerprint))
    #expect(verdict.note.contains("eKSI 3"))
  }

  @Test("where the UE too goes on under keys that are not known here nothing is claimed")
  func challengeMissed() throws {
    var network = try SketchedNetwork()
    try network.attach()
    // AKA and SMC that the onlooker missed.
    network.kasme = Self.foreign
    network.uplink = 0
    network.downlink = 0
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    try network.down(network.downProtected(network.plain(.emmInformation)))
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    #expect(misaligned(verdicts(network)) == [])
    #expect(verdicts(network).contains { $0.slug == "nas-context/kasme" && $0.verdict == .unobserved })
  }

  @Test("a network that stays on the context before: unobserved while its message may have crossed, then misaligned")
  func earlierContext() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var old = network.protection(network.downlink)
    try network.secure(keySet: 1)
    try down(&network, old)
    #expect(misaligned(verdicts(network)) == [])
    #expect(verdicts(network).filter { $0.verdict == .unobserved && $0.slug == "nas-context/kasme" }.count == 1)
    try network.down(network.downProtected(network.plain(.emmInformation)))
    #expect(verdicts(network).filter { $0.verdict == .aligned && $0.slug == "nas-context/kasme" }.count == 2)
    old.count += 1
    try down(&network, old)
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
  }

  @Test("the downlink COUNT is compared up to what the UE's answers prove")
  func proven() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    func verdict(_ network: borrowing SketchedNetwork) throws -> Verdict {
      try require(verdicts(network).first { $0.slug == "nas-context/downlink-nas-count" })
    }
    var found = try verdict(network)
    #expect(found.verdict == .aligned)
    #expect([found.expected, found.observed, found.message, found.note] == ["0", "0", "SECURITY MODE COMMAND", ""])
    try network.finishAttach()
    found = try verdict(network)
    #expect([found.expected, found.message, found.note] == ["1", "ATTACH ACCEPT", ""])
    // Nothing answers EMM INFORMATION.
    for _ in 0..<3 { try network.down(network.downProtected(network.plain(.emmInformation))) }
    found = try verdict(network)
    #expect(found.expected == "1")
    #expect(found.note.contains("COUNT 1, that of ATTACH ACCEPT, by ATTACH COMPLETE"))
    network.report(.mme(0))
    found = try verdict(network)
    #expect(found.verdict == .aligned)
    #expect(found.observed == "next 5")
    #expect(found.note.contains("COUNT 1, that of ATTACH ACCEPT, by ATTACH COMPLETE"))
    // A repeated request: its answer proves the first.
    let request = network.plain(.identityRequest) { $0.setRaw(IdentityRequest.identityType, [2]) }
    for _ in 0..<2 { try network.down(network.downProtected(request)) }
    let response = network.plain(.identityResponse) { $0.set(IdentityResponse.mobileIdentity, .imei("353490069873319")) }
    try network.up(network.upProtected(response))
    #expect(try verdict(network).verdict == .unobserved)
    network.report(.mme(0))
    #expect(try verdict(network).note.contains("COUNT 5, that of IDENTITY REQUEST, by IDENTITY RESPONSE"))
    try network.up(network.upProtected(response))
    #expect(try verdict(network).note == "")
    // An MME that is ahead of the wire is not.
    network.report(.mme(0)) { $0.downlinkNASCount = .next(8) }
    #expect(misaligned(verdicts(network)) == ["nas-context/downlink-nas-count"])
  }

  @Test("our UE is right to be behind by messages that it lost, and wrong to be behind what it answered")
  func lost() throws {
    var network = try SketchedNetwork()
    try network.attach()
    for _ in 0..<3 { try network.down(network.downProtected(network.plain(.emmInformation))) }
    network.report(.mme(0))
    for accepted in UInt32(1)...4 {
      network.report(.ue("001010000000001")) { $0.downlinkNASCount = .largestAccepted(accepted) }
      #expect(misaligned(verdicts(network)) == [])
    }
    var other = try SketchedNetwork()
    try other.attach()
    other.report(.ue("001010000000001")) { $0.downlinkNASCount = .largestAccepted(0) }
    #expect(misaligned(verdicts(other)) == ["self-check"])
    network.report(.ue("001010000000001")) { $0.downlinkNASCount = .largestAccepted(5) }
    #expect(misaligned(verdicts(network)) == ["self-check"])
  }

  @Test("a malformed message and one of a type that is not known are no evidence on ciphering")
  func malformed() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.down(network.downProtected([0x07, 0x42]))
    try network.down(network.downProtected([0x07, 0x7d, 1, 2, 3]))
    #expect(misaligned(verdicts(network)) == [])
  }

  @Test("ten thousand messages that nothing explains cost few searches")
  func bounded() throws {
    var network = try SketchedNetwork()
    try network.attach()
    var protection = network.protection(network.downlink)
    protection.kasme = Self.foreign
    let message = network.protect([UInt8](repeating: 7, count: 20_000), .integrityProtected, .downlink, protection)
    for _ in 0..<1000 { try network.down(message) }
    let start = ContinuousClock.now
    #expect(misaligned(verdicts(network)) == ["nas-context/kasme"])
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
