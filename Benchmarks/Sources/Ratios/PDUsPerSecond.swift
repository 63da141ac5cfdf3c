#if canImport(Glibc)
  import Glibc
#endif

/// How many S1AP PDUs `nasue decode` takes a second on one core: the 768 vectors of `shared/vectors/s1ap-aper.json` (55 octets in the mean), and
/// the INITIAL CONTEXT SETUP REQUEST of the other subjects, each repeated on the standard input of the built command, output to
/// `/dev/null`. What counts is user time, since the machine is shared; the best of five runs.
enum PDUsPerSecond {
  static let bound = 300_000.0
  private static let lines = 300_000

  /// Prints a figure for each format; false if a bound is broken. A command that is not there is told, and breaks nothing.
  static func report(command: String, vectors: String) -> Bool {
    guard access(command, X_OK) == 0 else {
      print("nasue decode: not measured, there is no \(command) (swift build -c release --product nasue)")
      return true
    }
    guard let text = contents(of: vectors) else {
      print("nasue decode: not measured, there is no \(vectors)")
      return true
    }
    var isWithin = true
    // Text of the second is for the record: its tree is four times as long as that of the vectors.
    let corpora = [("768 vectors", octetStrings(in: text), true), ("INITIAL CONTEXT SETUP REQUEST", [contextSetupRequest], false)]
    for (name, pdus, bindsText) in corpora {
      guard let input = file(of: pdus) else { continue }
      defer { close(input) }
      for format in ["json", "text"] {
        guard let seconds = (0..<5).compactMap({ _ in userTime(command, ["decode", "--format", format], input) }).min(), seconds > 0 else {
          print("nasue decode: \(command) did not run")
          return false
        }
        let rate = Double(lines) / seconds
        let isBound = format == "json" || bindsText
        if isBound, rate < bound { isWithin = false }
        print(
          "nasue decode --format \(format), \(name): \(Int(rate / 1000)),000 PDUs/s of user time"
            + (isBound ? ", bound 300,000: \(rate >= bound ? "pass" : "FAIL")" : ", no bound"))
      }
    }
    return isWithin
  }

  /// The values of the members `aper`.
  private static func octetStrings(in json: String) -> [String] {
    json.split(separator: "\"aper\"").dropFirst().compactMap { rest in
      rest.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first.map(String.init)
    }
  }

  private static func contents(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var octets: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      guard count > 0 else { break }
      octets += block[..<count]
    }
    return String(decoding: octets, as: UTF8.self)
  }

  /// A file without a name that has them over and over.
  private static func file(of pdus: [String]) -> Int32? {
    guard !pdus.isEmpty else { return nil }
    var name = Array("/tmp/nasue-lines-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    unlink(name)
    var text: [UInt8] = []
    for line in 0..<lines { text += Array(pdus[line % pdus.count].utf8) + [0x0A] }
    var at = 0
    while at < text.count {
      let count = text.withUnsafeBytes { write(descriptor, $0.baseAddress! + at, text.count - at) }
      guard count > 0 else { return nil }
      at += count
    }
    return descriptor
  }

  /// Runs the command on the file from its start.
  private static func userTime(_ command: String, _ arguments: [String], _ input: Int32) -> Double? {
    guard lseek(input, 0, SEEK_SET) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var words = ([command] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child: pid_t = 0
    guard posix_spawn(&child, command, &actions, nil, &words, environ) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child, status == 0 else { return nil }
    return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
  }
}
