import GTPv2C
import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// FORWARD RELOCATION REQUEST on S10: when it goes out, and what it has of the UE's contexts.
@Suite("Forward relocation")
struct ForwardRelocationTests {
  static let slug = "forward-both-contexts"
  private static let target = S1Leg(eNB: 1, mme: 1)

  private func found(_ slug: String, _ network: borrowing SketchedNetwork) -> [Verdict] {
    allVerdicts(network).filter { $0.slug == slug }
  }

  /// What the MME forwards: the context in use, and the old one with the pair of its chain that is due.
  private func contexts(
    _ network: borrowing SketchedNetwork, old: (kasme: KeyMaterial, keySet: UInt8, chain: SketchedNetwork.Chain)?
  )
    -> MMContext.EPSContext
  {
    func octets(_ key: KeyMaterial) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
    return MMContext.EPSContext(
      keySetIdentifier: network.eKSI, integrity: network.integrity.rawValue, ciphering: network.ciphering.rawValue,
      downlinkNASCount: network.downlink, uplinkNASCount: 0, kasme: octets(network.kasme),
      old: old.map {
        .init(
          keySetIdentifier: $0.keySet, kasme: octets($0.kasme),
          nextHop: .init(key: octets($0.chain.nextHop), chainingCount: UInt8($0.chain.index % 8)))
      })
  }

  private func forward(_ context: MMContext.EPSContext, _ network: inout SketchedNetwork, sequence: UInt32 = 1) throws {
    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0, sequenceNumber: sequence)
    request.add(ForwardRelocationRequest.imsi, IMSIDigits(network.subscriber.imsi))
    request.add(MMContext(.eps(context)))
    network.note(.gtp(from: 0, to: 1, octets: try request.encoded()))
  }

  /// NAS is on a new KASME, AS on the old one, and the eNB has asked for the other MME; the contexts that are to be forwarded.
  /// - Parameter isLate: the eNB asks before SECURITY MODE COMPLETE.
  private func between(_ network: inout SketchedNetwork, isLate: Bool = false) throws -> MMContext.EPSContext {
    var chain = try network.attachedChain()
    let old = (network.kasme, network.eKSI)
    let fresh = try network.commandNewKASME(keySet: 1)
    try network.down(fresh.command)
    if isLate { try network.handoverRequired([1, 2, 3]) }
    try network.completeNewKASME(fresh.kasme, keySet: 1)
    if !isLate { try network.handoverRequired([1, 2, 3]) }
    network.step(&chain)
    return contexts(network, old: (old.0, old.1, chain))
  }

  @Test("both contexts, with the next pair of the old chain, are aligned, and a repetition is not judged again")
  func both() throws {
    var network = try SketchedNetwork()
    let context = try between(&network)
    try forward(context, &network)
    try forward(context, &network)
    let verdicts = found(Self.slug, network)
    #expect(verdicts.map(\.verdict) == [.aligned])
    #expect(verdicts.first?.message == "FORWARD RELOCATION REQUEST")
    #expect(verdicts.first?.note == "")
    // What is no message, or of nobody known, says nothing.
    network.note(.gtp(from: 0, to: 1, octets: []))
    network.note(.gtp(from: 0, to: 1, octets: [0x48, 133, 0, 8, 0, 0, 0, 0, 0, 0, 1, 0]))
    #expect(found(Self.slug, network).count == 1)
  }

  @Test("each part that is missing or wrong is misaligned and named")
  func faults() throws {
    let faults: [(String, (inout MMContext.EPSContext, inout SketchedNetwork) -> Void)] = [
      ("the old context: none", { context, _ in context.old = nil }),
      ("the eKSI of the new context", { context, _ in context.keySetIdentifier = 4 }),
      ("the algorithms of the new context", { context, _ in context.ciphering ^= 1 }),
      ("the eKSI of the old context", { context, _ in context.old?.keySetIdentifier = 5 }),
      ("the old KASME, which is that of eKSI 1", { context, _ in context.old?.kasme = context.kasme }),
      ("{NH, NCC}: none", { context, _ in context.old?.nextHop = nil }),
      ("{NH, NCC}, which is zero", { context, _ in context.old?.nextHop?.key = [UInt8](repeating: 0, count: 32) }),
      ("{NH, NCC}", { context, _ in context.old?.nextHop?.chainingCount = 7 }),
      (
        "new KASME over old NH₁",
        { context, network in
          guard let old = context.old else { return }
          let kasme = KeyMaterial(old.kasme)
          let first = network.crypto.deriveNextHop(
            kasme: kasme, syncInput: network.crypto.deriveKeNB(kasme: kasme, uplinkNASCount: 0))
          let hybrid = network.crypto.deriveNextHop(kasme: KeyMaterial(context.kasme), syncInput: first)
          context.old?.nextHop?.key = hybrid.withUnsafeBytes { Array($0) }
        }
      ),
      ("the KASME sent is none of this UE", { context, _ in context.kasme[0] ^= 1 }),
      ("that of eKSI 0, which the UE has left", { context, _ in if let old = context.old { context.kasme = old.kasme } }),
    ]
    for (words, fault) in faults {
      var network = try SketchedNetwork()
      var context = try between(&network)
      fault(&context, &network)
      try forward(context, &network)
      let verdict = try require(found(Self.slug, network).first)
      #expect(verdict.verdict == .misaligned, "\(words)")
      #expect(verdict.note.contains(words), "\(words): \(verdict.note)")
      #expect(verdict.rules == ["forward-both-contexts"])
    }
  }

  @Test("the contexts of before the SMC are open where the MME may not have had COMPLETE as it was asked, and wrong where it must have")
  func contextsOfBefore() throws {
    for (isLate, isShown) in [(true, false), (true, true), (false, false), (false, true)] {
      var network = try SketchedNetwork()
      var context = try between(&network, isLate: isLate)
      let old = try require(context.old)
      if isShown { try network.down(network.downProtected(network.plain(.emmInformation))) }
      context.kasme = old.kasme
      context.keySetIdentifier = old.keySetIdentifier
      context.old = nil
      try forward(context, &network)
      let verdicts = found(Self.slug, network)
      #expect(verdicts.map(\.verdict) == [isLate && !isShown ? .observed : .misaligned])
      #expect(verdicts.first?.note.contains("had come before HANDOVER REQUIRED") == (!isLate && !isShown))
    }
  }

  @Test("with NAS and AS on one KASME there is nothing to forward twice, and nothing is judged")
  func oneContext() throws {
    var network = try SketchedNetwork()
    _ = try network.attachedChain()
    try network.handoverRequired([1, 2, 3])
    try forward(contexts(network, old: nil), &network)
    #expect(found(Self.slug, network).isEmpty)
  }

  @Test("the time of the request decides relocation-waits, and HANDOVER REQUEST not again")
  func waits() throws {
    for answersFirst in [false, true] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let old = (kasme: network.kasme, keySet: network.eKSI)
      let fresh = try network.commandNewKASME(keySet: 1)
      try network.down(fresh.command)
      try network.handoverRequired([1, 2, 3])
      network.step(&chain)
      if answersFirst { try network.completeNewKASME(fresh.kasme, keySet: 1) }
      try forward(contexts(network, old: answersFirst ? (old.kasme, old.keySet, chain) : nil), &network)
      // The answer in the meantime changes nothing.
      if !answersFirst { try network.completeNewKASME(fresh.kasme, keySet: 1) }
      try network.handoverRequest(SketchedNetwork.pair(chain), [1, 2, 3], on: Self.target, mmeID: 7)
      let verdicts = found("relocation-waits", network)
      #expect(verdicts.map(\.verdict) == [answersFirst ? .aligned : .misaligned])
      #expect(verdicts.map(\.message) == ["FORWARD RELOCATION REQUEST"])
      #expect(verdicts.first?.rules == (answersFirst ? [] : ["wait-for-smc-before-relocation"]))
    }
  }

  @Test("after FORWARD RELOCATION REQUEST the COUNT decides what the source sent after it; what may have been before it is open")
  func silence() throws {
    enum Case: CaseIterable { case silent, before, next, later, refused, muchLater }
    for kind in Case.allCases {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let information = network.plain(.emmInformation)
      let overtaken = kind == .before ? network.downProtected(information) : []
      try network.handoverRequired([1, 2, 3])
      network.step(&chain)
      try forward(contexts(network, old: nil), &network)
      switch kind {
      case .silent: break
      case .before: try network.down(overtaken)
      case .next: try network.down(network.downProtected(information))
      case .later, .refused, .muchLater:
        if kind == .muchLater { network.pass(.seconds(2)) }
        _ = network.downProtected(information)
        try network.down(network.downProtected(information))
      }
      if kind == .refused {
        try network.answer(.handoverPreparationFailure, .downlink)
      } else {
        try network.handoverRequest(SketchedNetwork.pair(chain), [1, 2, 3], on: Self.target, mmeID: 7)
        try network.answer(.handoverCancel)
      }
      let verdicts = found("silent-source", network)
      let expected: Verdict.Outcome =
        switch kind {
        case .silent, .before: .aligned
        case .next, .refused, .muchLater: .unobserved
        case .later: .misaligned
        }
      #expect(verdicts.map(\.verdict) == [expected], "\(kind)")
      #expect(verdicts.first?.rules == (kind == .later ? ["silent-source-after-relocation"] : []))
    }
  }

  @Test("what is seen before the request under a COUNT that it does not forward is not told as silence")
  func seenBefore() throws {
    for ahead in [-1, 0, 1] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      try network.handoverRequired([1, 2, 3])
      network.step(&chain)
      var context = contexts(network, old: nil)
      context.downlinkNASCount = UInt32(Int(context.downlinkNASCount) - ahead)
      try network.down(network.downProtected(network.plain(.emmInformation)))
      try forward(context, &network)
      try network.handoverRequest(SketchedNetwork.pair(chain), [1, 2, 3], on: Self.target, mmeID: 7)
      try network.answer(.handoverCancel)
      let expected: Verdict.Outcome = ahead < 0 ? .aligned : ahead == 0 ? .unobserved : .misaligned
      #expect(found("silent-source", network).map(\.verdict) == [expected], "\(ahead)")
    }
  }

  @Test("the source is to be silent behind HANDOVER NOTIFY too, until its connection goes")
  func behindNotify() throws {
    for isLoud in [false, true] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      try network.handoverRequired([1, 2, 3])
      network.step(&chain)
      try network.handoverRequest(SketchedNetwork.pair(chain), [1, 2, 3], on: Self.target, mmeID: 7)
      let (source, sourceENB, sourceMME) = (network.leg, network.eNBID, network.mmeID)
      func onTarget(_ message: (inout SketchedNetwork) throws -> Void) throws {
        (network.leg, network.eNBID, network.mmeID) = (Self.target, 9, 7)
        try message(&network)
        (network.leg, network.eNBID, network.mmeID) = (source, sourceENB, sourceMME)
      }
      try onTarget { try $0.answer(.handoverRequestAcknowledge) }
      try network.answer(.handoverCommand, .downlink)
      try onTarget { try $0.handoverNotify() }
      if isLoud { try network.down(network.downProtected(network.plain(.emmInformation))) }
      try network.released()
      #expect(found("silent-source", network).map(\.verdict) == [isLoud ? .misaligned : .aligned])
    }
  }

  @Test("a HANDOVER REQUEST of another MME that comes after its source has gone is of the chain before, and takes no step of the one after")
  func lateRequest() throws {
    for isGivenUp in [true, false] {
      var network = try SketchedNetwork()
      var old = try network.attachedChain()
      if isGivenUp { try network.handoverRequired([1, 2, 3]) }
      network.step(&old)
      try network.serviceRequest()
      let key = network.keNB(network.uplink - 1)
      try network.initialContextSetup(key: key)
      try network.answer(.initialContextSetupResponse)
      var chain = network.chain(kasme: network.kasme, keNB: key)
      if !isGivenUp { try network.handoverRequired([1, 2, 3]) }
      try network.handoverRequest(SketchedNetwork.pair(old), [1, 2, 3], on: Self.target, mmeID: 77)
      let slug = "nh-genealogy"
      #expect(found(slug, network).map(\.verdict) == [isGivenUp ? .unobserved : .misaligned])
      guard isGivenUp else { continue }
      // The next one is of the chain in force, and its first pair.
      network.step(&chain)
      try network.handoverRequired([4, 5, 6])
      try network.handoverRequest(SketchedNetwork.pair(chain), [4, 5, 6], on: Self.target, mmeID: 78)
      #expect(found(slug, network).map(\.verdict) == [.unobserved, .aligned])
    }
  }
}
