import NASCrypto
import Testing

@testable import Observer

@Suite struct OctetsDigestTests {
  private static let pdu = (0..<45).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }

  @Test func `the same octets have the same digest, and any other octet another`() {
    #expect(OctetsDigest(Self.pdu) == OctetsDigest(Array(Self.pdu)))
    var seen: Set<OctetsDigest> = [OctetsDigest(Self.pdu)]
    for position in Self.pdu.indices {
      for change in 1...255 as ClosedRange<UInt8> {
        var other = Self.pdu
        other[position] ^= change
        seen.insert(OctetsDigest(other))
      }
    }
    #expect(seen.count == 1 + Self.pdu.count * 255)
  }

  @Test func `lengths, zeros at the end and the order of groups count`() {
    var seen: Set<OctetsDigest> = []
    for length in 0...64 {
      seen.insert(OctetsDigest([UInt8](repeating: 0, count: length)))
      seen.insert(OctetsDigest([UInt8](repeating: 0xFF, count: length)))
    }
    // Of length 0 the two are one.
    #expect(seen.count == 2 * 65 - 1)
    #expect(OctetsDigest(Array(Self.pdu[0..<8] + Self.pdu[8..<16])) != OctetsDigest(Array(Self.pdu[8..<16] + Self.pdu[0..<8])))
  }
}

@Suite struct LateHandoverRequestTests {
  private static let container: [UInt8] = [1, 2, 3]

  @Test func `a HANDOVER REQUEST of another MME that comes once more is of the same UE, one that nothing names of nobody`() {
    var table = ConnectionTable()
    table.prepareHandover(of: 4, mme: 0, container: Self.container)
    #expect(table.handover(mme: 1, container: [9], mmeUES1APID: nil)?.ue == 4, "by order, the only one asked for")
    #expect(table.handover(mme: 1, container: Self.container, mmeUES1APID: nil)?.ue == 4, "by its container")
    #expect(table.handover(mme: 1, container: [9], mmeUES1APID: nil) == nil, "none is left that nothing was seen of")
    #expect(table.handover(mme: 0, container: Self.container, mmeUES1APID: nil) == nil, "an MME asks its own eNB once")
    table.endPreparations(of: 4)
    #expect(table.handover(mme: 1, container: Self.container, mmeUES1APID: nil) == nil)
  }

  @Test func `of two UEs with one container the one that nothing was seen of is meant`() {
    var table = ConnectionTable()
    table.prepareHandover(of: 4, mme: 0, container: Self.container)
    #expect(table.handover(mme: 1, container: Self.container, mmeUES1APID: nil)?.ue == 4)
    table.prepareHandover(of: 5, mme: 0, container: Self.container)
    #expect(table.handover(mme: 1, container: Self.container, mmeUES1APID: nil)?.ue == 5)
    #expect(table.handover(mme: 1, container: Self.container, mmeUES1APID: nil) == nil, "it may be of either")
  }
}
