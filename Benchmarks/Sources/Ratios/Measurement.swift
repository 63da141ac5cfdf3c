import CAllocations

/// One thing to measure. `body(n)` does it `n` times and gives a value that depends on all of them, so that none can be left out.
struct Subject {
  var name: String
  /// At most so many AES blocks; nil if there is no bound.
  var bound: Double?
  /// At most so many heap allocations per call; nil if there is no bound.
  var allocationBound: Double?
  var body: (Int) -> UInt64
}

/// What came out.
struct Measurement {
  var subject: Subject
  var nanoseconds: Double
  var allocations: Double
}

/// Keeps the optimiser from dropping what is measured.
nonisolated(unsafe) var sink: UInt64 = 0

/// Measures all subjects in turns, `rounds` times each, and keeps each one's best: the machine is shared, and what disturbs a round can only
/// make it slower. A round is about 30 µs of thread CPU time, short enough to fit between two disturbances.
func measure(_ subjects: [Subject], rounds: Int) -> [Measurement] {
  var repeats: [Int] = []
  for subject in subjects {
    sink &+= subject.body(5000)
    let start = thread_nanoseconds()
    sink &+= subject.body(1000)
    let each = max(1, Double(thread_nanoseconds() - start) / 1000)
    repeats.append(max(1, Int(30_000 / each)))
  }
  var best = [Double](repeating: .infinity, count: subjects.count)
  for _ in 0..<rounds {
    for index in subjects.indices {
      let start = thread_nanoseconds()
      sink &+= subjects[index].body(repeats[index])
      best[index] = min(best[index], Double(thread_nanoseconds() - start) / Double(repeats[index]))
    }
  }
  return subjects.indices.map { index in
    let before = allocation_count()
    sink &+= subjects[index].body(1000)
    let allocations = Double(allocation_count() - before) / 1000
    return Measurement(subject: subjects[index], nanoseconds: best[index], allocations: allocations)
  }
}
