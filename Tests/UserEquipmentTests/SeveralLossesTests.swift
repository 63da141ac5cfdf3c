import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// More than one uplink message lost to one handover (TS 24.301 §5.3.8, §5.4.1.5, §5.4.4.5, §5.5.3.2.6 h).
@Suite struct SeveralLossesTests {
  @Test func `two answers that one handover loses are both sent again, each under a COUNT of its own`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.attach()
    let first = try #require(bench.deliver(Bench.identityRequest(.imei), .ciphered).uplinks.first)
    let second = try #require(bench.deliver(Bench.gutiReallocationCommand(Bench.guti), .ciphered).uplinks.first)
    let lost = bench.ue.contexts.current?.uplinkNASCount
    // What did not arrive is no message of the network's view; it goes on with the COUNTs that come.
    let again = bench.give(.transmissionFailed(first, movedTo: Bench.area))
    try bench.assertSends(again, .identityResponse, header: .integrityProtectedAndCiphered)
    try bench.assertSends(
      bench.give(.transmissionFailed(second, movedTo: Bench.area)), .gutiReallocationComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.contexts.current?.uplinkNASCount == lost?.next?.next)
    // Each is reported once.
    #expect(bench.give(.transmissionFailed(first, movedTo: nil)).isEmpty && bench.give(.transmissionFailed(second, movedTo: nil)).isEmpty)
  }

  @Test func `two lost during an update begin it anew once (§5.5.3.2.6 h)`() throws {
    let bench = try TrackingAreaUpdateTests.idle()
    let request = try #require(bench.give(.updateTrackingArea(isActive: false)).uplinks.first)
    try bench.synchroniseNetwork()
    let answer = try #require(bench.deliver(Bench.identityRequest(.imsi), .ciphered).uplinks.first)
    let outputs = bench.give(.transmissionFailed(request, movedTo: nil))
    #expect(outputs.uplinks.count == 1 && bench.ue.state == .trackingAreaUpdatingInitiated)
    #expect(bench.give(.transmissionFailed(answer, movedTo: nil)).isEmpty)
  }

  @Test func `no more are kept than four, and none without a connection`() throws {
    let bench = Bench()
    try bench.attach()
    for _ in 0..<10 { bench.deliver(Bench.identityRequest(.imei), .ciphered) }
    #expect(bench.ue.sentMessages.count == 4)
    bench.give(.radioConnectionReleased)
    #expect(bench.ue.sentMessages.isEmpty)
  }
}
