import NASCrypto
import NASMessages
import NASSecurity

/// An ESM procedure of the UE that a network may hold back (TS 24.301 §6.3.6).
public enum SessionProcedure: String, Hashable, Sendable, CaseIterable {
  case connectivity = "PDN connectivity"
  case allocation = "bearer resource allocation"
  case modification = "bearer resource modification"
}

/// What holds requests of ESM back: T3396 of an access point (TS 24.301 §6.3.5), or the back-off timer of a procedure, a PLMN and an access
/// point (§6.3.6). Running, or deactivated, which is to say until switching off.
struct SessionBackOff: Sendable, Equatable {
  enum Scope: Sendable, Equatable {
    /// T3396: cause #26. It outlives switching off, and stops when the network asks for something at the access point.
    case accessPoint
    /// Another cause. It ends with switching off, and with nothing but its expiry before (§6.5.1.4.3).
    case procedure(SessionProcedure, PLMN)
    /// #65: so many bearers the PLMN allows at most (§6.5.0); for whatever access point.
    case maximumBearers(PLMN, Int)
  }

  var scope = Scope.accessPoint
  /// The access point that the UE asked for; nil where it asked for none.
  var accessPointName: AccessPointName?
  /// No expiry ends it, but switching off does.
  var isDeactivated: Bool
  /// When it expires; nil where it is deactivated, or was running before the UE was switched on and starts again at power-on.
  var ends: Duration?
  /// What it had left when the UE was switched off: it starts again with this at power-on (§6.5.1.4.2).
  var leftAtPowerOn: Duration?

  var endsAtSwitchOff: Bool { scope != .accessPoint }

  /// nil of what no timer ends.
  var timer: ESMTimer? {
    switch scope {
    case .accessPoint: ESMTimer(t3396: accessPointName)
    case .procedure(let procedure, let plmn): ESMTimer(backOff: procedure, plmn, accessPointName)
    case .maximumBearers: nil
    }
  }
}

extension UE {
  /// So many EPS bearer identities there are, 5 to 15 (TS 24.007 §11.2.3.1.5).
  static let maximumBearers = 11

  /// T3396 or the back-off timer of PDN connectivity holds back requests for this access point: they wait for another day.
  func isBackedOff(_ name: AccessPointName?) -> Bool { isBackedOff(.connectivity, name) }

  private func isBackedOff(_ procedure: SessionProcedure, _ name: AccessPointName?) -> Bool {
    sessionBackOffs.contains {
      $0.accessPointName == name && ($0.scope == .accessPoint || $0.scope == .procedure(procedure, selectedPLMN))
    }
  }

  /// Whether anything stands against a request; to end a connection or to give resources back is allowed (§6.3.5).
  func isBackedOff(_ request: SessionRequest) -> Bool {
    switch request {
    case .connect(let name): return isBackedOff(.connectivity, name) || hasMaximumOfBearers
    // #65 is not said of it (§6.5.1.4.3, NOTE 7); of eleven bearers none is given up for it here.
    case .connectForEmergency: return bearers.count + dedicatedBearers.count >= UE.maximumBearers
    case .disconnect: return false
    case .allocate(let linked, _, _):
      return hasMaximumOfBearers || requestedName(of: linked).map { isBackedOff(.allocation, $0) } ?? false
    case .modify(let bearer, let flows, let qos):
      if flows.operation == .deletePacketFilters, qos == nil { return false }
      return requestedName(of: bearer).map { isBackedOff(.modification, $0) } ?? false
    }
  }

  /// §6.5.0, §6.5.1.4A.
  private var hasMaximumOfBearers: Bool {
    var maximum = UE.maximumBearers
    for case .maximumBearers(selectedPLMN, let count) in sessionBackOffs.map(\.scope) { maximum = min(maximum, count) }
    return bearers.count + dedicatedBearers.count >= maximum
  }

  /// The access point that the UE asked for when the PDN connection of `bearer` was made; the outer nil where there is none, or it is that for
  /// emergencies.
  func requestedName(of bearer: UInt8) -> AccessPointName?? {
    let linked = dedicatedBearers.first { $0.epsBearerIdentity == bearer }?.linkedEPSBearerIdentity ?? bearer
    guard case .accessPoint(let name) = bearers.first(where: { $0.epsBearerIdentity == linked })?.requested else { return nil }
    return .some(name)
  }

  /// The access point that the UE asks for when it attaches: told in ESM INFORMATION RESPONSE alone (§6.6.1.2).
  var attachAccessPointName: AccessPointName? {
    configuration.transfersESMInformationProtected ? configuration.accessPointName : nil
  }

  /// A rejection, standalone or inside ATTACH REJECT (§6.5.1.4, §6.5.3.4, §6.5.4.4), or a deactivation with #26 (§6.4.4.2).
  mutating func holdBack(
    _ procedure: SessionProcedure, _ name: AccessPointName?, _ rejection: SessionRejection, into outputs: inout [Output]
  ) {
    if rejection.cause == .maximumNumberOfEPSBearersReached, procedure != .modification {
      if rejection.isStandalone { learnMaximumOfBearers() }
      return
    }
    guard let length = rejection.backOff(of: procedure) else { return }
    guard rejection.cause != .insufficientResources else {
      return startSessionBackOff(.accessPoint, name, length, isProven: rejection.isProven, into: &outputs)
    }
    let place = selectedPLMN
    startSessionBackOff(.procedure(procedure, place), name, length, isProven: rejection.isProven, into: &outputs)
    guard rejection.forbidsEquivalents(procedure) else { return }
    for plmn in registration.equivalentPLMNs where plmn != place {
      startSessionBackOff(.procedure(procedure, plmn), name, length, isProven: rejection.isProven, into: &outputs)
    }
  }

  /// - Parameter isProven: the message was integrity protected; otherwise the value is drawn from 15 to 30 min (TS 24.008 Table 11.2.3).
  private mutating func startSessionBackOff(
    _ scope: SessionBackOff.Scope, _ name: AccessPointName?, _ value: GPRSTimer3, isProven: Bool, into outputs: inout [Output]
  ) {
    stopSessionBackOff(scope, name, into: &outputs)
    var backOff = SessionBackOff(scope: scope, accessPointName: name, isDeactivated: false)
    let length = isProven ? value.duration : .milliseconds(Int.random(in: 900_000...1_800_000, using: &random))
    if let length {
      // Zero: at once again.
      guard length > .zero else { return }
      if let timer = backOff.timer { outputs.append(.startSessionTimer(timer, after: length)) }
    } else {
      backOff.isDeactivated = true
    }
    sessionBackOffs.append(backOff)
  }

  /// §6.5.1.4.3, §6.5.3.4.3: as many as there are now.
  private mutating func learnMaximumOfBearers() {
    forgetMaximumOfBearers()
    sessionBackOffs.append(
      SessionBackOff(scope: .maximumBearers(selectedPLMN, bearers.count + dedicatedBearers.count), isDeactivated: true))
  }

  /// §6.4.2.5 d: the network makes a bearer all the same.
  mutating func forgetMaximumOfBearers() {
    let place = selectedPLMN
    sessionBackOffs.removeAll { if case .maximumBearers(place, _) = $0.scope { true } else { false } }
  }

  /// The network asked for something at this access point: T3396 stops (§6.4.1.3, §6.4.2.3, §6.4.3.3, §6.4.4.2).
  mutating func stopSessionBackOff(_ name: AccessPointName?, into outputs: inout [Output]) {
    stopSessionBackOff(.accessPoint, name, into: &outputs)
  }

  private mutating func stopSessionBackOff(_ scope: SessionBackOff.Scope, _ name: AccessPointName?, into outputs: inout [Output]) {
    guard let index = sessionBackOffs.firstIndex(where: { $0.scope == scope && $0.accessPointName == name }) else { return }
    let stopped = sessionBackOffs.remove(at: index)
    if !stopped.isDeactivated, let timer = stopped.timer { outputs.append(.stopSessionTimer(timer)) }
  }

  /// Switched off: what is deactivated ends, and what is a PLMN's; T3396 that runs goes on (§6.5.1.4.2, §6.5.1.4.3).
  mutating func sessionBackOffsAtSwitchOff() {
    sessionBackOffs.removeAll { $0.isDeactivated || $0.endsAtSwitchOff }
    attachAwaitsSessionBackOff = false
  }

  /// Switched on: what the mobile equipment remembers starts again.
  mutating func restartSessionBackOffs(into outputs: inout [Output]) {
    for index in sessionBackOffs.indices {
      guard let left = sessionBackOffs[index].leftAtPowerOn, let timer = sessionBackOffs[index].timer else { continue }
      sessionBackOffs[index].leftAtPowerOn = nil
      outputs.append(.startSessionTimer(timer, after: left))
    }
  }

  /// A timer was started now.
  mutating func started(_ timer: ESMTimer, length: Duration, at now: Duration) {
    for index in sessionBackOffs.indices where sessionBackOffs[index].timer == timer { sessionBackOffs[index].ends = now + length }
  }

  /// Every T3396 that runs stops (§5.5.2.3.2, §5.6.2.2.2); what is deactivated stays so, and what is a PLMN's goes on.
  mutating func stopSessionBackOffs(into outputs: inout [Output]) {
    for backOff in sessionBackOffs where !backOff.isDeactivated && backOff.scope == .accessPoint {
      outputs.append(.stopSessionTimer(ESMTimer(t3396: backOff.accessPointName)))
    }
    sessionBackOffs.removeAll { !$0.isDeactivated && $0.scope == .accessPoint }
    attachAwaitsSessionBackOff = false
  }

  /// A timer expired: an attach that waited for it begins, if nothing else stands against it.
  mutating func sessionBackOffEnded(_ timer: ESMTimer, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let index = sessionBackOffs.firstIndex(where: { $0.timer == timer && !$0.isDeactivated }) else { return }
    sessionBackOffs.remove(at: index)
    guard attachAwaitsSessionBackOff, !isBackedOff(attachAccessPointName) else { return }
    attachAwaitsSessionBackOff = false
    startAttach(using: &engine, into: &outputs)
  }
}
