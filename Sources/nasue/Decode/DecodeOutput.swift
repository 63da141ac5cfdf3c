import Glibc

/// Standard output, collected and written in large pieces.
struct DecodeOutput {
  private static let threshold = 1 << 16

  var octets: [UInt8] = []
  /// The reader is gone (`| head -1`): nobody wants more.
  private(set) var isClosed = false
  private let descriptor: Int32

  init(descriptor: Int32 = STDOUT_FILENO) {
    self.descriptor = descriptor
    octets.reserveCapacity(2 * Self.threshold)
  }

  mutating func flushIfFull() {
    if octets.count >= Self.threshold { flush() }
  }

  /// Writes everything. What cannot be written (the reader is gone) is dropped: there is nobody to tell.
  mutating func flush() {
    let isWritten = octets.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return true }
      var from = 0
      while from < bytes.count {
        let count = write(descriptor, base + from, bytes.count - from)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        from += count
      }
      return true
    }
    if !isWritten { isClosed = true }
    octets.removeAll(keepingCapacity: true)
  }

  /// One line on standard error.
  static func complain(_ line: String) {
    var errors = DecodeOutput(descriptor: STDERR_FILENO)
    errors.append(line + "\n")
    errors.flush()
  }

  mutating func append(_ text: String) {
    octets.append(contentsOf: text.utf8)
  }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { octets.append(contentsOf: $0) }
  }
}
