import Observer

/// UEs of which only the verdicts are kept.
///
/// A ledger takes some kilooctets, and a trace without keys has a new UE wherever one comes back under a name that nobody saw being given.
/// One that has ended, since nothing that may still come names it, is judged then and there; and of those without keys, who may be
/// any number, the ones heard of least recently when there are too many.
extension AlignmentEngine {
  /// Ledgers of UEs of which no key is known that are held at a time.
  static let maximumKeylessLedgers = 20_000

  /// When each UE that has a ledger was heard of last.
  struct Recency: Sendable {
    /// By UE; -1 has no ledger.
    private(set) var lastEvents: [Int] = []
    private(set) var count = 0
    /// So many ledgers are looked through for what can be reduced.
    var limit = maximumKeylessLedgers

    mutating func heard(of index: Int, at event: Int) {
      while lastEvents.count <= index { lastEvents.append(-1) }
      if lastEvents[index] < 0 { count += 1 }
      lastEvents[index] = event
    }

    mutating func forget(_ index: Int) {
      guard index < lastEvents.count, lastEvents[index] >= 0 else { return }
      lastEvents[index] = -1
      count -= 1
    }
  }

  /// UEs that have verdicts, in order.
  public var uesWithVerdicts: [Int] { (0..<max(ledgers.end, kept.end)).filter { ledgers.has($0) || kept.has($0) } }

  /// Keeps of a UE its verdicts alone. Should it come again nevertheless, it is judged from there on as one met in the middle of things.
  mutating func reduce(_ index: Int) {
    guard ledgers.has(index) else { return }
    var verdicts = CollectedVerdicts()
    collectOpen(ofUE: index, into: &verdicts)
    if verdicts.count > 0 { kept[index] = (kept[index] ?? []) + verdicts.all }
    ledgers[index] = nil
    keNBs[index] = nil
    selfChecks[index] = nil
    judged[index] = nil
    answered[index] = nil
    recency.forget(index)
  }

  /// Reduces UEs without keys where there are too many.
  mutating func makeRoom() {
    guard recency.count > recency.limit else { return }
    var keyless = recency.lastEvents.indices.filter { recency.lastEvents[$0] >= 0 && !observer.hasKey(ofUE: $0) }
    if keyless.count > maximumKeyless {
      keyless.sort { (recency.lastEvents[$0], $0) < (recency.lastEvents[$1], $1) }
      for index in keyless.prefix(keyless.count - maximumKeyless * 3 / 4) {
        reduce(index)
        reducedUEs += 1
      }
    }
    recency.limit = recency.count + max(1, maximumKeyless / 4)
  }
}
