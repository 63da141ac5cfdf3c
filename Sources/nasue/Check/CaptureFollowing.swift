import NASCrypto
import Observer
import Trace

/// The UEs of a capture followed beside whoever judges them: events in, as they are read; what an observer says of them out, in batches.
final class CaptureFollowing: @unchecked Sendable {
  /// What was observed, and the events that it was observed in. All of it is freed where it came from, which costs least: the observations
  /// go back to be emptied where they were filled, and then the events, which hold what was read, to where they were read.
  struct Batch: Sendable {
    var observed = ObservedBatch()
    fileprivate var events: [CaptureReading.Event] = []
  }

  private static let batchesAhead = 4

  // Changed by the following thread alone, and read by others when it has ended. Their accesses do not overlap.
  @exclusivity(unchecked) private(set) var packetOfEvent: [UInt32] = []
  @exclusivity(unchecked) private(set) var whereabouts = Whereabouts()
  @exclusivity(unchecked) private var following: BatchingObserver
  var shortfall: ObserverShortfall { following.observer.shortfall }
  @exclusivity(unchecked) private var engine = CryptoEngine()
  private let full = BoundedQueue<Batch>(capacity: batchesAhead)
  private let used = BoundedQueue<Batch>(capacity: batchesAhead)

  /// - Parameter observer: has consumed nothing yet.
  init(_ observer: Observer) { following = BatchingObserver(observer) }

  /// Follows on a thread of its own.
  /// - Returns: false where there is no thread to be had.
  func begin(_ batches: CaptureReading.Batches) -> Bool { BesideThread { self.run(batches) }?.detach() != nil }

  /// What was observed, as far as it is not yet judged.
  /// - Returns: nil at the end.
  func next() -> Batch? { full.next() }

  /// A batch that was judged.
  func giveBack(_ batch: consuming Batch) { used.offer(batch) }

  private func run(_ batches: CaptureReading.Batches) {
    var old = Batch()
    while let events = batches.next() {
      var batch = emptied(&old, givingBackTo: batches)
      old = used.nextIfAny() ?? Batch()
      for position in events.indices {
        let before = batch.observed.observations.count
        let (index, time) = (packetOfEvent.count, events[position].time)
        packetOfEvent.append(events[position].packet)
        switch events[position].body {
        case .s1ap(let leg, let direction, let reading):
          following.consume(reading, on: leg, direction, event: index, at: time, using: &engine, into: &batch.observed)
        case .other(let body):
          following.consume(TraceEvent(index: index, time: time, body: body), using: &engine, into: &batch.observed)
        }
        old.observed.free(batch.observed.observations.count - before)
      }
      whereabouts.note(batch.observed.observations[...])
      batch.events = events
      full.add(batch)
    }
    var last = Batch()
    following.finish(into: &last.observed)
    full.add(last)
    full.close()
  }

  /// One that was judged and is emptied by now, but for what was not needed of it.
  private func emptied(_ old: inout Batch, givingBackTo batches: CaptureReading.Batches) -> Batch {
    var batch = Batch()
    swap(&batch, &old)
    batch.observed.removeAll()
    if !batch.events.isEmpty { batches.giveBack(batch.events) }
    batch.events = []
    return batch
  }
}
