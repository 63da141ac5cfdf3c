import Alignment
import Capture
import Glibc
import Trace

/// The capture of a run, written as the run goes on; its verdicts become comments of their packets when it has ended (pcapng).
final class TraceCapture {
  private let file: OutputFile
  private var writer: CaptureWriter
  /// The number of the last packet up to each event, by the event's index; for comments only.
  private var lastPackets: [UInt32] = []
  /// How many verdicts on one packet are worth reading.
  private static let maximumComments = 32

  init(_ file: OutputFile, names: TraceLog.Names) {
    self.file = file
    writer = CaptureWriter(format: .init(path: file.path), start: RunOutput.wallClock(), names: names)
  }

  func show(_ event: TraceEvent) {
    let before = writer.packets
    writer.consume(event)
    file.append(writer.takeOctets())
    guard writer.format == .pcapng, writer.packets > before else { return }
    // Events without packets have none to comment on.
    while lastPackets.count < event.index { lastPackets.append(0) }
    if lastPackets.count == event.index { lastPackets.append(UInt32(clamping: writer.packets)) }
  }

  /// - Throws: when something could not be written.
  func finish(_ verdicts: [Verdict]) throws {
    try file.finish()
    var comments: [Int: [String]] = [:]
    for verdict in verdicts {
      guard let frame = verdict.frame, lastPackets.indices.contains(frame), lastPackets[frame] > 0 else { continue }
      let packet = Int(lastPackets[frame])
      guard comments[packet, default: []].count < Self.maximumComments else { continue }
      comments[packet, default: []].append(verdict.comment)
    }
    if !comments.isEmpty, Files.isRegular(file.path) { try write(PcapngComments(comments)) }
  }

  /// The file again, with comments: beside it first, so that a full disk leaves what there is.
  private func write(_ adding: PcapngComments) throws {
    var adding = adding
    guard let source = fopen(file.path, "rb") else { throw Refusal.environment("\(file.path): cannot be read again") }
    defer { fclose(source) }
    let temporary = file.path + ".commented"
    let target = try OutputFile(temporary)
    while let block = Self.block(of: source) { target.append(adding.commented(block)) }
    do { try target.finish() } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, file.path) == 0 else { throw Refusal.environment("\(file.path): \(String(cString: strerror(errno)))") }
  }

  private static func block(of file: UnsafeMutablePointer<FILE>) -> [UInt8]? {
    var block = [UInt8](repeating: 0, count: 8)
    guard fread(&block, 1, 8, file) == 8, let length = PcapngComments.length(ofBlock: block) else { return nil }
    var rest = [UInt8](repeating: 0, count: length - 8)
    guard fread(&rest, 1, rest.count, file) == rest.count else { return nil }
    return block + rest
  }
}
