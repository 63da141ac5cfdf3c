import Glibc
import Scenario
import Synchronization

/// Lines of commands that arrive while an event loop waits for other things: a thread of its own reads them, and wakes the loop.
final class CommandReader: Sendable {
  /// A line and its number, from 1.
  struct Line: Sendable {
    var number: Int
    var text: String
  }

  /// Lines longer than this are cut: nobody's command is.
  private static let maximumLength = 4_096

  private let descriptor: Int32
  private let lines = Mutex<[Line]>([])

  /// - Parameter path: a file or a FIFO; `-` is standard input.
  init(_ path: String) throws {
    if path == "-" {
      descriptor = 0
    } else {
      // A FIFO opened for both neither waits for a writer nor ends with the first one.
      var facts = stat()
      let isFIFO = stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFIFO
      descriptor = open(path, (isFIFO ? O_RDWR : O_RDONLY) | O_CLOEXEC)
      guard descriptor >= 0 else { throw Refusal.usage("--commands \(path): \(String(cString: strerror(errno)))") }
    }
  }

  /// What the reading thread is given.
  private final class Work: Sendable {
    let reader: CommandReader
    let wake: @Sendable () -> Void

    init(_ reader: CommandReader, _ wake: @escaping @Sendable () -> Void) {
      self.reader = reader
      self.wake = wake
    }
  }

  /// Begins to read; the end of the input ends the thread and nothing else.
  ///
  /// - Parameter wake: called from the reading thread when a line has come.
  func start(waking wake: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Work(self, wake)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        work.reader.run(work.wake)
        return nil
      }, box)
    guard status == 0 else {
      Unmanaged<Work>.fromOpaque(box).release()
      throw Refusal.environment("--commands: \(String(cString: strerror(status)))")
    }
    pthread_detach(thread)
  }

  /// Takes the lines that have come.
  func take() -> [Line] {
    lines.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }

  private func run(_ wake: () -> Void) {
    // Signals are the main thread's, so that they end its wait.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    var pending: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    var number = 0
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      for octet in chunk[..<count] {
        if octet == UInt8(ascii: "\n") {
          number += 1
          hand(pending, number)
          wake()
          pending = []
        } else if pending.count < Self.maximumLength {
          pending.append(octet)
        }
      }
    }
    guard !pending.isEmpty else { return }
    hand(pending, number + 1)
    wake()
  }

  private func hand(_ octets: [UInt8], _ number: Int) {
    lines.withLock { $0.append(Line(number: number, text: String(decoding: octets, as: UTF8.self))) }
  }
}
