/// The ZUC keystream generator (TS 35.222).
///
/// As in ``SNOW3G``, the register's sequence is written out linearly, s[t+16] from s[t] to s[t+15], and moved to the front when the window
/// is full.
struct ZUC {
  /// How many words one call of `generate` makes at most.
  static let chunk = 48
  /// Words of scratch memory that a generator needs.
  static let windowCount = 16 + chunk

  private let s: UnsafeMutablePointer<UInt32>
  private let boxes: UnsafePointer<UInt32>
  private var r1: UInt32 = 0
  private var r2: UInt32 = 0

  /// Initialises with the key (16 octets) and the IV, both in memory order, in the scratch memory `window`, §3.6.
  @inline(__always)
  init(key: UnsafeRawPointer, iv: (UInt64, UInt64), tables: CipherTables, window: UnsafeMutablePointer<UInt32>) {
    boxes = tables.zuc
    s = window
    // §3.5: s[i] is 8 bits of key, 15 bits of the constant D, 8 bits of IV. D is packed here 4 to a word, the first highest.
    let constants: (UInt64, UInt64, UInt64, UInt64) = (
      0x44d7_26bc_626b_135e, 0x5789_35e2_7135_09af, 0x4d78_2f13_6bc4_1af1, 0x5e26_3c4d_789a_47ac
    )
    load(0, key, constants.0, iv.0)
    load(4, key, constants.1, iv.0 << 32)
    load(8, key, constants.2, iv.1)
    load(12, key, constants.3, iv.1 << 32)
    for t in 0..<32 {
      let x0 = (s[t &+ 15] & 0x7fff_8000) << 1 | s[t &+ 14] & 0xffff
      let w = (x0 ^ r1) &+ r2
      clockRegisters(t)
      s[t &+ 16] = Self.reduced(sum(t) &+ UInt64(w >> 1))
    }
    rewind(32)
    // §3.6.2: one step in working mode whose word is discarded.
    clockRegisters(0)
    s[16] = Self.reduced(sum(0))
    rewind(1)
  }

  /// Writes the next `count` keystream words as numbers to `words`.
  @inline(__always)
  mutating func generate(_ count: Int, into words: UnsafeMutablePointer<UInt32>) {
    assert(count <= Self.chunk)
    for t in 0..<count {
      let x0 = (s[t &+ 15] & 0x7fff_8000) << 1 | s[t &+ 14] & 0xffff
      let x3 = s[t &+ 2] << 16 | s[t] >> 15
      words[t] = ((x0 ^ r1) &+ r2) ^ x3
      clockRegisters(t)
      s[t &+ 16] = Self.reduced(sum(t))
    }
    rewind(count)
  }

  @inline(__always)
  private func load(_ first: Int, _ key: UnsafeRawPointer, _ constants: UInt64, _ iv: UInt64) {
    for index in 0..<4 {
      let k = UInt32(key.load(fromByteOffset: first &+ index, as: UInt8.self))
      let d = UInt32(truncatingIfNeeded: constants >> UInt64(truncatingIfNeeded: 48 &- 16 &* index)) & 0x7fff
      let v = UInt32(truncatingIfNeeded: iv >> UInt64(truncatingIfNeeded: 56 &- 8 &* index)) & 0xff
      s[first &+ index] = k << 23 | d << 8 | v
    }
  }

  @inline(__always)
  private func rewind(_ count: Int) {
    for index in 0..<16 { s[index] = s[index &+ count] }
  }

  /// The feedback before reduction modulo 2^31 - 1: below 2^53, §3.2.
  @inline(__always)
  private func sum(_ t: Int) -> UInt64 {
    let high = UInt64(s[t &+ 15]) << 15 &+ UInt64(s[t &+ 13]) << 17
    let middle = UInt64(s[t &+ 10]) << 21 &+ UInt64(s[t &+ 4]) << 20
    return high &+ middle &+ UInt64(s[t]) << 8 &+ UInt64(s[t])
  }

  /// Modulo 2^31 - 1, where zero is written 2^31 - 1: a sum of numbers that are not zero does not become zero here.
  @inline(__always)
  private static func reduced(_ value: UInt64) -> UInt32 {
    let once = (value & 0x7fff_ffff) &+ value >> 31
    return UInt32(truncatingIfNeeded: (once & 0x7fff_ffff) &+ once >> 31)
  }

  /// One step of R1 and R2, §3.4.
  @inline(__always)
  private mutating func clockRegisters(_ t: Int) {
    let x1 = s[t &+ 11] << 16 | s[t &+ 9] >> 15
    let x2 = s[t &+ 7] << 16 | s[t &+ 5] >> 15
    let w1 = r1 &+ x1
    let w2 = r2 ^ x2
    let u = w1 << 16 | w2 >> 16
    let v = w2 << 16 | w1 >> 16
    r1 = substitute(u ^ Self.rotated(u, 2) ^ Self.rotated(u, 10) ^ Self.rotated(u, 18) ^ Self.rotated(u, 24))
    r2 = substitute(v ^ Self.rotated(v, 8) ^ Self.rotated(v, 14) ^ Self.rotated(v, 22) ^ Self.rotated(v, 30))
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 &- count) }

  @inline(__always)
  private func substitute(_ w: UInt32) -> UInt32 {
    boxes[Int(w >> 24)] | boxes[256 &+ Int(w >> 16 & 0xff)] | boxes[512 &+ Int(w >> 8 & 0xff)] | boxes[768 &+ Int(w & 0xff)]
  }
}
