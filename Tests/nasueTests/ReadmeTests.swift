import Foundation
import Testing

/// What README.md shows of `nasue` is what it prints: each command in a fenced block, behind `$ `, is run from the repository's folder and
/// compared with the lines below it. Commands that need a network, or a folder of the machine's, are left to the stages.
@Suite struct ReadmeTests {
  struct Shown: Sendable, CustomTestStringConvertible {
    var command: String
    var output: String
    var testDescription: String { command }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Elsewhere than in this process's reach: the stages run them.
  private static func isElsewhere(_ command: String) -> Bool {
    command.contains("Scripts/stages") || command.contains("--mme") || command.contains("--usim-state") || command.contains("…")
  }

  static let shown: [Shown] = {
    let text = (try? String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)) ?? ""
    var found: [Shown] = []
    // In a fenced block; and in it, behind a command.
    var (isFenced, isShowing) = (false, false)
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isFenced.toggle()
        isShowing = false
      } else if isFenced, line.hasPrefix("$ ") {
        found.append(Shown(command: String(line.dropFirst(2)), output: ""))
        isShowing = true
      } else if isShowing, let last = found.last, last.command.hasSuffix("\\") {
        found[found.count - 1].command = String(last.command.dropLast()) + line
      } else if isShowing {
        found[found.count - 1].output += line + "\n"
      }
    }
    return found.filter { !isElsewhere($0.command) }
  }()

  @Test func `there are commands to look at`() { #expect(Self.shown.count >= 5) }

  @Test(arguments: shown) func `a command that README.md shows prints what is shown`(shown: Shown) throws {
    // Scripts/run builds first, then it is this.
    let command = shown.command.replacingOccurrences(of: "Scripts/run", with: "nasue attach --test-network")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-readme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(at: folder.appendingPathComponent("nasue"), withDestinationURL: DecodeExecutable.url)
    let run = try DecodeExecutable.shell("cd '\(Self.root.path)' && PATH='\(folder.path)':$PATH && \(command)")
    #expect(lines(run.output) == lines(shown.output), "README.md is out of date: \(shown.command)")
  }

  /// Times of the wall clock are not compared, nor space at the ends of lines.
  private func lines(_ text: String) -> [String] {
    text.components(separatedBy: "\n").map { line in
      var line = line.replacing(/[0-9]+(\.[0-9]+)? ms/, with: "… ms")
      while line.last == " " { line.removeLast() }
      return line
    }.reversed().drop { $0.isEmpty }.reversed()
  }
}
