import NASCrypto
import NASMessages
import Observer
import S1AP

/// `rekey-owed`: after an SMC has taken a new KASME into use while AS security is active, a key of it is owed to the eNB (TS 33.401
/// §7.2.9.2). There is no deadline and a release heals it, so one that is missing is a warning.
struct RekeyOwed: WireAssertion {
  private struct Debt: Sendable {
    var observation: Observation
    var contextID: Int
  }

  private var findings = Findings(.rekeyOwed)
  @Rare private var debt: Debt?
  /// A key that has been sent for it, until the eNB has answered.
  @Rare private var paid: (debt: Debt, observation: Observation, carrier: String)?
  /// The frame of the eNB's last refusal.
  private var refused: Int?
  /// Event of the last SECURITY MODE COMPLETE.
  private var completed: Int?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.direction == .uplink, nas.header == .integrityProtectedAndCipheredNewContext { completed = observation.event }
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    switch observation.body {
    case .contextTakenIntoUse(let context, let replaced):
      guard completed == observation.event, circumstances.running.isActive(on: observation.connection), let replaced, replaced != context.id
      else { break }
      debt = Debt(observation: observation, contextID: context.id)
    case .keNB(let key):
      guard let debt else { break }
      paid = (debt, observation, key.carrier.rawValue)
      self.debt = nil
    case .connectionLeft, .connectionReleased(isLast: false):
      // Whether the eNB took the key before it gave the UE away was not said.
      guard let paid, paid.observation.connection == observation.connection else { break }
      findings.find(
        .unobserved, paid.observation, paid.carrier,
        .init(
          expected: "the eNB's answer", observed: "none",
          note:
            "the UE left the eNB, frame \(observation.event), and whether it has the key owed since frame \(paid.debt.observation.event) is not known"
        ))
      self.paid = nil
    case .connectionReleased(isLast: true):
      settle()
      debt = nil
    default: break
    }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard let paid, paid.observation.connection == observation.connection else { return }
    switch procedure.message {
    case .ueContextModificationResponse, .initialContextSetupResponse: settle()
    case .ueContextModificationFailure, .initialContextSetupFailure:
      // The eNB keeps the key it has, as it must while a handover runs: the key is owed still.
      debt = debt ?? paid.debt
      refused = observation.event
      self.paid = nil
    default: break
    }
  }

  /// The key counts, whether an answer was seen or none.
  private mutating func settle() {
    guard let paid else { return }
    findings.hold(paid.observation, paid.carrier, .init(observed: "the key owed since frame \(paid.debt.observation.event)"))
    self.paid = nil
    refused = nil
  }

  func collect(into result: inout CollectedVerdicts) {
    guard let debt else {
      var settled = self
      settled.settle()
      return settled.findings.collect(into: &result)
    }
    var all = findings
    all.find(
      .warning, debt.observation, NASMessageType.securityModeComplete.name,
      .init(
        expected: "UE CONTEXT MODIFICATION REQUEST with a key of the new KASME", observed: "none",
        note: "the AS keys are of the KASME before, and stay so until a key comes or the connection goes"
          + (refused.map { "; the eNB refused one in frame \($0), and none came after that" } ?? "")))
    all.collect(into: &result)
  }
}
