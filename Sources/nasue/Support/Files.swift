import Glibc

/// Whole files in and out, with the reason in words when it does not work.
enum Files {
  static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Refusal.usage("\(path): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      content.append(contentsOf: chunk[..<count])
      guard content.count <= 1 << 30 else { throw Refusal.usage("\(path): larger than 1 GiB") }
    }
    guard ferror(file) == 0 else { throw Refusal.usage("\(path): cannot be read") }
    return content
  }

  /// Whether it is a file that can be written anew, not a pipe or a device.
  static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Lets this process have as many open files as it may: many UEs hold one each.
  static func raiseLimitOfOpenFiles() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }
}

/// A file that is opened before the work that fills it, so that a path that cannot be written is told at once and not at the end.
final class OutputFile {
  let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var isWhole = true

  init(_ path: String) throws {
    guard let file = fopen(path, "wb") else { throw Refusal.usage("\(path): \(String(cString: strerror(errno)))") }
    self.file = file
    self.path = path
  }

  deinit { fclose(file) }

  func append(_ octets: [UInt8]) {
    guard !octets.isEmpty else { return }
    if fwrite(octets, 1, octets.count, file) != octets.count { isWhole = false }
  }

  /// - Throws: when something could not be written (a full disk).
  func finish() throws {
    guard fflush(file) == 0, isWhole else { throw Refusal.environment("\(path): could not be written whole") }
  }
}
