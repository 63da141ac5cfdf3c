import Alignment
import Capture

/// The capture once more, with what was found as comments of the packets that show it.
enum CommentedCapture {
  private static let chunk = 1 << 20

  /// - Parameter packets: how many were judged.
  static func write(_ verdicts: [Verdict], of path: String, packets: Int, to target: String) throws {
    var comments: [Int: [String]] = [:]
    for verdict in verdicts {
      if let frame = verdict.frame { comments[frame, default: []].append(verdict.comment) }
    }
    let file = try OutputFile(target)
    var writer = CommentedCaptureWriter()
    do throws(CaptureError) {
      var reader = try CaptureFileReader(path: path)
      while let packet = try reader.next(), packet.number <= packets {
        writer.write(packet, comments: comments[packet.number] ?? [])
        if writer.octets.count >= chunk { file.append(writer.takeOctets()) }
      }
    } catch {
      // Where it breaks off was said already.
    }
    file.append(writer.takeOctets())
    try file.finish()
  }
}
