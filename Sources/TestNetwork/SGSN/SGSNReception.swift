import GTPv2C

/// S3: requests and their answers (TS 29.274 §7.6, §7.7), as the MME has them on S10.
extension SGSN {
  mutating func received(_ octets: [UInt8], from peer: CoreAddress) {
    let message: GTPv2CMessage
    do { message = try GTPv2CMessage(decoding: octets) } catch {
      return discard("GTPv2-C message not read: \(error)", "TS 29.274 §7.7")
    }
    guard configuration.peers.contains(where: { $0.address.octets == peer.octets }) else {
      return discard("\(message.type) from \(peer), which is no peer", "configuration")
    }
    guard message.type.isRequest, message.type != .contextResponse else { return receivedAnswer(message, from: peer) }
    if let before = received.last(where: { $0.peer == peer && $0.request == octets }) {
      return sink.append(.gtp(before.answer, to: peer))
    }
    if let missing = message.missingElement {
      return refuse(message, octets, .mandatoryElementMissing, "\(missing) is missing", from: peer)
    }
    switch message.type {
    case .echoRequest:
      var response = GTPv2CMessage(.echoResponse, teid: nil, sequenceNumber: message.sequenceNumber)
      response.add(Echo.recovery, NumberOctet(0))
      answer(response, to: octets, from: peer)
    case .forwardRelocationRequest: relocationRequested(message, octets, from: peer)
    case .relocationCancelRequest: relocationCancelled(message, octets, from: peer)
    case .forwardRelocationCompleteNotification: relocationCompleted(message, octets, from: peer)
    default: refuse(message, octets, .requestRejected, "not served here", from: peer)
    }
  }

  private mutating func receivedAnswer(_ message: GTPv2CMessage, from peer: CoreAddress) {
    let timer = MMETimer(.t3Response, owner: message.sequenceNumber)
    guard let request = pending[timer], request.type.answer == message.type, request.peer.octets == peer.octets else {
      return discard("\(message.type) that answers nothing", "TS 29.274 §7.6")
    }
    pending[timer] = nil
    sink.append(.stopTimer(timer))
    switch request.type {
    case .forwardRelocationCompleteNotification: report(request.imsi, "relocation to this SGSN completed")
    case .forwardRelocationRequest: relocationAnswered(message, request.imsi, from: peer)
    default: break
    }
  }

  /// Sends a request and supervises it. The message gets its sequence number here.
  mutating func request(_ message: GTPv2CMessage, to peer: CoreAddress, of imsi: String) {
    var message = message
    repeat {
      nextSequenceNumber = nextSequenceNumber >= 0xFF_FFFF ? 1 : nextSequenceNumber + 1
    } while pending[
      MMETimer(.t3Response, owner: nextSequenceNumber)] != nil
    message.sequenceNumber = nextSequenceNumber
    guard let octets = encoded(message) else { return }
    let timer = MMETimer(.t3Response, owner: nextSequenceNumber)
    pending[timer] = PendingRequest(type: message.type, octets: octets, peer: peer, imsi: imsi)
    sink.append(.gtp(octets, to: peer))
    sink.append(.startTimer(timer, after: configuration.t3Response))
  }

  mutating func answer(_ message: GTPv2CMessage, to request: [UInt8], from peer: CoreAddress) {
    guard let octets = encoded(message) else { return }
    if received.count >= S10State.maximumReceived { received.removeFirst() }
    received.append((peer, request, octets))
    sink.append(.gtp(octets, to: peer))
  }

  mutating func refuse(
    _ message: GTPv2CMessage, _ octets: [UInt8], _ cause: ResultCause, _ why: String, from peer: CoreAddress, teid: UInt32 = 0
  ) {
    discard("\(message.type) refused: \(why)", "TS 29.274 §7.7")
    guard let type = message.type.answer else { return }
    var response = GTPv2CMessage(type, teid: teid, sequenceNumber: message.sequenceNumber)
    response.add(Acknowledgement.cause, cause)
    answer(response, to: octets, from: peer)
  }

  private mutating func encoded(_ message: GTPv2CMessage) -> [UInt8]? {
    do { return try message.encoded() } catch {
      discard("could not encode \(message.type): \(error)", "TS 29.274 §8.2.1")
      return nil
    }
  }

  mutating func expired(_ timer: MMETimer) {
    if timer.kind == .handover {
      guard let (imsi, visitor) = visitors.first(where: { $0.value.localTEID == timer.owner }), visitor.stage == .awaited else { return }
      return complete(imsi)
    }
    guard var request = pending[timer] else { return }
    guard request.transmissions <= configuration.n3Requests else {
      pending[timer] = nil
      if request.type == .forwardRelocationRequest { stay(request.imsi, "the target's MME does not answer") }
      return discard("\(request.type): no answer from \(request.peer)", "TS 29.274 §7.6", imsi: request.imsi)
    }
    request.transmissions += 1
    pending[timer] = request
    sink.append(.gtp(request.octets, to: request.peer))
    sink.append(.startTimer(timer, after: configuration.t3Response))
  }
}
