import Foundation
import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Random legal and illegal sequences against the rules that no sequence may break. A sequence that does is shrunk to a
/// minimal one and printed.
///
/// `NASUE_MODEL_STEPS` sets the number of steps; it is 1,000,000, and 10,000,000 with `NASUE_ALL_TESTS`.
@Suite struct ModelTests {
  /// One step; its effect depends on nothing but the state before it, so that leaving others out keeps it meaningful.
  enum Step: Equatable, Sendable {
    case input(Int)
    case timer(Int)
    case session(Int)
    case challenge(eKSI: UInt8, fresh: Bool, protection: Int)
    case command(algorithm: Int, variant: Int)
    case message(Int, protection: Int)
    case replay(Int)
    case noise(UInt64)
    /// The uplink message sent last did not arrive; perhaps after a handover.
    case loss(moves: Int)
    case sessionBackOff
    /// A whole attach, from where one can begin.
    case register(eKSI: UInt8)
    /// RRC, as far as keys go.
    case radio(Int, nextHop: UInt8)
    /// The context is lost, and the UE comes from UTRAN with nonce and CKSN; `from` 0 leaves that out.
    case nonces(from: Int, algorithm: Int, variant: Int)
    /// The COUNTs of the current context go on, unseen, to shortly before they wrap.
    case counts(Int, before: UInt32)

    init(using random: inout SeededRandom) {
      switch Int.random(in: 0..<23, using: &random) {
      case 0..<5: self = .input(Int.random(in: 0..<ModelTests.inputs.count, using: &random))
      case 5..<7: self = .timer(Int.random(in: 0..<EMMTimer.allCases.count, using: &random))
      case 7:
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4: self = .loss(moves: Int.random(in: 0..<3, using: &random))
        case 4: self = .sessionBackOff
        default: self = .session(Int.random(in: 0..<4, using: &random))
        }
      case 8..<10:
        self = .challenge(
          eKSI: UInt8.random(in: 0...7, using: &random), fresh: Int.random(in: 0..<4, using: &random) > 0,
          protection: Int.random(in: 0..<6, using: &random))
      case 10..<12:
        self = .command(algorithm: Int.random(in: 0..<16, using: &random), variant: Int.random(in: 0..<8, using: &random))
      case 12..<18:
        self = .message(
          Int.random(in: 0..<ModelTests.messages.count, using: &random), protection: Int.random(in: 0..<6, using: &random))
      case 18 where Bool.random(using: &random): self = .register(eKSI: UInt8.random(in: 0..<7, using: &random))
      case 18: self = .replay(Int.random(in: 0..<4, using: &random))
      case 19..<21:
        self = .radio(Int.random(in: 0..<ModelTests.radioEvents, using: &random), nextHop: UInt8.random(in: 0..<8, using: &random))
      case 21 where Bool.random(using: &random):
        self = .nonces(
          from: Int.random(in: 0..<4, using: &random), algorithm: Int.random(in: 0..<16, using: &random),
          variant: Int.random(in: 0..<4, using: &random))
      case 21 where Int.random(in: 0..<3, using: &random) == 0:
        self = .counts(Int.random(in: 0..<6, using: &random), before: UInt32.random(in: 0..<4, using: &random))
      default: self = .noise(UInt64.random(in: 0 ... .max, using: &random))
      }
    }
  }

  /// A bench with memory: what was accepted and which keys were thrown away.
  final class Run {
    let bench: Bench
    var delivered: [[UInt8]] = []
    /// PDUs that were accepted under a context: not one is taken twice.
    var accepted: Set<[UInt8]> = []
    /// What the MAC of the PDU of this step proved under the context that was current before it; nil if nothing.
    var proved: IntegrityVerified?
    /// The largest downlink COUNT accepted, by KASME.
    var highest: [UInt64: NASCount] = [:]
    var deleted: Set<UInt64> = []
    /// Mapped contexts that a SECURITY MODE COMMAND took into use.
    var mappedByCommand = 0
    /// Handovers from another system that came to nothing, or that a UE arrived by.
    var failedArrivals = 0
    var arrivals = 0

    /// - Parameter variant: UEs for EPS services, for non-EPS services as well, and for emergencies.
    init(variant: Int) {
      bench = Bench {
        $0.registersForNonEPSServices = variant % 4 == 1
        $0.attachesForEmergency = variant % 4 == 2
        $0.transfersESMInformationProtected = variant % 4 == 3
      }
      bench.keys = KeyAudit()
      bench.uplinks = UplinkAudit()
    }

    /// - Returns: what is wrong after the step; nil if nothing.
    func take(_ step: Step) -> String? {
      let before = bench.ue
      proved = nil
      let outputs = perform(step)
      return complaint ?? bench.keys?.complaint ?? bench.uplinks?.complaint ?? check(step, before, outputs)
    }

    /// What was wrong while a step was performed.
    var complaint: String?

    private func deliver(_ pdu: [UInt8]) -> [UE.Output] {
      delivered.append(pdu)
      if delivered.count > 8 { delivered.removeFirst() }
      return hand(pdu)
    }

    /// §4.4.3.2: a COUNT is accepted once, and whatever was accepted once is discarded from then on, under any context.
    private func hand(_ pdu: [UInt8]) -> [UE.Output] {
      let before = bench.ue
      let isKnown = accepted.contains(pdu)
      let isConnected = before.isConnected && before.state != .null
      let verified = isConnected ? proof(of: pdu, under: before.contexts.current) : nil
      let outputs = bench.deliver(pdu)
      proved = verified
      let now = bench.ue.contexts.current
      switch pdu.headerType {
      case .integrityProtected, .integrityProtectedAndCiphered:
        guard let verified, let current = before.contexts.current, current.algorithms.integrity != .eia0 else {
          if isKnown, pdu.headerType == .integrityProtectedAndCiphered, now?.algorithms.integrity != .eia0, !isJustDiscarded(outputs) {
            complain("a ciphered message was accepted twice")
          }
          break
        }
        took(verified.count, of: current, isKnown: isKnown)
        accepted.insert(pdu)
      case .integrityProtectedNewContext:
        // Taken into use: its answer is SECURITY MODE COMPLETE, and the contexts are told.
        let isTaken = outputs.contains { if case .securityContexts = $0 { true } else { false } }
        guard isTaken, let now, now.algorithms.integrity != .eia0, let count = now.counts.largestAccepted else { break }
        took(count, of: now, isKnown: isKnown)
        accepted.insert(pdu)
      default: break
      }
      return outputs
    }

    /// A COUNT below or at the largest accepted one was taken before.
    private func took(_ count: NASCount, of context: NASSecurity.SecurityContext, isKnown: Bool) {
      if isKnown { complain("a message was accepted twice") }
      if let last = highest[context.kasme.id], count <= last { complain("COUNT \(count) was accepted, and \(last) before it") }
      highest[context.kasme.id] = count
    }

    private func complain(_ reason: String) { complaint = complaint ?? reason }

    private func isJustDiscarded(_ outputs: [UE.Output]) -> Bool { outputs.count == 1 && outputs.discards.count == 1 }

    /// What the context makes of the MAC, without taking anything: nil where it is wrong or was accepted before.
    private func proof(of pdu: [UInt8], under context: NASSecurity.SecurityContext?) -> IntegrityVerified? {
      guard let context, let parsed = try? NASPDU(parsing: pdu, direction: .downlink), case .protected(let protected) = parsed,
        protected.headerType == .integrityProtected || protected.headerType == .integrityProtectedAndCiphered
      else { return nil }
      return try? context.verify(protected, using: &bench.engine)
    }

    private func perform(_ step: Step) -> [UE.Output] {
      switch step {
      case .input(let index): return bench.give(ModelTests.inputs[index])
      case .timer(let index): return bench.give(.timerExpired(EMMTimer.allCases[index]))
      case .session(let index):
        guard let transaction = bench.ue.sessions.transactions.first else { return [] }
        return index == 0
          ? bench.give(.sessionTimerExpired(transaction.timer))
          : deliver(
            bench.network.pdu(
              Bench.activation(transaction: transaction.identity, bearer: 6 + UInt8(index)), .ciphered, using: &bench.engine))
      case .challenge(let eKSI, let fresh, let protection):
        let message = bench.challenge(eKSI: eKSI, sqn: fresh ? nil : 0x41)
        if !fresh { bench.network.pending = nil }
        return deliver(bench.network.pdu(message, ModelTests.protection(protection), using: &bench.engine))
      case .command(let algorithm, let variant):
        // What the network makes of its own contexts is not the point: it takes the UE's, so that commands have a chance.
        if let current = bench.ue.contexts.current, bench.network.pending == nil { bench.network.current = bench.nativeTwin(of: current) }
        let kept = bench.network
        let outputs = deliver(
          bench.securityModeCommand {
            $0.algorithms = NASAlgorithms(
              ciphering: CipheringAlgorithm(rawValue: UInt8(algorithm & 3)) ?? .eea0,
              integrity: IntegrityAlgorithm(rawValue: UInt8(algorithm >> 2)) ?? .eia2)
            if variant == 0 { $0.capabilities = UESecurityCapability(replaying: UENetworkCapability(eea: 0x80, eia: 0x40)) }
            if variant == 1 { $0.spoilsMAC = true }
            if variant == 2 { $0.hash = [UInt8](repeating: 1, count: 8) }
            if variant == 3 { $0.eKSI = NASKeySetIdentifier(.mapped, value: 2) }
            if variant == 4 { $0.headerType = .integrityProtected }
          })
        if !outputs.contains(where: { if case .securityContexts = $0 { true } else { false } }) { bench.network = kept }
        return outputs
      case .message(let index, let protection):
        if let current = bench.ue.contexts.current, bench.network.current?.kasme != current.kasme {
          bench.network.current = bench.nativeTwin(of: current)
        }
        return deliver(bench.network.pdu(ModelTests.messages[index], ModelTests.protection(protection), using: &bench.engine))
      case .register(let eKSI):
        guard case .deregistered = bench.ue.state, !bench.ue.isConnected else { return [] }
        bench.give(.attach)
        guard case .registeredInitiated(let attempt) = bench.ue.machine else { return [] }
        _ = deliver(bench.network.pdu(bench.challenge(eKSI: eKSI), .plain, using: &bench.engine))
        _ = deliver(bench.securityModeCommand())
        let activation = Bench.activation(transaction: attempt.procedureTransactionIdentity)
        var accept = Bench.attachAccept(activation: activation)
        if bench.ue.configuration.registersForNonEPSServices { accept.set(AttachAccept.epsAttachResult, .combinedEPSIMSIAttach) }
        _ = deliver(bench.network.pdu(accept, .ciphered, using: &bench.engine))
        return []
      case .replay(let back):
        guard delivered.count > back else { return [] }
        return hand(delivered[delivered.count - 1 - back])
      case .noise(let seed):
        var random = SeededRandom(seed: seed)
        var octets = random.octets(Int(seed % 40))
        if let original = delivered.last, seed & 1 == 0, !original.isEmpty {
          octets = original
          octets[Int(seed >> 8) % octets.count] ^= UInt8(truncatingIfNeeded: seed >> 16) | 1
        }
        return hand(octets)
      case .loss(let moves):
        guard let sent = bench.ue.lastSent else { return [] }
        return bench.give(.transmissionFailed(sent.pdu, movedTo: moves == 0 ? nil : moves == 1 ? Bench.area : Bench.otherArea))
      case .radio(let event, let nextHop): return bench.radio(event, nextHop: nextHop)
      case .nonces(let from, let algorithm, let variant):
        if from == 0 { return commandWithNonces(algorithm, variant) }
        // As few steps of chance do: a registration that lost its context in idle mode.
        if from > 1 { bench.give(.radioConnectionReleased) }
        bench.give(.contextsLost)
        bench.give(
          .enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI)))
        return from == 2 ? [] : commandWithNonces(algorithm, variant)
      case .counts(let place, let before):
        bench.moveCounts(to: place, before: before)
        return []
      case .sessionBackOff:
        guard let backOff = bench.ue.sessionBackOffs.first else { return [] }
        return backOff.timer.map { bench.give(.sessionTimerExpired($0)) } ?? []
      }
    }

    /// SECURITY MODE COMMAND that makes a context of both nonces; `variant` 0 and 1 spoil it.
    private func commandWithNonces(_ algorithm: Int, _ variant: Int) -> [UE.Output] {
      guard case .trackingAreaUpdatingInitiated(let attempt) = bench.ue.machine, let mapping = attempt.mapping else { return [] }
      let algorithms = NASAlgorithms(
        ciphering: CipheringAlgorithm(rawValue: UInt8(algorithm & 3)) ?? .eea0,
        integrity: IntegrityAlgorithm(rawValue: UInt8(algorithm >> 2)) ?? .eia2)
      let kept = bench.network
      let pdu = bench.commandWithNonces(
        mapping.umts, nonceUE: mapping.nonceUE, algorithms: algorithms, spoilsNonce: variant == 0, spoilsMAC: variant == 1)
      let outputs = deliver(pdu)
      if outputs.contains(where: { if case .securityContexts = $0 { true } else { false } }) {
        mappedByCommand += 1
      } else {
        bench.network = kept
      }
      return outputs
    }

    private func check(_ step: Step, _ before: UE, _ outputs: [UE.Output]) -> String? {
      let ue = bench.ue
      // A discard and nothing else: the UE is as before, to the last octet. After a MAC that was right its COUNT is taken (§4.4.3.3), and
      // nothing but it; a message that was read, and did not fit, may have begun the secure exchange (§4.4.2.3).
      if outputs.count == 1, case .discarded(let reason, _) = outputs[0] {
        var expected = before
        if let proved {
          expected.contexts.withCurrent { $0.accept(proved) }
          let isReadable = (try? NASMessage(decoding: proved.octets, direction: .downlink)) != nil
          if proved.wasCiphered, isReadable, !reason.isOfProtection { expected.connection = .secured }
        }
        if expected != ue { return "a discard changed the UE" }
      }
      if case .fullNative(let native) = ue.contexts.nonCurrent {
        if native.context.type != .native { return "a non-current full context that is not native" }
        // The null context of an emergency deletes the current one alone (§4.4.2.1 c).
        if let current = ue.contexts.current, current.type == .native, current.algorithms != .null {
          return "a full native context beside another native one"
        }
      }
      // COUNTs of one context only rise.
      for context in [ue.contexts.current].compactMap({ $0 }) where context.algorithms.integrity != .eia0 {
        let id = context.kasme.id
        if deleted.contains(id) { return "a deleted KASME is in use again" }
        if let now = context.counts.largestAccepted {
          if let last = highest[id], now < last { return "the largest accepted COUNT fell from \(last) to \(now)" }
        }
      }
      // Contexts do not change for a handover that fails (§4.4.2.2), neither on the way nor at its end.
      if outputs.contains(.radio(.returnToSource)) {
        failedArrivals += 1
        if before.contexts != ue.contexts { return "a handover from another system that failed changed the contexts" }
        if ue.arrival != nil { return "a handover from another system failed, and goes on" }
      }
      if outputs.contains(where: { if case .securityContexts(_, "handover to E-UTRAN made a mapped context") = $0 { true } else { false } }
      ),
        ue.accessStratum != nil
      {
        arrivals += 1
      }
      if ue.arrival != nil, ue.isConnected || ue.hasCoverage { return "on the way from another system with a cell" }
      let had = UE.kasmes(before)
      let has = UE.kasmes(ue)
      deleted.formUnion(had.subtracting(has))
      if deleted.count > 4096 { deleted.removeAll() }
      // No uplink COUNT is used for two messages (§4.4.3.1), but for that of a message whose connection could not be made.
      if let old = before.contexts.current, let now = ue.contexts.current, old.kasme.id == now.kasme.id, let next = now.counts.nextToSend,
        old.counts.nextToSend.map({ next < $0 }) ?? true, old.algorithms.integrity != .eia0
      {
        let neverSent: [UE.Input] = [.radioConnectionFailed, .connectionRefused]
        let isTakenBack = if case .input(let index) = step { neverSent.contains(ModelTests.inputs[index]) } else { false }
        if !isTakenBack { return "the uplink COUNT fell to \(next)" }
      }
      if ue.keNBTrigger.map({ !has.contains($0.kasme.id) && !had.contains($0.kasme.id) }) == true {
        return "KeNB would come from a KASME that is gone"
      }
      for case .keNB(let key, let count) in outputs {
        guard let trigger = before.keNBTrigger, trigger.count == count, !deleted.contains(trigger.kasme.id),
          key == bench.engine.deriveKeNB(kasme: trigger.kasme, uplinkNASCount: count.value)
        else { return "KeNB of no KASME that is held" }
      }
      if ue.lastSent != nil, !ue.isConnected { return "a message is remembered without its connection" }
      if !ue.isConnected, ue.hasSecureExchange { return "secure exchange without a connection" }
      if case .deregistered = ue.state, !ue.bearers.isEmpty || !ue.dedicatedBearers.isEmpty { return "bearers in EMM-DEREGISTERED" }
      if case .deregistered = ue.state, case .some(let current) = ue.contexts.current, current.type == .mapped {
        return "a mapped context in EMM-DEREGISTERED"
      }
      if ue.comesFromN1, ue.machine.registered == nil, ue.state != .deregisteredInitiated {
        return "a change from N1 mode is remembered without a registration"
      }
      if ue.registration.equivalentPLMNs.count > 16 { return "more than 16 equivalent PLMNs" }
      if ue.state == .null, ue.sessionBackOffs.contains(where: { $0.endsAtSwitchOff || $0.isDeactivated }) {
        return "a back-off that ends with switching off did not"
      }
      for bearer in ue.dedicatedBearers where !ue.bearers.contains(where: { $0.epsBearerIdentity == bearer.linkedEPSBearerIdentity }) {
        return "a dedicated bearer without its default bearer"
      }
      let identities = ue.bearers.map(\.epsBearerIdentity) + ue.dedicatedBearers.map(\.epsBearerIdentity)
      if Set(identities).count != identities.count { return "one bearer identity twice" }
      switch ue.state {
      case .registeredInitiated, .serviceRequestInitiated, .trackingAreaUpdatingInitiated:
        if !ue.isConnected { return "\(ue.state) without a connection" }
      case .null, .deregistered, .registered, .registeredSubstate, .deregisteredInitiated: break
      }
      return nil
    }
  }

  /// The failure of a sequence from a fresh UE, and where it came.
  static func failure(of steps: [Step], variant: Int) -> (index: Int, reason: String)? {
    let run = Run(variant: variant)
    for (index, step) in steps.enumerated() {
      if let reason = run.take(step) { return (index, reason) }
    }
    return nil
  }

  /// Leaves out what the failure does not need.
  static func shrink(_ steps: [Step], failing: ([Step]) -> Int?) -> [Step] {
    var steps = steps
    var size = max(1, steps.count / 2)
    while true {
      var at = 0
      while at < steps.count {
        var fewer = steps
        fewer.removeSubrange(at..<min(at + size, steps.count))
        if let index = failing(fewer) { steps = Array(fewer[...index]) } else { at += size }
      }
      if size == 1 { return steps }
      size = max(1, size / 2)
    }
  }

  static var stepCount: Int {
    let environment = ProcessInfo.processInfo.environment
    if let wanted = environment["NASUE_MODEL_STEPS"].flatMap(Int.init) { return wanted }
    return environment["NASUE_ALL_TESTS"] != nil ? 10_000_000 : 1_000_000
  }

  @Test func randomSequencesBreakNoRule() {
    var random = SeededRandom(seed: 2_026)
    let length = 200
    var states: Set<EMMState> = []
    var made: Set<UInt8> = []
    var (mapped, exhausted, arrived, returned) = (0, 0, 0, 0)
    for round in 0..<(Self.stepCount / length) {
      let run = Run(variant: round)
      var steps: [Step] = []
      for _ in 0..<length {
        let step = Step(using: &random)
        steps.append(step)
        if let reason = run.take(step) {
          let minimal = Self.shrink(steps) { Self.failure(of: $0, variant: round)?.index }
          let words = minimal.map { "  \($0)" }.joined(separator: "\n")
          Issue.record("round \(round): \(Self.failure(of: minimal, variant: round)?.reason ?? reason) after\n\(words)")
          return
        }
        states.insert(run.bench.ue.state)
      }
      made.formUnion(run.bench.keys.map { Set($0.made.keys) } ?? [])
      mapped += run.mappedByCommand
      arrived += run.arrivals
      returned += run.failedArrivals
      exhausted += run.bench.uplinks?.lastCounts ?? 0
    }
    // The walk gets about: no state that the machine has stays unseen.
    let wanted: Set<EMMState> = [
      .registered, .registeredInitiated, .serviceRequestInitiated, .trackingAreaUpdatingInitiated, .deregisteredInitiated, .null,
      .deregistered(.noIMSI), .deregistered(.attemptingToAttach), .deregistered(.attachNeeded), .registeredSubstate(.attemptingToUpdate),
      .registeredSubstate(.imsiDetachInitiated), .registeredSubstate(.attemptingToUpdateMM), .registeredSubstate(.limitedService),
      .registeredSubstate(.plmnSearch), .registeredSubstate(.noCellAvailable), .deregistered(.plmnSearch), .deregistered(.limitedService),
      .registeredSubstate(.updateNeeded), .deregistered(.noCellAvailable),
    ]
    #expect(wanted.subtracting(states).isEmpty)
    // Nor does a key that a UE makes: KASME of an AKA and the mapped ones, KeNB, NH, KeNB*, NAS and AS keys, CK' and IK', NAS token.
    #expect(Set([0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x18, 0x19, 0x73, 0x74]).subtracting(made).isEmpty)
    #expect(mapped > 0)
    #expect(exhausted > 0)
    #expect(arrived > 0 && returned > 0)
  }

  @Test func shrinkingFindsTheStepsThatMatter() {
    // On a rule made up for the purpose: a 7 some time after a 3.
    var random = SeededRandom(seed: 1)
    let steps = (0..<300).map { _ in Step.timer(Int.random(in: 0..<10, using: &random)) }
    let minimal = Self.shrink(steps) { steps in
      guard let first = steps.firstIndex(of: .timer(3)) else { return nil }
      return steps[first...].firstIndex(of: .timer(7))
    }
    #expect(minimal == [.timer(3), .timer(7)])
  }
}

extension UE {
  /// Of its contexts, and of the one that will be in force where it is going.
  static func kasmes(_ ue: UE) -> Set<UInt64> {
    var ids = kasmes(ue.contexts)
    if let arrival = ue.arrival { ids.insert(arrival.mapped.context.kasme.id) }
    return ids
  }

  static func kasmes(_ contexts: SecurityContexts) -> Set<UInt64> {
    var ids: Set<UInt64> = []
    if let current = contexts.current { ids.insert(current.kasme.id) }
    switch contexts.nonCurrent {
    case .partialNative(let partial): ids.insert(partial.kasme.id)
    case .fullNative(let native): ids.insert(native.context.kasme.id)
    case .none: break
    }
    return ids
  }
}

extension DiscardReason {
  /// Protection is the reason, so that the message was not read.
  fileprivate var isOfProtection: Bool {
    switch self {
    case .noSecurityContext, .integrityCheckFailed, .replayed, .countExhausted, .protectionMissing, .cipheringMissing,
      .securityHeaderTypeNotAllowed:
      true
    case .malformed, .notCompatibleWithState: false
    }
  }
}
