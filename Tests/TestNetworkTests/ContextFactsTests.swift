import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Contexts, COUNTs and SMC: the MME's side of the facts, a test for each (TS 24.301 §4.4.2, §4.4.3, §5.4.3).
@Suite struct ContextFactsTests {
  private static var status: NASMessage {
    var status = NASMessage(.emmStatus)
    status.set(EMMStatus.emmCause, .protocolErrorUnspecified)
    return status
  }

  private func contexts(_ bench: NetworkBench) -> SecurityContexts { bench.mme.ues[0].security }

  /// Both sides' current context as it is when both COUNTs have come so far.
  private func fastForward(_ ue: inout ScriptedUE, uplink: UInt32, downlink: UInt32, _ bench: NetworkBench) throws {
    let old = try #require(ue.contexts.current)
    func context(_ side: NASSide, _ counts: NASCountPair) -> NASSecurity.SecurityContext {
      NASSecurity.SecurityContext(
        kasme: old.kasme, keySetIdentifier: old.keySetIdentifier, side: side, algorithms: old.algorithms, counts: counts,
        using: &bench.engine)
    }
    ue.contexts = SecurityContexts(
      current: context(.userEquipment, NASCountPair(nextToSend: NASCount(uplink), largestAccepted: NASCount(downlink - 1))))
    bench.mme.ues[0].security = SecurityContexts(
      current: context(.mme, NASCountPair(nextToSend: NASCount(downlink), largestAccepted: NASCount(uplink - 1))))
  }

  private func challenged(_ ue: inout ScriptedUE, _ line: Line, _ bench: NetworkBench) throws {
    let challenge = try ue.openLater(order(.authenticate(thenSecurityMode: false), bench), bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
  }

  // MARK: §4.4.2.1

  @Test func `(a) AKA success deletes the previous non-current context`() throws {
    var (bench, ue, line) = try registered()
    try challenged(&ue, line, bench)
    let first = try #require(contexts(bench).partialNative)
    try challenged(&ue, line, bench)
    let second = try #require(contexts(bench).partialNative)
    #expect(first.kasme != second.kasme)
    #expect(first.eKSI != second.eKSI)
    #expect(second == ue.contexts.partialNative)
  }

  @Test func `(b) SMC takes the partial context into use: the previous current is deleted and nothing is beside it`() throws {
    var (bench, ue, line) = try registered()
    try challenged(&ue, line, bench)
    let old = try #require(contexts(bench).current).kasme
    let partial = try #require(contexts(bench).partialNative)
    _ = try bench.uplink(ue.complete(order(.securityMode(), bench).nas[0], bench), line)
    #expect(contexts(bench).current?.kasme == partial.kasme)
    #expect(contexts(bench).current?.kasme != old)
    #expect(contexts(bench).nonCurrent == nil)
  }

  @Test func `(g) deregistration deletes the partial context and keeps the current native one`() throws {
    var (bench, ue, line) = try registered()
    try challenged(&ue, line, bench)
    let current = try #require(contexts(bench).current).kasme
    _ = try bench.uplink(ue.protect(ue.detachRequest(), bench), line)
    #expect(contexts(bench).current?.kasme == current)
    #expect(contexts(bench).nonCurrent == nil)
  }

  @Test func `AKA, started, failed or successful, never drops the current context`() throws {
    var (bench, ue, line) = try registered()
    let current = try #require(contexts(bench).current).kasme
    let challenge = try ue.openLater(order(.authenticate(thenSecurityMode: false), bench), bench)
    #expect(contexts(bench).current?.kasme == current)
    // A synch failure, a new challenge, and its success.
    guard case .synchronisationFailure(let auts) = failed(challenge, &ue, bench) else {
      Issue.record("no synch failure")
      return
    }
    let again = try ue.openLater(bench.uplink(ue.protect(ScriptedUE.failure(.synchFailure, auts: auts), bench), line), bench)
    #expect(contexts(bench).current?.kasme == current)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: again, bench), bench), line)
    #expect(contexts(bench).current?.kasme == current)
    #expect(contexts(bench).partialNative != nil)
    try ue.expectAligned(bench)
  }

  private func failed(_ challenge: NASMessage, _ ue: inout ScriptedUE, _ bench: NetworkBench) -> AKAOutcome? {
    guard let rand = try? challenge[AuthenticationRequest.authenticationParameterRAND].octets,
      let autn = try? challenge[AuthenticationRequest.authenticationParameterAUTN].octets
    else { return nil }
    // Once to use the SQN up, once more to find it used.
    _ = bench.engine.verifyChallenge(rand: rand, autn: autn, credentials: ue.credentials, sequenceNumbers: &ue.sequenceNumbers)
    return bench.engine.verifyChallenge(rand: rand, autn: autn, credentials: ue.credentials, sequenceNumbers: &ue.sequenceNumbers)
  }

  // MARK: §4.4.2.3, §4.4.2.4

  @Test func `the MME checks the eKSI and the MAC: the right MAC under another eKSI is not verified`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    let other = NASKeySetIdentifier(.native, value: ((ue.contexts.current?.keySetIdentifier ?? 0) + 1) % 7)
    let (_, outputs) = try bench.initial(ue.protect(ue.attachRequest(eKSI: other), as: .integrityProtected, bench))
    let challenge = try outputs.plainNAS()
    #expect(challenge.type == .authenticationRequest)
    // Neither the one stated nor the one stored.
    let fresh = try challenge[AuthenticationRequest.nasKeySetIdentifier]
    #expect(fresh != other && fresh != ue.contexts.eKSI)
  }

  @Test func `re-authentication messages run protected and ciphered under the current context, and both sides stay on it until SMC`() throws
  {
    var (bench, ue, line) = try registered()
    let before = try #require(ue.contexts.current).kasme
    let outputs = order(.authenticate(thenSecurityMode: false), bench)
    #expect(try SecurityProtectedNAS(downlink: outputs.nas[0]).headerType == .integrityProtectedAndCiphered)
    let challenge = try ue.openLater(outputs, bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    let information = try ue.openLater(order(.emmInformation, bench), bench)
    #expect(information.type == .emmInformation)
    #expect(ue.contexts.current?.kasme == before)
    try ue.expectAligned(bench)
  }

  @Test func `SMC has header type 3 and is not ciphered; its COMPLETE counts under header type 4 alone`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current), bench).nas[0]
    #expect(try SecurityProtectedNAS(downlink: command).headerType == .integrityProtectedNewContext)
    for type in [SecurityHeaderType.integrityProtected, .integrityProtectedAndCiphered, .integrityProtectedNewContext] {
      // Each takes a COUNT of its own: that of a right MAC is used up.
      var other = ue
      _ = try other.complete(command, bench)
      let outputs = try bench.uplink(other.protect(NASMessage(.securityModeComplete), as: type, bench), line)
      for _ in 0..<2 { _ = try ue.protect(NASMessage(.securityModeComplete), bench) }
      #expect(outputs.procedures.isEmpty && outputs.discards.count == 1, "\(type)")
      #expect(bench.runs(.t3460))
    }
    #expect(try bench.uplink(ue.complete(command, bench), line).procedures == ["security mode control completed"])
  }

  @Test func `protection ends with the connection: on the next one a plain message is judged as before secure exchange`() throws {
    let (bench, ue, line) = try registered()
    #expect(try bench.uplink(ue.attachRequest().encoded(), line).messages.isEmpty)
    try ue.goIdle(bench, line)
    let (_, outputs) = try bench.initial(ue.attachRequest().encoded())
    #expect(try outputs.plainNAS().type == .authenticationRequest)
  }

  // MARK: §4.4.3

  @Test func `SERVICE REQUEST carries 5 bits: the rest is estimated, over 40 of them and up to 31 lost in a row`() throws {
    var (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    for round in 0..<40 {
      if round % 10 == 9 { for _ in 0..<31 { _ = try ue.serviceRequest(bench) } }
      let (line, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
      #expect(outputs.messages == [.initialContextSetupRequest], "round \(round)")
      let context = try #require(ue.contexts.current)
      let count = try #require(context.uplinkNASCount).value - 1
      #expect(outputs.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: context.kasme, uplinkNASCount: count), "round \(round)")
      _ = try bench.contextSetUp(line)
      try ue.expectAligned(bench)
      try ue.goIdle(bench, line)
    }
    // Thirty-two lost ones are one too many: the estimate falls short, so it is refused, and nothing has moved.
    let before = contexts(bench)
    for _ in 0..<32 { _ = try ue.serviceRequest(bench) }
    let (_, outputs) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try outputs.plainNAS()[ServiceReject.emmCause] == .ueIdentityCannotBeDerivedByTheNetwork)
    #expect(contexts(bench) == before)
  }

  @Test func `up to 255 lost uplink messages are bridged, the 256th is not`() throws {
    for (lost, isTaken) in [(255, true), (256, false)] {
      var (bench, ue, line) = try registered()
      for _ in 0..<lost { _ = try ue.protect(NASMessage(.emmStatus), bench) }
      let outputs = try bench.uplink(ue.protect(ue.detachRequest(), bench), line)
      #expect(outputs.states == (isTaken ? ["EMM-DEREGISTERED"] : []), "\(lost)")
    }
  }

  @Test(arguments: [(UInt32(0x10), 0xFF_F100), (0xFF_F100, 0x10)] as [(UInt32, UInt32)])
  func `near the wrap of either COUNT the MME runs AKA and takes the new KASME into use`(uplink: UInt32, downlink: UInt32) throws {
    var (bench, ue, line) = try registered()
    try fastForward(&ue, uplink: uplink, downlink: downlink, bench)
    let outputs = try bench.uplink(ue.protect(Self.status, bench), line)
    #expect(outputs.procedures.contains { $0.contains("near its wrap") })
    let challenge = try ue.openLater(outputs, bench)
    let command = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    let done = try bench.uplink(ue.complete(try #require(command.nas.first), bench), line)
    #expect(done.procedures.contains("security mode control completed"))
    #expect(done.messages == [.ueContextModificationRequest])
    #expect(contexts(bench).current?.uplinkNASCount == NASCount(1))
    try ue.expectAligned(bench)
  }

  @Test func `near the wrap a native context beside, with low COUNTs, is woken instead`() throws {
    var (bench, ue, line) = try registered()
    let native = try #require(ue.contexts.current)
    let kasme = KeyMaterial([UInt8](repeating: 9, count: 32))
    func mapped(_ side: NASSide, _ counts: NASCountPair) -> NASSecurity.SecurityContext {
      NASSecurity.SecurityContext(
        kasme: kasme, type: .mapped, keySetIdentifier: 5, side: side, algorithms: native.algorithms, counts: counts, using: &bench.engine)
    }
    // As a handover leaves it.
    ue.contexts.take(mapped(.userEquipment, NASCountPair(nextToSend: NASCount(0xFF_FF00), largestAccepted: .zero)))
    bench.mme.ues[0].security.take(mapped(.mme, NASCountPair(nextToSend: NASCount(1), largestAccepted: NASCount(0xFF_FEFF))))
    let outputs = try bench.uplink(ue.protect(Self.status, bench), line)
    #expect(outputs.procedures.contains { $0.contains("native context beside") })
    _ = try bench.uplink(ue.complete(try #require(outputs.nas.first), bench), line)
    #expect(ue.contexts.current?.kasme == native.kasme)
    try ue.expectAligned(bench)
  }

  @Test func `a renewal that the UE refuses is not begun again on that connection, and is on the next`() throws {
    var (bench, ue, line) = try registered()
    try fastForward(&ue, uplink: 0xFF_F100, downlink: 2, bench)
    let challenge = try ue.openLater(bench.uplink(ue.protect(Self.status, bench), line), bench)
    let command = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    #expect(command.nas.count == 1)
    var reject = NASMessage(.securityModeReject)
    reject.set(SecurityModeReject.emmCause, .securityModeRejectedUnspecified)
    #expect(try bench.uplink(ue.protect(reject, bench), line).messages.isEmpty)
    #expect(try bench.uplink(ue.protect(Self.status, bench), line).messages.isEmpty)
    try ue.goIdle(bench, line)
    let (again, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try ue.openLater(bench.contextSetUp(again), bench).type == .authenticationRequest)
  }

  @Test func `without a new KASME the MME releases instead of sending beyond 2^24`() throws {
    var (bench, ue, line) = try registered { $0.countMargin = 0 }
    try fastForward(&ue, uplink: 0x10, downlink: 0xFF_FFFF, bench)
    #expect(try ue.openLater(order(.emmInformation, bench), bench).type == .emmInformation)
    let outputs = order(.emmInformation, bench)
    #expect(outputs.messages == [.ueContextReleaseCommand])
    #expect(outputs.discards.map(\.clause) == ["TS 24.301 §4.4.3.5"])
    _ = line
  }

  @Test func `an uplink COUNT that has been used up is not accepted again from zero`() throws {
    var (bench, ue, line) = try registered { $0.countMargin = 0 }
    try fastForward(&ue, uplink: 0xFF_FFFF, downlink: 2, bench)
    #expect(try bench.uplink(ue.protect(NASMessage(.emmStatus), bench), line).discards.map(\.clause) == ["TS 24.301 §7"])
    let context = try #require(ue.contexts.current)
    let replay = context.seal(
      NASMessage(.gutiReallocationComplete).encoded(), as: .integrityProtectedAndCiphered, count: .zero, using: &bench.engine)
    let before = contexts(bench)
    #expect(try bench.uplink(replay, line).discards.map(\.clause) == ["TS 24.301 §4.4.3"])
    #expect(contexts(bench) == before)
  }

  // MARK: §5.4.3

  @Test func `the downlink COUNT is reset for the first SMC after AKA alone, and goes on otherwise`() throws {
    var (bench, ue, line) = try registered()
    let next = try #require(contexts(bench).current?.counts.nextToSend).value
    let same = order(.securityMode(of: .current), bench)
    #expect(UInt32(same.nas[0][5]) == next)
    _ = try bench.uplink(ue.complete(same.nas[0], bench), line)
    try challenged(&ue, line, bench)
    let first = order(.securityMode(), bench)
    #expect(first.nas[0][5] == 0)
    _ = try bench.uplink(ue.complete(first.nas[0], bench), line)
    _ = try bench.eNB(.ueContextModificationResponse) { $0.ids(line) }
    #expect(order(.securityMode(of: .current), bench).nas[0][5] == 1)
  }

  @Test func `IMEISV is asked for as configured, and the UE radio capability ID of UEs that have one, at an attach and once at an update`()
    throws
  {
    let bench = NetworkBench {
      $0.usesRadioCapabilityIDs = true
      $0.requestsIMEISV = false
    }
    _ = try bench.setUp()
    var ue = ScriptedUE()
    var request = ue.attachRequest()
    request.set(AttachRequest.ueRadioCapabilityIDAvailability, .available)
    ue.lastRequest = request.encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    let said = try NASMessage(decoding: SecurityProtectedNAS(downlink: command.nas[0]).payload, direction: .downlink)
    #expect(try said[SecurityModeCommand.imeisvRequest] == nil)
    #expect(try said[SecurityModeCommand.ueRadioCapabilityIDRequest] == .requested)
    guard case .complete(let acceptance) = try ue.evaluate(command.nas[0], bench) else {
      Issue.record("not accepted")
      return
    }
    ue.contexts.take(acceptance.context)
    var complete = NASMessage(.securityModeComplete)
    complete.set(SecurityModeComplete.ueRadioCapabilityID, UERadioCapabilityID(octets: [0x21, 0x43]))
    let accepted = try bench.uplink(ue.protect(complete, as: .integrityProtectedAndCipheredNewContext, bench), line)
    #expect(bench.mme.radioCapabilityID(imsi: NetworkBench.imsi) == "1234")
    try ue.finishAttach(accepted, line, bench)
    // Known now: an update goes without an SMC, an attach does not.
    var update = ue.updateRequest()
    update.set(TrackingAreaUpdateRequest.ueRadioCapabilityIDAvailability, .available)
    let updated = try bench.uplink(ue.protect(update, as: .integrityProtected, bench), line)
    #expect(try ue.openLater(updated, bench).type == .trackingAreaUpdateAccept)
    var again = ue.attachRequest()
    again.set(AttachRequest.ueRadioCapabilityIDAvailability, .available)
    let asked = try bench.uplink(ue.protect(again, as: .integrityProtected, bench), line)
    #expect(try SecurityProtectedNAS(downlink: asked.nas[0]).headerType == .integrityProtectedNewContext)
    #expect(try bench.uplink(ue.complete(asked.nas[0], bench), line).nas.count == 1)
  }

  @Test func `an SMC on command may ask for the UE radio capability ID alone`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current, askingRadioCapabilityID: true), bench)
    let said = try NASMessage(decoding: SecurityProtectedNAS(downlink: command.nas[0]).payload, direction: .downlink)
    #expect(try said[SecurityModeCommand.ueRadioCapabilityIDRequest] == .requested)
    _ = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(bench.mme.radioCapabilityID(imsi: NetworkBench.imsi) == nil, "the UE had none")
    try ue.expectAligned(bench)
  }
}
