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

  static func write(_ content: some Collection<UInt8>, to path: String) throws {
    guard let file = fopen(path, "wb") else { throw Refusal.usage("\(path): \(String(cString: strerror(errno)))") }
    let octets = Array(content)
    let written = octets.isEmpty ? 0 : fwrite(octets, 1, octets.count, file)
    guard fclose(file) == 0, written == octets.count else { throw Refusal.environment("\(path): could not be written whole") }
  }
}
