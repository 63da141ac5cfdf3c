import CLinux
import Glibc

/// An eventfd that another thread or a signal handler writes and an event loop reads.
final class WakeUp: Sendable {
  let descriptor: Int32

  init() throws(TransportError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw .system(errno, doing: "open an eventfd") }
  }

  deinit { _ = Glibc.close(descriptor) }

  /// Async-signal-safe, may be called from any thread.
  func raise() { WakeUp.raise(descriptor) }

  static func raise(_ descriptor: Int32) {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Forgets what was raised; tells whether anything was.
  @discardableResult func take() -> Bool {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8
  }
}
