import NASCrypto
import NASMessages
import Observer

/// `rekey-owed`: after an SMC has taken a new KASME into use while AS security is active, a key of it is owed to the eNB (TS 33.401
/// §7.2.9.2). There is no deadline and a release heals it, so one that is missing is a warning.
struct RekeyOwed: WireAssertion {
  private struct Debt: Sendable {
    var observation: Observation
    var contextID: Int
  }

  private var findings = Findings("rekey-owed", clause: "TS 33.401 §7.2.9.2")
  private var debt: Debt?
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
      let carrier = key.carrier.rawValue
      findings.hold(observation, carrier, .init(observed: "the key owed since frame \(debt.observation.event)"))
      self.debt = nil
    case .connectionReleased(isLast: true): debt = nil
    default: break
    }
  }

  func collect(into result: inout [Verdict]) {
    guard let debt else { return findings.collect(into: &result) }
    var all = findings
    all.find(
      .warning, debt.observation, NASMessageType.securityModeComplete.name,
      .init(
        expected: "UE CONTEXT MODIFICATION REQUEST with a key of the new KASME", observed: "none",
        note: "the AS keys are of the KASME before, and stay so until a key comes or the connection goes"))
    all.collect(into: &result)
  }
}
