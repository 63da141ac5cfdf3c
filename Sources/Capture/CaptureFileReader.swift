/// Reads the packets of a pcap or pcapng file, one after another, from octets in memory or from a file.
///
/// Whatever the octets are, it ends: each call consumes at least a record header, or ends, or throws.
public struct CaptureFileReader: Sendable {
  /// The container, told by its first octets.
  public enum Format: String, Sendable { case pcap, pcapng }

  /// The longest record taken for a packet; libpcap's own bound.
  public static let maximumPacketLength = 262_144

  // One of the two, each changed where it is: a packet costs less than a copy of its reader.
  private var pcap: PcapReader?
  private var pcapng: PcapngReader?
  /// What the file turned out to be.
  public let format: Format

  /// - Parameter file: the whole file.
  /// - Throws: when it is empty, cut short, or neither pcap nor pcapng.
  public init(_ file: [UInt8]) throws(CaptureError) { try self.init(source: CaptureSource(file)) }

  /// Reads a file a window at a time, so that its length does not matter.
  /// - Parameter path: `-` is standard input.
  /// - Throws: `unreadableFile` too, with the system's reason; ``next()`` may then throw it as well.
  public init(path: String) throws(CaptureError) { try self.init(source: CaptureSource(path: path)) }

  private init(source start: CaptureSource) throws(CaptureError) {
    var source = start
    let magic = try source.octets(at: 0, atMost: 4)
    guard !magic.isEmpty else { throw CaptureError(.emptyFile, offset: 0) }
    guard magic.count == 4 else { throw CaptureError(.truncated, offset: 0, detail: "\(magic.count) octets") }
    if magic.elementsEqual([0x0a, 0x0d, 0x0d, 0x0a]) {
      format = .pcapng
      pcapng = PcapngReader(source)
    } else {
      format = .pcap
      pcap = try PcapReader(source)
    }
  }

  /// The next packet, nil at the end of the file.
  public mutating func next() throws(CaptureError) -> CapturedPacket? {
    pcap != nil ? try pcap?.next() : try pcapng?.next()
  }
}
