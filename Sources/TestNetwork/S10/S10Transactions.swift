import GTPv2C
import NASCrypto

/// Requests and their answers over S10 (TS 29.274 §7.6): a request is sent again until it is answered or N3 is reached; one that comes
/// twice is answered twice, with the same octets.
extension MME {
  /// Sends a request and supervises it. The message gets its sequence number here.
  mutating func request(_ message: GTPv2CMessage, to peer: CoreAddress, for purpose: S10State.PendingRequest.Purpose) {
    var message = message
    message.sequenceNumber = s10.takeSequenceNumber()
    supervise(message, to: peer, for: purpose, MMETimer(.t3Response, owner: message.sequenceNumber))
  }

  /// CONTEXT RESPONSE, an answer that is answered: it has the sequence number of its request.
  mutating func answerAndAwait(_ message: GTPv2CMessage, to peer: CoreAddress, for purpose: S10State.PendingRequest.Purpose) {
    guard
      let octets = supervise(
        message, to: peer, for: purpose, MMETimer(.t3Response, owner: message.sequenceNumber, instance: MMETimer.contextResponse))
    else { return }
    note(message, octets, to: peer)
  }

  @discardableResult
  private mutating func supervise(
    _ message: GTPv2CMessage, to peer: CoreAddress, for purpose: S10State.PendingRequest.Purpose, _ timer: MMETimer
  ) -> [UInt8]? {
    guard let octets = encoded(message) else { return nil }
    s10.pending[timer] = .init(purpose: purpose, type: message.type, octets: octets, peer: peer)
    sink.append(.gtp(octets, to: peer))
    startT3(timer)
    return octets
  }

  /// Sends an answer, and keeps it for a request that comes again.
  mutating func answer(_ message: GTPv2CMessage, to peer: CoreAddress) {
    guard let octets = encoded(message) else { return }
    note(message, octets, to: peer)
    sink.append(.gtp(octets, to: peer))
  }

  private mutating func encoded(_ message: GTPv2CMessage) -> [UInt8]? {
    do { return try message.encoded() } catch {
      discard("could not encode \(message.type): \(error)", "TS 29.274 §8.2.1")
      return nil
    }
  }

  /// Answers a request that came before as then, or not at all while its answer waits for somebody else.
  ///
  /// - Returns: false where it did not come before.
  mutating func isRepeated(_ octets: [UInt8], from peer: CoreAddress) -> Bool {
    guard let before = s10.received.last(where: { $0.peer == peer && $0.request == octets }) else { return false }
    if let answer = before.answer { sink.append(.gtp(answer, to: peer)) }
    return true
  }

  /// Remembers a request until it is answered, and its answer with it.
  mutating func remember(_ message: GTPv2CMessage, _ octets: [UInt8], from peer: CoreAddress) {
    if s10.received.count >= S10State.maximumReceived { s10.received.removeFirst() }
    s10.received.append(.init(peer: peer, type: message.type, sequenceNumber: message.sequenceNumber, request: octets))
  }

  private mutating func note(_ answer: GTPv2CMessage, _ octets: [UInt8], to peer: CoreAddress) {
    let place = s10.received.lastIndex {
      $0.peer == peer && $0.sequenceNumber == answer.sequenceNumber && $0.type.answer == answer.type
    }
    if let place { s10.received[place].answer = octets }
  }

  /// Takes the request that a message answers; nil where it answers none of ours.
  mutating func pendingRequest(answeredBy message: GTPv2CMessage, from peer: CoreAddress) -> S10State.PendingRequest? {
    let timer = MMETimer(
      .t3Response, owner: message.sequenceNumber, instance: message.type == .contextAcknowledge ? MMETimer.contextResponse : 0)
    guard let pending = s10.pending[timer], pending.type.answer == message.type, pending.peer.octets == peer.octets else { return nil }
    forget(timer)
    return pending
  }

  private mutating func forget(_ timer: MMETimer) {
    s10.pending[timer] = nil
    sink.append(.stopTimer(timer))
  }

  /// Nobody waits for the answers to these any more.
  mutating func dropRequests(_ purposes: S10State.PendingRequest.Purpose...) {
    let timers = s10.pending.filter { purposes.contains($0.value.purpose) }.keys
    for timer in timers.sorted(by: { $0.owner < $1.owner }) { forget(timer) }
  }

  private mutating func startT3(_ timer: MMETimer) {
    sink.append(.startTimer(timer, after: configuration.timers.t3Response))
  }

  mutating func t3Expired(_ timer: MMETimer, using engine: inout CryptoEngine) {
    guard var pending = s10.pending[timer] else { return }
    guard pending.transmissions <= configuration.timers.n3Requests else {
      s10.pending[timer] = nil
      discard("\(pending.type): no answer from \(pending.peer)", "TS 29.274 §7.6")
      return unanswered(pending.purpose, using: &engine)
    }
    pending.transmissions += 1
    s10.pending[timer] = pending
    sink.append(.gtp(pending.octets, to: pending.peer))
    startT3(timer)
  }

  private mutating func unanswered(_ purpose: S10State.PendingRequest.Purpose, using engine: inout CryptoEngine) {
    switch purpose {
    case .relocation(let id): relocationFailed(id, cause: .handoverFailureInTarget, "the target's MME does not answer", using: &engine)
    case .cancel(let id): relocationCancelled(id, using: &engine)
    case .context(let id): contextNotReceived(on: id, "the MME before does not answer", using: &engine)
    case .accessContext, .completion, .contextResponse: break
    }
  }
}
