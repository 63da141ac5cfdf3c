import NASCrypto
import NASMessages

/// The 24 bits of a sender's COUNT are used up: nothing may be sent under this context any more (TS 24.301 §4.4.3.5).
public struct NASCountExhausted: Error, Equatable, Sendable {
  public init() {}
}

/// NAS signalling has bearer identity 0 (TS 33.401 B.1).
let nasBearer: UInt8 = 0

extension SecurityContext {
  /// Protects a plain NAS message and steps the sender's COUNT (TS 24.301 §4.4.3.2-§4.4.3.4, §9.1).
  ///
  /// Ciphered first where the header type says so, then the MAC over sequence number and message.
  ///
  /// - Parameter message: the plain message, from its protocol discriminator on.
  /// - Returns: header octet, MAC, sequence number, message.
  /// - Precondition: the header type is one of the four of a protected message.
  public mutating func protect(
    _ message: [UInt8], as headerType: SecurityHeaderType, using engine: inout CryptoEngine
  ) throws(NASCountExhausted) -> [UInt8] {
    guard let count = counts.nextToSend else { throw NASCountExhausted() }
    counts.nextToSend = successor(of: count)
    return seal(message, as: headerType, count: count, using: &engine)
  }

  /// Protects without stepping a COUNT: for deviations that send what an exact sender would not.
  public func seal(
    _ message: [UInt8], as headerType: SecurityHeaderType, count: NASCount, using engine: inout CryptoEngine
  ) -> [UInt8] {
    precondition((1...4).contains(headerType.rawValue), "not the header type of a protected message")
    let size = 6 + message.count
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      buffer[0] = headerType.rawValue << 4 | 0x07
      buffer[5] = count.sequenceNumber
      message.withUnsafeBytes { source in
        UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[6..<size]).copyMemory(from: source)
      }
      let raw = UnsafeMutableRawBufferPointer(buffer)
      if headerType == .integrityProtectedAndCiphered || headerType == .integrityProtectedAndCipheredNewContext {
        engine.applyKeystream(
          algorithms.ciphering, key: encryptionKey, count: count.value, bearer: nasBearer, direction: side.sendingDirection,
          to: UnsafeMutableRawBufferPointer(rebasing: raw[6..<size]))
      }
      let mac = engine.mac(
        algorithms.integrity, key: integrityKey, count: count.value, bearer: nasBearer, direction: side.sendingDirection,
        message: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(raw)[5..<size]))
      for i in 0..<4 { buffer[1 + i] = UInt8(truncatingIfNeeded: mac >> UInt32(24 - 8 * i)) }
      filled = size
    }
  }
}
