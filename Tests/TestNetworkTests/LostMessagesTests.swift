import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// NAS messages that a handover took with it (TS 24.301 §5.4.1.4 d, §5.4.2.7 (network side), §5.4.4.6, §5.4.5.4, §5.5.2.3.5 g, §6.3.3).
@Suite struct LostMessagesTests {
  static let commands: [NetworkCommand] = [
    .reallocateGUTI, .authenticate(thenSecurityMode: false), .identify(.imeisv), .emmInformation, .detach(reattachRequired: true),
  ]

  private func sent(_ command: NetworkCommand) throws -> (bench: NetworkBench, ue: ScriptedUE, line: Line, octets: [UInt8]) {
    let bench = NetworkBench()
    _ = try bench.setUp()
    var ue = ScriptedUE()
    let line = try ue.attach(bench)
    let octets = try #require(bench.give(.command(command, imsi: NetworkBench.imsi)).nas.first)
    return (bench, ue, line, octets)
  }

  private func lose(_ octets: [UInt8], _ line: Line, _ bench: NetworkBench, cause: String = "s1-intra-system-handover-triggered") throws {
    let outputs = try bench.eNB(.nasNonDeliveryIndication) {
      $0.ids(line)
      $0.add(.nasPDU, .octets(octets))
      $0.add(.cause, Cause(.radioNetwork, cause))
    }
    #expect(outputs.nas.isEmpty)
  }

  private func end(_ line: Line, _ bench: NetworkBench, succeeded: Bool) -> [MME.Output] {
    var outputs: [MME.Output] = []
    swap(&bench.mme.sink, &outputs)
    bench.mme.afterHandover(line.mme, succeeded: succeeded, using: &bench.engine)
    swap(&bench.mme.sink, &outputs)
    return outputs
  }

  @Test(arguments: commands, [true, false])
  func `lost to a handover: sent again once when that is over or has failed, with the next COUNT`(
    command: NetworkCommand, succeeded: Bool
  ) throws {
    var (bench, ue, line, octets) = try sent(command)
    try lose(octets, line, bench)
    let outputs = end(line, bench, succeeded: succeeded)
    #expect(outputs.nas.count == 1)
    let again = try #require(outputs.nas.first)
    #expect(again[5] == octets[5] + 1)
    var other = ue
    #expect(try ue.open(again, bench) == other.open(octets, bench))
    #expect(end(line, bench, succeeded: succeeded).nas.isEmpty)
  }

  @Test func `a bearer's request too, and whatever an ESM procedure had sent`() throws {
    let (bench, _, line, octets) = try sent(.activateDedicatedBearer())
    try lose(octets, line, bench)
    #expect(end(line, bench, succeeded: true).nas.map { $0[5] } == [octets[5] + 1])
  }

  @Test func `outside the UE's tracking areas nothing is sent again, unless the handover failed`() throws {
    for succeeded in [true, false] {
      let (bench, _, line, octets) = try sent(.emmInformation)
      try lose(octets, line, bench)
      bench.mme.ues[0].trackingAreas = []
      #expect(end(line, bench, succeeded: succeeded).nas.isEmpty == succeeded)
    }
  }

  @Test func `what is lost otherwise, or what nobody sent, is not sent again`() throws {
    let (bench, _, line, octets) = try sent(.emmInformation)
    try lose(octets, line, bench, cause: "radio-connection-with-ue-lost")
    try lose([1, 2, 3], line, bench)
    #expect(end(line, bench, succeeded: true).nas.isEmpty)
  }

  @Test func `a procedure that the UE answered all the same is not begun again`() throws {
    var (bench, ue, line, octets) = try sent(.identify(.imeisv))
    _ = try ue.open(octets, bench)
    try lose(octets, line, bench)
    var response = NASMessage(.identityResponse)
    response.set(IdentityResponse.mobileIdentity, .imeisv("3534900698733190"))
    _ = try bench.uplink(ue.protect(response, bench), line)
    #expect(end(line, bench, succeeded: true).nas.isEmpty)
  }
}
