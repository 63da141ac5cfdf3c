import NASMessages

/// T3448: congestion of user data over the control plane (TS 24.301 §5.3.19, §5.5.1.2.4, §5.5.3.2.4, §5.6.1.4.2, §5.6.1.5).
extension UE {
  /// The UE network capability says "back-off timer for transport of user data via the control plane supported" (§9.9.3.34).
  var supportsT3448: Bool { configuration.networkCapability.controlPlaneBackOff }

  /// An accept with a value starts the timer anew; zero and deactivated count as none. One without stops it where the UE had been idle.
  ///
  /// - Returns: whether it was started, and the connection is to go (§5.3.1.2.1 h): ``awaitReleaseForData(into:)``, when all else is done.
  @discardableResult
  mutating func takeT3448(_ value: GPRSTimer?, stopsWithout: Bool, into outputs: inout [Output]) -> Bool {
    guard supportsT3448 else { return false }
    if let length = value?.duration, length > .zero {
      startT3448(length, into: &outputs)
      return true
    }
    if stopsWithout { stopT3448(into: &outputs) }
    return false
  }

  /// §5.3.1.2.1 h: the network is to release the connection, on which no user data go any more. Signalling may.
  mutating func awaitReleaseForData(into outputs: inout [Output]) {
    guard case .registered = machine, connection != .idle, !backOff.t3440Runs else { return }
    awaitRelease(into: &outputs)
    backOff.t3440IsForData = true
  }

  /// §5.3.1.2.1 h: upper layers want to send signalling that is no user data, so the connection is used after all.
  mutating func stopAwaitingReleaseForData(into outputs: inout [Output]) {
    if backOff.t3440IsForData { stopAwaitingRelease(into: &outputs) }
  }

  /// SERVICE REJECT #22: the value counts if it is proved, else one is drawn (Table 10.2.1); zero or deactivated stops the timer.
  mutating func takeT3448(ofReject value: GPRSTimer, protected: Bool, into outputs: inout [Output]) {
    guard supportsT3448 else { return }
    guard let length = value.duration, length > .zero else { return stopT3448(into: &outputs) }
    startT3448(protected ? length : .milliseconds(Int.random(in: 900_000...1_800_000, using: &random)), into: &outputs)
    awaitReleaseForData(into: &outputs)
  }

  private mutating func startT3448(_ length: Duration, into outputs: inout [Output]) {
    circumstances.t3448PLMN = selectedPLMN
    outputs.append(.startTimer(.t3448, after: length))
  }

  /// Also on the way into EMM-DEREGISTERED and at switch-off.
  mutating func stopT3448(into outputs: inout [Output]) {
    guard circumstancesBox != nil, circumstances.t3448PLMN != nil else { return }
    circumstances.t3448PLMN = nil
    stop(.t3448, into: &outputs)
  }

  /// In a PLMN that is none of the equivalents of where it was started it ends.
  mutating func stopT3448OfAnotherPLMN(into outputs: inout [Output]) {
    guard circumstancesBox != nil, let plmn = circumstances.t3448PLMN, !isEquivalent(plmn, to: selectedPLMN) else { return }
    stopT3448(into: &outputs)
  }

  /// §5.6.1.6 o: no user data over the control plane from EMM-IDLE.
  var isControlPlaneHeldBack: Bool { circumstancesBox != nil && circumstances.t3448PLMN != nil }
}
