import Testing

@testable import Capture

@Suite("Capture files")
struct CaptureFileReaderTests {
  private static let variants: [(magic: [UInt8], littleEndian: Bool, nanoseconds: Bool, patched: Bool)] = [
    ([0xd4, 0xc3, 0xb2, 0xa1], true, false, false), ([0xa1, 0xb2, 0xc3, 0xd4], false, false, false),
    ([0x4d, 0x3c, 0xb2, 0xa1], true, true, false), ([0xa1, 0xb2, 0x3c, 0x4d], false, true, false),
    ([0x34, 0xcd, 0xb2, 0xa1], true, false, true), ([0xa1, 0xb2, 0xcd, 0x34], false, false, true),
  ]

  @Test("every pcap byte order and resolution gives the same packets", arguments: variants.indices)
  func magics(index: Int) throws {
    let variant = Self.variants[index]
    let file = FrameBuilder.pcap(
      magic: variant.magic, littleEndian: variant.littleEndian, linkType: 101, patched: variant.patched,
      packets: [(5, 7, [1, 2, 3]), (6, 8, [])])
    var reader = try CaptureFileReader(file)
    let first = try #require(try reader.next())
    #expect(first.octets.elementsEqual([1, 2, 3]))
    #expect(first.timestamp == .seconds(5) + (variant.nanoseconds ? .nanoseconds(7) : .microseconds(7)))
    #expect(first.linkType == .raw)
    let second = try #require(try reader.next())
    #expect(second.number == 2)
    #expect(second.octets.isEmpty)
    #expect(try reader.next() == nil)
  }

  @Test("what is no capture, ends early, or claims too much is told with its offset")
  func broken() {
    func error(_ file: [UInt8]) -> CaptureError? {
      do throws(CaptureError) {
        var reader = try CaptureFileReader(file)
        while try reader.next() != nil {}
        return nil
      } catch {
        return error
      }
    }
    let good = FrameBuilder.pcap(magic: [0xd4, 0xc3, 0xb2, 0xa1], littleEndian: true, linkType: 1, packets: [(0, 0, [1, 2, 3, 4])])
    #expect(error(good) == nil)
    #expect(error([])?.code == .emptyFile)
    #expect(error([1, 2])?.code == .truncated)
    #expect(error([1, 2, 3, 4, 5])?.code == .unknownFormat)
    for length in 4..<24 { #expect(error(Array(good[..<length]))?.code == .truncated) }
    for length in 25..<good.count {
      let found = error(Array(good[..<length]))
      #expect(found?.code == .truncated)
      #expect(found?.offset == 24)
    }
    var huge = good
    huge.replaceSubrange(32..<36, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(error(huge) == CaptureError(.recordTooLong, offset: 32, detail: "2147483647 octets"))
    var version = good
    version[4] = 9
    #expect(error(version)?.code == .unsupportedVersion)
  }

  @Test("pcapng: both byte orders, several interfaces, resolutions, simple packets, unknown blocks", arguments: [true, false])
  func pcapng(littleEndian: Bool) throws {
    let file = PcapngBuilder(littleEndian: littleEndian)
    var octets = file.section()
    octets += file.interface(linkType: 1, resolution: nil)
    octets += file.interface(linkType: 101, resolution: 9)
    octets += file.interface(linkType: 113, resolution: 0x80 | 10)
    octets += file.block(0x0000_0bad, [1, 2, 3, 4])
    octets += file.packet(interface: 0, ticks: 3_000_001, [1])
    octets += file.packet(interface: 1, ticks: 5_000_000_002, [2, 2])
    octets += file.packet(interface: 2, ticks: 2048 + 512, [3, 3, 3])
    octets += file.block(3, file.u32(2) + [9, 9, 0, 0])
    // A second section with the other byte order has its own interfaces.
    let other = PcapngBuilder(littleEndian: !littleEndian)
    octets += other.section() + other.interface(linkType: 276, resolution: nil) + other.packet(interface: 0, ticks: 1, [4])
    var reader = try CaptureFileReader(octets)
    var found: [CapturedPacket] = []
    while let packet = try reader.next() { found.append(packet) }
    #expect(found.map { Array($0.octets) } == [[1], [2, 2], [3, 3, 3], [9, 9], [4]])
    #expect(found.map(\.linkType) == [.ethernet, .raw, .linuxSLL, .ethernet, .linuxSLL2])
    #expect(
      found.map(\.timestamp) == [
        .seconds(3) + .microseconds(1), .seconds(5) + .nanoseconds(2), .milliseconds(2500), .zero, .microseconds(1),
      ])
    for length in stride(from: octets.count - 1, to: 0, by: -1) {
      // Whatever is cut off: packets, then an end or a typed error.
      guard var cut = try? CaptureFileReader(Array(octets[..<length])) else { continue }
      while let packet = try? cut.next() { #expect(packet.number <= 5) }
    }
  }

  @Test("a packet of an interface that was never described is an error")
  func unknownInterface() throws {
    let file = PcapngBuilder(littleEndian: true)
    var reader = try CaptureFileReader(file.section() + file.packet(interface: 0, ticks: 0, [1]))
    #expect(throws: CaptureError.self) { try reader.next() }
  }
}
