import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface

/// A handover to E-UTRAN between its command and the access to the target cell (TS 36.331 §5.4.2): what will be in force there.
///
/// The UE's contexts stay as they are until then, so that a handover which fails leaves them so (TS 24.301 §4.4.2.2).
struct ArrivalFromOtherSystem: Sendable, Equatable {
  var handover: HandoverToEUTRAN
  var mapped: MappedSecurityContext
  var serving: AccessStratum.Serving
}

extension UE {
  /// The handover from another system under way, while T304 runs.
  var arrival: ArrivalFromOtherSystem? {
    if case .arriving(let arrival) = accessStratumSlot { arrival } else { nil }
  }

  /// TS 36.331 §5.4.2.3: AS security will start with a KeNB of the mapped KASME, in the target cell. Another command takes the place of an
  /// earlier one.
  ///
  /// - Parameter control: of the target cell.
  mutating func commanded(
    _ handover: HandoverToEUTRAN, _ control: MobilityControl, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard case .registered = machine, connection == .idle else { return }
    guard let mapped = mappedContext(handover, using: &engine) else {
      // §5.4.2.4: the UE stays where it is.
      forgetArrival(into: &outputs)
      outputs.append(.radio(.discarded("a handover to E-UTRAN that no security context can be made of", clause: "TS 36.331 §5.4.2.4")))
      return outputs.append(.radio(.returnToSource))
    }
    // It may not have been told that it left for the other system.
    if hasCoverage { coverageLost(.none, using: &engine, into: &outputs) }
    let keys = AccessStratumKeys(mapped: mapped.context.kasme, using: &engine)
    var security = RadioSecurity(keNB: keys.keNB, algorithms: control.algorithms, using: &engine)
    let complete = security.protect(UplinkRRCMessage.reconfigurationComplete, using: &engine)
    let place = RadioPlace(cell: control.target, temporaryIdentity: control.temporaryIdentity)
    accessStratumSlot = .arriving(
      ArrivalFromOtherSystem(handover: handover, mapped: mapped, serving: .init(keys: keys, security: security, place: place)))
    outputs.append(.radio(.keys(keys.keNB, nextHopChainingCount: 0, why: "handover from another system to \(control.target)")))
    outputs.append(.radio(.startTimer(.t304, after: RadioTimer.t304.defaultDuration)))
    outputs.append(.radio(.access(place, complete)))
  }

  /// RRC on the way: there is a cell, or T304 ends it (TS 36.331 §5.4.2.3, §5.4.2.5); nothing else is heard.
  mutating func radio(
    _ event: RadioEvent, during arrival: ArrivalFromOtherSystem, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch event {
    case .accessed:
      forgetArrival(into: &outputs)
      guard case .registered = machine, connection == .idle else { return }
      arrive(arrival.handover, arrival.mapped, arrival.serving, using: &engine, into: &outputs)
    case .timerExpired(.t304):
      accessStratumSlot = .idle
      outputs.append(.securityContexts(contexts, why: "handover to E-UTRAN failed: its mapped context is deleted"))
      outputs.append(.radio(.returnToSource))
    case .received, .linkFailed, .timerExpired(.t301): break
    }
  }

  /// Who is in a cell, or registered no longer, does not arrive any more.
  mutating func abandonArrival(into outputs: inout [Output]) {
    guard arrival != nil else { return }
    if case .registered = machine, connection == .idle, !hasCoverage { return }
    forgetArrival(into: &outputs)
  }

  private mutating func forgetArrival(into outputs: inout [Output]) {
    guard arrival != nil else { return }
    accessStratumSlot = .idle
    outputs.append(.radio(.stopTimer(.t304)))
  }
}
