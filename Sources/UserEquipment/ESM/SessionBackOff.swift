import NASCrypto
import NASMessages
import NASSecurity

/// T3396 of one access point: running, or deactivated, which is to say for ever (TS 24.301 §6.3.5).
struct SessionBackOff: Sendable, Equatable {
  /// The access point that the UE asked for; nil where it asked for none.
  var accessPointName: AccessPointName?
  /// No expiry ends it, but switching off does.
  var isDeactivated: Bool
  /// Of a cause other than #26 (§6.5.1.4.3, NOTE 3).
  var endsAtSwitchOff = false
  /// When it expires; nil where it is deactivated, or was running before the UE was switched on and starts again at power-on.
  var ends: Duration?
  /// What it had left when the UE was switched off: it starts again with this at power-on (§6.5.1.4.2).
  var leftAtPowerOn: Duration?
}

extension UE {
  /// T3396 runs or is deactivated for this access point; requests for it wait for another day.
  func isBackedOff(_ name: AccessPointName?) -> Bool { sessionBackOffs.contains { $0.accessPointName == name } }

  /// Whether T3396 stands against a request; to end a connection or to give resources back is allowed (§6.3.5).
  func isBackedOff(_ request: SessionRequest) -> Bool {
    switch request {
    case .connect(let name): return isBackedOff(name)
    case .disconnect: return false
    case .allocate(let linked, _, _): return requestedName(of: linked).map { isBackedOff($0) } ?? false
    case .modify(let bearer, let flows, let qos):
      if flows.operation == .deletePacketFilters, qos == nil { return false }
      return requestedName(of: bearer).map { isBackedOff($0) } ?? false
    }
  }

  /// The access point that the UE asked for when the PDN connection of `bearer` was made; the outer nil where there is none.
  func requestedName(of bearer: UInt8) -> AccessPointName?? {
    let linked = dedicatedBearers.first { $0.epsBearerIdentity == bearer }?.linkedEPSBearerIdentity ?? bearer
    return bearers.first { $0.epsBearerIdentity == linked }.map(\.requestedAccessPointName)
  }

  /// The access point that the UE asks for when it attaches: told in ESM INFORMATION RESPONSE alone (§6.6.1.2).
  var attachAccessPointName: AccessPointName? {
    configuration.transfersESMInformationProtected ? configuration.accessPointName : nil
  }

  /// A back-off timer value, with cause #26 (§6.5.1.4.2, §6.5.3.4.2, §6.5.4.4.2, §6.4.4.2) or another (§6.5.1.4.3, §6.5.3.4.3,
  /// §6.5.4.4.3). The timer of another cause is the PLMN's and ends with switching off; it is T3396 here all the same.
  ///
  /// - Parameter isProven: the message was integrity protected; otherwise the value is drawn from 15 to 30 min.
  mutating func startSessionBackOff(
    _ name: AccessPointName?, cause: ESMCause, _ value: GPRSTimer3?, isProven: Bool = true, into outputs: inout [Output]
  ) {
    guard let value, !UE.ignoresBackOff(cause) else { return }
    let timer = ESMTimer(t3396: name)
    stopSessionBackOff(name, into: &outputs)
    guard isProven else {
      sessionBackOffs.append(SessionBackOff(accessPointName: name, isDeactivated: false, endsAtSwitchOff: cause != .insufficientResources))
      return outputs.append(.startSessionTimer(timer, after: .milliseconds(Int.random(in: 900_000...1_800_000, using: &random))))
    }
    if let duration = value.duration {
      // Zero: at once again.
      guard duration > .zero else { return }
      sessionBackOffs.append(SessionBackOff(accessPointName: name, isDeactivated: false, endsAtSwitchOff: cause != .insufficientResources))
      outputs.append(.startSessionTimer(timer, after: duration))
    } else {
      sessionBackOffs.append(SessionBackOff(accessPointName: name, isDeactivated: true, endsAtSwitchOff: cause != .insufficientResources))
    }
  }

  /// The network asked for something at this access point, so requests for it may go (§6.4.1.3, §6.4.2.3, §6.4.3.3, §6.4.4.2).
  mutating func stopSessionBackOff(_ name: AccessPointName?, into outputs: inout [Output]) {
    guard let index = sessionBackOffs.firstIndex(where: { $0.accessPointName == name }) else { return }
    if !sessionBackOffs.remove(at: index).isDeactivated { outputs.append(.stopSessionTimer(ESMTimer(t3396: name))) }
  }

  /// Switched off: what is deactivated ends, what runs goes on (§6.5.1.4.2).
  mutating func sessionBackOffsAtSwitchOff() {
    sessionBackOffs.removeAll { $0.isDeactivated || $0.endsAtSwitchOff }
    attachAwaitsSessionBackOff = false
  }

  /// Switched on: what the mobile equipment remembers starts again.
  mutating func restartSessionBackOffs(into outputs: inout [Output]) {
    for index in sessionBackOffs.indices {
      guard let left = sessionBackOffs[index].leftAtPowerOn else { continue }
      sessionBackOffs[index].leftAtPowerOn = nil
      outputs.append(.startSessionTimer(ESMTimer(t3396: sessionBackOffs[index].accessPointName), after: left))
    }
  }

  /// T3396 was started now.
  mutating func started(_ timer: ESMTimer, length: Duration, at now: Duration) {
    guard timer.kind == .t3396 else { return }
    for index in sessionBackOffs.indices where sessionBackOffs[index].accessPointName == timer.accessPointName {
      sessionBackOffs[index].ends = now + length
    }
  }

  /// §6.5.1.4.3: with these causes the value is ignored.
  private static func ignoresBackOff(_ cause: ESMCause) -> Bool { [50, 51, 57, 58, 61, 65].contains(cause.rawValue) }

  mutating func stopSessionBackOffs(into outputs: inout [Output]) {
    for backOff in sessionBackOffs where !backOff.isDeactivated {
      outputs.append(.stopSessionTimer(ESMTimer(t3396: backOff.accessPointName)))
    }
    sessionBackOffs = []
    attachAwaitsSessionBackOff = false
  }

  /// T3396 expired: an attach that waited for it begins.
  mutating func sessionBackOffEnded(_ name: AccessPointName?, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard let index = sessionBackOffs.firstIndex(where: { $0.accessPointName == name && !$0.isDeactivated }) else { return }
    sessionBackOffs.remove(at: index)
    guard attachAwaitsSessionBackOff, name == attachAccessPointName else { return }
    attachAwaitsSessionBackOff = false
    startAttach(using: &engine, into: &outputs)
  }
}
