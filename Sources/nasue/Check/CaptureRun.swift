import Alignment
import Capture
import NASCrypto
import Observer
import Trace

/// A capture judged as it is read: packets in, events to whoever shows them, verdicts at the end. What it holds grows with the UEs in the
/// capture and with four octets an event, not with the capture.
final class CaptureRun {
  private(set) var alignment: AlignmentEngine
  private(set) var follower = CaptureFollower()
  private var engine = CryptoEngine()
  /// The packet that completed each event, as Wireshark counts: what a verdict's frame is in a capture.
  private var packetOfEvent: [UInt32] = []
  private(set) var packets = 0
  private(set) var duration: Duration = .zero
  /// Why the rest of the file could not be read.
  private(set) var end: CaptureError?

  init(subscribers: [SubscriberCredentials], kasmes: [ToldKASME] = [], required: Set<String>, showKeys: Bool) {
    alignment = AlignmentEngine(subscribers: subscribers, kasmes: kasmes, required: required, showKeys: showKeys)
  }

  /// - Parameters:
  ///   - observe: each event, in order.
  ///   - isInterrupted: asked now and then; the verdicts are then of what was read.
  /// - Throws: where there is nothing to read at all. A file that breaks off is judged as far as it goes: see `end`.
  func read(
    _ path: String, observe: (TraceEvent, TraceLog.Names) -> Void = { _, _ in }, isInterrupted: () -> Bool = { false }
  ) throws(CaptureError) {
    var reader = try CaptureFileReader(path: path)
    var start: Duration?
    var found: [TraceEvent.Body] = []
    while !(packets & 1023 == 1023 && isInterrupted()) {
      let next: CapturedPacket?
      do throws(CaptureError) { next = try reader.next() } catch {
        end = error
        break
      }
      guard let packet = next else { break }
      packets = packet.number
      let base = start ?? packet.timestamp
      start = base
      duration = packet.timestamp - base
      follower.consume(packet, into: &found)
      take(&found, observe)
    }
    follower.finish(into: &found)
    take(&found, observe)
  }

  private func take(_ bodies: inout [TraceEvent.Body], _ observe: (TraceEvent, TraceLog.Names) -> Void) {
    for body in bodies {
      let event = TraceEvent(index: packetOfEvent.count, time: duration, body: body)
      packetOfEvent.append(UInt32(clamping: packets))
      alignment.consume(event, using: &engine)
      // Whoever shows it calls it by its packet, as verdicts do.
      observe(TraceEvent(index: packets, time: duration, body: body), follower.names)
    }
    bodies.removeAll(keepingCapacity: true)
  }

  /// Frames are packet numbers.
  func verdicts() -> [Verdict] {
    var result: [Verdict] = []
    tell { result.append($0.renumbered(packet(ofEvent:))) }
    return result
  }

  /// The verdicts one after the other, since all of a large capture are more than its UEs. Frames are those of the trace: see
  /// ``numbered(_:)``.
  func tell(_ body: (Verdict) -> Void) { alignment.tell(body) }

  /// With packet numbers for frames.
  func numbered(_ verdict: Verdict) -> Verdict { verdict.renumbered(packet(ofEvent:)) }

  /// What stays out of the verdicts because it could not be read: a line each, most frequent reason first.
  func unread() -> [String] {
    var lines = follower.remarkCounts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { reason, count in
      let first =
        follower.remarks.first { $0.reason == reason }.map {
          ", first at packet \($0.packet)\($0.detail.isEmpty ? "" : ": \($0.detail)")"
        } ?? ""
      return "\(reason.rawValue): \(count) \(count == 1 ? "time" : "times")\(first)"
    }
    if let end { lines.append("after packet \(packets) the file cannot be read further: \(end)") }
    return lines
  }

  private func packet(ofEvent index: Int) -> Int { packetOfEvent.indices.contains(index) ? Int(packetOfEvent[index]) : packets }
}
