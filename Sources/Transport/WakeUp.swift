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

  /// Asks for a `.wake`. Async-signal-safe, may be called from any thread.
  func raise() { WakeUp.raise(descriptor) }

  static func raise(_ descriptor: Int32) { add(1, to: descriptor) }

  /// Ends a wait without asking for a `.wake`: events are there.
  func announce() { WakeUp.add(1 << 32, to: descriptor) }

  private static func add(_ count: UInt64, to descriptor: Int32) {
    var count = count
    _ = write(descriptor, &count, 8)
  }

  /// Forgets what was raised and announced; tells whether anything was raised.
  func take() -> Bool {
    var count: UInt64 = 0
    return read(descriptor, &count, 8) == 8 && count & 0xffff_ffff != 0
  }
}
