import Testing

@testable import NASSecurity

@Suite struct NASCountTests {
  @Test func itIsOverflowBeforeSequenceNumber() {
    let count = NASCount(overflow: 0x0102, sequenceNumber: 0x03)
    #expect(count.value == 0x010203)
    #expect(count.overflow == 0x0102 && count.sequenceNumber == 0x03)
    #expect(count.next == NASCount(0x010204))
    #expect(NASCount(0xFF).next == NASCount(0x100))
    #expect(NASCount.maximum.next == nil)
  }

  @Test(
    arguments: [
      // received, largest accepted, estimate
      (0, nil, 0), (255, nil, 255), (1, 0, 1), (0, 0, 256), (5, 3, 5), (200, 3, 200),
      (0, 255, 256), (3, 254, 259), (254, 254, 510), (7, 0x1FF, 0x207), (0xFF, 0x1FE, 0x1FF),
    ] as [(UInt8, UInt32?, UInt32)])
  func eightBitsAreEstimated(received: UInt8, largest: UInt32?, estimate: UInt32) {
    #expect(NASCount.estimate(sequenceNumber: received, largestAccepted: largest.map { NASCount($0) }) == NASCount(estimate))
  }

  @Test(
    arguments: [
      (0, nil, 0), (31, nil, 31), (1, 0, 1), (0, 31, 32), (30, 31, 62), (5, 0x105, 0x125), (6, 0x105, 0x106), (0, 0xFF, 0x100),
    ] as [(UInt8, UInt32?, UInt32)])
  func fiveBitsAreEstimated(received: UInt8, largest: UInt32?, estimate: UInt32) {
    #expect(NASCount.estimate(sequenceNumber: received, bits: 5, largestAccepted: largest.map { NASCount($0) }) == NASCount(estimate))
  }

  /// Whatever is lost, up to 254 messages (30 with five bits), the COUNT sent is the COUNT estimated.
  @Test func everyGapThatTheBitsCanTellIsBridged() {
    for start in stride(from: UInt32(0), through: 700, by: 13) {
      for lost in UInt32(0)..<255 {
        let sent = NASCount(start + 1 + lost)
        #expect(NASCount.estimate(sequenceNumber: sent.sequenceNumber, largestAccepted: NASCount(start)) == sent)
      }
      for lost in UInt32(0)..<31 {
        let sent = NASCount(start + 1 + lost)
        #expect(
          NASCount.estimate(sequenceNumber: sent.sequenceNumber & 0x1F, bits: 5, largestAccepted: NASCount(start)) == sent)
      }
    }
  }

  @Test func theEstimateDoesNotLeave24Bits() {
    #expect(NASCount.estimate(sequenceNumber: 0xFF, largestAccepted: NASCount(0xFF_FFFE)) == .maximum)
    #expect(NASCount.estimate(sequenceNumber: 0, largestAccepted: .maximum) == nil)
    #expect(NASCount.estimate(sequenceNumber: 0xFF, largestAccepted: .maximum) == nil)
    #expect(NASCount.estimate(sequenceNumber: 0, bits: 5, largestAccepted: .maximum) == nil)
  }
}
