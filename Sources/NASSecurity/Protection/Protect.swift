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
  /// - Precondition: the header type is one of the five of a protected message.
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
    precondition((1...5).contains(headerType.rawValue), "not the header type of a protected message")
    // Made on the stack and copied: an array that a closure or a repeated value fills looks its type up each time, which takes longer.
    return withUnsafeTemporaryAllocation(byteCount: 6 + message.count, alignment: 16) { raw in
      raw[0] = headerType.rawValue << 4 | 0x07
      raw[5] = count.sequenceNumber
      let body = UnsafeMutableRawBufferPointer(rebasing: raw[6...])
      message.withUnsafeBytes { body.copyMemory(from: $0) }
      if headerType.isCiphered {
        engine.applyKeystream(
          algorithms.ciphering, key: encryptionKey, count: count.value, bearer: nasBearer, direction: side.sendingDirection, to: body)
      } else if headerType == .integrityProtectedAndPartiallyCiphered, let part = containerValue(of: message) {
        engine.applyKeystream(
          algorithms.ciphering, key: encryptionKey, count: count.value, bearer: nasBearer, direction: side.sendingDirection,
          to: UnsafeMutableRawBufferPointer(rebasing: body[part]))
      }
      let mac = engine.mac(
        algorithms.integrity, key: integrityKey, count: count.value, bearer: nasBearer, direction: side.sendingDirection,
        message: UnsafeRawBufferPointer(rebasing: raw[5...]))
      raw.storeBytes(of: mac.bigEndian, toByteOffset: 1, as: UInt32.self)
      return [UInt8](UnsafeBufferPointer(raw.assumingMemoryBound(to: UInt8.self)))
    }
  }
}

extension SecurityHeaderType {
  /// Whether the message behind the header is ciphered (with 128-EEA0 too, in which nothing changes).
  var isCiphered: Bool {
    self == .integrityProtectedAndCiphered || self == .integrityProtectedAndCipheredNewContext
  }
}
