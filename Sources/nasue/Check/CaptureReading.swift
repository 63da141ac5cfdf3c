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

  struct Batch: Sendable {
    /// The first one last, from where it is taken without a copy.
    var events: [Event] = []
  }

  private static let batch = 256
  private static let batchesAhead = 16

  // Changed by the reading thread alone, and read by others when it has ended.
  private(set) var follower = CaptureFollower()
  /// Why the rest of the file could not be read.
  private(set) var end: CaptureError?
  private(set) var packets = 0
  private(set) var duration: Duration = .zero
  private var reader: CaptureFileReader
  private var start: Duration?
  private let isInterrupted: @Sendable () -> Bool

  /// - Throws: where there is nothing to read at all.
  init(_ path: String, isInterrupted: @escaping @Sendable () -> Bool) throws(CaptureError) {
    reader = try CaptureFileReader(path: path)
    self.isInterrupted = isInterrupted
  }

  /// Reads to the end.
  /// - Parameter take: gets each packet's events, with the names known then.
  func run(_ take: ([TraceEvent.Body]) -> Void) {
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
      take(found)
      found.removeAll(keepingCapacity: true)
    }
    follower.finish(into: &found)
    take(found)
  }

  /// Reads on a thread of its own.
  /// - Returns: the batches, or nil where there is no thread to be had.
  func begin() -> BoundedQueue<Batch>? {
    let queue = BoundedQueue<Batch>(capacity: Self.batchesAhead)
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work(self, queue)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        work.reading.run(into: work.queue)
        return nil
      }, box)
    guard status == 0 else {
      Unmanaged<Work>.fromOpaque(box).release()
      return nil
    }
    pthread_detach(thread)
    return queue
  }

  private final class Work: Sendable {
    let reading: CaptureReading
    let queue: BoundedQueue<Batch>

    init(_ reading: CaptureReading, _ queue: BoundedQueue<Batch>) {
      self.reading = reading
      self.queue = queue
    }
  }

  private func run(into queue: BoundedQueue<Batch>) {
    var batch = Batch()
    batch.events.reserveCapacity(Self.batch)
    run { bodies in
      for body in bodies {
        let found: Event.Body =
          if case .s1ap(let leg, let direction, _, let octets) = body {
            .s1ap(leg, direction, S1APReading(octets, direction))
          } else {
            .other(body)
          }
        batch.events.append(Event(body: found, packet: UInt32(clamping: packets), time: duration))
      }
      guard batch.events.count >= Self.batch else { return }
      batch.events.reverse()
      queue.add(batch)
      batch = Batch()
      batch.events.reserveCapacity(Self.batch)
    }
    batch.events.reverse()
    queue.add(batch)
    queue.close()
  }
}
