import Glibc

/// The thin layer of file I/O under the readers and writers.
public enum CaptureFile {
  /// The largest file read into memory: 1 GiB.
  public static let maximumLength = 1 << 30

  /// A whole file.
  ///
  /// - Throws: `unreadableFile` with the system's reason, or `fileTooLarge`.
  public static func read(_ path: String) throws(CaptureError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(.unreadableFile, path) }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(.unreadableFile, path) }
      if count == 0 { return result }
      guard result.count + count <= maximumLength else {
        throw CaptureError(.fileTooLarge, offset: result.count, detail: "\(path): more than \(maximumLength) octets")
      }
      result.append(contentsOf: buffer[..<count])
    }
  }

  /// Replaces the file at `path`.
  public static func write(_ octets: [UInt8], to path: String) throws(CaptureError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(.unwritableFile, path) }
    defer { close(descriptor) }
    var written = 0
    while written < octets.count {
      let count = octets.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(.unwritableFile, path, offset: written) }
      written += count
    }
  }

  private static func failure(_ code: CaptureError.Code, _ path: String, offset: Int = 0) -> CaptureError {
    let number = errno
    return CaptureError(code, offset: offset, detail: "\(path): \(String(cString: strerror(number)))")
  }
}
