import Foundation
import Testing

/// `nasue run` and `nasue profile` as a user or a script meets them.
@Suite struct RunCommandTests {
  private static let library = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Profiles").path

  private func withFile<R>(_ contents: String, _ body: (String) throws -> R) throws -> R {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString).yaml")
    try Data(contents.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }

  @Test func `a profile that passes prints a line a step and ends with 0`() throws {
    let run = try DecodeExecutable.run(["run", Self.library + "/basics/attach.yaml"])
    #expect(run.status == 0)
    #expect(run.lines.filter { $0.hasPrefix("  ok ") }.count == 5)
    #expect(run.lines.last == "1 profile: 1 passed, 0 failed, 0 skipped; 5 steps. passed")
    #expect(!run.output.contains("\u{1B}["), "no colours where there is no terminal")
  }

  @Test func `a network that is wrong on purpose ends with 1, place and evidence told`() throws {
    let path = Self.library + "/key-chain/handovers.yaml"
    let run = try DecodeExecutable.run(["run", path, "--defect", "nh-skip"])
    #expect(run.status == 1)
    #expect(run.output.contains("\(path):18:5: "))
    #expect(run.output.contains("nh-genealogy"))
    #expect(run.lines.last?.hasSuffix("FAILED") == true)
  }

  @Test func `JSON is one object a profile`() throws {
    let run = try DecodeExecutable.run(["run", Self.library + "/basics/identification.yaml", "--format", "json"])
    #expect(run.status == 0)
    let objects = try run.objects()
    #expect(objects.count == 3)
    for object in objects {
      #expect(Set(object.keys) == ["file", "profile", "clause", "outcome", "reason", "duration", "checks", "verdicts"])
      #expect(object["outcome"] as? String == "passed")
      #expect((object["checks"] as? [Any])?.count == 5)
    }
  }

  @Test func `reports are written`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/nasue-\(UUID().uuidString)"
    defer { for kind in ["xml", "json"] { try? FileManager.default.removeItem(atPath: "\(folder).\(kind)") } }
    let run = try DecodeExecutable.run([
      "run", "-q", Self.library + "/basics/paging.yaml", "--report", "junit=\(folder).xml", "--report", "json=\(folder).json",
    ])
    #expect(run.status == 0)
    let junit = try String(contentsOfFile: "\(folder).xml", encoding: .utf8)
    #expect(junit.contains("<testsuites name=\"nasue run\" tests=\"1\" failures=\"0\""))
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(folder).json"))) as? [String: Any]
    #expect(json?["passed"] as? Bool == true)
  }

  @Test func `a broken profile ends with 2 and runs nothing`() throws {
    try withFile("name: x\nsteps:\n  - atach\n") { path in
      for command in [["run", path], ["profile", "check", path]] {
        let run = try DecodeExecutable.run(command)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors == "nasue: \(path):3:5: 'atach': expected a step; did you mean 'attach'?\n")
      }
    }
  }

  @Test(arguments: [
    ["run"], ["run", "/no/such/file.yaml"], ["run", "/usr/share/zoneinfo/Asia"], ["run", "x.yaml", "--defect", "nh-zeros"],
    ["run", "x.yaml", "--report", "html=x"], ["run", "x.yaml", "--bind", "127.0.0.1"], ["run", "x.yaml", "--timeout", "0"],
    ["profile", "check"],
  ])
  func `wrong usage ends with 2`(arguments: [String]) throws {
    #expect(try DecodeExecutable.run(arguments).status == 2)
  }

  @Test func `the schema is JSON and knows every key of the flagship profile`() throws {
    let run = try DecodeExecutable.run(["profile", "schema"])
    #expect(run.status == 0)
    let schema = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let properties = try #require(schema?["properties"] as? [String: Any])
    #expect(Set(properties.keys).isSuperset(of: ["name", "clause", "ue", "cells", "steps"]))
  }
}
