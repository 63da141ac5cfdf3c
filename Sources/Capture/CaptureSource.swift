import Glibc

/// Where a reader's octets come from: memory, or a file of which one window is held at a time.
///
/// A window is never changed, only replaced, so slices of an old one stay good for as long as somebody keeps them.
struct CaptureSource: Sendable {
  /// Closes its descriptor with the last copy of the source.
  private final class File: Sendable {
    let descriptor: Int32
    let path: String

    init(_ descriptor: Int32, _ path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    deinit { if descriptor > 0 { close(descriptor) } }
  }

  /// How much is read at least.
  private static let windowLength = 1 << 20

  private var window: [UInt8]
  /// Where in the file the window begins.
  private var base = 0
  /// nil once the end has been read.
  private var file: File?

  init(_ octets: [UInt8]) { window = octets }

  /// - Parameter path: `-` is standard input.
  init(path: String) throws(CaptureError) {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, offset: 0) }
    window = []
    file = File(descriptor, path)
  }

  /// The octets from `offset` on, at most `count`: fewer only at the end of the file. Offsets never go back before the last one asked
  /// for.
  mutating func octets(at offset: Int, atMost count: Int) throws(CaptureError) -> ArraySlice<UInt8> {
    if offset - base + count > window.count, file != nil { try refill(from: offset, count) }
    let start = min(offset - base, window.count)
    return window[start..<min(start + count, window.count)]
  }

  private mutating func refill(from offset: Int, _ count: Int) throws(CaptureError) {
    guard let file else { return }
    let kept = window[min(offset - base, window.count)...]
    var status = 1
    window = [UInt8](unsafeUninitializedCapacity: max(Self.windowLength, count)) { buffer, length in
      _ = buffer.update(fromContentsOf: kept)
      length = kept.count
      while length < count, status > 0 {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[length...])
        repeat { status = read(file.descriptor, rest.baseAddress, rest.count) } while status < 0 && errno == EINTR
        length += max(status, 0)
      }
    }
    base = offset
    guard status >= 0 else { throw Self.failure(file.path, offset: offset + window.count) }
    if status == 0 { self.file = nil }
  }

  private static func failure(_ path: String, offset: Int) -> CaptureError {
    let number = errno
    return CaptureError(.unreadableFile, offset: offset, detail: "\(path): \(String(cString: strerror(number)))")
  }
}
