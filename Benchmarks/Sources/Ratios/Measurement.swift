import CAllocations

/// One thing to measure. `body(n)` does it `n` times and gives a value that depends on all of them, so that none can be left out.
final class Subject {
  let name: String
  /// At most so many AES blocks; nil if there is no bound.
  let bound: Double?
  /// At most so many nanoseconds of CPU time, where the bound is not one in blocks.
  let nanosecondBound: Double?
  /// At most so many heap allocations per call; nil if there is no bound.
  let allocationBound: Double?
  /// What it is compared with, measured just before it in every round.
  let reference: Subject?
  /// At most so many times the reference; nil if there is no bound.
  let referenceBound: Double?
  let body: (Int) -> UInt64

  init(
    name: String, bound: Double? = nil, nanosecondBound: Double? = nil, allocationBound: Double? = nil, reference: Subject? = nil,
    referenceBound: Double? = nil, body: @escaping (Int) -> UInt64
  ) {
    self.name = name
    self.bound = bound
    self.nanosecondBound = nanosecondBound
    self.allocationBound = allocationBound
    self.reference = reference
    self.referenceBound = referenceBound
    self.body = body
  }
}

/// What came out.
struct Measurement {
  var subject: Subject
  /// Per call, the best round.
  var nanoseconds: Double
  /// In units: the median over the rounds of a round's time by the time of the unit measured just before it.
  var blocks: Double
  /// In times of the reference: the median over the rounds, as for the unit; nil without one.
  var times: Double?
  /// Per call.
  var allocations: Double
}

/// Keeps the optimiser from dropping what is measured.
nonisolated(unsafe) var sink: UInt64 = 0

/// Measures all subjects in turns, `rounds` times each.
///
/// The machine is shared and its clock changes by a third from one second to the next, so a subject's best time must not be divided by a
/// unit's best time from another moment: every round of about 150 µs is preceded by one of the unit, and the median of the quotients counts.
func measure(_ subjects: [Subject], unit: Subject, rounds: Int) -> [Measurement] {
  let counts = subjects.map { repeats(of: $0, for: 150_000) }
  let unitRepeats = repeats(of: unit, for: 150_000)
  let referenceRepeats = subjects.map { $0.reference.map { repeats(of: $0, for: 150_000) } ?? 0 }
  var best = [Double](repeating: .infinity, count: subjects.count)
  var quotients = [[Double]](repeating: [], count: subjects.count)
  var times = [[Double]](repeating: [], count: subjects.count)
  for _ in 0..<rounds {
    for index in subjects.indices {
      let each = cost(of: unit, unitRepeats)
      let mine = cost(of: subjects[index], counts[index])
      best[index] = min(best[index], mine)
      quotients[index].append(mine / each)
      if let reference = subjects[index].reference {
        let other = cost(of: reference, referenceRepeats[index])
        times[index].append(cost(of: subjects[index], counts[index]) / other)
      }
    }
  }
  return subjects.indices.map { index in
    let before = allocation_count()
    sink &+= subjects[index].body(1000)
    let allocations = Double(allocation_count() - before) / 1000
    return Measurement(
      subject: subjects[index], nanoseconds: best[index], blocks: quotients[index].sorted()[rounds / 2],
      times: times[index].isEmpty ? nil : times[index].sorted()[rounds / 2], allocations: allocations)
  }
}

/// How often the subject is done in about `nanoseconds`, found after a warm-up.
private func repeats(of subject: Subject, for nanoseconds: Double) -> Int {
  // Long enough to be warm, and not longer for what takes long itself.
  sink &+= subject.body(1000)
  if cost(of: subject, 100) < 10_000 { sink &+= subject.body(19_000) }
  // A round of one call would find the caches as the subject before it left them, which is not how anything runs.
  return max(25, Int(nanoseconds / max(1, cost(of: subject, 1000))))
}

private func cost(of subject: Subject, _ repeats: Int) -> Double {
  let start = thread_nanoseconds()
  sink &+= subject.body(repeats)
  return Double(thread_nanoseconds() - start) / Double(repeats)
}
