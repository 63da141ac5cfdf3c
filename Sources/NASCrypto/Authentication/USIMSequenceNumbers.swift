/// The sequence numbers a USIM has accepted, an array of SEQ by IND, and its judgement of a new one (TS 33.102 Annex C.2).
public struct USIMSequenceNumbers: Sendable, Hashable {
  /// Why an SQN is not fresh.
  public enum Staleness: Sendable, Hashable {
    /// SEQ is not above the SEQ accepted with this IND (C.2.2).
    case alreadyUsed
    /// SEQ is more than Δ above the highest one (C.2.1: protection against wrap).
    case jump
    /// SEQ lies L or more below the highest one (C.2.2, optional).
    case tooOld
  }

  /// How many of the 48 bits of SQN are IND.
  public let indexBits: Int
  /// Δ: SEQ may jump by this much.
  public let delta: UInt64
  /// L: how far SEQ may lie behind the highest one; nil for no such limit.
  public let ageLimit: UInt64?
  /// The highest SEQ accepted with each IND, 2^`indexBits` of them; 0 where none was.
  public var sequences: [UInt64] { used + [UInt64](repeating: 0, count: 1 << indexBits - used.count) }
  /// Without the zeros at the end: most USIMs have seen few challenges, and a hundred thousand of them are held at once.
  private var used: [UInt64] = []

  /// The values of TS 33.102 Annex C.3: IND of 5 bits, Δ = 2^28; SEQ is 0 everywhere, so the first SQN accepted has SEQ 1 or more.
  public init(indexBits: Int = 5, delta: UInt64 = 1 << 28, ageLimit: UInt64? = nil) {
    precondition((0...16).contains(indexBits))
    self.indexBits = indexBits
    self.delta = delta
    self.ageLimit = ageLimit
  }

  /// What a USIM held when it was switched off; nil if there are not 2^`indexBits` sequence numbers of 48 - `indexBits` bits.
  public init?(indexBits: Int, delta: UInt64, ageLimit: UInt64?, sequences: [UInt64]) {
    guard (0...16).contains(indexBits), sequences.count == 1 << indexBits, sequences.allSatisfy({ $0 >> UInt64(48 - indexBits) == 0 })
    else { return nil }
    self.indexBits = indexBits
    self.delta = delta
    self.ageLimit = ageLimit
    used = Array(sequences[..<(1 + (sequences.lastIndex { $0 != 0 } ?? -1))])
  }

  /// SQNms: the highest SEQ accepted, with its IND, 48 bits.
  public var highest: UInt64 {
    var best: UInt64 = 0
    for (index, sequence) in used.enumerated() where sequence > 0 {
      best = max(best, sequence << UInt64(indexBits) | UInt64(index))
    }
    return best
  }

  /// nil if `sqn` (48 bits) is fresh.
  public func staleness(of sqn: UInt64) -> Staleness? {
    let sequence = sqn >> UInt64(indexBits)
    let highestSequence = highest >> UInt64(indexBits)
    if sequence > highestSequence, sequence - highestSequence > delta { return .jump }
    if let ageLimit, sequence < highestSequence, highestSequence - sequence >= ageLimit { return .tooOld }
    let index = index(of: sqn)
    return sequence > (index < used.count ? used[index] : 0) ? nil : .alreadyUsed
  }

  /// Judges `sqn` (48 bits) and remembers it if it is fresh.
  @discardableResult
  public mutating func accept(_ sqn: UInt64) -> Bool {
    guard staleness(of: sqn) == nil else { return false }
    let index = index(of: sqn)
    if index >= used.count { used += [UInt64](repeating: 0, count: 1 + index - used.count) }
    used[index] = sqn >> UInt64(indexBits)
    return true
  }

  private func index(of sqn: UInt64) -> Int { Int(sqn & (1 << UInt64(indexBits) - 1)) }
}
