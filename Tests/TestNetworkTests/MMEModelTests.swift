import Foundation
import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// Random legal and illegal sequences of a hostile peer, its eNB and its UE, against the rules that no sequence may break. One that does
/// is shrunk to a minimal one and printed.
///
/// `NASUE_MME_MODEL_STEPS` sets the number of steps; it is 200,000, and 2,000,000 with `NASUE_ALL_TESTS`.
@Suite struct MMEModelTests {
  static let commands: [NetworkCommand] = [
    .authenticate(), .authenticate(thenSecurityMode: false), .securityMode(), .securityMode(of: .current), .securityMode(of: .nonCurrent),
    .securityMode(NASAlgorithms(ciphering: .eea1, integrity: .eia3), of: .current, refreshingKeNB: true), .identify(.imsi),
    .identify(.imeisv), .reallocateGUTI, .emmInformation, .emmStatus(.protocolErrorUnspecified), .detach(reattachRequired: true),
    .detachRequest(.imsiDetachByNetwork), .activateDedicatedBearer(), .modifyBearer(6, qos: EPSQoS(qci: 3)), .deactivateBearer(6),
    .deactivateBearer(5), .release, .page, .pageByIMSI,
  ]

  static let victim = NetworkBench.imsi
  static let insider = "001010123456781"
  static let other = "001010123456782"

  /// The failure of a sequence from the start, and where it came.
  static func failure(of steps: [Step]) -> (index: Int, reason: String)? {
    var index = 0
    do {
      let run = try Run()
      for step in steps {
        if let reason = try run.take(step) { return (index, reason) }
        index += 1
      }
      return nil
    } catch { return (index, "\(error)") }
  }

  static func shrink(_ steps: [Step]) -> [Step] {
    var steps = steps
    var size = max(1, steps.count / 2)
    while true {
      var at = 0
      while at < steps.count {
        var fewer = steps
        fewer.removeSubrange(at..<min(at + size, steps.count))
        if let index = failure(of: fewer)?.index, !fewer.isEmpty {
          steps = Array(fewer[...min(index, fewer.count - 1)])
        } else {
          at += size
        }
      }
      if size == 1 { return steps }
      size = max(1, size / 2)
    }
  }

  static var stepCount: Int {
    let environment = ProcessInfo.processInfo.environment
    if let wanted = environment["NASUE_MME_MODEL_STEPS"].flatMap(Int.init) { return wanted }
    return environment["NASUE_ALL_TESTS"] != nil ? 2_000_000 : 200_000
  }

  @Test(arguments: [UInt64(1), 2])
  func `random sequences of a hostile peer break no rule, and touch no other UE (forgery-inert)`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let length = 250
    var seen: Set<String> = []
    for round in 0..<(Self.stepCount / 2 / length) {
      let run = try Run()
      var steps: [Step] = []
      for _ in 0..<length {
        let step = Step(using: &random)
        steps.append(step)
        let reason: String?
        do { reason = try run.take(step) } catch { reason = "\(error)" }
        if let reason {
          let minimal = Self.shrink(steps)
          let words = minimal.map { "  \($0)" }.joined(separator: "\n")
          Issue.record("seed \(seed), round \(round): \(Self.failure(of: minimal)?.reason ?? reason) after\n\(words)")
          return
        }
      }
      seen.formUnion(run.seen)
    }
    // The walk gets about.
    for wanted in [
      "EMM-REGISTERED", "EMM-DEREGISTERED", "EMM-COMMON-PROCEDURE-INITIATED", "EMM-DEREGISTERED-INITIATED", "attach completed",
      "tracking area update completed", "service request completed", "security mode control completed", "GUTI reallocation completed",
      "emergency attach without authentication", "detached by the UE", "detached by the network",
    ] {
      #expect(seen.contains(wanted), "\(wanted)")
    }
  }
}

extension ScriptedUE {
  /// Both ends of the victim's context are as they were left.
  func expectSame(_ network: NASSecurity.SecurityContext?) throws {
    guard let network, let own = contexts.current, network.kasme == own.kasme, network.algorithms == own.algorithms,
      network.uplinkNASCount == own.uplinkNASCount, network.downlinkNASCount == own.downlinkNASCount
    else { throw MMEModelTests.Run.Broken("the victim's context and the network's differ") }
  }
}
