import NASCrypto
import NASMessages
import Testing
import Trace

@testable import Alignment

@Suite("Contexts that a side says to have deleted")
struct DeletionTests {
  private static let both = ["nas-context/eksi", "nas-context/kasme"]

  private func deletes(_ network: inout SketchedNetwork, _ owner: TraceEntity = .mme(0), at time: Duration? = nil) {
    let report = SecurityContextReport(
      owner: owner, imsi: network.subscriber.imsi, kind: .deleted, eKSI: 7, kasme: nil, cipheringAlgorithm: nil, integrityAlgorithm: nil,
      uplinkNASCount: .unused, downlinkNASCount: .unused, cause: "test")
    network.log.append(time: time ?? .milliseconds(network.log.count), body: .securityContext(report))
  }

  private func detach(_ network: inout SketchedNetwork) throws {
    let request = network.plain(.detachRequestFromUE) {
      $0.setRaw(DetachRequestFromUE.detachType, [1])
      $0.set(DetachRequestFromUE.nasKeySetIdentifier, NASKeySetIdentifier(value: network.eKSI))
      $0.set(DetachRequestFromUE.epsMobileIdentity, .guti(network.guti))
    }
    try network.up(network.upProtected(request))
  }

  @Test("an MME that has none while the UE uses one is misaligned in eKSI and KASME, whether it had told of one or not")
  func misaligning() throws {
    for told in [true, false] {
      var network = try SketchedNetwork()
      try network.attach()
      if told { network.report(.mme(0)) }
      deletes(&network)
      #expect(misaligned(verdicts(network)) == Self.both)
      // A detach that comes afterwards does not heal it.
      try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
      try detach(&network)
      #expect(misaligned(verdicts(network)) == Self.both)
      // A new context does: the old one had been wrong all the same.
      try network.secure(keySet: 1)
      #expect(misaligned(verdicts(network)) == Self.both)
    }
  }

  @Test("after a detach or a reject it may: what was compared before stays")
  func entitled() throws {
    for isReject in [true, false] {
      for reportsFirst in [true, false] {
        var network = try SketchedNetwork()
        try network.attach()
        network.report(.mme(0))
        if !isReject { try detach(&network) }
        // An MME's report is written down before what it sends in the same step.
        if reportsFirst { deletes(&network) }
        let message = isReject ? network.plain(.authenticationReject) : network.plain(.detachAccept)
        try network.down(network.downProtected(message))
        if !reportsFirst { deletes(&network) }
        let found = verdicts(network)
        #expect(misaligned(found) == [])
        let verdict = try require(found.first { $0.slug == "nas-context/kasme" })
        #expect(verdict.verdict == .aligned)
        #expect(verdict.note.contains("deleted by the network after"))
      }
    }
  }

  @Test("after a detach that nobody vouches for, and after a long silence, it is unobserved")
  func perhaps() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.up(
      network.plain(.detachRequestFromUE) {
        $0.setRaw(DetachRequestFromUE.detachType, [1])
        $0.set(DetachRequestFromUE.nasKeySetIdentifier, NASKeySetIdentifier(value: 7))
        $0.set(DetachRequestFromUE.epsMobileIdentity, .imsi(network.subscriber.imsi))
      })
    deletes(&network)
    #expect(verdicts(network).filter { $0.verdict == .unobserved }.map(\.slug) == Self.both)
    network = try SketchedNetwork()
    try network.attach()
    try network.released()
    deletes(&network, at: .seconds(300))
    #expect(verdicts(network).filter { $0.verdict == .unobserved }.map(\.slug) == Self.both)
    network = try SketchedNetwork()
    try network.attach()
    try network.released()
    deletes(&network, at: .seconds(2))
    #expect(misaligned(verdicts(network)) == Self.both)
  }

  @Test("our UE's own is self-check")
  func selfCheck() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.report(.mme(0))
    deletes(&network, .ue("001010000000001"))
    #expect(misaligned(verdicts(network)) == ["self-check"])
    network = try SketchedNetwork()
    try network.attach()
    try network.down(network.downProtected(network.plain(.authenticationReject)))
    deletes(&network, .ue("001010000000001"))
    #expect(misaligned(verdicts(network)) == [])
  }
}
