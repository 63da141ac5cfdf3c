import Foundation

/// Runs the built `nasue`, which lies beside the test bundle.
enum DecodeExecutable {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// Standard output as JSON lines.
    func objects() throws -> [[String: Any]] {
      try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
    }
  }

  static var url: URL {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return bundle.deletingLastPathComponent().appendingPathComponent("nasue")
  }

  /// Runs a line of the shell, in which `$0` is the command.
  static func shell(_ script: String) throws -> Outcome {
    try run(["-c", script, url.path], executable: URL(fileURLWithPath: "/bin/bash"))
  }

  static func run(_ arguments: [String], input: String = "", executable: URL = url) throws -> Outcome {
    // Files instead of pipes: no reader is needed, however much is written.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-decode-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ contents: String = "") throws -> URL {
      let url = folder.appendingPathComponent(name)
      try Data(contents.utf8).write(to: url)
      return url
    }
    let (input, output, errors) = (try file("in", input), try file("out"), try file("err"))
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }
}
