import Glibc

/// A command of the tester's, run by the shell.
enum ShellCommand {
  /// Waits for its end.
  ///
  /// - Returns: whether it ended with 0.
  static func run(_ command: String) -> Bool {
    var process = pid_t()
    let words = ["/bin/sh", "-c", command]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return false } }
    // Exited, and with 0.
    return status == 0
  }
}
