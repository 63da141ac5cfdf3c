/// NAS security parameters from E-UTRA, TS 24.301 §9.9.2.6: one octet, carried by RRC in handovers to UTRAN and GERAN.
public struct NASSecurityParametersFromEUTRA: OctetValue {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// - Parameter downlinkNASCount: the applicable COUNT, of which the low 4 bits are sent.
  public init(downlinkNASCount: UInt32) { rawValue = UInt8(truncatingIfNeeded: downlinkNASCount & 0x0F) }

  /// The low 4 bits of the downlink NAS COUNT; bits 5 to 8 are spare.
  public var downlinkNASCountShort: UInt8 { rawValue & 0x0F }
  public var description: String { "downlink NAS COUNT (short) \(downlinkNASCountShort)" }
}

/// NAS security parameters to E-UTRA, TS 24.301 §9.9.2.7: six octets, carried by RRC in handovers to S1 mode, from which the
/// UE makes a mapped EPS security context.
public struct NASSecurityParametersToEUTRA: OctetStringValue {
  public var octets: [UInt8]
  public static let shortest = 6
  public init(octets: [UInt8]) { self.octets = Self.checked(octets) }

  /// - Parameters:
  ///   - ciphering: EEA, 0 to 7.
  ///   - integrity: EIA, 0 to 7.
  public init(nonceMME: UInt32, ciphering: UInt8, integrity: UInt8, keySetIdentifier: NASKeySetIdentifier) {
    octets = []
    octets.append(bigEndian32: nonceMME)
    octets.append(NASSecurityAlgorithms(ciphering: ciphering, integrity: integrity).octet)
    octets += keySetIdentifier.encodedOctets
  }

  /// NONCE_MME, from which with CK and IK the mapped K_ASME is derived (TS 33.401 A.11).
  public var nonceMME: UInt32 { UInt32(uint16(at: 0)) << 16 | UInt32(uint16(at: 2)) }
  /// Type of ciphering algorithm, 0 to 7.
  public var ciphering: UInt8 { octets[4] >> 4 & 0x07 }
  /// Type of integrity protection algorithm, 0 to 7.
  public var integrity: UInt8 { octets[4] & 0x07 }
  /// KSI_SGSN of the mapped context.
  public var keySetIdentifier: NASKeySetIdentifier {
    NASKeySetIdentifier(octets[5] & 0x08 == 0 ? .native : .mapped, value: octets[5] & 0x07)
  }

  public var description: String {
    "nonce MME 0x\(hexDigits(nonceMME, 8)), \(NASSecurityAlgorithms(ciphering: ciphering, integrity: integrity)), \(keySetIdentifier)"
  }
}
