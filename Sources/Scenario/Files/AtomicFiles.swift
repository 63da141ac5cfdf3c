import Glibc

/// What went wrong with a file, and whether its content or the place where it is.
public enum USIMStateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The content is corrupt, or another card's. The file is as it was.
  case content(InputFileError)
  /// The file cannot be read or written, and what to do.
  case place(String)

  public var description: String {
    switch self {
    case .content(let error): error.description
    case .place(let words): words
    }
  }
}

/// Files that are replaced as a whole or not at all.
struct AtomicFiles: Sendable {
  /// What replacing a file consists of. A test lets one of them fail, as if the power went.
  enum Step: CaseIterable { case create, write, synchronise, rename, synchroniseDirectory }

  /// Whether this step of replacing this file is the last thing that happens; for tests.
  var isInterrupted: (@Sendable (Step, String) -> Bool)?

  /// nil where there is no file.
  func read(_ path: String) throws(USIMStateError) -> [UInt8]? {
    guard let handle = fopen(path, "rb") else {
      if errno == ENOENT { return nil }
      throw Self.failure(path, "cannot be read")
    }
    defer { fclose(handle) }
    // Larger than any of our files, so that what is too long is seen to be.
    var content = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&content, 1, content.count, handle)
    guard ferror(handle) == 0 else { throw Self.failure(path, "cannot be read") }
    return Array(content[..<count])
  }

  /// Written beside, synchronised, then renamed: whoever reads sees the old file or the new, whole, even after a crash.
  func replace(_ path: String, _ octets: [UInt8]) throws(USIMStateError) {
    let beside = path + ".new"
    try interrupt(.create, path)
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(beside, "cannot be written") }
    do throws(USIMStateError) {
      try interrupt(.write, path) { Self.write(octets.prefix(octets.count / 2), to: descriptor) }
      guard Self.write(octets[...], to: descriptor) else { throw Self.failure(beside, "cannot be written") }
      try interrupt(.synchronise, path)
      guard fsync(descriptor) == 0 else { throw Self.failure(beside, "cannot be written") }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    guard Glibc.close(descriptor) == 0 else { throw Self.failure(beside, "cannot be written") }
    try interrupt(.rename, path)
    guard rename(beside, path) == 0 else { throw Self.failure(path, "cannot be replaced") }
    try interrupt(.synchroniseDirectory, path)
    synchroniseDirectory(of: path)
  }

  func makeDirectory(_ path: String) throws(USIMStateError) {
    guard mkdir(path, 0o700) != 0 else { return }
    let reason = errno
    var information = stat()
    if reason == EEXIST {
      guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
        throw .place("\(path): is no directory; name a directory that may be made or written")
      }
      return
    }
    errno = reason
    throw Self.failure(path, "cannot be made a directory")
  }

  /// So that the new name outlives a crash of the machine. Where a file system cannot do it, nothing is lost but that.
  private func synchroniseDirectory(of path: String) {
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    Glibc.close(descriptor)
  }

  private static func write(_ octets: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    octets.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let written = Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
        if written > 0 { offset += written } else if errno != EINTR { return false }
      }
      return true
    }
  }

  private func interrupt(_ step: Step, _ path: String, _ body: () -> Bool = { true }) throws(USIMStateError) {
    guard let isInterrupted, isInterrupted(step, path) else { return }
    _ = body()
    throw .place("\(path): interrupted")
  }

  static func failure(_ path: String, _ what: String) -> USIMStateError {
    let (code, reason) = (errno, String(cString: strerror(errno)))
    // Each card that is in use holds a descriptor.
    let advice =
      code == EMFILE || code == ENFILE
      ? "attach fewer UEs at once, or raise the limit (ulimit -n)" : "it must be a place that this user may read and write, with room on it"
    return .place("\(path): \(what): \(reason); \(advice)")
  }
}
