/// Whether two parts of tapes hold the same values, wherever their strings lie.
enum TapeEquality {
  static func areEqual(_ left: Tape, _ leftIndex: Int, _ right: Tape, _ rightIndex: Int) -> Bool {
    guard leftIndex < left.count, rightIndex < right.count else { return false }
    let span = left.nodes[leftIndex].span
    guard span == right.nodes[rightIndex].span else { return false }
    for offset in 0..<Int(span) {
      let a = left.nodes[leftIndex + offset]
      let b = right.nodes[rightIndex + offset]
      // The outermost node's slot says where it stands, not what it is.
      guard a.type == b.type, a.flags == b.flags, a.extent == b.extent, offset == 0 || a.slot == b.slot else { return false }
      let row = Grammar.shared.types[Int(a.type)]
      switch row.kind {
      case .octets, .text, .bits:
        if a.flags.contains(.inline) {
          guard a.low == b.low else { return false }
          continue
        }
        let count = Int(a.high)
        let whole = row.kind == .bits ? count >> 3 : count
        guard left.octets[Int(a.low)..<Int(a.low) + whole] == right.octets[Int(b.low)..<Int(b.low) + whole] else { return false }
        if row.kind == .bits, count & 7 != 0 {
          let shift = UInt8(8 - count & 7)
          guard left.octets[Int(a.low) + whole] >> shift == right.octets[Int(b.low) + whole] >> shift else { return false }
        }
      case .integer, .enumerated, .boolean, .null, .sequence, .choice, .list, .field:
        guard a.low == b.low else { return false }
      }
    }
    return true
  }
}
