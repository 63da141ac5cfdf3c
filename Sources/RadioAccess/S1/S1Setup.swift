import S1AP

/// Where the S1 interface stands (TS 36.413 §8.7.3).
enum S1Interface: Sendable, Equatable {
  /// No association.
  case down
  /// S1 SETUP REQUEST sent; `attempt` counts from 1.
  case settingUp(attempt: Int)
  /// S1 SETUP FAILURE received, the retry timer runs.
  case waitingToRetry(attempt: Int)
  /// The MME refused as often as we ask.
  case refused
  case ready(mmeName: String?, servedGUMMEIs: [ServedGUMMEI])
}

extension ENodeB {
  mutating func associationUp() {
    sendSetupRequest(attempt: 1)
  }

  mutating func associationDown(_ reason: String) {
    if case .waitingToRetry = interface { sink.append(.stopTimer(.setupRetry)) }
    interface = .down
    resetOutstanding = nil
    for id in ues.keys.sorted() { releaseLocally(id, cause: .transportUnavailable) }
  }

  mutating func setupRetryExpired() {
    guard case .waitingToRetry(let attempt) = interface else { return }
    sendSetupRequest(attempt: attempt + 1)
  }

  private mutating func sendSetupRequest(attempt: Int) {
    // S1 SETUP also re-initialises the MME's side of the interface: whatever UEs are left here are lost to it.
    for id in ues.keys.sorted() { releaseLocally(id, cause: .transportUnavailable) }
    interface = .settingUp(attempt: attempt)
    send(.setupRequest(configuration), on: 0)
  }

  mutating func setupResponse(_ pdu: S1APPDU) {
    guard case .settingUp = interface else { return unexpected(pdu) }
    let name = pdu[.mmeName]?.text
    let gummeis = pdu.servedGUMMEIs()
    interface = .ready(mmeName: name, servedGUMMEIs: gummeis)
    sink.append(.s1SetupComplete(mmeName: name, servedGUMMEIs: gummeis))
  }

  mutating func setupFailure(_ pdu: S1APPDU) {
    guard case .settingUp(let attempt) = interface else { return unexpected(pdu) }
    let cause = pdu.cause
    guard attempt < configuration.setupAttempts else {
      interface = .refused
      sink.append(.s1SetupFailed(cause, willRetry: false))
      return
    }
    // §8.7.3.3: no new request before the time to wait has passed.
    interface = .waitingToRetry(attempt: attempt)
    sink.append(.startTimer(.setupRetry, after: pdu.timeToWait ?? configuration.setupRetryInterval))
    sink.append(.s1SetupFailed(cause, willRetry: true))
  }
}
