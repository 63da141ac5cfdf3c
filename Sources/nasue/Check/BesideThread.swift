import Glibc

/// Work on a thread of its own. Not a task: it waits for queues, and a pool's threads are not for that.
struct BesideThread {
  private var thread = pthread_t()

  /// - Returns: nil where there is no thread to be had.
  init?(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Work(body)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, box)
    guard status == 0 else {
      Unmanaged<Work>.fromOpaque(box).release()
      return nil
    }
  }

  /// Nobody will wait for its end.
  func detach() { pthread_detach(thread) }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
