import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §7: whatever octets come, the UE drops them or answers with a status, and goes on.
@Suite struct MalformedTests {
  typealias Situation = IntegrityTableTests.Situation

  /// Every message, cut at every length, plain and under a right MAC, in every situation.
  @Test(arguments: Situation.allCases)
  func everyMessageCutAtEveryLength(situation: Situation) throws {
    let bench = try situation.bench()
    let ue = bench.ue
    let network = bench.network
    for row in IntegrityTableTests.rows(bench) {
      let whole = row.message.encoded()
      for length in 0..<whole.count {
        for protection in [ScriptedNetwork.Protection.plain, .integrity, .ciphered] {
          bench.ue = ue
          bench.network = network
          let cut = Array(whole[..<length])
          let outputs = bench.deliver(bench.network.pdu(cut, protection, using: &bench.engine))
          guard (try? NASMessage(decoding: cut, direction: .downlink)) == nil else { continue }
          expectUnimpressed(bench, ue, outputs, "\(row.name) cut to \(length)")
        }
      }
    }
  }

  /// The same for the protected PDU: cut outside its MAC.
  @Test(arguments: Situation.allCases)
  func everyPDUCutAtEveryLength(situation: Situation) throws {
    let bench = try situation.bench()
    let ue = bench.ue
    for row in IntegrityTableTests.rows(bench) {
      for type in UInt8(1)...4 {
        let protection = ScriptedNetwork.Protection(headerType: SecurityHeaderType(rawValue: type), count: NASCount(9))
        let whole = bench.network.pdu(row.message, protection, using: &bench.engine)
        for length in 0..<whole.count {
          bench.ue = ue
          let outputs = bench.deliver(Array(whole[..<length]))
          // What is left may be a message of the list, or a command to refuse.
          guard outputs.discards.count == 1, outputs.count == 1 else { continue }
          #expect(bench.ue == ue, "\(row.name) in type \(type) cut to \(length)")
        }
      }
    }
  }

  private func expectUnimpressed(_ bench: Bench, _ before: UE, _ outputs: [UE.Output], _ name: String) {
    #expect(outputs.discards.count == 1, "\(name): \(outputs)")
    let answers = outputs.filter { !$0.isDiscard }
    #expect(answers.allSatisfy { if case .uplinkNAS = $0 { true } else { false } } && answers.count <= 1, "\(name): \(outputs)")
    if !answers.isEmpty { #expect(bench.ue.hasSecureExchange, "\(name): answered without protection") }
    var expected = before
    expected.contexts = bench.ue.contexts
    expected.connection = bench.ue.connection
    #expect(bench.ue == expected, "\(name)")
    #expect(bench.ue.contexts.current?.kasme == before.contexts.current?.kasme, "\(name)")
    #expect(bench.ue.contexts.nonCurrent == before.contexts.nonCurrent, "\(name)")
  }

  @Test func invalidMandatoryInformationIsToldUnderProtection() throws {
    // §7.5.1.
    let bench = Bench()
    try bench.attach()
    let short = bench.network.pdu([0x07, 0x52, 0x01, 0x02], .ciphered, using: &bench.engine)
    let status = try bench.assertSends(bench.deliver(short), .emmStatus, header: .integrityProtectedAndCiphered)
    #expect(try status[EMMStatus.emmCause] == .invalidMandatoryInformation)
    // In ESM's own message, with its identities.
    let esm = bench.network.pdu([0x52, 0x09, 0xC1], .ciphered, using: &bench.engine)
    let reject = try bench.assertSends(
      bench.deliver(esm), .activateDefaultEPSBearerContextReject, header: .integrityProtectedAndCiphered)
    #expect(try reject[ActivateDefaultEPSBearerContextReject.esmCause] == .invalidMandatoryInformation)
    #expect(reject.epsBearerIdentity == 5)
    // Too short to tell what it is, not NAS at all, a status: no answer (§7.2).
    for octets in [[0x07], [0x02, 0x01], [0x09, 0x41], [0x07, 0x60], [0x52, 0x00, 0xE8]] as [[UInt8]] {
      bench.assertDiscards(bench.network.pdu(octets, .ciphered, using: &bench.engine), verified: true)
    }
  }

  @Test func wrongOptionalElementsCountAsAbsent() throws {
    // §7.7.1.
    let bench = Bench()
    try bench.secureWhileAttaching()
    let octets = Bench.attachAccept(guti: nil).encoded() + [0x50, 0x0B, 0xF1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    bench.deliver(bench.network.pdu(octets, .ciphered, using: &bench.engine))
    #expect(bench.ue.state == .registered)
    #expect(bench.ue.registration.guti == nil)
  }

  @Test(
    arguments: [[], [0x07], [0x00], [0xFF], [0x67, 0, 0, 0, 0, 0, 0], [0xB7, 0, 0, 0, 0, 0, 0], [0x27, 1, 2, 3, 4, 5], [0xC7, 0]]
      as [[UInt8]])
  func noNASAtAll(octets: [UInt8]) throws {
    for situation in Situation.allCases { try situation.bench().assertDiscards(octets) }
  }
}

extension UE.Output {
  var isDiscard: Bool { if case .discarded = self { true } else { false } }
}

/// Seeded: 100,000 downlink PDUs, random, mutated and right ones, in whatever state they lead to.
@Suite struct RandomDownlinkTests {
  @Test(arguments: UInt64(1)...4)
  func theUESurvivesAndItsInvariantsHold(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let bench = Bench(transfersESMInformationProtected: seed % 2 == 0)
    var snapshots: [(UE, ScriptedNetwork)] = []
    for situation in IntegrityTableTests.Situation.allCases {
      let other = try situation.bench()
      snapshots.append((other.ue, other.network))
    }
    var messages: [[UInt8]] = []
    for step in 0..<25_000 {
      if step % 250 == 0 {
        let snapshot = snapshots[Int(random.next() % UInt64(snapshots.count))]
        (bench.ue, bench.network) = snapshot
      }
      // Now and then a fresh challenge; in between its repetitions.
      if step % 20 == 0 { messages = IntegrityTableTests.rows(bench).map { $0.message.encoded() } }
      let before = bench.ue
      let input = self.input(bench, messages, &random)
      let isProtectedRight = bench.verifies(input)
      let outputs = bench.give(input)
      check(bench, before, input, outputs, isProtectedRight: isProtectedRight, step)
    }
  }

  private func input(_ bench: Bench, _ messages: [[UInt8]], _ random: inout SeededRandom) -> UE.Input {
    switch random.next() % 40 {
    case 0: return .attach
    case 1: return .detach(switchOff: random.next() % 4 == 0)
    case 2: return random.next() % 2 == 0 ? .radioConnectionReleased : .radioConnectionFailed
    case 3: return .timerExpired(EMMTimer.allCases[Int(random.next() % UInt64(EMMTimer.allCases.count))])
    case 4: return .powerOn
    case 5: return .accessStratumSecured
    case 6: return .downlinkNAS(bench.securityModeCommand { $0.spoilsMAC = random.next() % 4 == 0 })
    case 7: return .downlinkNAS(random.octets(Int(random.next() % 60)))
    default: break
    }
    var octets = messages[Int(random.next() % UInt64(messages.count))]
    if random.next() % 2 == 0 { mutate(&octets, &random) }
    let protection: ScriptedNetwork.Protection =
      switch random.next() % 8 {
      case 0, 1: .plain
      case 2: .integrity
      case 3: .forged(.integrityProtected)
      case 4: .forged()
      default: .ciphered
      }
    var pdu = bench.network.pdu(octets, protection, using: &bench.engine)
    if random.next() % 4 == 0 { mutate(&pdu, &random) }
    return .downlinkNAS(pdu)
  }

  private func mutate(_ octets: inout [UInt8], _ random: inout SeededRandom) {
    for _ in 0...(random.next() % 3) {
      guard !octets.isEmpty else { return }
      let at = Int(random.next() % UInt64(octets.count))
      switch random.next() % 5 {
      case 0: octets[at] = UInt8(truncatingIfNeeded: random.next())
      case 1: octets[at] ^= 1 << UInt8(random.next() % 8)
      case 2: octets.removeLast(octets.count - at)
      case 3: octets.insert(contentsOf: random.octets(Int(random.next() % 9)), at: at)
      default: octets.remove(at: at)
      }
    }
  }

  private func check(
    _ bench: Bench, _ before: UE, _ input: UE.Input, _ outputs: [UE.Output], isProtectedRight: Bool, _ step: Int
  ) {
    let ue = bench.ue
    if ue.hasSecureExchange, ue.contexts.current == nil {
      // A reject took the context: until the release the UE is deregistered, takes nothing and sends nothing in plain.
      switch ue.state {
      case .null, .deregistered: break
      case .registeredInitiated, .registered, .deregisteredInitiated:
        Issue.record("step \(step): secured without a context in \(ue.state)")
      }
      if before.contexts.current == nil { #expect(outputs.uplinks.isEmpty, "step \(step)") }
    }
    if case .registered = ue.state {
    } else if case .deregisteredInitiated = ue.state {
    } else {
      #expect(ue.bearers.isEmpty, "step \(step): bearers in \(ue.state)")
    }
    if !ue.isConnected { #expect(ue.keNBTrigger == nil && ue.authentication == AuthenticationProgress(), "step \(step)") }
    if let old = before.contexts.current, let new = ue.contexts.current, old.kasme == new.kasme {
      // A COUNT is accepted once: the largest accepted only grows.
      #expect(
        (old.downlinkNASCount?.value).map(Int.init) ?? -1 <= (new.downlinkNASCount?.value).map(Int.init) ?? -1, "step \(step)")
      if input != .radioConnectionFailed, let was = old.uplinkNASCount, let now = new.uplinkNASCount {
        #expect(was <= now, "step \(step): uplink COUNT went back")
        // Each protected uplink message has a COUNT of its own.
        let sent = outputs.uplinks.filter { $0[0] >> 4 != 0 }.count
        #expect(now.value - was.value == UInt32(sent), "step \(step): \(sent) protected messages")
      }
    }
    // The state is told when it changes, and only then.
    let told = outputs.compactMap { if case .state(let state) = $0 { state } else { nil } }
    #expect(told == (before.state == ue.state ? [] : [ue.state]), "step \(step)")
    guard case .downlinkNAS = input else { return }
    if outputs.count == 1, outputs[0].isDiscard {
      var expected = before
      if isProtectedRight {
        expected.contexts = ue.contexts
        expected.connection = ue.connection
      }
      #expect(ue == expected, "step \(step): changed by a message it discarded")
      #expect(ue.contexts.current?.kasme == before.contexts.current?.kasme && ue.contexts.nonCurrent == before.contexts.nonCurrent)
    }
    if before.hasSecureExchange, !isProtectedRight, ue != before {
      // Only the refusal of a command shows; it costs a COUNT and nothing else.
      var expected = before
      expected.contexts = ue.contexts
      expected.authentication = ue.authentication
      expected.machine = ue.machine
      #expect(ue == expected && ue.state == before.state, "step \(step): an unprotected message had an effect: \(outputs)")
    }
  }
}

extension Bench {
  /// Whether a PDU's MAC is right for the UE: under its current context, or as a SECURITY MODE COMMAND that it accepts.
  fileprivate func verifies(_ input: UE.Input) -> Bool {
    guard case .downlinkNAS(let octets) = input, case .protected(let pdu)? = try? NASPDU(parsing: octets, direction: .downlink) else {
      return false
    }
    if pdu.headerType == .integrityProtectedNewContext {
      let circumstances = SecurityModeCircumstances(expectedCapabilities: ue.configuration.replayableCapabilities)
      if case .complete = ue.contexts.evaluateSecurityModeCommand(pdu, circumstances: circumstances, using: &engine) { return true }
    }
    guard let current = ue.contexts.current else { return false }
    return (try? current.verify(pdu, using: &engine)) != nil
  }
}
