import Glibc
import Synchronization

/// SIGINT and SIGTERM as a number that event loops look at, so that a run ends in order: releases sent, reports written.
public enum InterruptSignal {
  /// Signals so far. Patient loops end at the first, everything at the second.
  public static var count: Int { raised.load(ordering: .relaxed) }

  private static let raised = Atomic<Int>(0)
  private static let descriptor = Atomic<Int32>(-1)

  /// Catches SIGINT and SIGTERM from now on, and wakes `poll` of this transport when they come. The last transport given is the one woken.
  public static func install(waking transport: (any InterruptibleTransport)? = nil) {
    // Touched here so that the handler never runs the lazy initialiser of a global.
    _ = raised.load(ordering: .relaxed)
    descriptor.store(transport?.wakeDescriptor ?? -1, ordering: .releasing)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in
      let saved = errno
      InterruptSignal.raised.add(1, ordering: .relaxed)
      let target = InterruptSignal.descriptor.load(ordering: .acquiring)
      if target >= 0 { WakeUp.raise(target) }
      errno = saved
    }
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
  }

  /// Lets the signals end the process again.
  public static func uninstall() {
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
    descriptor.store(-1, ordering: .releasing)
  }
}

/// A transport that can be woken from a signal handler.
public protocol InterruptibleTransport: SignallingTransport {
  /// The eventfd that `wake()` writes; valid as long as the transport lives.
  var wakeDescriptor: Int32 { get }
}

extension InterruptibleTransport {
  /// Does what `wake()` does, for another thread that must not hold the transport; to be called only while the transport lives.
  public var waker: @Sendable () -> Void {
    let descriptor = wakeDescriptor
    return { WakeUp.raise(descriptor) }
  }
}
