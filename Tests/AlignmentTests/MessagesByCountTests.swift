import Observer
import Testing

@testable import Alignment

@Suite struct MessagesByCountTests {
  private func record(_ messages: inout MessagesByCount, _ count: UInt32, _ octets: [UInt8]) -> OctetsDigest? {
    messages.record(count, octets, OctetsDigest(octets))
  }

  @Test func `the first message of a COUNT is remembered, and told to whoever comes with that COUNT again`() {
    var messages = MessagesByCount(keeping: 2)
    #expect(record(&messages, 5, [1]) == nil)
    #expect(record(&messages, 3, [2]) == nil)
    #expect(record(&messages, 5, [1]) == OctetsDigest([1]))
    #expect(record(&messages, 5, [7]) == OctetsDigest([1]))
    #expect(record(&messages, 3, [2]) == OctetsDigest([2]))
    #expect(messages.message(4) == nil)
    #expect(messages.largest == 5)
  }

  @Test func `the oldest go, and of the last two alone the octets are kept`() {
    var messages = MessagesByCount(keeping: 2)
    for count in 0..<40 as Range<UInt32> { #expect(record(&messages, count, [UInt8(count)]) == nil) }
    #expect(messages.message(7) == nil)
    #expect(messages.message(8) == OctetsDigest([8]))
    #expect(messages.last.map(\.count) == [38, 39])
    #expect(messages.last.map(\.octets) == [[38], [39]])
  }
}
