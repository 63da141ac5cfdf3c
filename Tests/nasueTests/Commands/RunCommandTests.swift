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

  @Test func `a baseline gates on what is new, tells what passes now, and is refused for what is not there`() throws {
    let file = FileManager.default.temporaryDirectory.path + "/nasue-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    func run(_ entry: String, _ options: [String]) throws -> DecodeExecutable.Outcome {
      try Data("known:\n  - {profile: \(entry), reason: of old}\n".utf8).write(to: URL(fileURLWithPath: file))
      return try DecodeExecutable.run(["run", "-q", Self.library + "/key-chain/handovers.yaml", "--expect", file] + options)
    }
    let skips = ["--defect", "nh-skip"]
    #expect(try run("key-chain/handovers.yaml", skips).status == 0)
    #expect(try run("key-chain/handovers.yaml, misaligned: nh-genealogy", skips).status == 0)
    let new = try run("key-chain/handovers.yaml, misaligned: kenb-explained", skips)
    #expect(new.status == 1 && new.errors.contains("nh-genealogy misaligned is new"))
    let passing = try run("key-chain/handovers.yaml", [])
    #expect(passing.status == 0 && passing.errors.contains("passes now; it was known to fail: of old"))
    #expect(try run("basics/attach.yaml", []).status == 0)
    let dead = try run("key-chain/handover.yaml", [])
    #expect(dead.status == 2 && dead.errors.contains(":2:15: 'key-chain/handover.yaml'"))
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

  @Test func `a tag to skip that no profile has is told`() throws {
    let run = try DecodeExecutable.run(["run", "-q", Self.library + "/counts", "--skip", "slwo", "--skip", "slow"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.errors.contains("--skip slwo: no profile has that tag; they have ") && !run.errors.contains("--skip slow:"), "\(run.errors)")
  }

  @Test func `JSON Lines as a report are an object for each run`() throws {
    let file = FileManager.default.temporaryDirectory.path + "/nasue-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let run = try DecodeExecutable.run(["run", "--format", "json", Self.library + "/basics/paging.yaml", "--report", "jsonl=\(file)"])
    #expect(run.status == 0)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == run.output)
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

  @Test func `HTML tells every profile, its steps, time line and ladder, each identity once`() throws {
    let file = FileManager.default.temporaryDirectory.path + "/nasue-\(UUID().uuidString).html"
    defer { try? FileManager.default.removeItem(atPath: file) }
    let run = try DecodeExecutable.run(["run", "-q", Self.library + "/key-chain", "--defect", "nh-skip", "--report", "html=\(file)"])
    #expect(run.status == 1)
    let html = try String(contentsOfFile: file, encoding: .utf8)
    let count = html.components(separatedBy: "<details class=\"profile\"").count - 1
    #expect(count > 1 && html.components(separatedBy: "<svg").count - 1 == count)
    #expect(html.components(separatedBy: "class=\"timeline\"").count - 1 == count)
    #expect(html.contains("class=\"parting\"") && html.contains("<li class=\"failed\">"))
    let ids = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count)
  }

  @Test func `what passed is one capture for one profile, else one for each`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.b.pcapng").path
    #expect(try DecodeExecutable.run(["run", "-q", Self.library + "/basics/paging.yaml", "--pcap", path]).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.b.pcapng"])
    let checked = try DecodeExecutable.run([
      "check", path, "--imsi", "001010123456780", "--k", "00112233445566778899aabbccddeeff", "--opc", "63bfa50ee6523365ff14c1f45f88737d",
    ])
    #expect(checked.status == 0 && checked.output.contains("aligned        kenb-explained"))
    let octets = try Data(contentsOf: URL(fileURLWithPath: path))
    for text in ["aligned: kenb-explained, UE 001010123456780", "aligned: rekey-smc-order"] {
      #expect(octets.range(of: Data(text.utf8)) != nil, "\(text)")
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(try DecodeExecutable.run(["run", "-q", Self.library + "/key-chain", "--pcap", path]).status == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count > 1 && files.allSatisfy { $0.hasSuffix(".pcapng") } && files[0].hasPrefix("a.b-01-"))
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
