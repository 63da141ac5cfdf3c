import Testing

@testable import Observer

@Suite("COUNT estimation")
struct CountEstimationTests {
  @Test("the estimate is the smallest COUNT from the next one on with these low bits")
  func estimates() {
    for bits: UInt32 in [5, 8] {
      let modulus: UInt32 = 1 << bits
      for next: UInt32 in [0, 1, modulus - 1, modulus, modulus + 3, 5 * modulus - 1, 0xffff00] {
        for low in 0..<modulus {
          let expected = (next..<next + modulus).first { $0 % modulus == low }
          let estimate = CountEstimation.estimate(next: next, low: UInt8(low), bits: bits)
          #expect(estimate == expected.flatMap { $0 <= 0xff_ffff ? $0 : nil })
        }
      }
    }
  }

  @Test("there is no COUNT beyond 24 bits")
  func end() {
    #expect(CountEstimation.estimate(next: 0xff_ffff, low: 0xff, bits: 8) == 0xff_ffff)
    #expect(CountEstimation.estimate(next: 0xff_ffff, low: 0xfe, bits: 8) == nil)
  }

  @Test("the likeliest candidate comes first, and none twice")
  func candidates() {
    #expect(CountEstimation.candidates(next: 0, low: 3, bits: 8) == [3, 259])
    #expect(CountEstimation.candidates(next: 700, low: 4, bits: 8) == [772, 516, 260, 4, 1028])
  }
}
