/// How the HSS counts SQN = SEQ ‖ IND for one subscriber (TS 33.102 Annex C.1, C.3: not time-based): every vector gets the next SEQ and
/// the next IND, so that vectors which several serving nodes hold may be used out of order.
public struct HomeSequenceNumbers: Sendable, Hashable {
  /// How many of the 48 bits are IND; 5 as in the USIM's default.
  public let indexBits: Int
  /// The SQN given out last, 48 bits.
  public private(set) var last: UInt64

  public init(last: UInt64 = 0, indexBits: Int = 5) {
    precondition((0...16).contains(indexBits) && last >> 48 == 0)
    self.last = last
    self.indexBits = indexBits
  }

  /// The SQN for the next vector.
  public mutating func next() -> UInt64 {
    let mask: UInt64 = 1 << UInt64(indexBits) - 1
    let sequence = (last >> UInt64(indexBits) &+ 1) << UInt64(indexBits)
    last = (sequence | (last &+ 1) & mask) & 0xffff_ffff_ffff
    return last
  }

  /// Takes over SQNms from an AUTS whose MAC-S was right (TS 33.102 §6.3.5): the next SQN is fresh for the USIM.
  public mutating func resynchronise(to sqnMS: UInt64) {
    last = sqnMS & 0xffff_ffff_ffff
  }
}
