import Testing

@testable import NASCrypto

@Suite("Sequence numbers of TS 33.102 Annex C")
struct SequenceNumberTests {
  static func sqn(_ sequence: UInt64, _ index: UInt64) -> UInt64 { sequence << 5 | index }

  @Test("SEQ 0 is never fresh; every IND has its own SEQ, so that an older SEQ with another IND is accepted")
  func outOfOrder() {
    var usim = USIMSequenceNumbers()
    #expect(usim.accept(Self.sqn(0, 7)) == false)
    #expect(usim.accept(Self.sqn(100, 1)) == true)
    #expect(usim.accept(Self.sqn(90, 2)) == true)
    #expect(usim.highest == Self.sqn(100, 1))
    #expect(usim.staleness(of: Self.sqn(90, 2)) == .alreadyUsed)
    #expect(usim.staleness(of: Self.sqn(89, 2)) == .alreadyUsed)
    #expect(usim.staleness(of: Self.sqn(100, 1)) == .alreadyUsed)
    #expect(usim.accept(Self.sqn(91, 2)) == true)
  }

  @Test("With a limit L, an SEQ that lies L or more behind is refused whatever its IND")
  func ageLimit() {
    var usim = USIMSequenceNumbers(ageLimit: 10)
    #expect(usim.accept(Self.sqn(100, 1)) == true)
    #expect(usim.staleness(of: Self.sqn(90, 2)) == .tooOld)
    #expect(usim.staleness(of: Self.sqn(91, 2)) == nil)
    #expect(usim.accept(Self.sqn(91, 2)) == true)
  }

  @Test("An SEQ may jump by delta and no more")
  func jump() {
    var usim = USIMSequenceNumbers(delta: 1000)
    #expect(usim.accept(Self.sqn(1000, 0)) == true)
    #expect(usim.staleness(of: Self.sqn(2001, 1)) == .jump)
    #expect(usim.highest == Self.sqn(1000, 0))
    #expect(usim.accept(Self.sqn(2000, 1)) == true)
    #expect(USIMSequenceNumbers().staleness(of: Self.sqn(1 << 28, 0)) == nil)
    #expect(USIMSequenceNumbers().staleness(of: Self.sqn(1 << 28 + 1, 0)) == .jump)
  }

  @Test("The HSS steps SEQ and IND with every vector; 64 vectors held by two nodes are all accepted when their halves are swapped")
  func homeCounter() {
    var home = HomeSequenceNumbers()
    let first = (0..<16).map { _ in home.next() }
    let second = (0..<16).map { _ in home.next() }
    #expect(Set((first + second).map { $0 & 31 }).count == 32)
    #expect((first + second).map { $0 >> 5 } == Array(1...32))
    var usim = USIMSequenceNumbers()
    for sqn in second + first { #expect(usim.accept(sqn) == true) }
    for sqn in second + first { #expect(usim.accept(sqn) == false) }
  }

  @Test("The counter wraps inside 48 bits")
  func wrap() {
    var home = HomeSequenceNumbers(last: 0xffff_ffff_ffff)
    let (first, second) = (home.next(), home.next())
    #expect(first == 0 && second == Self.sqn(1, 1))
  }

  @Test("A copied USIM goes its own way")
  func copies() {
    var one = USIMSequenceNumbers()
    var two = one
    #expect(one.accept(Self.sqn(5, 5)) == true)
    #expect(two.accept(Self.sqn(5, 5)) == true)
    #expect(two.accept(Self.sqn(6, 5)) == true)
    #expect(one.highest == Self.sqn(5, 5) && two.highest == Self.sqn(6, 5))
  }
}
