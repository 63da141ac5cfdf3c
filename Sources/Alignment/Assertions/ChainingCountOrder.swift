import NASCrypto
import Observer
import S1AP
import Trace

/// `ncc-order`: what of `nh-genealogy` is plain, told of UEs whose keys are not known. NCC is 2 in the first pair after a key for the eNB, and one
/// more (modulo 8) in each that follows (TS 33.401 §7.2.8.4).
struct ChainingCountOrder: WireAssertion {
  private var findings = Findings(.nccOrder)
  /// NCC of the next pair; nil while no key for the eNB was seen.
  private var due: UInt8?
  /// A key that the eNB has not confirmed: the chain before it is in force until then, or the new one.
  private var isRenewing = false
  /// Handovers that were asked for since the last pair: the MME may have made a step for each.
  private var attempts: UInt8 = 0

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    switch observation.body {
    case .keNB: if due == nil { renew() } else { isRenewing = true }
    case .connectionReleased(isLast: true): self.due = nil
    default: break
    }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    switch procedure.message {
    case .initialContextSetupResponse, .ueContextModificationResponse: if isRenewing { renew() }
    case .initialContextSetupFailure, .ueContextModificationFailure: isRenewing = false
    case .handoverRequired, .pathSwitchRequest: attempts = min(attempts + 1, 7)
    default: break
    }
    if let pair = procedure.nextHop { judge(pair, observation, procedure.message.title) }
  }

  private mutating func renew() { (due, isRenewing, attempts) = (2, false, 0) }

  private mutating func judge(_ pair: ProcedureObservation.NextHop, _ observation: Observation, _ message: String) {
    guard let due else { return }
    defer { (self.due, attempts) = ((pair.chainingCount + 1) & 7, 0) }
    if (0..<max(attempts, 1)).contains((pair.chainingCount &- due) & 7) {
      return findings.hold(observation, message, .init(observed: "NCC \(pair.chainingCount)", note: "NH is not checked: no key is known"))
    }
    if isRenewing, pair.chainingCount == 2 { return isRenewing = false }
    findings.find(
      .misaligned, observation, message,
      .init(expected: "NCC \(due)", observed: "NCC \(pair.chainingCount)", note: "NH is not checked: no key is known"))
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
