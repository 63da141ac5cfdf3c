import NASCrypto
import NASMessages
import NASSecurity
import RadioInterface

/// RRC as far as keys go: AS security mode, handover, key change on the fly, re-establishment (TS 36.331 §5.3, TS 33.401 §7.2.8, §7.2.9).
extension UE {
  mutating func radio(_ event: RadioEvent, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    if let arrival { return radio(event, during: arrival, using: &engine, into: &outputs) }
    guard connection != .idle else { return }
    switch event {
    case .received(let message, let place): received(message, at: place, using: &engine, into: &outputs)
    case .accessed: accessed(into: &outputs)
    case .linkFailed: reestablish(why: "radio link failure", using: &engine, into: &outputs)
    case .timerExpired(.t304): handoverFailed(using: &engine, into: &outputs)
    case .timerExpired(.t301):
      guard accessStratum?.reestablishing != nil else { return }
      radioConnectionLost(using: &engine, into: &outputs)
    }
  }

  private mutating func received(
    _ message: ProtectedRRC<DownlinkRRCMessage>, at place: RadioPlace, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    switch message.message {
    case .securityModeCommand(let algorithms):
      return activateSecurity(algorithms, message, at: place, using: &engine, into: &outputs)
    case .reestablishment(let count):
      return reestablished(nextHopChainingCount: count, at: place, using: &engine, into: &outputs)
    case .reestablishmentReject:
      guard accessStratum?.reestablishing != nil else { return }
      return radioConnectionLost(using: &engine, into: &outputs)
    case .handover, .reconfiguration, .mobilityFromEUTRA: break
    }
    guard var accessStratum, accessStratum.reestablishing == nil else {
      return outputs.append(.radio(.discarded("RRC message without AS security", clause: "TS 36.331 §5.3.1.1")))
    }
    guard accessStratum.serving.security.verify(message, using: &engine) else {
      outputs.append(.radio(.discarded("the MAC-I of an RRC message does not verify", clause: "TS 36.323 §5.7")))
      return reestablish(why: "integrity check failure", using: &engine, into: &outputs)
    }
    self.accessStratum = accessStratum
    switch message.message {
    case .handover(let control): handOver(control, using: &engine, into: &outputs)
    case .mobilityFromEUTRA(let parameters): leave(NASSecurityParametersFromEUTRA(rawValue: parameters), using: &engine, into: &outputs)
    case .securityModeCommand, .reconfiguration, .reestablishment, .reestablishmentReject: break
    }
  }

  /// TS 36.331 §5.3.4.3: the command is protected by the keys that it starts, and answered under them.
  private mutating func activateSecurity(
    _ algorithms: AccessStratumAlgorithms, _ message: ProtectedRRC<DownlinkRRCMessage>, at place: RadioPlace,
    using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard let trigger = keNBTrigger else {
      return outputs.append(.radio(.discarded("AS SECURITY MODE COMMAND while there is no KASME", clause: "TS 36.331 §5.3.4.3")))
    }
    let keys = AccessStratumKeys(kasme: trigger.kasme, count: trigger.count, using: &engine)
    outputs.append(.keNB(keys.keNB, uplinkNASCount: trigger.count))
    var security = RadioSecurity(keNB: keys.keNB, algorithms: algorithms, using: &engine)
    guard security.verify(message, using: &engine) else {
      // The configuration stays as it was (§5.3.4.3).
      outputs.append(.radio(.discarded("the MAC-I of AS SECURITY MODE COMMAND does not verify", clause: "TS 36.331 §5.3.4.3")))
      return outputs.append(.radio(.send(ProtectedRRC(.securityModeFailure))))
    }
    let complete = security.protect(UplinkRRCMessage.securityModeComplete, using: &engine)
    accessStratum = AccessStratum(serving: .init(keys: keys, security: security, place: place))
    outputs.append(.radio(.send(complete)))
    isAccessStratumSecured = true
    userPlaneEstablished(using: &engine, into: &outputs)
  }

  /// TS 36.331 §5.3.5.4: the keys for the target cell, then access to it. Within the cell it changes the keys alone.
  private mutating func handOver(_ control: MobilityControl, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard var accessStratum else { return }
    var keys = accessStratum.serving.keys
    if control.keyChangeIndicator {
      // From the KASME and COUNT of the latest SMC, then as in any handover (TS 33.401 §7.2.9.2).
      guard let trigger = keNBTrigger else {
        return outputs.append(.radio(.discarded("key change without a KASME", clause: "TS 33.401 §7.2.9.2")))
      }
      keys = AccessStratumKeys(kasme: trigger.kasme, count: trigger.count, using: &engine)
      outputs.append(.keNB(keys.keNB, uplinkNASCount: trigger.count))
    }
    keys.move(to: control.target, nextHopChainingCount: control.nextHopChainingCount, using: &engine)
    var security = RadioSecurity(keNB: keys.keNB, algorithms: control.algorithms, using: &engine)
    let complete = security.protect(UplinkRRCMessage.reconfigurationComplete, using: &engine)
    let place = RadioPlace(cell: control.target, temporaryIdentity: control.temporaryIdentity)
    if accessStratum.source == nil { accessStratum.source = accessStratum.serving }
    accessStratum.serving = .init(keys: keys, security: security, place: place)
    self.accessStratum = accessStratum
    outputs.append(
      .radio(
        .keys(
          keys.keNB, nextHopChainingCount: keys.nextHopChainingCount,
          why: control.keyChangeIndicator ? "key change on the fly" : "handover to \(control.target)")))
    outputs.append(.radio(.startTimer(.t304, after: RadioTimer.t304.defaultDuration)))
    outputs.append(.radio(.access(place, complete)))
  }

  private mutating func accessed(into outputs: inout [Output]) {
    guard accessStratum?.source != nil else { return }
    accessStratum?.source = nil
    outputs.append(.radio(.stopTimer(.t304)))
  }

  /// TS 36.331 §5.3.5.6: T304 expired; the UE goes back to the configuration of the source cell and re-establishes.
  private mutating func handoverFailed(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let source = accessStratum?.source else { return }
    accessStratum?.serving = source
    accessStratum?.source = nil
    outputs.append(
      .radio(
        .keys(source.keys.keNB, nextHopChainingCount: source.keys.nextHopChainingCount, why: "handover failed: back to the source")))
    reestablish(why: "handover failure", using: &engine, into: &outputs)
  }

  /// TS 36.331 §5.3.7: without AS security there is nothing to re-establish, and the connection is gone.
  private mutating func reestablish(why: String, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let serving = accessStratum?.serving else { return radioConnectionLost(using: &engine, into: &outputs) }
    guard accessStratum?.reestablishing == nil else { return }
    if accessStratum?.source != nil {
      accessStratum?.source = nil
      outputs.append(.radio(.stopTimer(.t304)))
    }
    let cell = serving.place.cell
    accessStratum?.reestablishing = cell
    let request = ReestablishmentRequest(
      physicalCellIdentity: cell.physicalCellIdentity, temporaryIdentity: serving.place.temporaryIdentity,
      shortMAC: serving.security.shortMAC(
        physicalCellIdentity: cell.physicalCellIdentity, temporaryIdentity: serving.place.temporaryIdentity, target: cell, using: &engine))
    outputs.append(.radio(.discarded("RRC connection re-establishment: \(why)", clause: "TS 36.331 §5.3.7.2")))
    outputs.append(.radio(.startTimer(.t301, after: RadioTimer.t301.defaultDuration)))
    outputs.append(.radio(.reestablish(request, in: cell)))
  }

  /// TS 36.331 §5.3.7.5: KeNB* for the cell by the NCC that the message brings; it came without protection.
  private mutating func reestablished(
    nextHopChainingCount count: UInt8, at place: RadioPlace, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    guard let serving = accessStratum?.serving, accessStratum?.reestablishing == place.cell else { return }
    var keys = serving.keys
    keys.move(to: place.cell, nextHopChainingCount: count, using: &engine)
    var security = RadioSecurity(keNB: keys.keNB, algorithms: serving.security.algorithms, using: &engine)
    let complete = security.protect(UplinkRRCMessage.reestablishmentComplete, using: &engine)
    accessStratum = AccessStratum(serving: .init(keys: keys, security: security, place: place))
    outputs.append(
      .radio(.keys(keys.keNB, nextHopChainingCount: keys.nextHopChainingCount, why: "re-establishment in \(place.cell)")))
    outputs.append(.radio(.stopTimer(.t301)))
    outputs.append(.radio(.send(complete)))
  }

  /// TS 36.331 §5.3.7.8: NAS is told, and recovers by itself.
  private mutating func radioConnectionLost(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    outputs.append(.releaseConnection)
    connectionEnded(wasEstablished: true, using: &engine, into: &outputs)
  }

  /// RRC_IDLE: AS keys are deleted (TS 33.401 §7.2.6.3).
  mutating func forgetAccessStratum(into outputs: inout [Output]) {
    guard let accessStratum else { return }
    if accessStratum.source != nil { outputs.append(.radio(.stopTimer(.t304))) }
    if accessStratum.reestablishing != nil { outputs.append(.radio(.stopTimer(.t301))) }
    self.accessStratum = nil
  }

  /// The rule `ue-keeps-as-keys-until-told`, broken on purpose: AS keys follow SECURITY MODE COMMAND at once (TS 33.401 §7.2.10).
  mutating func rekeyAtOnce(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard configuration.deviations.contains(.rekeyAccessStratumAtSecurityModeCommand), let serving = accessStratum?.serving,
      let trigger = keNBTrigger, trigger.kasme != serving.keys.kasme
    else { return }
    let keys = AccessStratumKeys(kasme: trigger.kasme, count: trigger.count, using: &engine)
    accessStratum?.serving.keys = keys
    accessStratum?.serving.security = RadioSecurity(keNB: keys.keNB, algorithms: serving.security.algorithms, using: &engine)
    outputs.append(.radio(.keys(keys.keNB, nextHopChainingCount: 0, why: "taken into use at SECURITY MODE COMMAND, untold")))
  }
}
