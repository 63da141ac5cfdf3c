/// One authentication vector as the HSS makes it (TS 33.102 §6.3.2); KASME comes from ``CryptoEngine/deriveKASME(ck:ik:servingNetwork:sqnXorAK:)``.
public struct AuthenticationVector: Sendable {
  /// 16 octets.
  public var rand: [UInt8]
  /// SQN ⊕ AK ‖ AMF ‖ MAC-A: 16 octets (more only for TUAK with a longer MAC, which EPS does not carry).
  public var autn: [UInt8]
  /// 8 octets with MILENAGE, 16 with the test algorithm, 4 to 32 with TUAK.
  public var xres: [UInt8]
  public var ck: KeyMaterial
  public var ik: KeyMaterial
  /// The SQN in it, 48 bits.
  public var sqn: UInt64

  /// SQN ⊕ AK, 6 octets, the input of KASME.
  public var sqnXorAK: [UInt8] { Array(autn.prefix(6)) }
}

extension CryptoEngine {
  /// Makes a vector.
  ///
  /// - Parameters:
  ///   - sqn: 48 bits, from ``HomeSequenceNumbers``.
  ///   - rand: 16 octets.
  ///   - amf: if not the subscriber's own.
  public mutating func authenticationVector(
    for credentials: SubscriberCredentials, sqn: UInt64, rand: [UInt8], amf: UInt16? = nil
  ) -> AuthenticationVector {
    guard let block = Block(rand), sqn >> 48 == 0 else { preconditionFailure("RAND has 16 octets, SQN 48 bits") }
    let amf = amf ?? credentials.amf
    let outputs = authenticationOutputs(credentials, rand: block, amf: amf) { _ in sqn }
    let autn = bigEndianOctets(sqn ^ outputs.ak, count: 6) + bigEndianOctets(UInt64(amf), count: 2) + outputs.mac
    return AuthenticationVector(rand: rand, autn: autn, xres: outputs.res, ck: outputs.ck, ik: outputs.ik, sqn: sqn)
  }

  /// HSS side of a synchronisation failure (TS 33.102 §6.3.5): SQNms from AUTS (14 octets), or nil if MAC-S is wrong or the lengths are.
  ///
  /// - Parameter rand: the RAND that was answered with AUTS.
  public mutating func resynchronise(_ credentials: SubscriberCredentials, rand: [UInt8], auts: [UInt8]) -> UInt64? {
    guard let block = Block(rand), auts.count == 6 + credentials.functions.macOctets else { return nil }
    let concealed = bigEndianNumber(auts.prefix(6))
    // AMF* is all zeros in MAC-S, so that it need not be sent (§6.3.3).
    let outputs = resynchronisationOutputs(credentials, rand: block, amf: 0) { concealed ^ $0 }
    return isEqual(outputs.mac[...], auts[6...]) ? concealed ^ outputs.akStar : nil
  }
}
