import Foundation
import Testing

/// `--deviation` and `nasue explain` as a user meets them.
@Suite struct DeviationCommandTests {
  @Test func everyVerdictSaysThatTheUEDeviates() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
    let reports = ["--report", "html=\(file("h"))", "--report", "json=\(file("j"))", "--report", "junit=\(file("u"))"]
    let wanted = ["--deviation", "answer-smc-twice", "--deviation", "ignore-paging"]

    let text = try DecodeExecutable.run(["attach"] + wanted + reports)
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.lines.count { $0.contains("UPLINK NAS TRANSPORT") && $0.contains("SECURITY MODE COMPLETE") } == 2)
    let verdicts = text.lines.filter { $0.hasPrefix("aligned ") || $0.hasPrefix("observed ") || $0.hasPrefix("unobserved ") }
    #expect(verdicts.count >= 8)
    #expect(text.output.components(separatedBy: "[deviates:").count == verdicts.count + 1)
    #expect(text.lines.last?.contains("answer-smc-twice, ignore-paging") == true)

    let json = try DecodeExecutable.run(["attach", "--format", "json"] + wanted)
    let objects = try json.objects().filter { $0["verdict"] != nil }
    #expect(objects.count == verdicts.count)
    #expect(objects.allSatisfy { $0["deviations"] as? [String] == ["answer-smc-twice", "ignore-paging"] })

    #expect(try String(contentsOfFile: file("h"), encoding: .utf8).components(separatedBy: "the UE deviates:").count == verdicts.count + 1)
    let junit = try String(contentsOfFile: file("u"), encoding: .utf8)
    #expect(junit.components(separatedBy: "deviations: answer-smc-twice, ignore-paging").count == verdicts.count + 1)
    #expect(junit.contains("name=\"Deviations\""))
    #expect(try String(contentsOfFile: file("j"), encoding: .utf8).contains("\"deviations\":[\"answer-smc-twice\",\"ignore-paging\"]"))
  }

  @Test(arguments: [
    ("answer-smc", "answer-smc-twice"), ("accept-plain-authentication", "accept-plain-authentication-request"),
    ("ignore-pagin", "ignore-paging"), ("ANSWER-SMC-TWICE", "answer-smc-twice"),
    ("accept-unprotected-rejects", "accept-unprotected-reject"),
  ])
  func anUnknownNameEndsWith2AndTheNearestNames(typed: String, meant: String) throws {
    let run = try DecodeExecutable.run(["attach", "--deviation", typed])
    #expect(run.status == 2)
    #expect(run.errors.contains("did you mean \(meant)"), "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func aNameLikeNoOtherPointsToTheList() throws {
    let run = try DecodeExecutable.run(["attach", "--deviation", "xyzzy"])
    #expect(run.status == 2 && run.errors.contains("--list-deviations"))
  }

  @Test func theListHasEachWithItsClause() throws {
    let list = try DecodeExecutable.run(["attach", "--list-deviations"])
    #expect(list.status == 0)
    #expect(try DecodeExecutable.run(["explain", "deviations"]).output == list.output)
    let objects = try DecodeExecutable.run(["explain", "deviations", "--format", "json"]).objects()
    #expect(objects.count >= 9)
    for object in objects {
      let name = try #require(object["deviation"] as? String)
      #expect((object["clause"] as? String)?.hasPrefix("TS ") == true)
      #expect(list.lines.contains { $0.hasPrefix(name + " ") && $0.contains("TS ") })
    }
  }

  @Test func statesAsATableAndAsDiagrams() throws {
    let text = try DecodeExecutable.run(["explain", "states"])
    #expect(text.status == 0)
    #expect(text.lines.count > 100)
    #expect(text.lines.contains { $0.hasPrefix("EMM-NULL ") && $0.contains("power on") && $0.contains("TS 24.301 §5.1.3.2.1") })
    let objects = try DecodeExecutable.run(["explain", "states", "--format", "json"]).objects()
    #expect(objects.count == text.lines.count - 2)
    let mermaid = try DecodeExecutable.run(["explain", "states", "--format", "mermaid"])
    #expect(mermaid.lines.first == "stateDiagram-v2")
    #expect(mermaid.lines.contains { $0.hasPrefix("  EMM_NULL --> EMM_DEREGISTERED_NORMAL_SERVICE : power on") })
    #expect(!mermaid.output.contains("#"))
    let dot = try DecodeExecutable.run(["explain", "states", "--format", "dot"])
    #expect(dot.lines.first == "digraph EMM {" && dot.lines.last == "}")
    #expect(dot.output.contains("\"EMM-NULL\" -> \"EMM-DEREGISTERED.NORMAL-SERVICE\" [label=\"power on\"];"))
  }

  @Test func statesFiltered() throws {
    let few = try DecodeExecutable.run(["explain", "states", "--filter", "service reject #9"])
    #expect(few.status == 0 && (3...10).contains(few.lines.count))
    #expect(try DecodeExecutable.run(["explain", "states", "--filter", "no such thing"]).status == 2)
  }

  @Test func causesAndTimers() throws {
    let causes = try DecodeExecutable.run(["explain", "causes"])
    #expect(causes.lines.contains { $0.hasPrefix("EMM #9 ") && $0.contains("SERVICE REJECT") && $0.contains("NORMAL-SERVICE") })
    #expect(causes.lines.contains { $0.hasPrefix("ESM #27 ") })
    let timers = try DecodeExecutable.run(["explain", "timers"])
    #expect(timers.lines.contains { $0.hasPrefix("T3410 ") && $0.contains("15 s") })
  }

  @Test(arguments: [
    ["explain"], ["explain", "nothing"], ["explain", "timers", "--format", "dot"], ["explain", "causes", "--filter", "9"],
  ])
  func wrongUsageEndsWith2(arguments: [String]) throws {
    let run = try DecodeExecutable.run(arguments)
    #expect(run.status == 2 && !run.errors.isEmpty && run.output.isEmpty)
  }
}
