import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// eCall only mode (TS 24.301 §5.2.2.2.1, §5.2.2.3, §5.2.2.4 h, §5.3.1.2.1, §5.5.4, Annex C).
@Suite struct ECallTests {
  private func silent() -> Bench {
    let bench = Bench(powersOn: false) { $0.isECallOnly = true }
    bench.give(.campedOn(Bench.area))
    bench.give(.powerOn)
    return bench
  }

  /// Registered for a call, its connection released.
  private func afterCall(_ call: ECall) throws -> Bench {
    let bench = silent()
    bench.give(.startECall(call))
    try bench.attach()
    let outputs = bench.give(.radioConnectionReleased)
    #expect(outputs.contains(timer: call.timer, after: .seconds(43_200)))
    #expect(bench.ue.state == .registered)
    return bench
  }

  @Test func `at power-on the UE falls silent as soon as there is a cell, and signals nothing`() {
    let bench = Bench(powersOn: false) { $0.isECallOnly = true }
    bench.give(.coverageLost)
    bench.give(.powerOn)
    #expect(bench.ue.state == .deregistered(.plmnSearch))
    bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .deregistered(.eCallInactive))
    for input in [UE.Input.attach, .campedOn(Bench.otherArea), .paged(.imsi(Bench.imsi)), .requestService, .timerExpired(.t3411)] {
      #expect(bench.give(input).uplinks.isEmpty && bench.ue.state == .deregistered(.eCallInactive), "\(input)")
    }
  }

  @Test func `coverage that is lost leads to PLMN-SEARCH and back, switching off to EMM-NULL (§5.2.2.3 b, c)`() {
    let bench = silent()
    bench.give(.coverageLost)
    #expect(bench.ue.state == .deregistered(.plmnSearch))
    bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .deregistered(.eCallInactive))
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.state == .null)
  }

  @Test(arguments: [ECall.overIMS, .testOrReconfiguration])
  func `a call brings the UE out of it; twelve hours after its connection the UE detaches and forgets`(call: ECall) throws {
    let bench = try afterCall(call)
    let outputs = bench.give(.timerExpired(call.timer))
    try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtected)
    #expect(Set(outputs.stopped).isSuperset(of: [.t3411, .t3412]))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.eCallInactive))
    #expect(bench.ue.contexts == SecurityContexts() && bench.ue.registration == Registration())
  }

  @Test func `a UE that is registered for non-EPS services leaves them too`() throws {
    let bench = try afterCall(.overIMS)
    bench.ue.registration.nonEPS = .init()
    let request = try bench.assertSends(
      bench.give(.timerExpired(.t3444)), .detachRequestFromUE, header: .integrityProtected)
    #expect(try request[DetachRequestFromUE.detachType] == .combinedDetach)
  }

  @Test func `while the other timer runs the UE stays`() throws {
    let bench = try afterCall(.overIMS)
    bench.give(.startECall(.testOrReconfiguration))
    bench.give(.accessStratumSecured)
    bench.give(.radioConnectionReleased)
    #expect(bench.give(.timerExpired(.t3444)).uplinks.isEmpty && bench.ue.state == .registered)
    #expect(bench.give(.timerExpired(.t3445)).uplinks.count == 1)
  }

  @Test func `without a cell the procedure waits for one; in a connection for its end`() throws {
    let bench = try afterCall(.overIMS)
    bench.give(.noCellFound)
    #expect(bench.give(.timerExpired(.t3444)).uplinks.isEmpty && bench.ue.state == .registeredSubstate(.noCellAvailable))
    #expect(bench.words(bench.give(.campedOn(Bench.area))).contains("establish with DETACH REQUEST/1"))
    let connected = try afterCall(.overIMS)
    connected.give(.updateTrackingArea(isActive: true))
    #expect(connected.give(.timerExpired(.t3444)).uplinks.isEmpty)
    connected.deliver(Bench.updateAccept(), .ciphered)
    #expect(connected.words(connected.give(.radioConnectionReleased)).contains("establish with DETACH REQUEST/1"))
  }

  @Test func `a call during the detach brings the UE back`() throws {
    let bench = try afterCall(.overIMS)
    _ = try bench.opened(bench.give(.timerExpired(.t3444)))
    bench.give(.startECall(.overIMS))
    bench.deliver(NASMessage(.detachAccept), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func `detached by the network, the UE is silent at once when no timer runs, and else when it ends`() throws {
    let bench = try afterCall(.overIMS)
    bench.give(.startECall(.overIMS))
    bench.give(.accessStratumSecured)
    try bench.synchroniseNetwork()
    bench.deliver(Bench.detachRequest(.reattachNotRequired, cause: .epsServicesNotAllowedInThisPLMN), .ciphered)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.state == .deregistered(.plmnSearch))
    #expect(bench.give(.timerExpired(.t3444)).uplinks.isEmpty)
  }

  @Test func `nothing of it is stored (Annex C)`() throws {
    let bench = try afterCall(.overIMS)
    #expect(bench.ue.usimFiles.location == USIMFiles().location && bench.ue.usimFiles.security == .invalid)
    #expect(bench.ue.mobileEquipmentState(at: .zero) == MobileEquipmentState())
  }

  @Test func `an ordinary UE knows no eCall`() {
    let bench = Bench()
    #expect(bench.give(.startECall(.overIMS)).isEmpty && bench.ue.state == .deregistered(.normalService))
  }
}
