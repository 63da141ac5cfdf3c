import Foundation
import Testing

/// `Tests/facts.tsv`, the checklist of EPS security contexts: every fact has tests that are named for it and that are there.
@Suite struct FactsCoverageTests {
  struct Fact {
    var id: String
    var clause: String
    var words: String
    /// Room and name.
    var tests: [(room: String, name: String)]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  static func facts() throws -> [Fact] {
    let text = try String(contentsOf: folder.appendingPathComponent("facts.tsv"), encoding: .utf8)
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      try #require(fields.count == 4 && fields.allSatisfy { !$0.isEmpty }, "\(line)")
      let tests = try fields[3].components(separatedBy: " | ").map { test in
        let halves = test.split(separator: ": ", maxSplits: 1).map(String.init)
        try #require(halves.count == 2, "\(fields[0]): \(test)")
        return (halves[0], halves[1])
      }
      return Fact(id: fields[0], clause: fields[1], words: fields[2], tests: tests)
    }
  }

  /// The tests of a room by display name, or by the function's name where they have none; with their file.
  static func tests(of room: String) throws -> [(name: String, file: String)] {
    let room = folder.appendingPathComponent("\(room)Tests")
    let files = FileManager.default.enumerator(at: room, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
    let pattern = try Regex<(Substring, Substring?, Substring?, Substring?)>(
      #"@Test(?:\(\s*"((?:[^"\\]|\\.)*)")?[\s\S]*?\bfunc\s+(?:`([^`]+)`|(\w+))"#)
    return try files.filter { $0.pathExtension == "swift" }.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: pattern).compactMap { match in
        (match.output.1 ?? match.output.2 ?? match.output.3).map { (String($0), file.lastPathComponent) }
      }
    }
  }

  @Test func `every fact has tests named for it, and they are there`() throws {
    var known: [String: Set<String>] = [:]
    for fact in try Self.facts() {
      #expect(!fact.tests.isEmpty)
      for test in fact.tests {
        if known[test.room] == nil { known[test.room] = Set(try Self.tests(of: test.room).map(\.name)) }
        #expect(known[test.room]?.contains(test.name) == true, "\(fact.id): no test of \(test.room) has the name '\(test.name)'")
      }
    }
  }

  /// The bullets of the checklist, by section: none was dropped, and none is told twice.
  @Test(arguments: ["contexts": 5, "exchange": 8, "count": 6, "integrity": 3, "authentication": 7, "smc": 11])
  func `all bullets are there`(section: String, count: Int) throws {
    let ids = try Self.facts().map(\.id)
    #expect(Set(ids).count == ids.count)
    let numbers = Set(
      ids.filter { $0.hasPrefix(section + "-") }.compactMap { id in
        Int(id.dropFirst(section.count + 1).prefix { $0.isNumber })
      })
    #expect(numbers == Set(1...count))
  }

  @Test func `no section is unknown, and each fact says its clause`() throws {
    let sections: Set<Substring> = ["contexts", "exchange", "count", "integrity", "authentication", "smc"]
    for fact in try Self.facts() {
      #expect(sections.contains(fact.id.prefix { $0 != "-" }), "\(fact.id)")
      #expect(fact.clause.contains("§") || fact.clause.hasPrefix("Annex"), "\(fact.id)")
      #expect(fact.words.hasSuffix("."), "\(fact.id)")
    }
  }

  @Test func `every test in the UE's suites of facts is one of the list's`() throws {
    let cited = Set(try Self.facts().flatMap(\.tests).map(\.name))
    for test in try Self.tests(of: "UserEquipment") where test.file.hasSuffix("FactsTests.swift") {
      #expect(cited.contains(test.name), "\(test.file): '\(test.name)' stands for no fact")
    }
  }
}
