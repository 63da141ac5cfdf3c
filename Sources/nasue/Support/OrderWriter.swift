import Glibc

/// Writes lines to files or FIFOs that `nasue mme --commands` reads.
final class OrderWriter: Sendable {
  /// By the name of the MME; one without a name is everyone's.
  private let descriptors: [(name: String?, descriptor: Int32)]

  /// - Parameter arguments: `FILE` or `NAME=FILE`.
  /// - Returns: what gives a line to the MME of a name, and says whether it could; nil without arguments.
  static func make(_ arguments: [String]) throws -> (@Sendable (_ mme: String, _ line: String) -> Bool)? {
    guard !arguments.isEmpty else { return nil }
    let writer = OrderWriter(
      try arguments.map { text in
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts.count == 2 ? parts[1] : text
        // Without a reader a FIFO is refused rather than waited for.
        let descriptor = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Refusal.usage("--orders \(path): \(String(cString: strerror(errno)))") }
        return (parts.count == 2 ? parts[0] : nil, descriptor)
      })
    return { writer.write($1, to: $0) }
  }

  private init(_ descriptors: [(name: String?, descriptor: Int32)]) { self.descriptors = descriptors }

  deinit { for (_, descriptor) in descriptors { close(descriptor) } }

  private func write(_ line: String, to mme: String) -> Bool {
    guard let found = descriptors.first(where: { $0.name == mme }) ?? descriptors.first(where: { $0.name == nil }) else { return false }
    let octets = Array((line + "\n").utf8)
    return Glibc.write(found.descriptor, octets, octets.count) == octets.count
  }
}
