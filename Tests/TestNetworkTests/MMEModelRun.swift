import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// What a hostile peer, its eNB and its UE do, step by step.
extension MMEModelTests {
  /// One step; its effect depends on nothing but the state before it, so that leaving others out keeps it meaningful.
  enum Step: Equatable, Sendable {
    /// INITIAL UE MESSAGE with a message that nobody can prove, about one of three UEs.
    case forgeInitial(message: Int, subject: Int, protection: Int)
    /// UPLINK NAS TRANSPORT with such a message on some connection of the hostile eNB.
    case forgeUplink(line: Int, message: Int, protection: Int)
    /// The insider's UE, which has real keys, opens a connection.
    case open(Int)
    /// It answers what came last over a connection, as it should.
    case answer(line: Int)
    /// It says something else, under its real keys.
    case say(line: Int, message: Int, protection: Int)
    case eNB(Int, line: Int)
    case timer(Int)
    case command(Int, now: Bool)
    case association(Int)
    case replay(Int)
    case noise(UInt64)
    /// The victim, on its own association, does something and is served.
    case victim

    init(using random: inout SeededRandom) {
      func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
      switch number(32) {
      case 0..<4: self = .forgeInitial(message: number(64), subject: number(3), protection: number(4))
      case 4..<7: self = .forgeUplink(line: number(6), message: number(64), protection: number(4))
      case 7..<11: self = .open(number(6))
      case 11..<18: self = .answer(line: number(6))
      case 18..<21: self = .say(line: number(6), message: number(64), protection: number(4))
      case 21..<25: self = .eNB(number(12), line: number(6))
      case 25..<27: self = .timer(number(16))
      case 27..<29: self = .command(number(MMEModelTests.commands.count), now: Bool.random(using: &random))
      case 29 where number(8) == 0: self = .association(number(4))
      case 29: self = .victim
      case 30: self = .replay(number(8))
      default: self = .noise(UInt64.random(in: 0 ... .max, using: &random))
      }
    }
  }

  final class Run {
    let bench = NetworkBench(imsis: [MMEModelTests.victim, MMEModelTests.insider, MMEModelTests.other]) {
      $0.maximumConnections = 24
      $0.maximumEmergencyGuests = 3
      $0.emergency = .authenticatedIfPossible
    }
    var victim = ScriptedUE(MMEModelTests.victim)
    var victimLine = Line(association: 0, eNB: 0, mme: 0)
    var insider = ScriptedUE(MMEModelTests.insider)
    /// Connections of the hostile eNB, the newest last.
    var lines: [Line] = []
    /// What came down last over each.
    var heard: [UInt32: [UInt8]] = [:]
    var sent: [[UInt8]] = []
    /// The largest uplink COUNT accepted and the next downlink COUNT, by KASME.
    var uplink: [UInt64: NASCount] = [:]
    var downlink: [UInt64: NASCount] = [:]
    /// What the walk has seen happen, so that it is known to get about.
    var seen: Set<String> = []

    init() throws {
      _ = try bench.setUp(0)
      _ = try bench.setUp(1)
      victimLine = try victim.attach(bench, on: 0)
    }

    /// - Returns: what is wrong after the step; nil if nothing.
    func take(_ step: Step) throws -> String? {
      let before = bench.mme.ues
      let outputs = try perform(step)
      notice(outputs)
      guard let why = try check(step, before, outputs) else { return nil }
      return "\(why); the last step gave \(outputs.filter { if case .s1ap = $0 { false } else { true } }) and \(outputs.messages)"
    }

    func notice(_ outputs: [MME.Output]) {
      for output in outputs {
        switch output {
        case .state(_, let name): seen.insert(name)
        case .procedure(_, let words): seen.insert(words.split(separator: ":").first.map(String.init) ?? words)
        default: break
        }
      }
      for (pdu, association, _) in outputs.pdus where association == 1 {
        guard let mme = pdu.integer(.mmeUES1APID) ?? pdu.releasedMME else { continue }
        if let eNB = pdu.integer(.eNBUES1APID), !lines.contains(where: { $0.mme == mme }) {
          lines.append(Line(association: 1, eNB: eNB, mme: mme))
          if lines.count > 6 { heard[lines.removeFirst().mme] = nil }
        }
        if let nas = pdu.nas { heard[mme] = nas }
      }
    }

    func line(_ index: Int) -> Line? { lines.isEmpty ? nil : lines[lines.count - 1 - index % lines.count] }

    // MARK: What the peer does

    func perform(_ step: Step) throws -> [MME.Output] {
      switch step {
      case .forgeInitial(let message, let subject, let protection):
        let octets = forged(message, subject: subject, protection)
        let sTMSI = [victim.sTMSI, insider.sTMSI, nil][subject]
        return try initial(octets, sTMSI: sTMSI)
      case .forgeUplink(let index, let message, let protection):
        guard let line = line(index) else { return [] }
        return try bench.uplink(forged(message, subject: message % 3, protection), line)
      case .open(let kind): return try open(kind)
      case .answer(let index):
        guard let line = line(index), let octets = heard[line.mme] else { return [] }
        heard[line.mme] = nil
        return try answer(octets, line)
      case .say(let index, let message, let protection):
        guard let line = line(index) else { return [] }
        let messages = insider.everyUplinkMessage()
        return try uplink(protect(messages[message % messages.count], protection), line)
      case .eNB(let message, let index): return try eNB(message, index)
      case .timer(let index):
        let running = bench.timers.keys.sorted { ($0.owner, $0.kind.rawValue, $0.instance) < ($1.owner, $1.kind.rawValue, $1.instance) }
        guard !running.isEmpty else { return [] }
        let timer = running[index % running.count]
        bench.timers[timer] = nil
        return bench.give(.timer(timer))
      case .command(let index, let now):
        let command = MMEModelTests.commands[index]
        return bench.give(now ? .startNow(command, imsi: MMEModelTests.insider) : .command(command, imsi: MMEModelTests.insider))
      case .association(let kind):
        if kind == 0 { return try bench.setUp(1) }
        if kind == 1 { return bench.give(.resetAssociation(1)) }
        lines = []
        heard = [:]
        let outputs = bench.give(.associationDown(1))
        return outputs + (try bench.setUp(1))
      case .replay(let back):
        guard sent.count > back, let line = line(back) else { return [] }
        let octets = sent[sent.count - 1 - back]
        return back % 2 == 0 ? try bench.uplink(octets, line) : try initial(octets, sTMSI: insider.sTMSI)
      case .noise(let seed): return try noise(seed)
      case .victim: return try serveVictim()
      }
    }

    func initial(_ octets: [UInt8], sTMSI: STMSI?) throws -> [MME.Output] {
      let (line, outputs) = try bench.initial(octets, sTMSI: sTMSI, on: 1)
      if line.mme > 0, bench.mme.connections[line.mme]?.eNB == line.eNB, !lines.contains(line) {
        lines.append(line)
        if lines.count > 6 { heard[lines.removeFirst().mme] = nil }
      }
      return outputs
    }

    func uplink(_ octets: [UInt8], _ line: Line) throws -> [MME.Output] {
      sent.append(octets)
      if sent.count > 8 { sent.removeFirst() }
      return try bench.uplink(octets, line)
    }

    /// A message about a UE from somebody without its keys.
    func forged(_ message: Int, subject: Int, _ protection: Int) -> [UInt8] {
      var ue = [victim, insider, ScriptedUE(MMEModelTests.other)][subject]
      if message % 5 == 0 { ue.guti = nil }
      var messages = ue.everyUplinkMessage()
      var emergency = ue.attachRequest(.imei("123456789012345"), eKSI: .noKey)
      emergency.set(AttachRequest.epsAttachType, .epsEmergencyAttach)
      messages.append(emergency)
      let octets = messages[message % messages.count].encoded()
      switch protection {
      case 0: return octets
      case 1: return [0x17, 0, 0, 0, UInt8(message), UInt8(message)] + octets
      case 2: return [0x27, 1, 2, 3, 4, UInt8(message)] + octets
      default: return message % 2 == 0 ? [0x47, 1, 2, 3, 4, 0] + octets : [0xC7, UInt8(message), 3, 4]
      }
    }

    func protect(_ message: NASMessage, _ protection: Int) throws -> [UInt8] {
      guard insider.contexts.current?.uplinkNASCount != nil else { return message.encoded() }
      return switch protection {
      case 0: message.encoded()
      case 1: try insider.protect(message, as: .integrityProtected, bench)
      case 2: try insider.protect(message, as: .integrityProtectedAndCipheredNewContext, bench)
      default: try insider.protect(message, bench)
      }
    }

    func open(_ kind: Int) throws -> [MME.Output] {
      guard insider.contexts.current?.uplinkNASCount != nil, kind > 0 else {
        let request = insider.attachRequest(.imsi(MMEModelTests.insider), eKSI: .noKey)
        insider.lastRequest = request.encoded()
        return try initial(insider.lastRequest, sTMSI: nil)
      }
      switch kind {
      case 1, 2: return try initial(insider.serviceRequest(bench), sTMSI: insider.sTMSI)
      case 3: return try initial(insider.protect(insider.updateRequest(), as: .integrityProtected, bench), sTMSI: nil)
      case 4: return try initial(insider.protect(insider.detachRequest(), as: .integrityProtected, bench), sTMSI: nil)
      default: return try initial(insider.protect(insider.attachRequest(), as: .integrityProtected, bench), sTMSI: nil)
      }
    }

    /// What a UE answers; silence where it cannot read or need not say anything.
    func answer(_ octets: [UInt8], _ line: Line) throws -> [MME.Output] {
      guard let pdu = try? NASPDU(parsing: octets, direction: .downlink) else { return [] }
      let message: NASMessage
      let isPlain: Bool
      switch pdu {
      case .plain(let plain): (message, isPlain) = (plain, true)
      case .protected(let pdu) where pdu.headerType == .integrityProtectedNewContext:
        guard case .complete(let acceptance) = try insider.evaluate(octets, bench) else { return [] }
        insider.contexts.take(acceptance.context)
        return try uplink(protect(NASMessage(.securityModeComplete), 2), line)
      case .protected(let pdu):
        guard var context = insider.contexts.current, let verified = try? context.unprotect(pdu, using: &bench.engine) else { return [] }
        insider.contexts.withCurrent { $0 = context }
        guard let inner = try? NASMessage(decoding: verified.octets, direction: .downlink) else { return [] }
        (message, isPlain) = (inner, false)
      case .serviceRequest: return []
      }
      guard let response = try response(to: message) else { return [] }
      return try uplink(isPlain ? response.encoded() : protect(response, 3), line)
    }

    func response(to message: NASMessage) throws -> NASMessage? {
      switch message.type {
      case .authenticationRequest: return try insider.answer(challenge: message, bench)
      case .identityRequest:
        var identity = NASMessage(.identityResponse)
        let isIMSI = (try? message[IdentityRequest.identityType]) == .imsi
        identity.set(IdentityResponse.mobileIdentity, isIMSI ? .imsi(MMEModelTests.insider) : .imeisv("1234567890123456"))
        return identity
      case .attachAccept:
        if case .guti(let guti)? = try? message[AttachAccept.guti] { insider.guti = guti }
        return ScriptedUE.attachComplete()
      case .trackingAreaUpdateAccept:
        guard case .guti(let guti)? = try? message[TrackingAreaUpdateAccept.guti] else { return nil }
        insider.guti = guti
        return NASMessage(.trackingAreaUpdateComplete)
      case .gutiReallocationCommand:
        if case .guti(let guti)? = try? message[GUTIReallocationCommand.guti] { insider.guti = guti }
        return NASMessage(.gutiReallocationComplete)
      case .detachRequestFromNetwork: return NASMessage(.detachAccept)
      case .activateDedicatedEPSBearerContextRequest:
        return NASMessage(.activateDedicatedEPSBearerContextAccept, epsBearerIdentity: message.epsBearerIdentity)
      case .modifyEPSBearerContextRequest:
        return NASMessage(.modifyEPSBearerContextAccept, epsBearerIdentity: message.epsBearerIdentity)
      case .deactivateEPSBearerContextRequest:
        return NASMessage(.deactivateEPSBearerContextAccept, epsBearerIdentity: message.epsBearerIdentity)
      default: return nil
      }
    }

    func eNB(_ kind: Int, _ index: Int) throws -> [MME.Output] {
      guard let line = line(index) else { return [] }
      switch kind {
      case 0..<4: return try bench.contextSetUp(line)
      case 4, 5: return try bench.releaseComplete(line)
      case 6: return try bench.eNB(.ueContextModificationResponse, on: 1) { $0.ids(line) }
      case 7:
        return try bench.eNB(.ueContextReleaseRequest, on: 1) {
          $0.ids(line)
          $0.add(.cause, Cause.userInactivity)
        }
      case 8:
        return try bench.eNB(.initialContextSetupFailure, on: 1) {
          $0.ids(line)
          $0.add(.cause, Cause.unspecifiedRadioNetwork)
        }
      case 9:
        return try bench.eNB(.nasNonDeliveryIndication, on: 1) {
          $0.ids(line)
          $0.add(.nasPDU, .octets(heard[line.mme] ?? [1]))
          $0.add(.cause, Cause(.radioNetwork, index % 2 == 0 ? "x2-handover-triggered" : "radio-connection-with-ue-lost"))
        }
      case 10:
        return try bench.eNB(.errorIndication, on: 1) {
          $0.ids(line)
          $0.add(.cause, Cause.unknownPairUES1APID)
        }
      default:
        // Ids of a connection that is the victim's.
        return try bench.eNB(.ueContextReleaseRequest, on: 1) {
          $0.ids(Line(association: 1, eNB: victimLine.eNB, mme: victimLine.mme))
          $0.add(.cause, Cause.userInactivity)
        }
      }
    }

    func noise(_ seed: UInt64) throws -> [MME.Output] {
      var random = SeededRandom(seed: seed)
      var octets = random.octets(Int(seed % 48))
      if seed & 1 == 0, let original = sent.last, !original.isEmpty {
        octets = original
        octets[Int(seed >> 8) % octets.count] ^= UInt8(truncatingIfNeeded: seed >> 16) | 1
      }
      switch seed >> 60 {
      case 0..<6: return bench.give(.s1ap(octets, association: 1, stream: 1))
      case 6..<12:
        guard let line = line(Int(seed >> 32 & 7)) else { return [] }
        return try bench.uplink(octets, line)
      default: return try initial(octets, sTMSI: victim.sTMSI)
      }
    }

    /// The victim is asked for its identity and answers: its contexts are what they were.
    func serveVictim() throws -> [MME.Output] {
      let request = bench.give(.command(.identify(.imeisv), imsi: MMEModelTests.victim))
      guard let octets = request.nas.first else { throw Broken("the victim is not reached: \(request)") }
      var message = try victim.open(octets, bench)
      if message.type == .authenticationRequest {
        // Its COUNTs are near their wrap: the MME renews its keys first.
        throw Broken("the victim's identification became \(message.type)")
      }
      var response = NASMessage(.identityResponse)
      response.set(IdentityResponse.mobileIdentity, .imeisv("1234567890123456"))
      var outputs = try bench.uplink(victim.protect(response, bench), victimLine)
      guard outputs.procedures.contains(where: { $0.hasPrefix("identification") }) else { throw Broken("the victim is not served") }
      if let challenge = outputs.nas.first {
        message = try victim.open(challenge, bench)
        let command = try bench.uplink(victim.protect(victim.answer(challenge: message, bench), bench), victimLine)
        outputs = try bench.uplink(victim.complete(command.nas[0], bench), victimLine)
        outputs += try bench.eNB(.ueContextModificationResponse, on: 0) { $0.ids(victimLine) }
        seen.insert("victim's keys renewed")
      }
      return outputs
    }

    struct Broken: Error, CustomStringConvertible {
      var description: String
      init(_ description: String) { self.description = description }
    }
  }
}
