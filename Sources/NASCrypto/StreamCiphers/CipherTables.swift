/// The tables of SNOW 3G and ZUC, computed once per process and never freed or written again. An engine keeps the pointers, so that an
/// access is one load: no lazy initialisation, no bounds check, no reference count.
struct CipherTables: @unchecked Sendable {
  /// SNOW 3G's S-boxes S1 and S2 with their column mixing: 4 × 256 words each, first those of the most significant octet.
  let s1: UnsafePointer<UInt32>
  let s2: UnsafePointer<UInt32>
  /// SNOW 3G's MULα and DIVα, 256 words each.
  let multiply: UnsafePointer<UInt32>
  let divide: UnsafePointer<UInt32>
  /// ZUC's S-box layer S0, S1, S0, S1: 4 × 256 words, each value already in its place in the word.
  let zuc: UnsafePointer<UInt32>

  static let shared = CipherTables()

  private init() {
    s1 = Self.mixed(Self.rijndaelBox, polynomial: 0x1b)
    s2 = Self.mixed(Self.dicksonBox, polynomial: 0x69)
    multiply = Self.table(256) { c in
      Self.powers(UInt8(c), 23, 245, 48, 239)
    }
    divide = Self.table(256) { c in
      Self.powers(UInt8(c), 16, 39, 6, 64)
    }
    let boxes = [Self.zucBox0, Self.zucBox1, Self.zucBox0, Self.zucBox1]
    zuc = Self.table(1024) { index in
      UInt32(boxes[index >> 8][index & 255]) << UInt32(24 - 8 * (index >> 8))
    }
  }

  private static func table(_ count: Int, _ value: (Int) -> UInt32) -> UnsafePointer<UInt32> {
    let words = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
    for index in 0..<count { words[index] = value(index) }
    return UnsafePointer(words)
  }

  /// TS 35.216 §3.3: each octet goes through the box, then the column (2 1 1 3; 3 2 1 1; 1 3 2 1; 1 1 3 2) over GF(2^8) mixes the four.
  private static func mixed(_ box: [UInt8], polynomial: UInt8) -> UnsafePointer<UInt32> {
    table(1024) { index in
      let s = box[index & 255]
      let s2 = Self.timesX(s, polynomial)
      let column = UInt32(s2) << 24 | UInt32(s2 ^ s) << 16 | UInt32(s) << 8 | UInt32(s)
      let turn = UInt32(8 * (index >> 8))
      return turn == 0 ? column : column >> turn | column << (32 - turn)
    }
  }

  /// MULx of TS 35.216 §3.1.1.
  private static func timesX(_ value: UInt8, _ polynomial: UInt8) -> UInt8 {
    value & 0x80 == 0 ? value << 1 : value << 1 ^ polynomial
  }

  /// MULxPOW with 0xA9 for four exponents, side by side (TS 35.216 §3.4.2, §3.4.3).
  private static func powers(_ value: UInt8, _ exponents: Int...) -> UInt32 {
    var word: UInt32 = 0
    for exponent in exponents {
      var power = value
      for _ in 0..<exponent { power = timesX(power, 0xa9) }
      word = word << 8 | UInt32(power)
    }
    return word
  }

  /// Product in GF(2^8) with the polynomial's low octet.
  private static func product(_ a: UInt8, _ b: UInt8, _ polynomial: UInt8) -> UInt8 {
    var (a, b, result) = (a, b, UInt8(0))
    while b != 0 {
      if b & 1 == 1 { result ^= a }
      a = timesX(a, polynomial)
      b >>= 1
    }
    return result
  }

  private static func power(_ base: UInt8, _ exponent: Int, _ polynomial: UInt8) -> UInt8 {
    var (square, exponent, result) = (base, exponent, UInt8(1))
    while exponent > 0 {
      if exponent & 1 == 1 { result = product(result, square, polynomial) }
      square = product(square, square, polynomial)
      exponent >>= 1
    }
    return result
  }

  /// SR, the S-box of Rijndael: the affine image of the inverse in GF(2^8) / 0x1B.
  static var rijndaelBox: [UInt8] {
    (0...255).map { (x: UInt8) -> UInt8 in
      let i = power(x, 254, 0x1b)
      return i ^ (i << 1 | i >> 7) ^ (i << 2 | i >> 6) ^ (i << 3 | i >> 5) ^ (i << 4 | i >> 4) ^ 0x63
    }
  }

  /// SQ: a Dickson polynomial over GF(2^8) / 0x69, plus 0x25 (TS 35.216 §3.3.2).
  static var dicksonBox: [UInt8] {
    (0...255).map { (x: UInt8) -> UInt8 in
      [1, 9, 13, 15, 33, 41, 45, 47, 49].reduce(UInt8(0x25)) { $0 ^ power(x, $1, 0x69) }
    }
  }
}
