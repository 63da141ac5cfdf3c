import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// `nh-genealogy` and `nh-never-reused` on handovers written by hand.
@Suite("Chains of {NH, NCC}")
struct NextHopTests {
  typealias Sketch = SketchedNetwork

  private func genealogy(_ network: borrowing SketchedNetwork) -> [Verdict] { allVerdicts(network).filter { $0.slug == "nh-genealogy" } }

  @Test("ten handovers and ten path switches, mixed, are aligned in every NCC")
  func rightChain() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    for round in 0..<20 {
      network.step(&chain)
      if round % 3 == 0 { try network.pathSwitch(Sketch.pair(chain)) } else { try network.handover(Sketch.pair(chain)) }
    }
    let found = genealogy(network)
    #expect(found.map(\.verdict) == Array(repeating: .aligned, count: 20))
    #expect(found.map { $0.observed.hasSuffix("NCC \(($0.observed.last.flatMap(\.wholeNumberValue)) ?? 9)") }.allSatisfy { $0 })
    #expect(misaligned(allVerdicts(network)) == [])
    #expect(allVerdicts(network).first { $0.slug == "nh-never-reused" }?.verdict == .aligned)
    // Idle and back: a chain of its own.
    try network.serviceRequest()
    try network.initialContextSetup(key: network.keNB(network.uplink - 1))
    try network.answer(.initialContextSetupResponse)
    var next = network.chain(kasme: network.kasme, keNB: network.keNB(network.uplink - 1))
    network.step(&next)
    try network.handover(Sketch.pair(next))
    #expect(genealogy(network).last?.verdict == .aligned)
    #expect(genealogy(network).last?.observed.hasSuffix("NCC 2") == true)
  }

  @Test("the MME's identity goes on naming the UE when the source of an S1 handover has let it go: a path switch follows")
  func identityKept() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    for round in 0..<8 {
      network.step(&chain)
      if round % 2 == 0 {
        try network.handover(Sketch.pair(chain), keepingIdentity: true)
      } else {
        try network.pathSwitch(Sketch.pair(chain))
      }
    }
    #expect(genealogy(network).map(\.verdict) == Array(repeating: .aligned, count: 8))
    #expect(misaligned(allVerdicts(network)) == [])
  }

  enum Wrong: String, CaseIterable {
    case stale, skipped, skippedTwo, zero, keNBAsNH, oneOctet, sixteenOctets, wrongChainingCount, firstNextHop, random

    var words: String {
      switch self {
      case .stale: "stale pair"
      case .skipped: "skipped step: NH₄ where NH₃ was due"
      case .skippedTwo: "skipped steps: NH₅"
      case .zero: "zero"
      case .keNBAsNH: "KeNB sent as NH"
      case .oneOctet: "truncated: the first 1 octets of NH₃, the rest zero"
      case .sixteenOctets: "truncated: the first 16 octets of NH₃"
      case .wrongChainingCount: "NH is right, NCC 4 is sent for 3"
      case .firstNextHop: "stale pair: NH₁ of the chain again"
      case .random: "no derivation that was tried"
      }
    }
  }

  @Test("a wrong NH is misaligned, with what it is", arguments: Wrong.allCases)
  func wrong(_ kind: Wrong) throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    let first = chain
    network.step(&chain)
    try network.handover(Sketch.pair(chain))
    var due = chain
    network.step(&due)
    let octets = due.nextHop.withUnsafeBytes { Array($0) }
    let pair: S1AP.SecurityContext
    switch kind {
    case .stale: pair = Sketch.pair(chain)
    case .skipped, .skippedTwo:
      network.step(&due)
      if kind == .skippedTwo { network.step(&due) }
      pair = Sketch.pair(due)
    case .zero: pair = Sketch.pair(KeyMaterial([UInt8](repeating: 0, count: 32)), 3)
    case .keNBAsNH: pair = Sketch.pair(chain.keNB, 3)
    case .oneOctet: pair = Sketch.pair(KeyMaterial([octets[0]] + [UInt8](repeating: 0, count: 31)), 3)
    case .sixteenOctets: pair = Sketch.pair(KeyMaterial(octets.prefix(16) + [UInt8](repeating: 9, count: 16)), 3)
    case .wrongChainingCount: pair = Sketch.pair(due.nextHop, 4)
    case .firstNextHop: pair = Sketch.pair(first.nextHop, 3)
    case .random: pair = Sketch.pair(KeyMaterial([UInt8](repeating: 0x6b, count: 32)), 3)
    }
    if kind == .stale { try network.pathSwitch(pair) } else { try network.handover(pair) }
    let found = allVerdicts(network)
    #expect(Set(misaligned(found)) == (kind == .stale ? ["nh-genealogy", "nh-never-reused"] : ["nh-genealogy"]))
    let verdict = try require(found.first { $0.verdict == .misaligned })
    #expect(verdict.note.contains(kind.words), "\(verdict.note)")
    #expect(verdict.message == (kind == .stale ? "PATH SWITCH REQUEST ACKNOWLEDGE" : "HANDOVER REQUEST"))
    #expect(verdict.derivation.contains("NH₃"))
    #expect(verdict.rules == [])
  }

  @Test("with an SMC of a new KASME outstanding the old chain goes on; what mixes them is named and breaks old-as-chain-until-rekey")
  func duringSecurityMode() throws {
    for kind in 0..<4 {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      var words = ""
      switch kind {
      case 0:
        network.step(&chain)
        try network.handover(Sketch.pair(chain))
      case 1:
        words = "new KASME over old NH₁"
        try network.handover(Sketch.pair(network.crypto.deriveNextHop(kasme: fresh, syncInput: chain.nextHop), 2))
      case 2:
        words = "new KASME over new KeNB"
        var other = network.chain(kasme: fresh, keNB: network.crypto.deriveKeNB(kasme: fresh, uplinkNASCount: 0))
        network.step(&other)
        try network.handover(Sketch.pair(other))
      default:
        words = "new KASME over old KeNB"
        try network.pathSwitch(Sketch.pair(network.crypto.deriveNextHop(kasme: fresh, syncInput: chain.keNB), 2))
      }
      let found = genealogy(network)
      #expect(found.count == 1)
      #expect(found[0].verdict == (kind == 0 ? .aligned : .misaligned))
      #expect(found[0].note.contains(words), "\(found[0].note)")
      #expect(found[0].rules == (kind == 0 ? [] : ["old-as-chain-until-rekey"]))
      #expect(misaligned(allVerdicts(network)) == (kind == 0 ? [] : ["nh-genealogy"]))
    }
  }

  @Test("UE CONTEXT MODIFICATION with a key starts the chain of the new KASME once it is confirmed, and not if it fails")
  func rekeyed() throws {
    for isConfirmed in [true, false] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      try network.completeNewKASME(fresh, keySet: 1)
      #expect(allVerdicts(network).first { $0.slug == "rekey-owed" }?.verdict == .warning)
      try network.modification(key: network.keNB(0))
      try network.answer(isConfirmed ? .ueContextModificationResponse : .ueContextModificationFailure)
      if isConfirmed { chain = network.chain(kasme: fresh, keNB: network.keNB(0)) }
      network.step(&chain)
      try network.handover(Sketch.pair(chain))
      let found = allVerdicts(network)
      #expect(genealogy(network).map(\.verdict) == [.aligned])
      #expect(misaligned(found) == [])
      // A key that the eNB refused is owed still.
      let owed = try #require(found.first { $0.slug == "rekey-owed" })
      #expect(owed.verdict == (isConfirmed ? .aligned : .warning))
      #expect(owed.note.contains("the eNB refused one in frame") != isConfirmed)
      #expect(found.filter { $0.slug == "kenb-explained" }.map(\.message).contains("UE CONTEXT MODIFICATION REQUEST"))
    }
  }

  @Test("a pair of a key that the eNB has not confirmed is misaligned once it refuses that key, and the chain goes on once it takes it")
  func unconfirmed() throws {
    for isConfirmed in [true, false] {
      var network = try SketchedNetwork()
      _ = try network.attachedChain()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      try network.completeNewKASME(fresh, keySet: 1)
      try network.modification(key: network.keNB(0))
      var chain = network.chain(kasme: fresh, keNB: network.keNB(0))
      network.step(&chain)
      try network.handoverRequired([1, 2])
      try network.handoverRequest(Sketch.pair(chain), [1, 2], on: S1Leg(eNB: 1, mme: 0), mmeID: 500)
      #expect(genealogy(network).map(\.verdict) == [.observed])
      try network.answer(isConfirmed ? .ueContextModificationResponse : .ueContextModificationFailure)
      let first = genealogy(network)
      #expect(first.map(\.verdict) == [isConfirmed ? .observed : .misaligned])
      #expect(first[0].rules == (isConfirmed ? [] : ["old-as-chain-until-rekey"]))
      #expect(first[0].note.contains("new KASME over new KeNB") != isConfirmed)
      guard isConfirmed else { continue }
      try network.answer(.handoverCancel)
      network.step(&chain)
      try network.handover(Sketch.pair(chain))
      #expect(genealogy(network).map(\.verdict) == [.observed, .aligned])
    }
  }

  @Test("a step for a handover that never got to a target is no fault; one that nothing asked for is")
  func attempts() throws {
    for asked in [true, false] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      if asked {
        try network.handoverRequired([1, 2, 3])
        try network.answer(.handoverPreparationFailure, .downlink)
      }
      network.step(&chain)
      network.step(&chain)
      try network.handover(Sketch.pair(chain))
      #expect(genealogy(network).map(\.verdict) == [asked ? .aligned : .misaligned])
      network.step(&chain)
      try network.handover(Sketch.pair(chain))
      #expect(genealogy(network).last?.verdict == .aligned)
    }
  }

  @Test("a path switch that is refused may take its step: the MME steps as the request comes; two it takes not")
  func refusedPathSwitch() throws {
    for steps in [1, 2, 3] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      try network.pathSwitchRequest()
      try network.answer(.pathSwitchRequestFailure, .downlink)
      for _ in 0..<steps { network.step(&chain) }
      try network.pathSwitch(Sketch.pair(chain))
      #expect(genealogy(network).map(\.verdict) == [steps < 3 ? .aligned : .misaligned])
    }
  }

  @Test("without the key that starts the chain nothing is said")
  func unknownChain() throws {
    var network = try SketchedNetwork()
    try network.initial(network.attachRequest(network.imsi()))
    try network.secure(keySet: 0)
    try network.handover(Sketch.pair(KeyMaterial([UInt8](repeating: 1, count: 32)), 2))
    #expect(genealogy(network).map(\.verdict) == [.unobserved])
  }
}
