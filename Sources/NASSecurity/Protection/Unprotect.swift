import NASCrypto
import NASMessages

extension SecurityContext {
  /// Estimates the COUNT, verifies the MAC and deciphers, changing nothing (TS 24.301 §4.4.3.3, §4.4.4).
  ///
  /// Commit the COUNT with ``accept(_:)`` once the message is really taken.
  ///
  /// - Throws: the reason for a silent discard.
  public func verify(
    _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine
  ) throws(DiscardReason) -> IntegrityVerified {
    // Partially ciphered is CONTROL PLANE SERVICE REQUEST alone, which a UE sends (§9.3.1).
    let isAllowed = (1...4).contains(pdu.headerType.rawValue) || pdu.headerType == .integrityProtectedAndPartiallyCiphered && side == .mme
    guard isAllowed else { throw .securityHeaderTypeNotAllowed(pdu.headerType.rawValue) }
    guard let count = estimatedCount(sequenceNumber: pdu.sequenceNumber) else {
      throw .countExhausted
    }
    guard macVerifies(pdu, count: count, using: &engine) else {
      // A sequence number that does not go up is a wrap or a replay: say which, since the log is evidence.
      if algorithms.integrity != .eia0, let largest = counts.largestAccepted, count.overflow > 0 {
        let earlier = NASCount(count.value - 0x100)
        if earlier <= largest, macVerifies(pdu, count: earlier, using: &engine) { throw .replayed(earlier) }
      }
      throw .integrityCheckFailed
    }
    return open(pdu, count: count, using: &engine)
  }

  /// Takes the COUNT of a verified message as the largest accepted: it will not be accepted again.
  ///
  /// - Precondition: the COUNT is larger than the largest accepted (128-EIA0 lets it wrap).
  public mutating func accept(_ verified: IntegrityVerified) {
    if let largest = counts.largestAccepted, algorithms.integrity != .eia0 {
      precondition(verified.count > largest, "a NAS COUNT is accepted once")
    }
    counts.largestAccepted = verified.count
  }

  /// ``verify(_:using:)`` and ``accept(_:)`` in one step.
  public mutating func unprotect(
    _ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine
  ) throws(DiscardReason) -> IntegrityVerified {
    let verified = try verify(pdu, using: &engine)
    accept(verified)
    return verified
  }

  /// Whether the MAC of `pdu` is that of `count` under this context.
  public func macVerifies(_ pdu: SecurityProtectedNAS, count: NASCount, using engine: inout CryptoEngine) -> Bool {
    let mac = pdu.octets.withUnsafeBytes { raw in
      engine.mac(
        algorithms.integrity, key: integrityKey, count: count.value, bearer: nasBearer, direction: side.receivingDirection,
        message: UnsafeRawBufferPointer(rebasing: raw[5...]))
    }
    // Under 128-EIA0 nothing is checked: the MAC is 32 zero bits, and the receiver does not verify it (TS 33.401 B.1).
    return algorithms.integrity == .eia0 || mac == pdu.mac
  }

  private func open(_ pdu: SecurityProtectedNAS, count: NASCount, using engine: inout CryptoEngine) -> IntegrityVerified {
    let headerType = pdu.headerType
    // Header, MAC and sequence number are the first six.
    var octets = pdu.octets.withUnsafeBufferPointer { [UInt8](UnsafeBufferPointer(rebasing: $0[6...])) }
    if headerType.isCiphered {
      octets.withUnsafeMutableBytes { raw in
        engine.applyKeystream(
          algorithms.ciphering, key: encryptionKey, count: count.value, bearer: nasBearer, direction: side.receivingDirection, to: raw)
      }
    }
    if headerType == .integrityProtectedAndPartiallyCiphered, let part = containerValue(of: octets) {
      octets.withUnsafeMutableBytes { raw in
        engine.applyKeystream(
          algorithms.ciphering, key: encryptionKey, count: count.value, bearer: nasBearer, direction: side.receivingDirection,
          to: UnsafeMutableRawBufferPointer(rebasing: raw[part]))
      }
    }
    return IntegrityVerified(octets: octets, securityHeaderType: headerType, count: count)
  }
}
