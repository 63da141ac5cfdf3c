import Alignment
import Capture

/// The capture once more, with what was found as comments of the packets that show it.
enum CommentedCapture {
  private static let chunk = 1 << 20

  /// - Parameter packets: how many were judged.
  static func write(_ verdicts: [Verdict], of path: String, packets: Int, to target: String) throws {
    var comments: [Int: [String]] = [:]
    for verdict in verdicts {
      if let frame = verdict.frame { comments[frame, default: []].append(text(of: verdict)) }
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

  private static func text(of verdict: Verdict) -> String {
    var text = "\(verdict.verdict.rawValue): \(verdict.slug)"
    if !verdict.ue.isEmpty { text += ", UE \(verdict.ue)" }
    if !verdict.expected.isEmpty { text += "; expected \(verdict.expected)" }
    if !verdict.observed.isEmpty { text += "; observed \(verdict.observed)" }
    if !verdict.note.isEmpty { text += "; \(verdict.note)" }
    return verdict.clause.isEmpty ? text : text + " (\(verdict.clause))"
  }
}
