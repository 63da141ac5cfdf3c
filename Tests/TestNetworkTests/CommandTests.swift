import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Procedures that the network starts on command, in their turn or at once.
@Suite struct CommandTests {
  private func now(_ command: NetworkCommand, _ bench: NetworkBench) -> [MME.Output] {
    bench.give(.startNow(command, imsi: NetworkBench.imsi))
  }

  private func modified(_ line: Line, _ bench: NetworkBench) throws -> [MME.Output] {
    try bench.eNB(.ueContextModificationResponse) { $0.ids(line) }
  }

  @Test func `authentication alone leaves the current context in use and a partial one beside it`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(order(.authenticate(thenSecurityMode: false), bench).nas[0], bench)
    let done = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    #expect(done.procedures == ["authentication succeeded"])
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.partialNative == ue.contexts.partialNative)
    try ue.expectAligned(bench)
  }

  @Test func `an SMC for the current context may be ordered though a partial one stands beside it`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(order(.authenticate(thenSecurityMode: false), bench).nas[0], bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    let kasme = try #require(ue.contexts.current).kasme
    let command = order(.securityMode(of: .current), bench)
    _ = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(ue.contexts.current?.kasme == kasme)
    #expect(bench.mme.securityContexts(imsi: NetworkBench.imsi)?.partialNative != nil)
    try ue.expectAligned(bench)
    // And then the one beside it.
    let taking = order(.securityMode(of: .nonCurrent), bench)
    let done = try bench.uplink(ue.complete(taking.nas[0], bench), line)
    #expect(done.messages == [.ueContextModificationRequest])
    #expect(ue.contexts.current?.kasme != kasme)
    try ue.expectAligned(bench)
  }

  @Test func `an SMC that wakes a full native context lets its COUNTs go on`() throws {
    var (bench, ue, line) = try registered()
    // The context of the attach is pushed aside by another, at both ends alike.
    let network = try #require(bench.mme.ues[0].security.current)
    let own = try #require(ue.contexts.current)
    let other = KeyMaterial([UInt8](repeating: 7, count: 32))
    func mapped(_ side: NASSide) -> NASSecurity.SecurityContext {
      NASSecurity.SecurityContext(
        kasme: other, type: .mapped, keySetIdentifier: 3, side: side, algorithms: own.algorithms, using: &bench.engine)
    }
    bench.mme.ues[0].security = SecurityContexts(mapped: mapped(.mme), pushing: network)
    ue.contexts = SecurityContexts(mapped: mapped(.userEquipment), pushing: own)
    let command = order(.securityMode(of: .nonCurrent), bench)
    #expect(command.nas[0][5] == (own.downlinkNASCount?.sequenceNumber ?? 0) + 1)
    let again = try bench.expire(.t3460)
    #expect(again.nas[0][5] == command.nas[0][5] + 1)
    _ = try bench.uplink(ue.complete(again.nas[0], bench), line)
    #expect(ue.contexts.current?.kasme == own.kasme)
    #expect(bench.mme.ues[0].security.nonCurrent == nil)
    try ue.expectAligned(bench)
  }

  @Test func `an SMC that only refreshes the uplink COUNT brings the eNB a KeNB of it`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current, refreshingKeNB: true), bench)
    let count = try #require(ue.contexts.current?.uplinkNASCount)
    let done = try bench.uplink(ue.complete(command.nas[0], bench), line)
    let kasme = try #require(ue.contexts.current).kasme
    #expect(done.messages == [.ueContextModificationRequest])
    #expect(done.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value))
  }

  @Test(arguments: [IdentityType2.imsi, .imei, .imeisv, .tmsi])
  func `each type of identity can be asked for`(type: IdentityType2) throws {
    var (bench, ue, line) = try registered()
    let request = try ue.open(order(.identify(type), bench).nas[0], bench)
    #expect(try request[IdentityRequest.identityType] == type)
    var response = NASMessage(.identityResponse)
    let identity: MobileIdentity =
      switch type {
      case .imei: .imei("123456789012345")
      case .imeisv: .imeisv("1234567890123456")
      case .tmsi: .tmsi(7)
      default: .imsi(NetworkBench.imsi)
      }
    response.set(IdentityResponse.mobileIdentity, identity)
    let done = try bench.uplink(ue.protect(response, bench), line)
    #expect(done.procedures.first?.hasPrefix("identification:") == true)
    #expect(!bench.runs(.t3470))
  }

  @Test func `EMM INFORMATION says what it was told, the time too`() throws {
    var (bench, ue, _) = try registered()
    let time = UniversalTime(year: 26, month: 11, day: 23, hour: 4, minute: 15, second: 0)
    let outputs = order(.information(NetworkInformation(fullName: "Full", universalTime: time)), bench)
    let message = try ue.open(outputs.nas[0], bench)
    #expect(try message[EMMInformation.fullNameForNetwork] == NetworkName("Full"))
    #expect(try message[EMMInformation.shortNameForNetwork] == nil)
    #expect(try message[EMMInformation.universalTimeAndLocalTimeZone] == time)
  }

  @Test(arguments: [(DetachType.reattachRequired, EMMCause?.none), (.reattachNotRequired, .some(.epsServicesNotAllowed))])
  func `a detach is of the type and cause ordered`(type: DetachType, cause: EMMCause?) throws {
    var (bench, ue, line) = try registered()
    let request = try ue.open(order(.detachRequest(type, cause: cause), bench).nas[0], bench)
    #expect(try request[DetachRequestFromNetwork.detachType] == type)
    #expect(try request[DetachRequestFromNetwork.emmCause] == cause)
    #expect(try bench.uplink(ue.protect(NASMessage(.detachAccept), bench), line).states == ["EMM-DEREGISTERED"])
  }

  @Test func `an IMSI detach leaves EPS services`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(.detachRequest(.imsiDetachByNetwork, cause: .imsiUnknownInHSS), bench).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(NASMessage(.detachAccept), bench), line)
    #expect(outputs.messages.isEmpty && outputs.states.isEmpty)
    #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    #expect(!bench.runs(.t3422))
  }

  @Test func `paging by IMSI names the IMSI`() throws {
    let (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    let outputs = order(.pageByIMSI, bench)
    let choice = try #require(outputs.pdus.first?.pdu[.uePagingID]?.choice)
    #expect(choice.name == "iMSI")
    #expect(choice.value.octets.map { Array($0) } == [0x00, 0x01, 0x01, 0x21, 0x43, 0x65, 0x87, 0xF0])
    #expect(outputs.pdus[0].pdu.validate().isEmpty)
    #expect(try bench.expire(.t3413).pdus.first?.pdu[.uePagingID]?.choice?.name == "iMSI")
  }

  // MARK: At once

  @Test func `an SMC started beside an authentication: both run and both end`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(order(.authenticate(thenSecurityMode: false), bench).nas[0], bench)
    let command = now(.securityMode(NASAlgorithms(ciphering: .eea1, integrity: .eia1), of: .current), bench)
    #expect(command.messages == [.downlinkNASTransport])
    #expect(bench.timers.keys.filter { $0.kind == .t3460 }.count == 2)
    _ = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(bench.timers.keys.filter { $0.kind == .t3460 }.count == 1)
    let done = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    #expect(done.procedures == ["authentication succeeded"])
    #expect(bench.timers.isEmpty)
    try ue.expectAligned(bench)
  }

  @Test func `a GUTI reallocation, an identification and EMM INFORMATION run beside an SMC`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current), bench)
    let reallocation = try ue.openLater(now(.reallocateGUTI, bench), bench)
    let identification = try ue.openLater(now(.identify(.imsi), bench), bench)
    let information = try ue.openLater(now(.emmInformation, bench), bench)
    #expect([reallocation.type, identification.type, information.type] == [.gutiReallocationCommand, .identityRequest, .emmInformation])
    // The SMC came first, and its COUNT is the lowest: the UE that got it late discards it, so it has to come again.
    #expect(command.nas[0][5] < (ue.contexts.current?.downlinkNASCount?.sequenceNumber ?? 0))
    let timer = try #require(bench.timers.keys.first { $0.kind == .t3460 })
    bench.timers[timer] = nil
    let again = bench.give(.timer(timer))
    _ = try bench.uplink(ue.complete(again.nas[0], bench), line)
    _ = try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line)
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    _ = try bench.uplink(ue.protect(response, bench), line)
    #expect(bench.timers.isEmpty)
    try ue.expectAligned(bench)
  }

  @Test func `a re-keying SMC waits for a key change that is unanswered, and the eNB is owed a KeNB of the newest KASME`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(now(.authenticate(), bench).nas[0], bench)
    let command = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    let first = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(first.messages == [.ueContextModificationRequest])
    // TS 33.401 §7.2.10: no SECURITY MODE COMMAND before the eNB has answered.
    let second = try ue.open(now(.authenticate(), bench).nas[0], bench)
    #expect(try bench.uplink(ue.protect(ue.answer(challenge: second, bench), bench), line).messages.isEmpty)
    let waited = try modified(line, bench)
    #expect(waited.messages == [.downlinkNASTransport])
    let owed = try bench.uplink(ue.complete(waited.nas[0], bench), line)
    #expect(owed.messages == [.ueContextModificationRequest])
    let kasme = try #require(ue.contexts.current).kasme
    #expect(owed.pdus[0].pdu.keNB == bench.engine.deriveKeNB(kasme: kasme, uplinkNASCount: 0))
    #expect(try modified(line, bench).messages.isEmpty)
  }

  @Test func `what waited for a key change begins when the eNB has refused that, and the KeNB goes out behind it`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(order(.authenticate(), bench).nas[0], bench)
    let command = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    #expect(try bench.uplink(ue.complete(command.nas[0], bench), line).messages == [.ueContextModificationRequest])
    #expect(order(.securityMode(of: .current), bench).messages.isEmpty)
    let refused = try bench.eNB(.ueContextModificationFailure) {
      $0.ids(line)
      $0.add(.cause, Cause.interactionWithOtherProcedure)
    }
    #expect(refused.messages == [.downlinkNASTransport])
    let owed = try bench.uplink(ue.complete(refused.nas[0], bench), line)
    #expect(owed.messages == [.ueContextModificationRequest])
    #expect(try modified(line, bench).messages.isEmpty)
    try ue.expectAligned(bench)
  }

  @Test func `an authentication started inside an attach's takes its place, and the attach goes on`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    let command = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    #expect(command.messages == [.downlinkNASTransport])
    let challenge = try now(.authenticate(thenSecurityMode: false), bench).plainNAS()
    let accepted = try bench.uplink(ue.complete(command.nas[0], bench), line)
    #expect(accepted.messages.isEmpty)
    // Its answer, under the context that the SMC took into use meanwhile.
    let after = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    #expect(after.messages == [.initialContextSetupRequest])
  }

  @Test func `a detach started during an update gives the update up`() throws {
    var (bench, ue, line) = try registered()
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    _ = try ue.open(outputs.nas[0], bench)
    #expect(try ue.open(now(.detach(reattachRequired: true), bench).nas[0], bench).type == .detachRequestFromNetwork)
    #expect(!bench.runs(.t3450))
    #expect(try bench.uplink(ue.protect(NASMessage(.detachAccept), bench), line).states == ["EMM-DEREGISTERED"])
  }

  @Test func `commands at once for a UE that is idle or unknown do what ordinary ones do`() throws {
    let (bench, ue, line) = try registered()
    try ue.goIdle(bench, line)
    #expect(now(.reallocateGUTI, bench).messages == [.paging])
    #expect(bench.give(.startNow(.emmInformation, imsi: "999")).discards.count == 1)
  }

  // MARK: NAS NON DELIVERY INDICATION

  private func nonDelivery(_ octets: [UInt8], _ cause: String, _ line: Line, _ bench: NetworkBench) throws -> [MME.Output] {
    try bench.eNB(.nasNonDeliveryIndication) {
      $0.ids(line)
      $0.add(.nasPDU, .octets(octets))
      $0.add(.cause, Cause(.radioNetwork, cause))
    }
  }

  @Test func `an SMC lost to a handover is owed, and goes out once with the next COUNT when that is over`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current), bench)
    #expect(try nonDelivery(command.nas[0], "s1-intra-system-handover-triggered", line, bench).messages.isEmpty)
    var outputs: [MME.Output] = []
    swap(&bench.mme.sink, &outputs)
    bench.mme.sendOwedSecurityModeCommand(afterHandoverOf: line.mme, using: &bench.engine)
    bench.mme.sendOwedSecurityModeCommand(afterHandoverOf: line.mme, using: &bench.engine)
    swap(&bench.mme.sink, &outputs)
    #expect(outputs.nas.count == 1)
    #expect(outputs.nas[0][5] == command.nas[0][5] + 1)
    _ = try bench.uplink(ue.complete(outputs.nas[0], bench), line)
    try ue.expectAligned(bench)
  }

  @Test func `an SMC lost with the radio link ends, the UE is idle, and it starts again when the UE is back`() throws {
    var (bench, ue, line) = try registered()
    let challenge = try ue.open(order(.authenticate(thenSecurityMode: false), bench).nas[0], bench)
    _ = try bench.uplink(ue.protect(ue.answer(challenge: challenge, bench), bench), line)
    let command = order(.securityMode(), bench)
    let lost = try nonDelivery(command.nas[0], "radio-connection-with-ue-lost", line, bench)
    #expect(lost.messages == [.ueContextReleaseCommand])
    #expect(!bench.runs(.t3460))
    _ = try bench.releaseComplete(line)
    let (again, served) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(served.messages == [.initialContextSetupRequest])
    let repeated = try bench.contextSetUp(again)
    let done = try bench.uplink(ue.complete(try #require(repeated.nas.first), bench), again)
    #expect(done.messages == [.ueContextModificationRequest])
    try ue.expectAligned(bench)
  }

  @Test func `non-delivery of anything else changes nothing`() throws {
    var (bench, ue, line) = try registered()
    let command = order(.securityMode(of: .current), bench)
    #expect(try nonDelivery([1, 2, 3], "radio-connection-with-ue-lost", line, bench).messages.isEmpty)
    #expect(bench.runs(.t3460))
    _ = try bench.uplink(ue.complete(command.nas[0], bench), line)
  }
}

extension ScriptedUE {
  /// The only downlink message, opened.
  mutating func openLater(_ outputs: [MME.Output], _ bench: NetworkBench) throws -> NASMessage {
    try open(try #require(outputs.nas.first), bench)
  }
}

extension CommandTests {
  /// Found by the model test: the attach waited for nothing, for ever.
  @Test(arguments: [true, false])
  func `an SMC ordered inside an attach and rejected, or never answered, lets the attach go on`(isRejected: Bool) throws {
    let bench = NetworkBench { $0.usesRadioCapabilityIDs = false }
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    try ue.goIdle(bench, line)
    // An attach under the context that is known, whose ESM information is being asked for; then an SMC beside it takes its place.
    let (again, asked) = try bench.initial(ue.protect(ue.attachRequest(wantsInformation: true), as: .integrityProtected, bench))
    #expect(try ue.openLater(asked, bench).type == .esmInformationRequest)
    let command = bench.give(.startNow(.securityMode(of: .current), imsi: NetworkBench.imsi))
    #expect(command.messages == [.downlinkNASTransport])
    let answered = try bench.uplink(ue.protect(NASMessage(.esmInformationResponse, procedureTransactionIdentity: 3), bench), again)
    #expect(answered.nas.isEmpty, "the SMC is still to be answered")
    let outputs: [MME.Output]
    if isRejected {
      var reject = NASMessage(.securityModeReject)
      reject.set(SecurityModeReject.emmCause, .securityModeRejectedUnspecified)
      outputs = try bench.uplink(ue.protect(reject, bench), again)
    } else {
      for _ in 0..<4 { try bench.expire(.t3460) }
      outputs = try bench.expire(.t3460)
    }
    #expect(outputs.messages == [.initialContextSetupRequest])
  }

  /// Found by the model test: the connection led nowhere, for ever.
  @Test func `an IMSI detach in whose favour an attach is given up leaves no connection behind`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    ue.lastRequest = ue.attachRequest().encoded()
    let (line, outputs) = try bench.initial(ue.lastRequest)
    _ = try bench.uplink(ue.answer(challenge: outputs.plainNAS(), bench).encoded(), line)
    #expect(bench.give(.startNow(.detachRequest(.imsiDetachByNetwork), imsi: NetworkBench.imsi)).nas.count == 1)
    for _ in 0..<5 { try bench.expire(.t3460) }
    _ = try bench.uplink(NASMessage(.detachAccept).encoded(), line)
    #expect(bench.mme.connections[line.mme]?.isReleasing == true)
  }
}

extension SecurityContexts {
  /// A mapped context in force that pushed a native one aside.
  fileprivate init(mapped: NASSecurity.SecurityContext, pushing native: NASSecurity.SecurityContext) {
    self.init(current: native)
    if let mapped = MappedSecurityContext(mapped) { takeByHandover(mapped) }
  }
}
