/// The chunks of SCTP (RFC 9260) that matter to following S1AP.
enum SCTPChunk {
  struct Data {
    var isBeginning: Bool
    var isEnd: Bool
    var tsn: UInt32
    var stream: UInt16
    var ppid: UInt32
    var octets: ArraySlice<UInt8>
  }

  case data(Data)
  /// INIT or INIT ACK: the tag and first TSN of its sender, and the addresses it lists.
  case initiation(isAcknowledgement: Bool, tag: UInt32, initialTSN: UInt32, addresses: [IPAddress])
  /// SACK or FORWARD TSN or SHUTDOWN: everything up to this TSN is settled.
  case settled(upTo: UInt32, ofSender: Bool)
  case end(String)
}

/// A SCTP packet, whose chunks are asked for one after the other.
struct SCTPPacket {
  let sourcePort: UInt16
  let destinationPort: UInt16
  /// The first thing that was wrong; chunks before it are good.
  private(set) var fault: CaptureRemark.Reason?
  private var cursor: ByteCursor

  init?(_ octets: ArraySlice<UInt8>) {
    cursor = ByteCursor(octets)
    guard let source = cursor.readUInt16(), let destination = cursor.readUInt16(), cursor.skip(8) else { return nil }
    sourcePort = source
    destinationPort = destination
  }

  /// The next chunk that matters; nil at the end, and where something is wrong: see ``fault``.
  mutating func next() -> SCTPChunk? {
    while fault == nil, cursor.remaining >= 4 {
      guard let type = cursor.readUInt8(), let flags = cursor.readUInt8(), let length = cursor.readUInt16() else { return nil }
      guard length >= 4 else {
        fault = .malformedSCTP
        return nil
      }
      guard let body = cursor.read(Int(length) - 4) else {
        fault = .chunkBeyondPacket
        return nil
      }
      _ = cursor.skip(min(cursor.remaining, (4 - Int(length) % 4) % 4))
      do throws(ChunkFault) {
        if let chunk = try Self.chunk(type: type, flags: flags, body: body) { return chunk }
      } catch {
        fault = .malformedSCTP
      }
    }
    return nil
  }

  private struct ChunkFault: Error {}

  private static func chunk(type: UInt8, flags: UInt8, body: ArraySlice<UInt8>) throws(ChunkFault) -> SCTPChunk? {
    var cursor = ByteCursor(body)
    switch type {
    case 0:
      guard let tsn = cursor.readUInt32(), let stream = cursor.readUInt16(), cursor.skip(2), let ppid = cursor.readUInt32() else {
        throw ChunkFault()
      }
      return .data(
        .init(
          isBeginning: flags & 2 != 0, isEnd: flags & 1 != 0, tsn: tsn, stream: stream, ppid: ppid, octets: body[cursor.position...]))
    case 1, 2:
      guard let tag = cursor.readUInt32(), cursor.skip(8), let tsn = cursor.readUInt32() else { throw ChunkFault() }
      var addresses: [IPAddress] = []
      while addresses.count < 16, let parameter = cursor.readUInt16(), let length = cursor.readUInt16(), length >= 4,
        let value = cursor.read(Int(length) - 4)
      {
        _ = cursor.skip(min(cursor.remaining, (4 - Int(length) % 4) % 4))
        if parameter == 5 || parameter == 6, let address = IPAddress(value) { addresses.append(address) }
      }
      return .initiation(isAcknowledgement: type == 2, tag: tag, initialTSN: tsn, addresses: addresses)
    case 3, 7:
      guard let tsn = cursor.readUInt32() else { throw ChunkFault() }
      return .settled(upTo: tsn, ofSender: false)
    case 192:
      guard let tsn = cursor.readUInt32() else { throw ChunkFault() }
      return .settled(upTo: tsn, ofSender: true)
    case 6: return .end("ABORT")
    case 14: return .end("SHUTDOWN COMPLETE")
    default: return nil
    }
  }
}
