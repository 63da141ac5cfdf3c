import NASCrypto
import NASMessages
import NASSecurity
import Testing
import Trace

@testable import Alignment

/// SECURITY MODE COMPLETE that crossed with the end of its procedure: which algorithms are then in force TS 24.301 §5.4.3.7 leaves open,
/// until either side shows it.
@Suite("An SMC that was abandoned")
struct CrossingTests {
  static let mme = TraceEntity.mme(0)

  /// A UE that has taken other algorithms, by an SMC whose COMPLETE nothing shows that the network had.
  private func abandoned(_ ciphering: CipheringAlgorithm, _ integrity: IntegrityAlgorithm) throws -> SketchedNetwork {
    var network = try SketchedNetwork()
    try network.attach()
    network.ciphering = ciphering
    network.integrity = integrity
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    return network
  }

  private func outcome(_ slug: String, _ verdicts: [Verdict]) -> Verdict.Outcome? { verdicts.first { $0.slug == slug }?.verdict }

  @Test("a KeNB of a SERVICE REQUEST shows KASME and integrity, and not which ciphering is in force")
  func onlyCiphering() throws {
    var network = try abandoned(.eea3, .eia2)
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    network.report(Self.mme) { $0.cipheringAlgorithm = .eea2 }
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(outcome("nas-context/ciphering-algorithm", found) == .observed)
    #expect(outcome("nas-context/integrity-algorithm", found) == .aligned)
    #expect(outcome("nas-context/uplink-nas-count", found) == .aligned)
    #expect(outcome("kenb-explained", found) == .aligned)
    // What neither had before is a fault.
    network.report(Self.mme) { $0.cipheringAlgorithm = .eea1 }
    #expect(misaligned(verdicts(network)) == ["nas-context/ciphering-algorithm"])
  }

  @Test("what stays compared while the ciphering is open: eKSI, KASME, integrity, both COUNTs")
  func othersStayCompared() throws {
    let faults: [(String, (inout SecurityContextReport) -> Void)] = [
      ("nas-context/eksi", { $0.eKSI = 4 }),
      ("nas-context/integrity-algorithm", { $0.integrityAlgorithm = .eia3 }),
      ("nas-context/uplink-nas-count", { $0.uplinkNASCount = .next($0.uplinkNASCount.next + 1) }),
      ("nas-context/downlink-nas-count", { $0.downlinkNASCount = .next($0.downlinkNASCount.next - 1) }),
    ]
    for (slug, fault) in faults {
      var network = try abandoned(.eea3, .eia2)
      try network.serviceRequest()
      try network.initialContextSetup(key: network.keNB(network.uplink - 1))
      network.report(Self.mme) {
        $0.cipheringAlgorithm = .eea2
        fault(&$0)
      }
      #expect(misaligned(verdicts(network)).contains(slug), "\(slug)")
    }
  }

  @Test("with another integrity algorithm both COUNTs are open the ways that follow from it, and no other")
  func integrityToo() throws {
    var network = try abandoned(.eea3, .eia1)
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    func reported(_ uplink: UInt32, _ downlink: UInt32) throws -> [Verdict] {
      var events = try abandoned(.eea3, .eia1)
      try events.up(events.upProtected(events.plain(.gutiReallocationComplete)))
      events.report(Self.mme) {
        $0.cipheringAlgorithm = .eea2
        $0.integrityAlgorithm = .eia2
        $0.uplinkNASCount = .next(uplink)
        $0.downlinkNASCount = .next(downlink)
      }
      return verdicts(events)
    }
    let (uplink, downlink) = (network.uplink, network.downlink)
    #expect(misaligned(try reported(uplink - 2, downlink)) == [])
    #expect(outcome("nas-context/integrity-algorithm", try reported(uplink - 2, downlink + 1)) == .observed)
    #expect(misaligned(try reported(uplink + 1, downlink)) == ["nas-context/uplink-nas-count"])
    #expect(misaligned(try reported(uplink, downlink - 1)) == ["nas-context/downlink-nas-count"])
  }

  @Test("a network that has shown the new ciphering has no way back")
  func shown() throws {
    var network = try abandoned(.eea3, .eia2)
    try network.down(network.downProtected(network.plain(.emmInformation)))
    network.report(Self.mme) { $0.cipheringAlgorithm = .eea2 }
    #expect(misaligned(verdicts(network)) == ["nas-context/ciphering-algorithm"])
    // On the wire alone.
    var foreign = try abandoned(.eea3, .eia2)
    try foreign.down(foreign.downProtected(foreign.plain(.emmInformation)))
    foreign.ciphering = .eea2
    try foreign.down(foreign.downProtected(foreign.plain(.emmInformation)))
    #expect(misaligned(verdicts(foreign)) == ["nas-context/ciphering-algorithm"])
  }

  @Test("a KeNB of the COMPLETE itself shows that it was had")
  func keyOfComplete() throws {
    var network = try abandoned(.eea3, .eia2)
    try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    network.report(Self.mme) { $0.cipheringAlgorithm = .eea2 }
    #expect(misaligned(verdicts(network)) == ["nas-context/ciphering-algorithm"])
  }

  @Test("a foreign MME that goes on with the ciphering before is observed")
  func onTheWire() throws {
    var network = try abandoned(.eea3, .eia2)
    #expect(outcome("nas-context/ciphering-algorithm", verdicts(network)) == .unobserved)
    network.ciphering = .eea2
    try network.down(network.downProtected(network.plain(.emmInformation)))
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(outcome("nas-context/ciphering-algorithm", found) == .observed)
  }

  @Test("a report from before the change says nothing of what is in force after it")
  func earlierReport() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(Self.mme)
    network.ciphering = .eea3
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    #expect(outcome("nas-context/ciphering-algorithm", verdicts(network)) == .aligned)
    try network.up(network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext))
    #expect(outcome("nas-context/ciphering-algorithm", verdicts(network)) == .unobserved)
  }

  @Test("a command that is given up keeps its COUNT")
  func countOfCommand() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.ciphering = .eea3
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    network.ciphering = .eea2
    network.report(Self.mme)
    #expect(misaligned(verdicts(network)) == [])
    network.report(Self.mme) { $0.downlinkNASCount = .next($0.downlinkNASCount.next - 1) }
    #expect(misaligned(verdicts(network)) == ["nas-context/downlink-nas-count"])
  }

  @Test("a UE that comes back by a GUTI nobody saw is known by its MAC, and so is one that never confirmed the newer ones")
  func unknownGUTI() throws {
    for isKnown in [true, false] {
      var network = try SketchedNetwork()
      try network.attach()
      for number in UInt32(1)...4 {
        // Never confirmed: the UE goes on with the one it has.
        try network.down(
          network.downProtected(
            network.plain(.gutiReallocationCommand) {
              $0.set(
                GUTIReallocationCommand.guti, .guti(GUTI(plmn: network.plmn, mmeGroupID: 2, mmeCode: 1, mTMSI: 0xd000_0000 + number)))
            }))
      }
      try network.released()
      network.eNBID += 1
      network.mmeID += 1
      let guti = isKnown ? network.guti : GUTI(plmn: network.plmn, mmeGroupID: 2, mmeCode: 9, mTMSI: 1)
      try network.initial(network.upProtected(network.attachRequest(.guti(guti), keySet: network.eKSI), .integrityProtected))
      try network.finishAttach()
      network.report(Self.mme)
      let found = verdicts(network)
      #expect(found.allSatisfy { $0.ue == network.subscriber.imsi }, "\(isKnown)")
      #expect(found.first { $0.slug == "nas-context/uplink-nas-count" }?.verdict == .aligned, "\(isKnown)")
    }
  }
}
