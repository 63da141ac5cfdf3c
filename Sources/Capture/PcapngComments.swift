/// Comments for packets of a capture that is written already: what is found out about a run is known when the run has ended.
///
/// For captures of ``CaptureWriter``: pcapng in this machine's order of octets (little endian), everything else of a block as it was.
public struct PcapngComments {
  private let comments: [Int: [String]]
  /// How many packets have passed.
  private var packets = 0

  /// - Parameter comments: by number of the packet, from 1.
  public init(_ comments: [Int: [String]]) { self.comments = comments }

  /// A block with its comments behind those that it has.
  ///
  /// - Parameter block: a whole block, from its type to its second length.
  /// - Returns: the block as it was where there is nothing to say, or where it is not a packet as ``CaptureWriter`` writes it.
  public mutating func commented(_ block: [UInt8]) -> [UInt8] {
    guard block.count >= 32, Self.word(block, at: 0) == 6 else { return block }
    packets += 1
    guard let texts = comments[packets], !texts.isEmpty else { return block }
    let packetEnd = 28 + (Int(Self.word(block, at: 20)) + 3) & ~3
    let end = block.count - 4
    guard packetEnd <= end else { return block }
    // The end of the options is an option of its own, of four octets.
    var body = Array(block[8..<(packetEnd < end ? end - 4 : end)])
    for text in texts { body += CaptureWriter.option(1, CommentedCaptureWriter.cut(text)) }
    body += CaptureWriter.option(0, [])
    var result: [UInt8] = []
    result.append(littleEndian: UInt32(6))
    result.append(littleEndian: UInt32(body.count + 12))
    result += body
    result.append(littleEndian: UInt32(body.count + 12))
    return result
  }

  /// The length of the block that begins with these octets; nil where it cannot be one.
  public static func length(ofBlock head: [UInt8]) -> Int? {
    guard head.count >= 8 else { return nil }
    let length = Int(word(head, at: 4))
    return length >= 12 && length % 4 == 0 && length <= 1 << 24 ? length : nil
  }

  private static func word(_ octets: [UInt8], at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(octets[index + $1]) << (8 * UInt32($1)) }
  }
}
