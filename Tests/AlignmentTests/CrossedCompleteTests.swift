import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// SECURITY MODE COMPLETEs that come late, twice, or not at all: which of them the KeNB of each side follows from.
@Suite("SECURITY MODE COMPLETE overtaken, repeated, lost")
struct CrossedCompleteTests {
  private func outcome(_ slug: String, _ verdicts: [Verdict]) -> Verdict.Outcome? { verdicts.last { $0.slug == slug }?.verdict }

  private func complete(_ network: inout SketchedNetwork) -> [UInt8] {
    network.upProtected(network.plain(.securityModeComplete), .integrityProtectedAndCipheredNewContext)
  }

  private func update(_ network: inout SketchedNetwork, keySet: UInt8) -> [UInt8] {
    network.upProtected(
      network.plain(.trackingAreaUpdateRequest) {
        $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(value: keySet))
        $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
      }, .integrityProtected)
  }

  /// A new KASME is commanded, and the sketch goes on under it.
  private func commanded() throws -> SketchedNetwork {
    var network = try SketchedNetwork()
    _ = try network.attachedChain()
    let (command, fresh) = try network.commandNewKASME(keySet: 1)
    try network.down(command)
    (network.kasme, network.eKSI, network.uplink, network.downlink) = (fresh, 1, 0, 1)
    return network
  }

  @Test("a COMPLETE that a request under the new context overtakes is taken all the same, and KeNB follows from it")
  func overtaken() throws {
    for isRight in [true, false] {
      var network = try commanded()
      let late = complete(&network)
      try network.up(update(&network, keySet: 1))
      try network.up(late)
      try network.modification(key: network.keNB(isRight ? 0 : 1))
      #expect(outcome("kenb-explained", verdicts(network)) == (isRight ? .aligned : .misaligned))
    }
  }

  @Test("a COMPLETE that comes on a dead connection first is taken where it comes again, after the command and not before it")
  func repeated() throws {
    var network = try commanded()
    let octets = complete(&network)
    let (leg, id) = (network.leg, network.eNBID)
    (network.leg, network.eNBID) = (S1Leg(eNB: 1, mme: 0), id + 5)
    try network.up(octets)
    (network.leg, network.eNBID) = (leg, id)
    try network.up(octets)
    try network.modification(key: network.keNB(0))
    #expect(outcome("kenb-explained", verdicts(network)) == .aligned)
    // The same octets after another command are a replay: the network waits for its answer.
    try network.answer(.ueContextModificationResponse)
    try network.down(network.downProtected(network.securityModeCommand(keySet: 1), .integrityProtectedNewContext))
    try network.up(octets)
    try network.up(complete(&network))
    try network.modification(key: network.keNB(1))
    #expect(outcome("kenb-explained", verdicts(network)) == .aligned)
    #expect(misaligned(allVerdicts(network)) == [])
  }

  @Test("the KeNB of our UE's own COMPLETE that was lost: the two sides differ, which is told, and neither of them is wrong")
  func lost() throws {
    for count in 1..<3 as Range<UInt32> {
      var network = try commanded()
      try network.up(complete(&network))
      let ue = UELabel(network.subscriber.imsi)
      network.note(.nas(ue: ue, .uplink, octets: complete(&network)))
      // The update that comes after it says that it is lost.
      let request = update(&network, keySet: 1)
      network.note(.nas(ue: ue, .uplink, octets: request))
      try network.up(request)
      try network.modification(key: network.keNB(0))
      network.note(.keNB(.ue(ue), imsi: ue.name, key: network.keNB(count), nextHopChainingCount: 0))
      let found = verdicts(network)
      let isOfComplete = count == 1
      #expect(outcome("kenb-explained", found) == (isOfComplete ? .observed : .aligned))
      #expect(misaligned(found) == (isOfComplete ? [] : ["self-check"]))
    }
  }

  @Test("a new KeNB after a copy of the command that crossed its COMPLETE is no overlap for certain; after one that did not it is")
  func crossing() throws {
    for isCrossed in [true, false] {
      var network = try commanded()
      try network.up(complete(&network))
      if !isCrossed { try network.down(network.downProtected(network.plain(.emmInformation))) }
      try network.down(network.downProtected(network.securityModeCommand(keySet: 1), .integrityProtectedNewContext))
      try network.modification(key: network.keNB(0))
      let found = allVerdicts(network).filter { $0.slug == "rekey-smc-order" }.map(\.verdict)
      #expect(found.contains(isCrossed ? .observed : .misaligned) && found.contains(.misaligned) != isCrossed)
    }
  }
}
