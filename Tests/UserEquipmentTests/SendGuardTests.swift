import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What the last step before the lower layers lets through (TS 24.301 §4.4.4.1): a NAS message has a connection, and its protection.
@Suite struct SendGuardTests {
  private static let status = Bench.emmStatus().encoded()

  private func sent(_ bench: Bench, _ send: (Bench, inout [UE.Output]) -> Void) -> [UE.Output] {
    var outputs: [UE.Output] = []
    send(bench, &outputs)
    return outputs
  }

  @Test func `without a connection nothing is sent, and no COUNT is used`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    let before = bench.ue
    #expect(sent(bench) { $0.ue.send(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(sent(bench) { $0.ue.sendUnciphered(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(sent(bench) { $0.ue.resendInitial(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(sent(bench) { $0.ue.resendServiceRequest(using: &$0.engine, into: &$1) }.isEmpty)
    #expect(bench.ue == before)
  }

  @Test func `nor plain without a context, once the exchange is secure`() throws {
    let bench = Bench()
    try bench.attach()
    bench.ue.contexts.deleteCurrent()
    let before = bench.ue
    #expect(sent(bench) { $0.ue.send(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(sent(bench) { $0.ue.sendUnciphered(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(sent(bench) { $0.ue.resendInitial(Self.status, using: &$0.engine, into: &$1) }.isEmpty)
    #expect(bench.ue == before)
  }

  @Test func `before that a message without a context goes plain`() {
    let bench = Bench()
    bench.give(.attach)
    #expect(sent(bench) { $0.ue.send(Self.status, using: &$0.engine, into: &$1) } == [.uplinkNAS(Self.status)])
  }
}
