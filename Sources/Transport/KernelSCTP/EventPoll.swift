import CLinux
import Glibc

/// An epoll set whose members are known by a number of ours.
final class EventPoll {
  struct Readiness {
    let token: UInt64
    let isWritable: Bool
    let isReadable: Bool
  }

  private let descriptor: Int32

  init() throws(TransportError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw .system(errno, doing: "open an epoll set") }
  }

  deinit { _ = Glibc.close(descriptor) }

  func add(_ member: Int32, token: UInt64, write: Bool = false) throws(TransportError) {
    guard control(EPOLL_CTL_ADD, member, token: token, write: write) else { throw .system(errno, doing: "watch a socket") }
  }

  func change(_ member: Int32, token: UInt64, write: Bool) {
    _ = control(EPOLL_CTL_MOD, member, token: token, write: write)
  }

  func remove(_ member: Int32) { _ = control(EPOLL_CTL_DEL, member, token: 0, write: false) }

  private func control(_ operation: Int32, _ member: Int32, token: UInt64, write: Bool) -> Bool {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | (write ? EPOLLOUT.rawValue : 0)
    event.data.u64 = token
    return epoll_ctl(descriptor, operation, member, &event) == 0
  }

  /// Waits at most `milliseconds` (negative: for ever). An interruption by a signal counts as nothing ready.
  func wait(milliseconds: Int32) throws(TransportError) -> [Readiness] {
    let capacity = 64
    let answer = withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: capacity) { events -> [Readiness]? in
      guard let room = events.baseAddress else { return [] }  // never: it has a capacity; glibc 2.39 says that null is not taken
      let count = epoll_wait(descriptor, room, Int32(capacity), milliseconds)
      guard count >= 0 else { return errno == EINTR ? [] : nil }
      return events[..<Int(count)].map { event in
        let hasEnded = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        return Readiness(
          token: event.data.u64, isWritable: event.events & EPOLLOUT.rawValue != 0 || hasEnded,
          isReadable: event.events & EPOLLIN.rawValue != 0 || hasEnded)
      }
    }
    guard let answer else { throw .system(errno, doing: "wait for sockets") }
    return answer
  }
}

/// The time left of a time-out.
struct Deadline {
  private let end: ContinuousClock.Instant?

  init(_ timeout: Duration?) { end = timeout.map { ContinuousClock.now.advanced(by: $0) } }

  /// Rounded up, so that a loop does not spin in the last millisecond; -1 is for ever.
  var milliseconds: Int32 {
    guard let end else { return -1 }
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
