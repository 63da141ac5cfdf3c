import HeapModule

/// Running timers, earliest first. A value, so that a world in mid-procedure can be copied with its timers.
///
/// Starting a timer that runs starts it anew. Stopped and restarted entries stay in the heap and are skipped when they
/// come up; the heap is rebuilt when they outnumber the running ones.
struct TimerQueue<ID: Hashable & Sendable>: Sendable {
  private struct Entry: Comparable, Sendable {
    var deadline: Duration
    var order: UInt64
    var id: ID

    static func < (a: Entry, b: Entry) -> Bool { (a.deadline, a.order) < (b.deadline, b.order) }
    static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
  }

  private var heap = Heap<Entry>()
  private var running: [ID: UInt64] = [:]
  private var lastOrder: UInt64 = 0

  var isEmpty: Bool { running.isEmpty }
  /// How many entries the heap holds, stale ones too.
  var entryCount: Int { heap.count }

  mutating func start(_ id: ID, at deadline: Duration) {
    lastOrder += 1
    running[id] = lastOrder
    heap.insert(Entry(deadline: deadline, order: lastOrder, id: id))
    if heap.count > 64 && heap.count > 4 * running.count { compact() }
  }

  /// - Returns: whether it was running.
  @discardableResult
  mutating func stop(_ id: ID) -> Bool { running.removeValue(forKey: id) != nil }

  /// The deadline of the timer that expires next.
  mutating func nextDeadline() -> Duration? {
    dropStale()
    return heap.min?.deadline
  }

  /// Takes out the next timer that has expired by `now`.
  mutating func popExpired(by now: Duration) -> (id: ID, deadline: Duration)? {
    dropStale()
    guard let first = heap.min, first.deadline <= now else { return nil }
    heap.removeMin()
    running[first.id] = nil
    return (first.id, first.deadline)
  }

  private mutating func dropStale() {
    while let first = heap.min, running[first.id] != first.order { heap.removeMin() }
  }

  private mutating func compact() {
    heap = Heap(heap.unordered.filter { running[$0.id] == $0.order })
  }
}
