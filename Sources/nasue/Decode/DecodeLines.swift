import Glibc

/// Lines of standard input, read in blocks and handed out in place. A line longer than any PDU is cut to just more than the limit, so
/// memory does not depend on the input.
struct DecodeLines {
  /// Twice the octets of the largest PDU that SCTP would carry here, with blanks between them.
  static let maximumLine = 1 << 20
  private static let block = 1 << 16

  private var buffer: [UInt8] = []
  /// What was read last.
  private var piece = [UInt8](repeating: 0, count: block)
  private var start = 0
  private var isAtEnd = false
  /// The rest of a line that was too long, up to its end, is passed over.
  private var isSkipping = false
  private var number = 0
  private(set) var error: String?
  private let descriptor: Int32

  init(descriptor: Int32 = STDIN_FILENO) {
    self.descriptor = descriptor
    buffer.reserveCapacity(2 * Self.block)
  }

  /// Reads another block.
  /// - Returns: false at the end of the input, when all lines have been handed out.
  mutating func refill(beforeWaiting: () -> Void) -> Bool {
    guard !isAtEnd else { return false }
    buffer.removeFirst(start)
    start = 0
    beforeWaiting()
    var count: Int
    repeat {
      count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    if count < 0 { error = String(cString: strerror(errno)) }
    buffer.append(contentsOf: piece[..<max(count, 0)])
    isAtEnd = count <= 0
    return true
  }

  /// Hands out the next whole line, without its end, and its number from 1.
  /// - Returns: false if there is none without reading more.
  mutating func next(_ use: (UnsafeBufferPointer<UInt8>, Int) -> Void) -> Bool {
    guard start < buffer.count else { return false }
    let from = start
    let length: Int? = buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + from, 0x0A, bytes.count - from) else { return nil }
      return UnsafeRawPointer(found) - (base + from)
    }
    if let length {
      start = from + length + 1
      return handOut(from..<from + length, use)
    }
    if isAtEnd {
      start = buffer.count
      return handOut(from..<buffer.count, use)
    }
    // Too long already: hand out what is there, which is too long for the caller as well, and pass over what follows.
    guard isSkipping || buffer.count - from > Self.maximumLine else { return false }
    start = buffer.count
    defer { isSkipping = true }
    return handOut(from..<buffer.count, use, isWhole: false)
  }

  private mutating func handOut(_ range: Range<Int>, _ use: (UnsafeBufferPointer<UInt8>, Int) -> Void, isWhole: Bool = true) -> Bool {
    if isSkipping {
      isSkipping = !isWhole
      return true
    }
    number += 1
    buffer.withUnsafeBufferPointer { use(UnsafeBufferPointer(rebasing: $0[range]), number) }
    return true
  }
}
