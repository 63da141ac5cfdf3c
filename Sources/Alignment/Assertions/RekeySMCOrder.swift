import NASCrypto
import NASMessages
import Observer
import S1AP

/// `rekey-smc-order`: no new KeNB while an SMC is outstanding, no SMC while a new KeNB is (TS 33.401 §7.2.10), by the order of the
/// messages. Of an order seen at the eNB's end only those overlaps count that are overlaps at the MME too.
struct RekeySMCOrder: WireAssertion {
  private var findings = Findings(.rekeySMCOrder)
  /// Where the other procedure could have been begun too early, so that its place shows that it waited. After a SECURITY MODE COMMAND of a new KASME
  /// beside active AS security, a key of that is due.
  private var keyIsDue: KeNBTriggers.Connection?
  /// An AUTHENTICATION RESPONSE that came beside an outstanding new KeNB makes a SECURITY MODE COMMAND due.
  private var commandIsDue: KeNBTriggers.Connection?

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    switch observation.body {
    case .keNB(let key):
      // One on a connection that the UE has left for this one went with that.
      guard let command = circumstances.running.securityMode, command.connection == observation.connection else {
        let isDue = keyIsDue == observation.connection
        keyIsDue = nil
        return findings.hold(
          observation, key.carrier.rawValue, .init(observed: "no SMC outstanding"), keeping: isDue ? [.noASRekeyDuringSMC] : [])
      }
      let excuse = command.excuse(at: observation.time)
      findings.find(
        excuse == nil ? .misaligned : .observed, observation, key.carrier.rawValue,
        .init(
          expected: "after the SMC has ended", observed: "while SECURITY MODE COMMAND of frame \(command.event) has no answer",
          note: excuse ?? "a new KeNB was sent beside an outstanding SMC"),
        breaking: excuse == nil ? [.noASRekeyDuringSMC] : [])
    case .connectionReleased(isLast: true): (keyIsDue, commandIsDue) = (nil, nil)
    default: break
    }
  }

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.type == .authenticationResponse, let change = circumstances.running.keyChange, change.connection == observation.connection {
      commandIsDue = observation.connection
    }
    guard nas.direction == .downlink, nas.header == .integrityProtectedNewContext else { return }
    let name = NASMessageType.securityModeCommand.name
    if circumstances.running.isActive(on: observation.connection), nas.context.map({ $0.id != circumstances.current?.id }) != false {
      keyIsDue = observation.connection
    }
    defer { commandIsDue = nil }
    // One on a connection that the UE has left for this one went with that, whatever order the eNBs' messages are seen in.
    guard let change = circumstances.running.keyChange, change.connection == observation.connection else {
      return findings.hold(
        observation, name, .init(observed: "no new KeNB outstanding"),
        keeping: commandIsDue == observation.connection ? [.noSMCDuringASRekey] : [])
    }
    findings.find(
      .misaligned, observation, name,
      .init(
        expected: "after the eNB has answered", observed: "while \(change.message) of frame \(change.event) has no answer",
        note: "SECURITY MODE COMMAND was sent beside an outstanding new KeNB"),
      breaking: [.noSMCDuringASRekey])
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
