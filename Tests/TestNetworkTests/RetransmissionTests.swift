import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Timers of the network side: four retransmissions, each with the next downlink COUNT, and the end at the fifth expiry (TS 24.301 §10.2).
@Suite struct RetransmissionTests {
  enum Supervised: CaseIterable, CustomTestStringConvertible {
    case attachAccept, gutiReallocation, trackingAreaUpdateAccept, authentication, securityMode, identification, detach, dedicatedBearer,
      bearerModification, bearerDeactivation

    var timer: MMETimer.Kind {
      switch self {
      case .attachAccept, .gutiReallocation, .trackingAreaUpdateAccept: .t3450
      case .authentication, .securityMode: .t3460
      case .identification: .t3470
      case .detach: .t3422
      case .dedicatedBearer: .t3485
      case .bearerModification: .t3486
      case .bearerDeactivation: .t3495
      }
    }

    var command: NetworkCommand? {
      switch self {
      case .attachAccept, .trackingAreaUpdateAccept: nil
      case .gutiReallocation: .reallocateGUTI
      case .authentication: .authenticate()
      case .securityMode: .securityMode(of: .current)
      case .identification: .identify(.imei)
      case .detach: .detach(reattachRequired: false)
      case .dedicatedBearer: .activateDedicatedBearer()
      case .bearerModification: .modifyBearer(5, qos: EPSQoS(qci: 8))
      case .bearerDeactivation: .deactivateBearer(5)
      }
    }

    var testDescription: String { "\(timer.rawValue) of \(self)" }
  }

  private func start(_ supervised: Supervised, _ bench: NetworkBench) throws -> [MME.Output] {
    _ = try bench.setUp()
    var ue = ScriptedUE()
    if supervised == .attachAccept {
      ue.lastRequest = ue.attachRequest().encoded()
      let (line, outputs) = try bench.initial(ue.lastRequest)
      let accepted = try ue.secure(outputs, line, bench)
      _ = try bench.contextSetUp(line)
      return accepted
    }
    let line = try ue.attach(bench)
    if let command = supervised.command { return bench.give(.command(command, imsi: NetworkBench.imsi)) }
    return try bench.uplink(ue.protect(ue.updateRequest(), as: .integrityProtected, bench), line)
  }

  @Test(arguments: Supervised.allCases)
  func `each retransmission takes the next COUNT, four times, and the fifth expiry ends the procedure`(supervised: Supervised) throws {
    let bench = NetworkBench()
    let first = try start(supervised, bench)
    let began = bench.now
    var counts = [try #require(first.nas.last)[5]]
    let contexts = bench.mme.ues[0].security.current?.kasme
    for _ in 0..<4 {
      let again = try bench.expire(supervised.timer)
      counts.append(try #require(again.nas.first)[5])
    }
    #expect(counts == (0..<5).map { counts[0] + $0 })
    let last = try bench.expire(supervised.timer)
    #expect(last.nas.isEmpty)
    #expect(last.procedures.contains { $0.contains("was not answered") }, "\(last)")
    #expect(bench.now - began == bench.mme.configuration.timers.duration(of: supervised.timer) * 5)
    #expect(!bench.runs(supervised.timer))
    // The context in force is the one before, whatever was tried (§5.4.2.7 b, §5.4.3.7 b).
    #expect(bench.mme.ues[0].security.current?.kasme == contexts)
    switch supervised {
    case .attachAccept, .detach:
      #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
    default: #expect(bench.mme.state(imsi: NetworkBench.imsi) == "EMM-REGISTERED")
    }
  }

  @Test func `T3413: PAGING goes out five times in all, and then what waited is given up`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    try ue.goIdle(bench, ue.attach(bench))
    #expect(bench.give(.command(.identify(.imei), imsi: NetworkBench.imsi)).messages == [.paging])
    for _ in 0..<4 { #expect(try bench.expire(.t3413).messages == [.paging]) }
    #expect(try bench.expire(.t3413).procedures == ["paging was not answered"])
    let (line, _) = try bench.initial(ue.serviceRequest(bench), sTMSI: ue.sTMSI)
    #expect(try bench.contextSetUp(line).nas.isEmpty)
  }

  @Test func `an answer to a retransmission that crosses a later one ends the procedure once`() throws {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let request = try ue.openLater(bench.give(.command(.reallocateGUTI, imsi: NetworkBench.imsi)), bench)
    #expect(try ue.openLater(bench.expire(.t3450), bench) == request)
    let done = try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line)
    #expect(done.procedures == ["GUTI reallocation completed"])
    #expect(try bench.uplink(ue.protect(NASMessage(.gutiReallocationComplete), bench), line).discards.count == 1)
    #expect(bench.timers.isEmpty)
    try ue.expectAligned(bench)
  }
}
