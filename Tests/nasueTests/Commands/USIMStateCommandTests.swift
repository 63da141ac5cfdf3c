import Foundation
import Testing

/// `nasue attach --usim-state` as a user meets it; the network in this process is another one at each run.
@Suite struct USIMStateCommandTests {
  private func withDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-usim-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func oneRunAfterAnother() throws {
    try withDirectory { path in
      for _ in 0..<3 {
        let run = try DecodeExecutable.run(["attach", "--usim-state", path, "--switch-off"])
        #expect(run.status == 0, "\(run.errors)")
        // The HSS goes on behind what the USIM has accepted.
        #expect(!run.output.contains("AUTHENTICATION FAILURE"))
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(path)/001010123456780").sorted()
      #expect(names == ["6F07", "6F7B", "6FE3", "6FE4", "NVM", "SQN"])
    }
  }

  @Test(arguments: ["6F07", "6F7B", "6FE3", "6FE4", "NVM", "SQN"])
  func aCorruptFileEndsWith2AndStays(name: String) throws {
    try withDirectory { path in
      #expect(try DecodeExecutable.run(["attach", "--quiet", "--usim-state", path]).status == 0)
      let file = "\(path)/001010123456780/\(name)"
      try Data("nonsense".utf8).write(to: URL(fileURLWithPath: file))
      let run = try DecodeExecutable.run(["attach", "--usim-state", path])
      #expect(run.status == 2)
      #expect(run.errors.contains(file) && run.output.isEmpty, "\(run.errors)")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "nonsense")
    }
  }

  @Test func aPlaceThatCannotBeWrittenEndsWith3AndWhatToDo() throws {
    let run = try DecodeExecutable.run(["attach", "--usim-state", "/dev/null/x"])
    #expect(run.status == 3)
    #expect(run.errors.contains("/dev/null/x") && run.errors.contains("must be a place"), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func moreCardsThanTheShellAllowsOpenFiles() throws {
    try withDirectory { path in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c", "ulimit -S -n 64; exec \"$0\" attach --quiet --count 80 --usim-state \"$1\" >/dev/null", DecodeExecutable.url.path, path,
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
