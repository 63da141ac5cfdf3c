import ArgumentParser
import Glibc

/// What `nasue` tells the shell; see command-line promises in the README.
enum ExitStatus {
  /// A check failed: misaligned, an expectation not met, or a required assertion unobserved.
  static let checkFailed = ExitCode(1)
  /// Usage, or a bad input file.
  static let usage = ExitCode(2)
  /// The environment: no SCTP, connection refused, peer gone.
  static let environment = ExitCode(3)
}

/// A line on standard error, and an exit.
struct Refusal: Error {
  var status: ExitCode
  var message: String

  static func usage(_ message: String) -> Refusal { Refusal(status: ExitStatus.usage, message: message) }
  static func environment(_ message: String) -> Refusal { Refusal(status: ExitStatus.environment, message: message) }
}

/// Runs a command's body and turns refusals into a line on standard error and the exit status.
func guarded(_ body: () throws -> Void) throws {
  do { try body() } catch let refusal as Refusal {
    StandardStream.error.write("nasue: \(refusal.message)\n")
    throw refusal.status
  }
}

/// Standard output and error without buffering games: whole lines, written at once.
struct StandardStream: TextOutputStream {
  let descriptor: Int32
  nonisolated(unsafe) static var output = StandardStream(descriptor: 1)
  nonisolated(unsafe) static var error = StandardStream(descriptor: 2)

  /// Whether it is a terminal, and colours are not unwanted (https://no-color.org).
  var takesColour: Bool { isatty(descriptor) == 1 && getenv("NO_COLOR") == nil }

  func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count, let base = bytes.baseAddress {
        let written = Glibc.write(descriptor, base + offset, bytes.count - offset)
        if written > 0 {
          offset += written
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}
