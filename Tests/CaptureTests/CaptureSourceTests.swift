import Foundation
import Testing

@testable import Capture

/// Files of more than one window, and what the windows' edges could break.
@Suite("Capture files read a window at a time")
struct CaptureSourceTests {
  private func packets(_ reader: CaptureFileReader) throws -> [CapturedPacket] {
    var reader = reader
    var found: [CapturedPacket] = []
    while let packet = try reader.next() { found.append(packet) }
    return found
  }

  private func withFile<R>(_ octets: [UInt8], _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("capture-\(UUID().uuidString)")
    try Data(octets).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test("a pcap of three windows reads from a file as it does from memory, octets and offsets")
  func pcap() throws {
    let contents = (0..<30_000).map { index in (index, index, [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 211)) }
    let file = FrameBuilder.pcap(magic: [0xd4, 0xc3, 0xb2, 0xa1], littleEndian: true, linkType: 101, packets: contents)
    #expect(file.count > 3 << 20)
    let whole = try packets(CaptureFileReader(file))
    #expect(whole.count == contents.count)
    let again = try withFile(file) { path in try packets(CaptureFileReader(path: path)) }
    #expect(again == whole)
  }

  @Test("a pcapng with a block larger than a window reads from a file as it does from memory")
  func pcapng() throws {
    let small = PcapngBuilder(littleEndian: true)
    var file = small.section() + small.interface(linkType: 1, resolution: nil)
    // A block of another kind, which is passed over as a whole.
    let custom = [UInt8](repeating: 7, count: 3 << 20)
    file += small.block(0x0bad, custom)
    for index in 0..<9_000 {
      file += small.packet(interface: 0, ticks: index, [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 100))
    }
    let whole = try packets(CaptureFileReader(file))
    #expect(whole.count == 9_000)
    let again = try withFile(file) { path in try packets(CaptureFileReader(path: path)) }
    #expect(again == whole)
    try withFile(Array(file.dropLast(5))) { path in
      var reader = try CaptureFileReader(path: path)
      var count = 0
      #expect(throws: CaptureError.self) { while try reader.next() != nil { count += 1 } }
      #expect(count == 8_999)
    }
  }

  @Test("a file that is not there, or a folder, is told with the system's reason")
  func unreadable() {
    for (path, words) in [("/no/such/file", "No such file"), ("/tmp", "directory")] {
      do throws(CaptureError) {
        _ = try CaptureFileReader(path: path)
        Issue.record("\(path) was read")
      } catch {
        #expect(error.code == .unreadableFile && error.detail.contains(words), "\(error)")
      }
    }
  }
}
