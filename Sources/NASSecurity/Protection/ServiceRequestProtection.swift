import NASCrypto
import NASMessages

extension SecurityContext {
  /// Builds the four octets of a SERVICE REQUEST and steps the uplink COUNT (TS 24.301 §8.2.25, §9.9.3.28).
  ///
  /// The short MAC is the two low octets of the MAC over the first two octets of the message.
  public mutating func serviceRequest(using engine: inout CryptoEngine) throws(NASCountExhausted) -> [UInt8] {
    precondition(side == .userEquipment, "only a UE sends SERVICE REQUEST")
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = successor(of: count)
    return sealServiceRequest(count: count, using: &engine)
  }

  /// The same without stepping a COUNT: for deviations that send what an exact sender would not.
  ///
  /// - Parameter keySetIdentifier: another than the context's; its three low bits count.
  public func sealServiceRequest(keySetIdentifier ksi: UInt8? = nil, count: NASCount, using engine: inout CryptoEngine) -> [UInt8] {
    let head: [UInt8] = [
      SecurityHeaderType.serviceRequest.rawValue << 4 | 0x07, (ksi ?? keySetIdentifier) << 5 | count.sequenceNumber & 0x1F,
    ]
    let mac = shortMAC(of: head, count: count, using: &engine)
    return head + [UInt8(mac >> 8), UInt8(truncatingIfNeeded: mac)]
  }

  /// The NAS token of an idle mode change to UTRAN or GERAN (TS 33.401 §9.1.1, A.9); the uplink COUNT steps (TS 24.301 §4.4.3.1).
  public mutating func nasToken(using engine: inout CryptoEngine) throws(NASCountExhausted) -> KeyMaterial {
    precondition(side == .userEquipment, "only a UE makes a NAS token")
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = successor(of: count)
    return engine.deriveNASToken(kasme: kasme, uplinkNASCount: count.value)
  }

  /// The NAS-MAC that RRC asks for when it re-establishes a connection of the control plane CIoT optimization; the uplink COUNT steps
  /// (TS 24.301 §4.4.3.1, §6.6.4.4 c).
  ///
  /// - Parameter input: what is protected; RRC knows it (TS 33.401).
  /// - Returns: the 32 bits, and the COUNT that went into them, of which RRC is told five.
  public mutating func nasMAC(
    over input: [UInt8], using engine: inout CryptoEngine
  ) throws(NASCountExhausted) -> (mac: UInt32, count: NASCount) {
    precondition(side == .userEquipment, "only a UE makes this NAS-MAC")
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = successor(of: count)
    let mac = engine.mac(
      algorithms.integrity, key: integrityKey, count: count.value, bearer: nasBearer, direction: .uplink, message: input)
    return (mac, count)
  }

  /// Verifies a SERVICE REQUEST's short MAC; the COUNT is estimated from 5 bits. Changes nothing.
  ///
  /// Whether the KSI names this context is for the caller to see.
  public func verify(_ request: ServiceRequest, using engine: inout CryptoEngine) throws(DiscardReason) -> NASCount {
    precondition(side == .mme, "only an MME receives SERVICE REQUEST")
    guard let count = estimatedCount(sequenceNumber: request.sequenceNumber5, bits: 5) else { throw .countExhausted }
    if algorithms.integrity == .eia0 { return count }
    // The header as it came: types 13 to 15 are read as 12, and the MAC covers what was sent.
    let head = request.authenticated
    if shortMAC(of: head, count: count, using: &engine) == request.shortMAC { return count }
    if let largest = counts.largestAccepted, count.value >= 0x20 {
      let earlier = NASCount(count.value - 0x20)
      if earlier <= largest, shortMAC(of: head, count: earlier, using: &engine) == request.shortMAC { throw .replayed(earlier) }
    }
    throw .integrityCheckFailed
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
