import NASCrypto
import NASMessages

extension SecurityContext {
  /// Builds the four octets of a SERVICE REQUEST and steps the uplink COUNT (TS 24.301 §8.2.25, §9.9.3.28).
  ///
  /// The short MAC is the two low octets of the MAC over the first two octets of the message.
  public mutating func serviceRequest(using engine: inout CryptoEngine) throws(NASCountExhausted) -> [UInt8] {
    precondition(side == .userEquipment, "only a UE sends SERVICE REQUEST")
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = count.next
    let head: [UInt8] = [SecurityHeaderType.serviceRequest.rawValue << 4 | 0x07, keySetIdentifier << 5 | count.sequenceNumber & 0x1F]
    let mac = shortMAC(of: head, count: count, using: &engine)
    return head + [UInt8(mac >> 8), UInt8(truncatingIfNeeded: mac)]
  }

  /// Verifies a SERVICE REQUEST's short MAC; the COUNT is estimated from 5 bits. Changes nothing.
  public func verify(_ request: ServiceRequest, using engine: inout CryptoEngine) throws(DiscardReason) -> NASCount {
    precondition(side == .mme, "only an MME receives SERVICE REQUEST")
    guard
      let count = NASCount.estimate(sequenceNumber: request.sequenceNumber5, bits: 5, largestAccepted: counts.largestAccepted)
    else { throw .countExhausted }
    let head: [UInt8] = [SecurityHeaderType.serviceRequest.rawValue << 4 | 0x07, request.ksi << 5 | request.sequenceNumber5 & 0x1F]
    guard algorithms.integrity == .eia0 || shortMAC(of: head, count: count, using: &engine) == request.shortMAC else {
      throw .integrityCheckFailed
    }
    return count
  }

  /// Takes the COUNT of a verified SERVICE REQUEST as the largest accepted.
  public mutating func accept(serviceRequestCount count: NASCount) { counts.largestAccepted = count }

  private func shortMAC(of head: [UInt8], count: NASCount, using engine: inout CryptoEngine) -> UInt16 {
    let mac = head.withUnsafeBytes {
      engine.mac(
        algorithms.integrity, key: integrityKey, count: count.value, bearer: nasBearer, direction: .uplink, message: $0)
    }
    return UInt16(truncatingIfNeeded: mac)
  }
}
