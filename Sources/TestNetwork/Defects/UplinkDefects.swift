import NASCrypto
import NASMessages
import NASSecurity

/// How uplink messages are verified: right, or as a defect has it (defects.md, groups IV and VI).
extension MME {
  /// Verifies a message under the current context of a UE.
  mutating func verify(
    _ pdu: SecurityProtectedNAS, ofUE index: Int, using engine: inout CryptoEngine
  ) throws(DiscardReason) -> IntegrityVerified {
    guard let current = ues[index].security.current else { throw .noSecurityContext }
    let defects = configuration.defects
    guard !defects.isEmpty else { return try current.verify(pdu, using: &engine) }
    if ues[index].hasSeenBadMAC { throw .integrityCheckFailed }
    if defects.contains(.eightBitWrapMissed), let largest = current.counts.largestAccepted, pdu.sequenceNumber < largest.sequenceNumber {
      throw .integrityCheckFailed
    }
    do {
      return try current.verify(pdu, using: &engine)
    } catch {
      let estimate = NASCount.estimate(sequenceNumber: pdu.sequenceNumber, largestAccepted: current.counts.largestAccepted)
      switch error {
      case .integrityCheckFailed:
        if defects.contains(.badMACAccepted), let estimate {
          return try current.verify(pdu.withMAC(of: current, estimate, using: &engine), using: &engine)
        }
        noteBadMAC(ofUE: index, estimate: estimate, using: &engine)
      case .replayed(let count) where defects.contains(.replayAccepted):
        let before = current.accepting(after: count.value > 0 ? NASCount(count.value - 1) : nil, using: &engine)
        ues[index].security.withCurrent { $0 = before }
        return try before.verify(pdu, using: &engine)
      default: break
      }
      throw error
    }
  }

  /// Verifies the short MAC of a SERVICE REQUEST.
  mutating func verify(
    _ request: ServiceRequest, ofUE index: Int, using engine: inout CryptoEngine
  ) throws(DiscardReason) -> NASCount {
    guard let current = ues[index].security.current, current.keySetIdentifier == request.ksi else { throw .noSecurityContext }
    let defects = configuration.defects
    guard !defects.isEmpty else { return try current.verify(request, using: &engine) }
    if ues[index].hasSeenBadMAC { throw .integrityCheckFailed }
    if defects.contains(.fiveBitWrapMissed), let largest = current.counts.largestAccepted,
      request.sequenceNumber5 < largest.sequenceNumber & 0x1F
    {
      throw .integrityCheckFailed
    }
    do {
      return try current.verify(request, using: &engine)
    } catch {
      if error == .integrityCheckFailed {
        let estimate = NASCount.estimate(
          sequenceNumber: request.sequenceNumber5, bits: 5, largestAccepted: current.counts.largestAccepted)
        noteBadMAC(ofUE: index, estimate: estimate, using: &engine)
        if defects.contains(.contextLostAtBadShortMAC) {
          ues[index].security.deleteAll()
          reportContexts(of: index, "wrong short MAC: context deleted (defect)")
        }
      }
      throw error
    }
  }

  /// `plain-uplink-accepted`: a plain message is taken for the UE's.
  func pretendedProtection(of connection: S1Connection) -> Protection? {
    guard configuration.defects.contains(.plainUplinkAccepted), let index = connection.subject.verified,
      let current = ues[index].security.current
    else { return nil }
    return .verified(current.counts.largestAccepted ?? .zero)
  }

  private mutating func noteBadMAC(ofUE index: Int, estimate: NASCount?, using engine: inout CryptoEngine) {
    if configuration.defects.contains(.badMACSticks) { ues[index].hasSeenBadMAC = true }
    guard configuration.defects.contains(.countMovedByBadMAC), let estimate, let current = ues[index].security.current else { return }
    let moved = current.accepting(after: estimate, using: &engine)
    ues[index].security.withCurrent { $0 = moved }
  }
}

extension NASSecurity.SecurityContext {
  /// The context with another largest COUNT accepted.
  fileprivate func accepting(after count: NASCount?, using engine: inout CryptoEngine) -> NASSecurity.SecurityContext {
    with(NASCountPair(nextToSend: counts.nextToSend, largestAccepted: count), using: &engine)
  }

  /// The context with other COUNTs.
  func with(_ counts: NASCountPair, using engine: inout CryptoEngine) -> NASSecurity.SecurityContext {
    NASSecurity.SecurityContext(
      kasme: kasme, type: type, keySetIdentifier: keySetIdentifier, side: side, algorithms: algorithms, counts: counts, using: &engine)
  }
}

extension SecurityProtectedNAS {
  /// The message with the MAC that it should have.
  fileprivate func withMAC(
    of context: NASSecurity.SecurityContext, _ count: NASCount, using engine: inout CryptoEngine
  ) -> SecurityProtectedNAS {
    let right = engine.mac(
      context.algorithms.integrity, key: context.integrityKey, count: count.value, bearer: 0, direction: .uplink, message: authenticated)
    return SecurityProtectedNAS(headerType: headerType, mac: right, sequenceNumber: sequenceNumber, payload: payload)
  }
}
