public import Trace

/// What a capture file holds for us: the S1AP of it as a trace, and what could not be followed.
public struct CaptureContents: Sendable {
  /// The S1AP messages and associations, in the order of time.
  public var log: TraceLog
  /// The packet number (from 1, as Wireshark counts) that completed each event of the log.
  public var packetOfEvent: [Int]
  /// Packets in the file, of any protocol.
  public var packets: Int
  /// Packets that were SCTP.
  public var sctpPackets: Int
  /// SCTP DATA chunks in them.
  public var dataChunks: Int
  /// S1AP messages put together from those.
  public var s1apMessages: Int
  /// What could not be followed, up to ``CaptureFollower/maximumRemarks``.
  public var remarks: [CaptureRemark]
  /// How often each reason came up, all of them.
  public var remarkCounts: [CaptureRemark.Reason: Int]

  /// Reads a whole pcap or pcapng file. Times in the log count from the first packet.
  /// - Throws: `CaptureError` when the container is broken; broken packets are remarks.
  public init(file: [UInt8]) throws(CaptureError) {
    var reader = TimeOrderedReader(try CaptureFileReader(file))
    var follower = CaptureFollower()
    var log = TraceLog()
    var packetOfEvent: [Int] = []
    var start: Duration?
    var time = Duration.zero
    var count = 0
    var found: [TraceEvent.Body] = []
    while let packet = try reader.next() {
      count = max(count, packet.number)
      let base = start ?? packet.timestamp
      start = base
      time = packet.timestamp - base
      follower.consume(packet, into: &found)
      for (position, body) in found.enumerated() {
        log.append(time: time, body: body)
        packetOfEvent.append(follower.packet(ofOutput: position) ?? packet.number)
      }
      found.removeAll(keepingCapacity: true)
    }
    follower.finish(into: &found)
    for (position, body) in found.enumerated() {
      log.append(time: time, body: body)
      packetOfEvent.append(follower.packet(ofOutput: position) ?? count)
    }
    log.names = follower.names
    self.log = log
    self.packetOfEvent = packetOfEvent
    packets = count
    sctpPackets = follower.sctpPackets
    dataChunks = follower.dataChunks
    s1apMessages = follower.messages
    remarks = follower.remarks
    remarkCounts = follower.remarkCounts
  }

  /// Reads the file at `path`.
  public init(path: String) throws(CaptureError) {
    try self.init(file: CaptureFile.read(path))
  }
}
