import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Requests of the UE that meet a procedure of the network, where TS 24.301 says which of them goes on.
@Suite struct RequestCollisionTests {
  private func identity() -> NASMessage {
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imsi(NetworkBench.imsi))
    return response
  }

  private func serviceRequest(_ type: ServiceType, _ ue: ScriptedUE) throws -> NASMessage {
    var request = try #require(ue.everyUplinkMessage().first { $0.type == .extendedServiceRequest })
    request.set(ExtendedServiceRequest.serviceType, type)
    return request
  }

  /// Detaches that take the UE out of EPS services, and those that leave it there.
  enum Detach: CaseIterable { case reattach, noReattach, otherCause, unknownInHSS, imsi }

  private func command(_ detach: Detach) -> NetworkCommand {
    switch detach {
    case .reattach: .detach(reattachRequired: true)
    case .noReattach: .detach(reattachRequired: false)
    case .otherCause: .detachRequest(.reattachNotRequired, cause: .trackingAreaNotAllowed)
    case .unknownInHSS: .detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS)
    case .imsi: .detachRequest(.imsiDetachByNetwork, cause: nil)
    }
  }

  @Test(arguments: Detach.allCases)
  func `§5.5.2.3.5 d: ATTACH REQUEST is ignored while a detach without re-attach is unanswered, and served otherwise`(detach: Detach) throws
  {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(command(detach), bench).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(ue.attachRequest(), as: .integrityProtected, bench), line)
    switch detach {
    case .noReattach, .otherCause:
      #expect(outputs.messages.isEmpty && outputs.discards.count == 1 && bench.runs(.t3422))
      let done = try bench.uplink(ue.protect(NASMessage(.detachAccept), bench), line)
      #expect(done.states == ["EMM-DEREGISTERED"])
    case .reattach, .unknownInHSS, .imsi:
      #expect(!bench.runs(.t3422))
      #expect(try ue.open(try #require(outputs.nas.first), bench).type == .attachAccept)
    }
  }

  @Test(arguments: Detach.allCases)
  func `§5.5.2.3.5 e: TRACKING AREA UPDATE REQUEST is ignored beside a detach from EPS services, and served otherwise`(
    detach: Detach
  ) throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(command(detach), bench).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    switch detach {
    case .reattach, .noReattach, .otherCause:
      #expect(outputs.messages.isEmpty && outputs.discards.count == 1 && bench.runs(.t3422))
    case .unknownInHSS, .imsi:
      #expect(!bench.runs(.t3422))
      #expect(try ue.open(try #require(outputs.nas.first), bench).type == .trackingAreaUpdateAccept)
      #expect(bench.mme.state(imsi: NetworkBench.imsi) != "EMM-DEREGISTERED")
    }
  }

  @Test(arguments: Detach.allCases, [ServiceType.packetServicesViaS1, ServiceType(rawValue: 0)])
  func `§5.5.2.3.5 f: EXTENDED SERVICE REQUEST never ends a detach from EPS services`(detach: Detach, service: ServiceType) throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(command(detach), bench).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(serviceRequest(service, ue), bench), line)
    switch (detach, service) {
    case (.unknownInHSS, .packetServicesViaS1), (.imsi, .packetServicesViaS1):
      #expect(outputs.procedures.contains { $0.hasPrefix("service request completed") })
    default: #expect(outputs.messages.isEmpty && outputs.discards.count == 1 && bench.runs(.t3422))
    }
  }

  @Test func `§5.5.2.3.5 a: after five expiries a UE that only the HSS does not know stays registered`() throws {
    for (detach, state) in [(Detach.unknownInHSS, "EMM-REGISTERED"), (.imsi, "EMM-REGISTERED"), (.otherCause, "EMM-DEREGISTERED")] {
      let (bench, _, _) = try registered()
      _ = order(command(detach), bench)
      for _ in 0..<5 { _ = try bench.expire(.t3422) }
      #expect(!bench.runs(.t3422))
      #expect(bench.mme.state(imsi: NetworkBench.imsi) == state, "\(detach)")
    }
  }

  @Test func `§5.4.4.6 f: an identification and an update go on side by side`() throws {
    var (bench, ue, line) = try registered()
    #expect(try ue.open(order(.identify(.imsi), bench).nas[0], bench).type == .identityRequest)
    let waiting = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
    #expect(bench.runs(.t3470) && waiting.discards.isEmpty)
    let outputs = try bench.uplink(ue.protect(identity(), bench), line)
    #expect(outputs.procedures.contains { $0.hasPrefix("identification: ") })
    #expect(try ue.open(try #require(outputs.nas.first), bench).type == .trackingAreaUpdateAccept)
    #expect(!bench.runs(.t3470))
  }

  @Test func `§5.4.4.6 g, §5.4.1.6 f: an identification and a GUTI reallocation go on beside a request for CS fallback`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(.identify(.imsi), bench).nas[0], bench)
    _ = try ue.open(bench.give(.startNow(.reallocateGUTI, imsi: NetworkBench.imsi)).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(serviceRequest(ServiceType(rawValue: 0), ue), bench), line)
    #expect(try ue.open(try #require(outputs.nas.first), bench).type == .serviceReject)
    #expect(bench.runs(.t3470) && bench.runs(.t3450))
    #expect(try bench.uplink(ue.protect(identity(), bench), line).discards.isEmpty)
    #expect(try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line).discards.isEmpty)
    #expect(bench.timers.isEmpty)
  }

  @Test func `§5.4.4.6 e: a detach waits for the identification, a switch-off ends it`() throws {
    for switchOff in [false, true] {
      var (bench, ue, line) = try registered()
      _ = try ue.open(order(.identify(.imsi), bench).nas[0], bench)
      let outputs = try bench.uplink(ue.protect(ue.detachRequest(switchOff: switchOff), bench), line)
      #expect(bench.runs(.t3470) == !switchOff)
      #expect(outputs.states == (switchOff ? ["EMM-DEREGISTERED"] : []))
      guard !switchOff else { continue }
      let done = try bench.uplink(ue.protect(identity(), bench), line)
      #expect(try ue.open(try #require(done.nas.first), bench).type == .detachAccept)
      #expect(done.states == ["EMM-DEREGISTERED"] && !bench.runs(.t3470))
    }
  }

  @Test func `§5.5.3.2.7 g: a detach waits for the update, a switch-off ends it`() throws {
    for switchOff in [false, true] {
      var (bench, ue, line) = try registered()
      let accepted = try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
      #expect(try ue.open(try #require(accepted.nas.first), bench).type == .trackingAreaUpdateAccept)
      #expect(bench.runs(.t3450))
      let outputs = try bench.uplink(ue.protect(ue.detachRequest(switchOff: switchOff), bench), line)
      #expect(bench.runs(.t3450) == !switchOff && outputs.states.contains("EMM-DEREGISTERED") == switchOff)
      guard !switchOff else { continue }
      let done = try bench.uplink(ue.protect(NASMessage(.trackingAreaUpdateComplete), bench), line)
      #expect(try ue.open(try #require(done.nas.first), bench).type == .detachAccept)
      #expect(done.states.last == "EMM-DEREGISTERED" && done.messages.last == .ueContextReleaseCommand)
    }
  }

  @Test func `§5.4.4.6 b: an identification that is not answered ends alone, and the connection stays`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(.identify(.imsi), bench).nas[0], bench)
    for _ in 0..<4 { _ = try ue.open(bench.expire(.t3470).nas[0], bench) }
    #expect(try bench.expire(.t3470).messages.isEmpty)
    #expect(try ue.open(order(.emmInformation, bench).nas[0], bench).type == .emmInformation)
    #expect(bench.mme.connections[line.mme]?.isReleasing == false)
  }

  @Test func `§5.4.3.5: a native context that was to wake with other algorithms keeps its own when the UE refuses, and its COUNT`() throws {
    let (bench, _, _) = try registered()
    let native = try #require(bench.mme.ues[0].security.current)
    let mapped = NASSecurity.SecurityContext(
      kasme: KeyMaterial([UInt8](repeating: 7, count: 32)), type: .mapped, keySetIdentifier: 3, side: .mme, algorithms: native.algorithms,
      using: &bench.engine)
    bench.mme.ues[0].security.takeByHandover(try #require(MappedSecurityContext(mapped)))
    let other = NASAlgorithms(ciphering: .eea1, integrity: .eia1)
    #expect(native.algorithms != other)
    #expect(order(.securityMode(other, of: .nonCurrent), bench).nas.count == 1)
    guard case .fullNative(let aside)? = bench.mme.ues[0].security.nonCurrent else {
      Issue.record("the native context is gone")
      return
    }
    #expect(aside.context.algorithms == native.algorithms && aside.context.kasme == native.kasme)
    #expect(aside.context.counts.nextToSend == native.counts.nextToSend.map { $0.value + 1 }.flatMap { NASCount($0) })
  }
}
