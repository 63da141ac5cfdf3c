import Testing

@testable import Transport

@Suite struct SendQueueTests {
  @Test func keepsOrderAndCountsOctets() {
    var queue = SendQueue()
    var next = 0
    for number in 0..<2000 {
      queue.append([UInt8(number & 0xff), UInt8(number >> 8)], stream: UInt16(number))
      if number % 3 == 0 {
        #expect(queue.first?.stream == UInt16(next))
        queue.removeFirst()
        next += 1
      }
    }
    #expect(queue.octets == (2000 - next) * 2)
    while let first = queue.first {
      #expect(first.stream == UInt16(next))
      queue.removeFirst()
      next += 1
    }
    #expect(next == 2000 && queue.octets == 0)
  }
}
