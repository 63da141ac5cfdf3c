import Alignment
import Foundation
import NASCrypto
import Profiles
import TestNetwork
import Testing
import Trace

@testable import Scenario

/// The profiles of `Profiles/`: each passes on the compliant test network, and fails on the one with the defect that it exists for.
@Suite struct ProfileLibraryTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Profiles").path

  /// Paths below `Profiles/`, steps that others include left out.
  static let files: [String] = {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(".yaml") && !$0.contains("parts/") }.sorted()
  }()

  /// Without the one of 65,536 messages, unless the long tests are asked for.
  private static let quick = files.filter {
    $0 != "counts/near-wrap.yaml" || ProcessInfo.processInfo.environment["NASUE_ALL_TESTS"] != nil
  }

  static func profiles(_ file: String) throws -> [Profile] {
    let read = { (path: String) in (try? String(contentsOfFile: folder + "/" + path, encoding: .utf8)).map { (path, $0) } }
    guard let (_, text) = read(file) else { return [] }
    return try ProfileParser.parse(text, file: file) { name, from in
      let base = from.lastIndex(of: "/").map { String(from[...$0]) } ?? ""
      return read(URL(fileURLWithPath: "/" + base + name).standardized.path.dropFirst().description).map { (path: $0.0, text: $0.1) }
    }
  }

  static func run(_ profile: Profile, defects: Set<Defect> = []) throws -> ProfileResult {
    var settings = ProfileSettings(
      subscribers: (0..<profile.ues.count).map { Worlds.credentials(imsi: "00101012345678\($0)") }, plmn: Worlds.plmn)
    settings.defects = defects
    return try ProfileRunner(settings).run(profile)
  }

  @Test func `a step that makes the UE deviate is told on every verdict`() throws {
    for (means, told) in [("protected-tau-ksi7", ["name-no-key-in-update"]), ("test-network", [])] {
      let text =
        "name: A UE that names no key\nclause: TS 24.301 §5.5.3.2.2\nproves: What a step does shows.\nsteps:\n  - attach\n  - reauthenticate: {via: \(means)}\n"
      for profile in try ProfileParser.parse(text, file: "p.yaml") {
        let result = try Self.run(profile)
        #expect(!result.verdicts.isEmpty && result.verdicts.allSatisfy { $0.deviations == told })
      }
    }
  }

  /// Defects that cannot be provoked from the UE and the eNB, with why.
  private static let unprovokable: [Defect: String] = [:]

  @Test func `every defect is one that a profile exists for, or it is said why none can`() throws {
    var caught: Set<Defect> = []
    for file in Self.files { caught.formUnion(try Self.profiles(file).first?.catches ?? []) }
    #expect(Defect.allCases.filter { !caught.contains($0) && Self.unprovokable[$0] == nil }.map(\.rawValue) == [])
    #expect(Self.unprovokable.keys.filter { caught.contains($0) } == [])
  }

  @Test func `there are profiles`() { #expect(Self.files.count >= 2) }

  @Test(arguments: files) func `a profile passes on the compliant network`(file: String) throws {
    for profile in try Self.profiles(file) {
      let result = try Self.run(profile)
      #expect(result.outcome == .passed, "\(profile.title)")
    }
  }

  @Test(arguments: quick) func `nothing is misaligned where the MME keeps its word on itself to itself`(file: String) throws {
    var engine = CryptoEngine()
    for profile in try Self.profiles(file) {
      let result = try Self.run(profile)
      var alignment = AlignmentEngine(subscribers: (0..<profile.ues.count).map { Worlds.credentials(imsi: "00101012345678\($0)") })
      for event in result.log.events {
        switch event.body {
        case .securityContext(let report):
          if case .mme = report.owner { continue }
        case .keNB(.mme, _, _, _): continue
        default: break
        }
        alignment.consume(event, using: &engine)
      }
      let verdicts = alignment.verdicts()
      let wrong = verdicts.filter { $0.verdict == .misaligned && $0.slug != "self-check" }
      #expect(wrong == [], "\(profile.title)")
      let counted = alignment.verdictsBesideAligned(ofUEs: alignment.uesWithVerdicts[...])
      #expect(counted.verdicts == verdicts.filter { $0.verdict != .aligned }, "\(profile.title)")
      #expect(counted.aligned == verdicts.count { $0.verdict == .aligned }, "\(profile.title)")
    }
  }

  @Test(arguments: files) func `a profile fails on the network with the defect that it exists for`(file: String) throws {
    let profiles = try Self.profiles(file)
    for defect in profiles.first?.catches ?? [] {
      let outcomes = try profiles.map { try Self.run($0, defects: [defect]) }
      #expect(outcomes.contains { $0.isFailed }, "\(defect.rawValue)")
    }
  }
}
