import NASCrypto
import Observer
import Trace

/// The UEs of a capture followed beside whoever judges them: events in, as they are read; what an observer says of them out, in batches.
final class CaptureFollowing: @unchecked Sendable {
  private static let batchesAhead = 16

  // Changed by the following thread alone, and read by others when it has ended.
  private(set) var packetOfEvent: [UInt32] = []
  private var following: BatchingObserver
  private var engine = CryptoEngine()
  private let full = BoundedQueue<ObservedBatch>(capacity: batchesAhead)
  private let used = BoundedQueue<ObservedBatch>(capacity: batchesAhead)

  /// - Parameter observer: has consumed nothing yet.
  init(_ observer: Observer) { following = BatchingObserver(observer) }

  /// Follows on a thread of its own.
  /// - Returns: false where there is no thread to be had.
  func begin(_ batches: CaptureReading.Batches) -> Bool { BesideThread { self.run(batches) }?.detach() != nil }

  /// What was observed, as far as it is not yet judged.
  /// - Returns: nil at the end.
  func next() -> ObservedBatch? { full.next() }

  /// A batch that was judged goes back, and is emptied where it was filled: memory is given back to where it came from at the least cost.
  func giveBack(_ batch: consuming ObservedBatch) { used.offer(batch) }

  private func run(_ batches: CaptureReading.Batches) {
    var observed = ObservedBatch()
    while let batch = batches.next() {
      for position in batch.indices {
        let event = TraceEvent(index: packetOfEvent.count, time: batch[position].time, body: batch[position].traced)
        packetOfEvent.append(batch[position].packet)
        following.consume(event, read: batch[position].reading, using: &engine, into: &observed)
      }
      batches.giveBack(batch)
      full.add(observed)
      observed = used.nextIfAny() ?? ObservedBatch()
      observed.removeAll()
    }
    following.finish(into: &observed)
    full.add(observed)
    full.close()
  }
}
