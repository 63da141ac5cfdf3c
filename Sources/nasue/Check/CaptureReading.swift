import Capture
import Glibc
import NASCrypto
import Observer
import Trace

/// A capture as far as its octets alone tell: packets put together to events, and their S1AP read. Handed on in batches, so that it may run
/// on a thread of its own beside whoever follows the UEs.
final class CaptureReading: @unchecked Sendable {
  struct Event: Sendable {
    enum Body: Sendable {
      /// Its octets are read, and wanted by nobody else.
      case s1ap(S1Leg, LinkDirection, S1APReading)
      indirect case other(TraceEvent.Body)
    }

    var body: Body
    /// The packet that completed it.
    var packet: UInt32
    var time: Duration
  }

  /// What is under way between two threads stays small enough to be in their cores' caches yet when it is looked at.
  private static let batch = 128
  private static let batchesAhead = 4

  // Changed by the reading thread alone, and read by others when it has ended. Their accesses do not overlap.
  @exclusivity(unchecked) private(set) var follower = CaptureFollower()
  /// Why the rest of the file could not be read.
  private(set) var end: CaptureError?
  /// The largest number of a packet that was taken.
  @exclusivity(unchecked) private(set) var packets = 0
  /// The packet at hand.
  @exclusivity(unchecked) private var last = 0
  /// From the first packet to the one at hand. Below zero where a packet is older than the first, as files have it that were put
  /// together.
  @exclusivity(unchecked) private(set) var time: Duration = .zero
  @exclusivity(unchecked) private var times: (earliest: Duration, latest: Duration) = (.zero, .zero)
  /// From the oldest packet to the newest.
  var duration: Duration { times.latest - times.earliest }
  @exclusivity(unchecked) private(set) var reader: TimeOrderedReader
  @exclusivity(unchecked) private var start: Duration?
  private let isInterrupted: @Sendable () -> Bool

  /// - Throws: where there is nothing to read at all.
  init(_ path: String, isInterrupted: @escaping @Sendable () -> Bool) throws(CaptureError) {
    reader = TimeOrderedReader(try CaptureFileReader(path: path))
    self.isInterrupted = isInterrupted
  }

  /// Reads to the end.
  /// - Parameter take: gets each packet's events.
  func run(_ take: ([TraceEvent.Body]) -> Void) {
    var found: [TraceEvent.Body] = []
    while !(packets & 1023 == 1023 && isInterrupted()) {
      let next: CapturedPacket?
      do throws(CaptureError) { next = try reader.next() } catch {
        end = error
        break
      }
      guard let packet = next else { break }
      packets = max(packets, packet.number)
      last = packet.number
      let base = start ?? packet.timestamp
      start = base
      time = packet.timestamp - base
      times = (min(times.earliest, time), max(times.latest, time))
      follower.consume(packet, into: &found)
      take(found)
      found.removeAll(keepingCapacity: true)
    }
    follower.finish(into: &found)
    take(found)
  }

  /// The packet that completed one of the events at hand.
  func packet(ofBody position: Int) -> UInt32 { UInt32(clamping: follower.packet(ofOutput: position) ?? last) }

  /// Reads on a thread of its own.
  /// - Returns: the batches, or nil where there is no thread to be had.
  func begin() -> Batches? {
    let batches = Batches()
    guard BesideThread({ self.run(into: batches) })?.detach() != nil else { return nil }
    return batches
  }

  /// What has been read. The batches that were looked at go back, and are emptied where they were filled, as new ones are: memory is given back
  /// to where it came from at the least cost.
  struct Batches: Sendable {
    fileprivate let full = BoundedQueue<[Event]>(capacity: CaptureReading.batchesAhead)
    fileprivate let used = BoundedQueue<[Event]>(capacity: 4 * CaptureReading.batchesAhead)

    /// - Returns: nil at the end.
    func next() -> [Event]? { full.next() }

    func giveBack(_ batch: consuming [Event]) { used.offer(batch) }
  }

  private func run(into batches: Batches) {
    var batch: [Event] = []
    batch.reserveCapacity(Self.batch)
    var old: [Event] = []
    run { bodies in
      for (position, body) in bodies.enumerated() {
        // One is freed for each that is made, so that the one takes the other's memory: many at once are more than malloc keeps at hand.
        _ = old.popLast()
        let found: Event.Body =
          if case .s1ap(let leg, let direction, _, let octets) = body {
            .s1ap(leg, direction, S1APReading(octets, direction))
          } else {
            .other(body)
          }
        batch.append(Event(body: found, packet: packet(ofBody: position), time: time))
      }
      guard batch.count >= Self.batch else { return }
      batches.full.add(batch)
      old.removeAll(keepingCapacity: true)
      swap(&batch, &old)
      old = batches.used.nextIfAny() ?? []
    }
    batches.full.add(batch)
    batches.full.close()
  }
}
