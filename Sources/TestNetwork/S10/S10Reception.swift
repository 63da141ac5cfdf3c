import GTPv2C
import NASCrypto

/// Sorts what comes over S10. Whoever sent it, the answer is an output: never a trap, and never about another tunnel's UE.
extension MME {
  mutating func received(gtp octets: [UInt8], from peer: CoreAddress, using engine: inout CryptoEngine) {
    guard configuration.s10Address != nil else { return discard("GTPv2-C without an address for S10", "configuration") }
    let message: GTPv2CMessage
    do { message = try GTPv2CMessage(decoding: octets) } catch { return unreadable(octets, error, from: peer) }
    guard configuration.peers.contains(where: { $0.address.octets == peer.octets }) else {
      return discard("\(message.type) from \(peer), which is no peer", "configuration")
    }
    guard message.type.isRequest, message.type != .contextResponse else {
      return receivedAnswer(message, octets, from: peer, using: &engine)
    }
    if isRepeated(octets, from: peer) { return }
    remember(message, octets, from: peer)
    if let missing = message.missingElement {
      return refuse(message, .mandatoryElementMissing, "\(missing) is missing", from: peer)
    }
    switch message.type {
    case .echoRequest:
      var response = GTPv2CMessage(.echoResponse, teid: nil, sequenceNumber: message.sequenceNumber)
      response.add(Echo.recovery, NumberOctet(0))
      answer(response, to: peer)
    case .forwardRelocationRequest: relocationRequested(message, from: peer, using: &engine)
    case .forwardAccessContextNotification: accessContextForwarded(message, from: peer)
    case .forwardRelocationCompleteNotification: relocationCompleted(message, from: peer, using: &engine)
    case .relocationCancelRequest: relocationCancelRequested(message, from: peer)
    case .contextRequest: contextRequested(message, from: peer, using: &engine)
    default: refuse(message, .requestRejected, "not served here", from: peer)
    }
  }

  private mutating func receivedAnswer(
    _ message: GTPv2CMessage, _ octets: [UInt8], from peer: CoreAddress, using engine: inout CryptoEngine
  ) {
    guard let pending = pendingRequest(answeredBy: message, from: peer) else {
      // Its acknowledge was lost.
      if message.type == .contextResponse, isRepeated(octets, from: peer) { return }
      return discard("\(message.type) that answers nothing", "TS 29.274 §7.6")
    }
    // An answer that is answered itself.
    if message.type == .contextResponse { remember(message, octets, from: peer) }
    switch pending.purpose {
    case .relocation(let id): relocationAnswered(message, on: id, from: peer, using: &engine)
    case .cancel(let id): relocationCancelled(id, using: &engine)
    case .context(let id): contextReceived(message, on: id, from: peer, using: &engine)
    case .contextResponse(let index): contextAcknowledged(message, index)
    case .accessContext, .completion: break
    }
  }

  /// A request that cannot be served: its answer says why (TS 29.274 §7.7).
  mutating func refuse(_ message: GTPv2CMessage, _ cause: ResultCause, _ why: String, from peer: CoreAddress, teid: UInt32 = 0) {
    discard("\(message.type) refused: \(why)", "TS 29.274 §7.7")
    guard let type = message.type.answer else { return }
    var response = GTPv2CMessage(type, teid: teid, sequenceNumber: message.sequenceNumber)
    response.add(Acknowledgement.cause, cause)
    answer(response, to: peer)
  }

  /// TS 29.274 §7.7.2, §7.7.3: another version is told, what is too short or too long is dropped.
  private mutating func unreadable(_ octets: [UInt8], _ error: GTPv2CError, from peer: CoreAddress) {
    discard("GTPv2-C message not read: \(error)", "TS 29.274 §7.7")
    guard error.code == .unsupportedVersion, let outline = GTPv2CMessage.outline(of: octets), outline.version > 2,
      let answer = try? GTPv2CMessage(.versionNotSupportedIndication, teid: nil, sequenceNumber: outline.sequenceNumber).encoded()
    else { return }
    sink.append(.gtp(answer, to: peer))
  }
}
