public import Trace

/// Writes the S1AP of a trace as a capture file of raw IPv4 packets, for `--pcap FILE`.
///
/// pcapng (nanoseconds, node names, remarks of entities as packet comments) or classic pcap (nanoseconds, nothing else).
public struct CaptureWriter {
  /// The container that is written.
  public enum Format: Sendable {
    case pcap, pcapng

    /// `.pcap` for names that end so, else pcapng.
    public init(path: String) { self = path.hasSuffix(".pcap") || path.hasSuffix(".cap") ? .pcap : .pcapng }
  }

  /// What was written so far.
  public private(set) var octets: [UInt8] = []
  /// How many packets were written.
  public private(set) var packets = 0
  /// The container.
  public let format: Format
  private let start: Duration
  private var composer = FrameComposer()
  private var comments: [String] = []

  /// - Parameter start: the clock time of the trace's time 0, since 1970.
  public init(format: Format = .pcapng, start: Duration = .zero, names: TraceLog.Names = .init()) {
    self.format = format
    self.start = start
    switch format {
    case .pcap: writePcapHeader()
    case .pcapng: writeSection(names)
    }
  }

  /// The capture of a whole log.
  public static func capture(of log: TraceLog, format: Format = .pcapng, start: Duration = .zero) -> [UInt8] {
    var writer = CaptureWriter(format: format, start: start, names: log.names)
    for event in log.events { writer.consume(event) }
    return writer.octets
  }

  /// Adds an event; S1AP-PDUs and GTPv2-C messages make packets, what entities say becomes a comment of the next one (pcapng).
  public mutating func consume(_ event: TraceEvent) {
    switch event.body {
    case .s1ap(let leg, let direction, let stream, let pdu):
      for packet in composer.packets(leg: leg, direction: direction, stream: stream, octets: pdu) {
        write(packet, at: start + event.time)
      }
    case .gtp(let source, let target, let message):
      write(composer.packet(fromNode: source, toNode: target, gtp: message), at: start + event.time)
    case .note(let text): comment(text)
    case .discard(let owner, let reason, let clause): comment("\(owner) discards: \(reason) (\(clause))")
    case .state(let owner, let imsi, let name): comment("\(owner): \(imsi) \(name)")
    case .association(let leg, .down(let reason)): comment("\(leg) down: \(reason)")
    case .association(_, .up), .nas, .timer, .securityContext, .keNB: break
    }
  }

  /// Takes the octets made so far, for a driver that writes as it goes.
  public mutating func takeOctets() -> [UInt8] {
    defer { octets = [] }
    return octets
  }

  private mutating func comment(_ text: String) {
    if format == .pcapng, comments.count < 16 { comments.append(String(text.prefix(500))) }
  }

  private mutating func writePcapHeader() {
    octets.append(littleEndian: UInt32(0xa1b2_3c4d))
    octets.append(littleEndian: UInt16(2))
    octets.append(littleEndian: UInt16(4))
    octets.append(littleEndian: UInt64(0))
    octets.append(littleEndian: UInt32(CaptureFileReader.maximumPacketLength))
    octets.append(littleEndian: UInt32(LinkType.raw.rawValue))
  }

  private mutating func writeSection(_ names: TraceLog.Names) {
    var section: [UInt8] = []
    section.append(littleEndian: UInt32(0x1a2b_3c4d))
    section.append(littleEndian: UInt16(1))
    section.append(littleEndian: UInt16(0))
    section.append(littleEndian: UInt64.max)
    section += Self.option(4, Array("nasue".utf8))
    section += Self.option(0, [])
    writeBlock(0x0a0d_0d0a, section)

    var interface: [UInt8] = []
    interface.append(littleEndian: LinkType.raw.rawValue)
    interface.append(littleEndian: UInt16(0))
    interface.append(littleEndian: UInt32(CaptureFileReader.maximumPacketLength))
    interface += Self.option(2, Array("S1-MME".utf8))
    interface += Self.option(9, [9])
    interface += Self.option(0, [])
    writeBlock(1, interface)

    let nodes =
      names.eNBs.sorted { $0.key < $1.key }.map { (FrameComposer.address(eNB: $0.key), $0.value) }
      + names.mmes.sorted { $0.key < $1.key }.map { (FrameComposer.address(mme: $0.key), $0.value) }
    guard !nodes.isEmpty else { return }
    var resolution: [UInt8] = []
    for (address, name) in nodes { resolution += Self.option(1, address + Array(name.utf8.prefix(200).filter { $0 != 0 }) + [0]) }
    resolution += Self.option(0, [])
    writeBlock(4, resolution)
  }

  private mutating func write(_ packet: [UInt8], at time: Duration) {
    let (seconds, attoseconds) = max(time, .zero).components
    let nanoseconds = UInt64(attoseconds / 1_000_000_000)
    packets += 1
    switch format {
    case .pcap:
      octets.append(littleEndian: UInt32(truncatingIfNeeded: seconds))
      octets.append(littleEndian: UInt32(nanoseconds))
      octets.append(littleEndian: UInt32(packet.count))
      octets.append(littleEndian: UInt32(packet.count))
      octets += packet
    case .pcapng:
      let ticks = UInt64(seconds) &* 1_000_000_000 &+ nanoseconds
      var body: [UInt8] = []
      body.append(littleEndian: UInt32(0))
      body.append(littleEndian: UInt32(ticks >> 32))
      body.append(littleEndian: UInt32(truncatingIfNeeded: ticks))
      body.append(littleEndian: UInt32(packet.count))
      body.append(littleEndian: UInt32(packet.count))
      body += Self.padded(packet)
      if !comments.isEmpty {
        for comment in comments { body += Self.option(1, Array(comment.utf8)) }
        body += Self.option(0, [])
        comments = []
      }
      writeBlock(6, body)
    }
  }

  private mutating func writeBlock(_ type: UInt32, _ body: [UInt8]) {
    octets.append(littleEndian: type)
    octets.append(littleEndian: UInt32(body.count + 12))
    octets += body
    octets.append(littleEndian: UInt32(body.count + 12))
  }

  static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.append(littleEndian: code)
    result.append(littleEndian: UInt16(clamping: value.count))
    return result + padded(value)
  }

  static func padded(_ octets: [UInt8]) -> [UInt8] { octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4) }
}
