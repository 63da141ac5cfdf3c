import COpenSSL

/// What a USIM answers to RAND and AUTN (TS 33.102 §6.3.3).
public enum AKAOutcome: Sendable {
  case success(AKAResult)
  /// MAC-A is wrong, or RAND or AUTN has a length that no network sends. EMM cause #20.
  case macFailure
  /// SQN is not fresh; AUTS has 14 octets. EMM cause #21.
  case synchronisationFailure(auts: [UInt8])
}

/// A challenge that was opened: what it carries and what follows from it.
public struct AKAResult: Sendable {
  /// 4 to 16 octets.
  public var res: [UInt8]
  public var ck: KeyMaterial
  public var ik: KeyMaterial
  /// 48 bits.
  public var sqn: UInt64
  /// The first 6 octets of AUTN, the input of KASME.
  public var sqnXorAK: [UInt8]
  /// As in AUTN. The caller judges the separation bit (EMM cause #26).
  public var amf: UInt16

  /// Bit 0 of AMF, which is 1 in vectors for EPS (TS 33.102 Annex H).
  public var hasSeparationBit: Bool { amf & 0x8000 != 0 }
}

extension CryptoEngine {
  /// The USIM's part: checks MAC-A, then whether SQN is fresh, and remembers SQN if so (TS 33.102 §6.3.3, Annex C.2).
  ///
  /// - Parameters:
  ///   - rand: as it came; anything but 16 octets is a MAC failure.
  ///   - autn: as it came; anything but 16 octets is a MAC failure (with TUAK: 8 and the MAC's).
  public mutating func verifyChallenge(
    rand: [UInt8], autn: [UInt8], credentials: SubscriberCredentials, sequenceNumbers: inout USIMSequenceNumbers
  ) -> AKAOutcome {
    guard let block = Block(rand), let opened = openChallenge(rand: rand, autn: autn, credentials: credentials), opened.isVerified
    else { return .macFailure }
    guard sequenceNumbers.accept(opened.result.sqn) else {
      let highest = sequenceNumbers.highest
      let outputs = resynchronisationOutputs(credentials, rand: block, amf: 0) { _ in highest }
      return .synchronisationFailure(auts: bigEndianOctets(highest ^ outputs.akStar, count: 6) + outputs.mac)
    }
    return .success(opened.result)
  }

  /// Computes all that RAND, AUTN and K tell, without judging freshness: for an observer, which has K and the octets on the wire.
  ///
  /// - Returns: `isVerified` tells whether MAC-A is right (if not, the result holds what a USIM with this K would have computed); nil if
  ///   RAND or AUTN has a length that no network sends.
  public mutating func openChallenge(
    rand: [UInt8], autn: [UInt8], credentials: SubscriberCredentials
  ) -> (result: AKAResult, isVerified: Bool)? {
    guard let block = Block(rand), autn.count == 8 + credentials.functions.macOctets else { return nil }
    let concealed = bigEndianNumber(autn.prefix(6))
    let amf = UInt16(truncatingIfNeeded: bigEndianNumber(autn[6..<8]))
    let outputs = authenticationOutputs(credentials, rand: block, amf: amf) { concealed ^ $0 }
    let result = AKAResult(
      res: outputs.res, ck: outputs.ck, ik: outputs.ik, sqn: concealed ^ outputs.ak, sqnXorAK: Array(autn.prefix(6)), amf: amf)
    return (result, isEqual(outputs.mac[...], autn[8...]))
  }
}

/// Same octets, in a time that depends on the length only.
func isEqual(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Bool {
  a.count == b.count
    && a.withUnsafeBytes { a in b.withUnsafeBytes { b in CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 } }
}
