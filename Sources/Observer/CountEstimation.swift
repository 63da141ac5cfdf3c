import NASCrypto
import NASMessages

/// Estimates of a NAS COUNT from the part of it that a message carries (TS 24.301 §4.4.3.1), for an onlooker.
enum CountEstimation {
  static let maximum: UInt32 = 0xff_ffff

  /// The smallest COUNT from `next` on with these low bits (8, or 5 in SERVICE REQUEST); nil if that would be beyond 24 bits.
  static func estimate(next: UInt32, low: UInt8, bits: UInt32) -> UInt32? {
    let modulus: UInt32 = 1 << bits
    var count = next & ~(modulus - 1) | UInt32(low)
    if count < next { count += modulus }
    return count <= maximum ? count : nil
  }

  /// The first of ``candidates(next:low:bits:)``.
  static func likeliest(next: UInt32, low: UInt8, bits: UInt32) -> UInt32? {
    if let count = estimate(next: next, low: low, bits: bits) { return count }
    return candidates(next: next, low: low, bits: bits).first
  }

  /// The COUNTs to try, likeliest first: what a receiver estimates; the same value one and two turns earlier (used before, or
  /// going back); the first turn (a COUNT wrongly restarted); one turn later (many messages lost).
  static func candidates(next: UInt32, low: UInt8, bits: UInt32) -> [UInt32] {
    let modulus: UInt32 = 1 << bits
    var result: [UInt32] = []
    func add(_ count: UInt32?) {
      if let count, count <= maximum, !result.contains(count) { result.append(count) }
    }
    let first = estimate(next: next, low: low, bits: bits)
    add(first)
    let base = first ?? (next & ~(modulus - 1) | UInt32(low))
    if base >= modulus { add(base - modulus) }
    if base >= 2 * modulus { add(base - 2 * modulus) }
    add(UInt32(low))
    add(base + modulus)
    return result
  }
}

extension CryptoEngine {
  /// Whether the MAC of a protected NAS message is right under this COUNT. A null algorithm verifies nothing: EIA0 answers false.
  mutating func verifies(
    _ message: SecurityProtectedNAS, algorithms: NASAlgorithms, count: UInt32, direction: LinkDirection
  ) -> Bool {
    guard algorithms.integrity != .eia0 else { return false }
    return mac(
      algorithms.integrity, key: algorithms.integrityKey, count: count, bearer: 0, direction: direction, message: message.authenticated)
      == message.mac
  }

  mutating func verifies(_ request: ServiceRequest, algorithms: NASAlgorithms, count: UInt32) -> Bool {
    guard algorithms.integrity != .eia0 else { return false }
    let value = mac(
      algorithms.integrity, key: algorithms.integrityKey, count: count, bearer: 0, direction: .uplink, message: request.authenticated)
    return UInt16(truncatingIfNeeded: value) == request.shortMAC
  }

  /// The NAS message in a protected one, deciphered if its header says that it is ciphered.
  mutating func open(
    _ message: SecurityProtectedNAS, algorithms: NASAlgorithms, count: UInt32, direction: LinkDirection
  ) throws(NASDecodingError) -> NASMessage {
    let sender: NASDirection = direction == .uplink ? .uplink : .downlink
    return try NASMessage(decoding: decipher(message, algorithms: algorithms, count: count, direction: direction), direction: sender)
  }

  /// The octets of the NAS message in a protected one, deciphered if its header says that it is ciphered.
  mutating func decipher(
    _ message: SecurityProtectedNAS, algorithms: NASAlgorithms, count: UInt32, direction: LinkDirection
  ) -> ArraySlice<UInt8> {
    guard message.headerType.isCiphered, algorithms.ciphering != .eea0 else { return message.payload }
    var payload = Array(message.payload)
    applyKeystream(algorithms.ciphering, key: algorithms.encryptionKey, count: count, bearer: 0, direction: direction, to: &payload)
    return payload[...]
  }
}
