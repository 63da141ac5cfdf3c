/// Reads the packets of a pcap or pcapng file, one after another, from octets in memory.
///
/// Whatever the octets are, it ends: each call consumes at least a record header, or ends, or throws.
public struct CaptureFileReader: Sendable {
  /// The container, told by its first octets.
  public enum Format: String, Sendable { case pcap, pcapng }

  /// The longest record taken for a packet; libpcap's own bound.
  public static let maximumPacketLength = 262_144

  private enum State: Sendable {
    case pcap(PcapReader)
    case pcapng(PcapngReader)
  }

  private var state: State
  /// What the file turned out to be.
  public let format: Format

  /// - Parameter file: the whole file.
  /// - Throws: when it is empty, cut short, or neither pcap nor pcapng.
  public init(_ file: [UInt8]) throws(CaptureError) {
    guard !file.isEmpty else { throw CaptureError(.emptyFile, offset: 0) }
    guard file.count >= 4 else { throw CaptureError(.truncated, offset: 0, detail: "\(file.count) octets") }
    if file[0] == 0x0a, file[1] == 0x0d, file[2] == 0x0d, file[3] == 0x0a {
      format = .pcapng
      state = .pcapng(PcapngReader(file))
    } else {
      format = .pcap
      state = .pcap(try PcapReader(file))
    }
  }

  /// The next packet, nil at the end of the file.
  public mutating func next() throws(CaptureError) -> CapturedPacket? {
    switch state {
    case .pcap(var reader):
      defer { state = .pcap(reader) }
      return try reader.next()
    case .pcapng(var reader):
      defer { state = .pcapng(reader) }
      return try reader.next()
    }
  }
}
