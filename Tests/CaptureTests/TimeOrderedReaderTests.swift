import Testing

@testable import Capture

@Suite("Packets in the order of their times")
struct TimeOrderedReaderTests {
  /// The numbers of the packets in the order in which they are given out.
  private func order(_ times: [Int]) throws -> (numbers: [Int], reader: TimeOrderedReader) {
    let file = FrameBuilder.pcap(
      magic: [0xd4, 0xc3, 0xb2, 0xa1], littleEndian: true, linkType: 101, packets: times.map { ($0 / 1000, $0 % 1000 * 1000, [1]) })
    var reader = TimeOrderedReader(try CaptureFileReader(file))
    var numbers: [Int] = []
    while let packet = try reader.next() { numbers.append(packet.number) }
    return (numbers, reader)
  }

  @Test("what is in order stays as it is, and packets of one time stay in the order of the file")
  func ordered() throws {
    let (numbers, reader) = try order((0..<5000).map { 1000 + $0 / 3 })
    #expect(numbers == Array(1...5000))
    #expect(reader.moved == 0 && reader.firstBreak == nil)
  }

  @Test("late packets are put where they belong, with the numbers of the file")
  func late() throws {
    let (numbers, reader) = try order([1000, 3000, 2000, 4000, 1500, 5000])
    #expect(numbers == [1, 5, 3, 2, 4, 6])
    #expect(reader.moved == 2 && reader.firstMoved == 3 && reader.firstBreak == nil)
  }

  @Test("two queues that come by turns, a few hundred packets each, are one order")
  func queues() throws {
    var times: [Int] = []
    for block in 0..<20 {
      times += (0..<300).map { 1000 + block * 600 + 2 * $0 }
      times += (0..<300).map { 1001 + block * 600 + 2 * $0 }
    }
    let (numbers, reader) = try order(times)
    let given = numbers.map { times[$0 - 1] }
    #expect(given == given.sorted() && Set(numbers).count == times.count)
    #expect(reader.firstBreak == nil)
  }

  @Test("files of less than a window that were put together or turned round are wholly sorted")
  func short() throws {
    #expect(try order((0..<900).map { 10_000 - $0 }).numbers == Array((1...900).reversed()))
    let (numbers, reader) = try order((0..<500).map { 10_000 + $0 } + (0..<500).map { 1000 + $0 })
    #expect(numbers == Array(501...1000) + Array(1...500))
    #expect(reader.firstBreak == nil)
  }

  @Test("where time steps back for more than a window the order of the file is kept, each part is ordered, and the place is told")
  func step() throws {
    var times = (0..<3000).map { 100_000 + $0 } + (0..<3000).map { 1000 + $0 }
    times.swapAt(3500, 3501)
    let (numbers, reader) = try order(times)
    var right = Array(1...6000)
    right.swapAt(3500, 3501)
    #expect(numbers == right)
    #expect(reader.firstBreak == .init(packet: 3001, newest: 3000))
  }

  @Test("a packet further behind than the window is given out at once, and told")
  func tooLate() throws {
    var times = (0..<4000).map { 10_000 + $0 }
    times[3000] = 5000
    let (numbers, reader) = try order(times)
    #expect(Set(numbers).count == 4000)
    #expect(reader.firstBreak?.packet == 3001)
  }

  @Test("turned round and longer than a window it ends, gives each packet once and is told")
  func reversed() throws {
    let (numbers, reader) = try order((0..<5000).map { 10_000 - $0 })
    #expect(numbers.sorted() == Array(1...5000))
    #expect(reader.firstBreak != nil)
  }

  @Test("a file that breaks off gives all before it and then says so")
  func truncated() throws {
    let file = FrameBuilder.pcap(
      magic: [0xd4, 0xc3, 0xb2, 0xa1], littleEndian: true, linkType: 101, packets: [(2, 0, [1]), (1, 0, [2]), (3, 0, [3, 4])])
    var reader = TimeOrderedReader(try CaptureFileReader(Array(file.dropLast())))
    #expect(try reader.next()?.number == 2)
    #expect(try reader.next()?.number == 1)
    #expect(throws: CaptureError.self) { try reader.next() }
  }
}
