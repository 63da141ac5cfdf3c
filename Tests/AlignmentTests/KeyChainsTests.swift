import NASCrypto
import S1AP
import Testing
import Trace

@testable import Alignment

/// The two chains of keys beside each other in a verdict on a key that is wrong.
@Suite("Key chains of a verdict")
struct KeyChainsTests {
  private func names(_ steps: [KeyChains.Step]) -> [String] { steps.map(\.name) }

  private func genealogy(
    _ fault: (inout SketchedNetwork, inout SketchedNetwork.Chain, KeyMaterial) -> S1AP.SecurityContext
  ) throws
    -> KeyChains
  {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    let fresh = try network.commandNewKASME(keySet: 1)
    try network.down(fresh.command)
    let pair = fault(&network, &chain, fresh.kasme)
    try network.handover(pair)
    let verdict = try require(allVerdicts(network).first { $0.slug == "nh-genealogy" && $0.verdict == .misaligned })
    return try require(verdict.chains)
  }

  @Test("new KASME over old NH₁: the chains part at NH₂")
  func hybrid() throws {
    let chains = try genealogy { network, chain, fresh in
      SketchedNetwork.pair(network.crypto.deriveNextHop(kasme: fresh, syncInput: chain.nextHop), 2)
    }
    #expect(names(chains.expected) == ["KASME", "KeNB", "NH₁", "NH₂"])
    #expect(
      chains.expected.map(\.origin) == [
        "eKSI 0, PLMN 001-01", "uplink NAS COUNT 0 of SECURITY MODE COMPLETE", "NCC 1", "NCC 2",
      ])
    #expect(names(chains.sent) == ["KASME", "KeNB", "NH₁", "NH"])
    #expect(chains.sent.last?.origin.hasSuffix("of eKSI 1 over the key before") == true)
    #expect(chains.parting == 3)
  }

  @Test("another root, a stale pair, a skipped step, a wrong NCC, and none: where each parts")
  func others() throws {
    let root = try genealogy { network, _, fresh in
      var other = network.chain(kasme: fresh, keNB: network.crypto.deriveKeNB(kasme: fresh, uplinkNASCount: 0))
      network.step(&other)
      return SketchedNetwork.pair(other)
    }
    #expect(names(root.sent) == ["KASME", "KeNB", "NH₁", "NH₂"] && root.parting == 0)
    let stale = try genealogy { _, chain, _ in SketchedNetwork.pair(chain) }
    #expect(names(stale.sent) == ["KASME", "KeNB", "NH₁"] && stale.parting == 3)
    let skipped = try genealogy { network, chain, _ in
      network.step(&chain)
      network.step(&chain)
      return SketchedNetwork.pair(chain)
    }
    #expect(names(skipped.sent) == ["KASME", "KeNB", "NH₁", "NH₂", "NH₃"] && skipped.parting == 4)
    let count = try genealogy { network, chain, _ in
      network.step(&chain)
      return SketchedNetwork.pair(chain.nextHop, 3)
    }
    #expect(count.parting == 3 && count.sent.last?.origin == "NCC 3" && count.sent.last?.key == count.expected.last?.key)
    let zero = try genealogy { _, _, _ in SketchedNetwork.pair(KeyMaterial([UInt8](repeating: 0, count: 32)), 0) }
    #expect(names(zero.sent) == ["NH"] && zero.parting == 0)
    let random = try genealogy { _, _, _ in SketchedNetwork.pair(KeyMaterial([UInt8](repeating: 0xa5, count: 32)), 2) }
    #expect(random.sent.isEmpty && random.parting == nil)
  }

  @Test("a chain of many steps is printed from KASME and KeNB and with its last ones, and parts where it does")
  func long() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    for _ in 0..<40 {
      network.step(&chain)
      try network.pathSwitch(SketchedNetwork.pair(chain))
    }
    try network.pathSwitch(SketchedNetwork.pair(chain))
    let verdict = try require(allVerdicts(network).first { $0.slug == "nh-genealogy" && $0.verdict == .misaligned })
    let chains = try require(verdict.chains)
    #expect(chains.expected.count == 19)
    #expect(names(chains.expected.suffix(2)) == ["NH₄₁", "NH₄₂"])
    #expect(names(chains.sent.suffix(1)) == ["NH₄₁"])
    #expect(chains.parting == 18)
  }

  @Test("a KeNB of another COUNT, and of another KASME")
  func keNB() throws {
    var network = try SketchedNetwork()
    try network.attach { network in network.keNB(1) }
    let count = try require(verdicts(network).first { $0.slug == "kenb-explained" }?.chains)
    #expect(names(count.expected) == ["KASME", "KeNB"] && names(count.sent) == ["KASME", "KeNB"])
    #expect(count.parting == 1)
    #expect(count.sent.last?.origin == "uplink NAS COUNT 1")
    var other = try SketchedNetwork()
    try other.attach()
    let old = other.kasme
    try other.released()
    (other.eNBID, other.mmeID) = (2, 101)
    try other.initial(other.attachRequest(other.imsi()))
    try other.secure(keySet: 1)
    try other.finishAttach { $0.crypto.deriveKeNB(kasme: old, uplinkNASCount: 0) }
    let kasme = try require(verdicts(other).last { $0.slug == "kenb-explained" && $0.verdict == .misaligned }?.chains)
    #expect(kasme.parting == 0)
    #expect(kasme.sent.first?.origin == "eKSI 0, PLMN 001-01")
  }

  @Test("what is right has no chains to compare; keys are printed where they are asked for")
  func shown() throws {
    var network = try SketchedNetwork()
    try network.attach { network in network.keNB(1) }
    let shown = try require(verdicts(network, showKeys: true).first { $0.slug == "kenb-explained" }?.chains)
    #expect(shown.expected.first?.key == network.kasme.hex())
    #expect(verdicts(network).first { $0.slug == "kenb-explained" }?.chains?.expected.first?.key == network.kasme.fingerprint)
    var right = try SketchedNetwork()
    try right.attach()
    #expect(allVerdicts(right).allSatisfy { $0.chains == nil })
  }
}
