/// The SNOW 3G keystream generator (TS 35.216).
///
/// The shift register is not shifted: its sequence is written out linearly in a window, s[t+16] from s[t], s[t+2] and s[t+11], and the last
/// 16 words move to the front when the window is full.
struct SNOW3G {
  /// How many words one call of `generate` makes at most.
  static let chunk = 48
  /// Words of scratch memory that a generator needs.
  static let windowCount = 16 + chunk

  private let s: UnsafeMutablePointer<UInt32>
  private let tables: CipherTables
  private var r1: UInt32 = 0
  private var r2: UInt32 = 0
  private var r3: UInt32 = 0

  /// Initialises with the key (16 octets) and IV0 to IV3 in the scratch memory `window`, §4.1.
  @inline(__always)
  init(
    key: UnsafeRawPointer, iv: (UInt32, UInt32, UInt32, UInt32), tables: CipherTables, window: UnsafeMutablePointer<UInt32>
  ) {
    self.tables = tables
    s = window
    let k3 = UInt32(bigEndian: key.loadUnaligned(as: UInt32.self))
    let k2 = UInt32(bigEndian: key.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    let k1 = UInt32(bigEndian: key.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    let k0 = UInt32(bigEndian: key.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    s[0] = ~k0
    s[1] = ~k1
    s[2] = ~k2
    s[3] = ~k3
    s[4] = k0
    s[5] = k1
    s[6] = k2
    s[7] = k3
    s[8] = ~k0
    s[9] = ~k1 ^ iv.3
    s[10] = ~k2 ^ iv.2
    s[11] = ~k3
    s[12] = k0 ^ iv.1
    s[13] = k1
    s[14] = k2
    s[15] = k3 ^ iv.0
    for t in 0..<32 {
      s[t &+ 16] = feedback(t) ^ clockFSM(t)
    }
    rewind(32)
    // §4.2: the first output of the FSM in keystream mode is discarded.
    _ = clockFSM(0)
    s[16] = feedback(0)
    rewind(1)
  }

  /// Writes the next `count` keystream words in memory order (big-endian) to `words`.
  @inline(__always)
  mutating func generate(_ count: Int, into words: UnsafeMutablePointer<UInt32>) {
    assert(count <= Self.chunk)
    for t in 0..<count {
      words[t] = (clockFSM(t) ^ s[t]).bigEndian
      s[t &+ 16] = feedback(t)
    }
    rewind(count)
  }

  @inline(__always)
  private func rewind(_ count: Int) {
    for index in 0..<16 { s[index] = s[index &+ count] }
  }

  /// s[t+16] without the FSM's word, §3.4.4.
  @inline(__always)
  private func feedback(_ t: Int) -> UInt32 {
    let s0 = s[t]
    let s11 = s[t &+ 11]
    return s0 << 8 ^ tables.multiply[Int(s0 >> 24)] ^ s[t &+ 2] ^ s11 >> 8 ^ tables.divide[Int(s11 & 0xff)]
  }

  /// §3.4.6: the FSM's output word, and one step of its registers.
  @inline(__always)
  private mutating func clockFSM(_ t: Int) -> UInt32 {
    let output = (s[t &+ 15] &+ r1) ^ r2
    let r = r2 &+ (r3 ^ s[t &+ 5])
    r3 = Self.substitute(r2, tables.s2)
    r2 = Self.substitute(r1, tables.s1)
    r1 = r
    return output
  }

  @inline(__always)
  private static func substitute(_ w: UInt32, _ table: UnsafePointer<UInt32>) -> UInt32 {
    table[Int(w >> 24)] ^ table[256 &+ Int(w >> 16 & 0xff)] ^ table[512 &+ Int(w >> 8 & 0xff)] ^ table[768 &+ Int(w & 0xff)]
  }
}
