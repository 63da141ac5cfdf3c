import NASCrypto
import NASMessages
import S1AP
import Testing
import Trace

@testable import Alignment

/// SMC, new keys and handovers beside each other, written by hand.
@Suite("Procedures that overlap")
struct ConcurrencyTests {
  private func outcome(_ slug: String, _ verdicts: [Verdict]) -> Verdict.Outcome? { verdicts.first { $0.slug == slug }?.verdict }

  @Test("a key beside an outstanding SMC, and an SMC beside an outstanding key, are misaligned; one after the other is not")
  func order() throws {
    var keyDuring = try SketchedNetwork()
    _ = try keyDuring.attachedChain()
    #expect(outcome("rekey-smc-order", allVerdicts(keyDuring)) == .aligned)
    let (command, _) = try keyDuring.commandNewKASME(keySet: 1)
    try keyDuring.down(command)
    try keyDuring.modification(key: keyDuring.keNB(0))
    let first = try require(allVerdicts(keyDuring).first { $0.slug == "rekey-smc-order" })
    #expect(first.verdict == .misaligned && first.rules == ["no-as-rekey-during-smc"])

    var commandDuring = try SketchedNetwork()
    _ = try commandDuring.attachedChain()
    let (later, _) = try commandDuring.commandNewKASME(keySet: 1)
    try commandDuring.modification(key: commandDuring.keNB(0))
    try commandDuring.down(later)
    let second = try require(allVerdicts(commandDuring).first { $0.slug == "rekey-smc-order" })
    #expect(second.verdict == .misaligned && second.rules == ["no-smc-during-as-rekey"])
  }

  @Test("a COMPLETE, a REJECT, a procedure of the UE or a release ends the SMC, so that a key after it is right")
  func ends() throws {
    for end in 0..<4 {
      var network = try SketchedNetwork()
      _ = try network.attachedChain()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      switch end {
      case 0: try network.completeNewKASME(fresh, keySet: 1)
      case 1:
        try network.up(
          network.upProtected(network.plain(.securityModeReject) { $0.set(SecurityModeReject.emmCause, EMMCause(rawValue: 23)) }))
      case 2: try network.up(network.upProtected(network.attachRequest(network.imsi(), keySet: 0), .integrityProtected))
      default: try network.serviceRequest()
      }
      try network.initialContextSetup(key: network.keNB(network.uplink - 1))
      #expect(outcome("rekey-smc-order", allVerdicts(network)) == .aligned, "\(end)")
    }
  }

  @Test("an SMC lost to a handover comes again on the target with the next COUNT, and nothing else is right")
  func owedCommand() throws {
    enum Case: CaseIterable { case right, same, otherFirst, outside, unknownArea, copiesLost, otherLostToo, nothing, answered }
    for kind in Case.allCases {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let information = network.downProtected(network.plain(.emmInformation))
      try network.down(information)
      network.ciphering = .eea3
      var copy: [UInt8] = []
      if kind == .copiesLost {
        copy = network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)
        try network.down(copy)
      }
      let lost = network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)
      try network.down(lost)
      network.ciphering = .eea2
      let container: [UInt8] = [7, 7, 7]
      try network.handoverRequired(container)
      network.step(&chain)
      let target = S1Leg(eNB: 1, mme: 0)
      try network.handoverRequest(SketchedNetwork.pair(chain), container, on: target, mmeID: 500)
      if kind == .copiesLost { try network.nonDelivery(copy) }
      if kind == .otherLostToo { try network.nonDelivery(information) }
      try network.nonDelivery(lost)
      let (source, sourceIDs) = (network.leg, (network.eNBID, network.mmeID))
      (network.leg, network.eNBID, network.mmeID) = (target, 50, 500)
      try network.answer(.handoverRequestAcknowledge)
      if kind == .unknownArea { try network.answer(.handoverNotify) } else { try network.handoverNotify(area: kind == .outside ? 9 : 1) }
      (network.leg, network.eNBID, network.mmeID) = (source, sourceIDs.0, sourceIDs.1)
      try network.released()
      (network.leg, network.eNBID, network.mmeID) = (target, 50, 500)
      network.ciphering = .eea3
      switch kind {
      case .right: try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
      case .same: try network.down(lost)
      case .otherFirst, .outside, .unknownArea, .copiesLost:
        network.ciphering = .eea2
        try network.down(network.downProtected(network.plain(.emmInformation)))
      case .otherLostToo:
        network.ciphering = .eea2
        try network.down(network.downProtected(network.plain(.emmInformation)))
        network.ciphering = .eea3
        try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
      case .nothing: break
      case .answered:
        network.ciphering = .eea2
        try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
        try network.down(network.downProtected(network.plain(.emmInformation)))
      }
      let expected: Verdict.Outcome? =
        switch kind {
        case .right, .otherLostToo: .aligned
        case .same, .otherFirst, .copiesLost: .misaligned
        case .nothing, .unknownArea: .unobserved
        case .answered, .outside: nil
        }
      #expect(outcome("smc-owed-after-non-delivery", allVerdicts(network)) == expected, "\(kind)")
      #expect(outcome("count-per-transmission", allVerdicts(network)) == (kind == .same ? .misaligned : .aligned), "\(kind)")
      #expect(outcome("nh-genealogy", allVerdicts(network)) == .aligned)
    }
  }

  @Test("a command lost to an X2 handover and sent again is aligned; one that is not is open, for the path switch may have come first")
  func owedCommandAtPathSwitch() throws {
    let handover = Cause(.radioNetwork, "x2-handover-triggered")
    let cases: [(isSent: Bool, area: UInt16, cause: Cause?, expected: Verdict.Outcome?)] = [
      (true, 1, handover, .aligned), (false, 1, handover, .unobserved), (false, 9, handover, nil), (false, 1, nil, nil),
    ]
    for (isSent, area, cause, expected) in cases {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      network.ciphering = .eea3
      let lost = network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)
      try network.down(lost)
      try network.nonDelivery(lost, cause: cause)
      network.step(&chain)
      try network.pathSwitch(SketchedNetwork.pair(chain), area: area)
      if isSent { try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext)) }
      network.ciphering = .eea2
      if !isSent { try network.down(network.downProtected(network.plain(.emmInformation))) }
      #expect(outcome("smc-owed-after-non-delivery", allVerdicts(network)) == expected)
    }
  }

  @Test("an SMC between HANDOVER REQUIRED and HANDOVER REQUEST breaks one of two rules, and where S10 is not seen none is named")
  func commandBetween() throws {
    for isBefore in [true, false] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let (command, _) = try network.commandNewKASME(keySet: 1)
      if isBefore { try network.down(command) }
      try network.handoverRequired([9])
      if !isBefore { try network.down(command) }
      network.step(&chain)
      try network.handoverRequest(SketchedNetwork.pair(chain), [9], on: S1Leg(eNB: 5, mme: 1), mmeID: 900)
      let verdict = allVerdicts(network).last { $0.slug == "relocation-waits" }
      #expect(verdict?.verdict == .misaligned)
      #expect(verdict?.rules == (isBefore ? ["wait-for-smc-before-relocation"] : []))
    }
  }

  @Test("an inter-MME handover waits for the SMC, and the source is silent after it")
  func relocation() throws {
    for isEarly in [true, false] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      let (command, fresh) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      let container: [UInt8] = [9, 9]
      try network.handoverRequired(container)
      if !isEarly { try network.completeNewKASME(fresh, keySet: 1) }
      network.step(&chain)
      try network.handoverRequest(SketchedNetwork.pair(chain), container, on: S1Leg(eNB: 5, mme: 1), mmeID: 900)
      let found = allVerdicts(network)
      let waits = try require(found.first { $0.slug == "relocation-waits" })
      #expect(waits.verdict == (isEarly ? .misaligned : .aligned))
      #expect(waits.rules == (isEarly ? ["wait-for-smc-before-relocation"] : []))
      #expect(outcome("nh-genealogy", found) == .aligned)
      #expect(outcome("silent-source", found) == nil)
      if isEarly {
        try network.down(network.downProtected(network.plain(.emmInformation)))
        let loud = try require(allVerdicts(network).first { $0.slug == "silent-source" })
        #expect(loud.verdict == .misaligned && loud.rules == ["silent-source-after-relocation"])
      } else {
        try network.answer(.handoverCancel)
        try network.down(network.downProtected(network.plain(.emmInformation)))
        #expect(outcome("silent-source", allVerdicts(network)) == .aligned)
      }
    }
  }

  @Test("a UE that proves itself to the source over another connection has not reached the target, and is answered there")
  func backAtTheSource() throws {
    for isOnSource in [false, true] {
      var network = try SketchedNetwork()
      var chain = try network.attachedChain()
      try network.handoverRequired([9, 9])
      network.step(&chain)
      try network.handoverRequest(SketchedNetwork.pair(chain), [9, 9], on: S1Leg(eNB: 5, mme: 1), mmeID: 900)
      let source = (network.eNBID, network.mmeID)
      network.eNBID += 7
      network.mmeID += 7
      let attach = network.attachRequest(network.imsi(), keySet: 0)
      let proof = network.upProtected(attach, .integrityProtected)
      if isOnSource { (network.eNBID, network.mmeID) = source } else { try network.initial(proof) }
      try network.down(network.downProtected(network.plain(.emmInformation)))
      let silence = try require(allVerdicts(network).first { $0.slug == "silent-source" })
      #expect(silence.verdict == (isOnSource ? .misaligned : .aligned))
      #expect(silence.kept == (isOnSource ? [] : ["silent-source-after-relocation"]))
    }
  }

  @Test("an SMC on the connection that the UE has come to does not wait for the eNB that it has left, in whatever order they are seen")
  func leftBeforeTheAnswer() throws {
    for isElsewhere in [true, false] {
      var network = try SketchedNetwork()
      try network.attach()
      if isElsewhere {
        network.leg = S1Leg(eNB: 1, mme: 0)
        network.eNBID += 7
        network.mmeID += 7
        try network.initial(network.upProtected(network.attachRequest(network.imsi(), keySet: 0), .integrityProtected))
      }
      let (command, _) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      #expect(outcome("rekey-smc-order", allVerdicts(network)) == (isElsewhere ? .aligned : .misaligned))
    }
  }

  @Test("an attach over the connection that is there starts a KeNB of its own COUNT, where no SMC follows")
  func attachedAgain() throws {
    for isOwn in [true, false] {
      var network = try SketchedNetwork()
      _ = try network.attachedChain()
      let before = network.uplink - 1
      try network.up(network.upProtected(network.attachRequest(network.imsi(), keySet: 0), .integrityProtected))
      try network.initialContextSetup(key: network.keNB(isOwn ? network.uplink - 1 : before))
      let keys = allVerdicts(network).filter { $0.slug == "kenb-explained" }.map(\.verdict)
      #expect(keys == (isOwn ? [.aligned, .aligned] : [.aligned, .misaligned]))
    }
  }

  @Test("a request over a connection without a key triggers KeNB; the key of what opened the connection may have crossed it")
  func updatedAgain() throws {
    for (sent, verdict) in [(0, Verdict.Outcome.aligned), (1, .observed), (2, .misaligned)] {
      var network = try SketchedNetwork()
      _ = try network.attachedChain()
      try network.serviceRequest()
      try network.up(network.upProtected(network.update(), .integrityProtected))
      try network.initialContextSetup(key: network.keNB(network.uplink - 1 - UInt32(sent)))
      #expect(allVerdicts(network).filter { $0.slug == "kenb-explained" }.map(\.verdict) == [.aligned, verdict])
    }
  }

  @Test("an update after a handover triggers no KeNB: the target has a key")
  func updatedAtTarget() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    let (command, fresh) = try network.commandNewKASME(keySet: 1)
    try network.down(command)
    try network.completeNewKASME(fresh, keySet: 1)
    network.step(&chain)
    try network.handover(SketchedNetwork.pair(chain))
    try network.up(network.upProtected(network.update()))
    try network.modification(key: network.keNB(0))
    #expect(allVerdicts(network).filter { $0.slug == "kenb-explained" }.map(\.verdict) == [.aligned, .aligned])
  }

  @Test("a rule is kept where its case arose, and not put to the test where nothing overlapped")
  func putToTheTest() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    network.step(&chain)
    try network.handover(SketchedNetwork.pair(chain))
    #expect(allVerdicts(network).allSatisfy { $0.kept.isEmpty })
    let (command, fresh) = try network.commandNewKASME(keySet: 1)
    try network.down(command)
    network.step(&chain)
    try network.handover(SketchedNetwork.pair(chain))
    #expect(Set(allVerdicts(network).flatMap(\.kept)) == ["old-as-chain-until-rekey"])
    try network.completeNewKASME(fresh, keySet: 1)
    network.step(&chain)
    try network.handover(SketchedNetwork.pair(chain), to: S1Leg(eNB: 5, mme: 1))
    #expect(Set(allVerdicts(network).flatMap(\.kept)).isSuperset(of: ["old-as-chain-until-rekey", "target-keeps-old-as-chain"]))
    try network.modification(key: network.keNB(0))
    try network.answer(.ueContextModificationResponse)
    #expect(misaligned(allVerdicts(network)) == [])
  }

  @Test("that one procedure waited for the other is shown where it was due beside it, and not by every order")
  func orderPutToTheTest() throws {
    func kept(_ network: borrowing SketchedNetwork) -> Set<String> { Set(allVerdicts(network).flatMap(\.kept)) }
    var idle = try SketchedNetwork()
    _ = try idle.attachedChain()
    try idle.released()
    try idle.serviceRequest()
    try idle.initialContextSetup(key: idle.keNB(idle.uplink - 1))
    #expect(kept(idle) == [])

    var network = try SketchedNetwork()
    _ = try network.attachedChain()
    let first = try network.commandNewKASME(keySet: 1)
    try network.down(first.command)
    try network.completeNewKASME(first.kasme, keySet: 1)
    #expect(kept(network) == [])
    try network.modification(key: network.keNB(0))
    #expect(kept(network) == ["no-as-rekey-during-smc"])
    try network.answer(.ueContextModificationResponse)
    let second = try network.commandNewKASME(keySet: 2)
    try network.down(second.command)
    #expect(kept(network) == ["no-as-rekey-during-smc"])
    try network.completeNewKASME(second.kasme, keySet: 2)
    try network.modification(key: network.keNB(0))
    // The answer to the challenge comes beside the new key.
    let beside = try network.commandNewKASME(keySet: 3)
    try network.answer(.ueContextModificationResponse)
    try network.down(beside.command)
    #expect(kept(network) == ["no-as-rekey-during-smc", "no-smc-during-as-rekey"])
    #expect(misaligned(allVerdicts(network)) == [])
  }

  @Test("two addresses of one MME are told by the GUMMEIs it serves: no relocation, nothing to wait for")
  func oneMMEOfTwoAddresses() throws {
    for isOne in [true, false] {
      var network = try SketchedNetwork()
      try network.s1Setup(servedPLMN: "00101")
      network.leg = S1Leg(eNB: 5, mme: 1)
      try network.s1Setup(servedPLMN: isOne ? "00101" : "00102")
      network.leg = S1Leg(eNB: 0, mme: 0)
      var chain = try network.attachedChain()
      let (command, _) = try network.commandNewKASME(keySet: 1)
      try network.down(command)
      try network.handoverRequired([9, 9])
      network.step(&chain)
      try network.handoverRequest(SketchedNetwork.pair(chain), [9, 9], on: S1Leg(eNB: 5, mme: 1), mmeID: 900)
      #expect(outcome("relocation-waits", allVerdicts(network)) == (isOne ? nil : .misaligned))
    }
  }

  @Test("an intra-MME handover beside an SMC is never a fault")
  func intraMME() throws {
    var network = try SketchedNetwork()
    var chain = try network.attachedChain()
    let (command, fresh) = try network.commandNewKASME(keySet: 1)
    try network.down(command)
    network.step(&chain)
    try network.handover(SketchedNetwork.pair(chain))
    try network.completeNewKASME(fresh, keySet: 1)
    network.step(&chain)
    try network.pathSwitch(SketchedNetwork.pair(chain))
    #expect(misaligned(allVerdicts(network)) == [])
    #expect(outcome("relocation-waits", allVerdicts(network)) == nil)
  }
}
