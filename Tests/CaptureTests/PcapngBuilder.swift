/// Small makers of pcapng blocks, in either byte order.
struct PcapngBuilder {
  let littleEndian: Bool

  func u16(_ value: Int) -> [UInt8] { littleEndian ? FrameBuilder.be16(value).reversed() : FrameBuilder.be16(value) }
  func u32(_ value: Int) -> [UInt8] { littleEndian ? FrameBuilder.be32(value).reversed() : FrameBuilder.be32(value) }

  func block(_ type: Int, _ body: [UInt8]) -> [UInt8] { u32(type) + u32(body.count + 12) + body + u32(body.count + 12) }

  func section() -> [UInt8] { block(0x0a0d_0d0a, u32(0x1a2b_3c4d) + u16(1) + u16(0) + [UInt8](repeating: 0xff, count: 8)) }

  func interface(linkType: Int, resolution: UInt8?) -> [UInt8] {
    block(1, u16(linkType) + u16(0) + u32(0) + (resolution.map { u16(9) + u16(1) + [$0, 0, 0, 0] } ?? []) + u32(0))
  }

  func packet(interface: Int, ticks: Int, _ octets: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    return block(6, u32(interface) + u32(ticks >> 32) + u32(ticks) + u32(octets.count) + u32(octets.count) + octets + padding)
  }
}
