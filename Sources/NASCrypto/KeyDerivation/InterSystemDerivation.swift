extension CryptoEngine {
  /// CK' ‖ IK' for handover from E-UTRAN to UTRAN or GERAN (TS 33.401 §A.8, FC 0x16) from the downlink NAS COUNT, 32 octets.
  public mutating func deriveHandoverToUTRANKeys(kasme: KeyMaterial, downlinkNASCount: UInt32) -> KeyMaterial {
    derive(0x16, from: kasme) { $0.parameter(downlinkNASCount, octets: 4) }
  }

  /// The 32 octets behind the NAS token (TS 33.401 §A.9, FC 0x17) from the uplink NAS COUNT; the token is the last 16 bits of them
  /// (TS 33.401 §9.1.1 gives the truncation).
  public mutating func deriveNASToken(kasme: KeyMaterial, uplinkNASCount: UInt32) -> KeyMaterial {
    derive(0x17, from: kasme) { $0.parameter(uplinkNASCount, octets: 4) }
  }

  /// K'ASME at handover to E-UTRAN (TS 33.401 §A.10, FC 0x18) from CK ‖ IK of the old system and NONCE_MME.
  public mutating func deriveMappedKASME(ck: KeyMaterial, ik: KeyMaterial, nonceMME: UInt32) -> KeyMaterial {
    derive(0x18, from: ck, ik) { $0.parameter(nonceMME, octets: 4) }
  }

  /// K'ASME at idle mode mobility to E-UTRAN (TS 33.401 §A.11, FC 0x19) from CK ‖ IK of the old system and both nonces.
  public mutating func deriveMappedKASME(ck: KeyMaterial, ik: KeyMaterial, nonceUE: UInt32, nonceMME: UInt32) -> KeyMaterial {
    derive(0x19, from: ck, ik) { s in
      s.parameter(nonceUE, octets: 4)
      s.parameter(nonceMME, octets: 4)
    }
  }

  /// CK_SRVCC ‖ IK_SRVCC (TS 33.401 §A.12, FC 0x1A) from the downlink NAS COUNT, 32 octets.
  public mutating func deriveSRVCCKeys(kasme: KeyMaterial, downlinkNASCount: UInt32) -> KeyMaterial {
    derive(0x1a, from: kasme) { $0.parameter(downlinkNASCount, octets: 4) }
  }

  /// CK' ‖ IK' for idle mode mobility from E-UTRAN to UTRAN or GERAN (TS 33.401 §A.13, FC 0x1B) from the uplink NAS COUNT, 32 octets.
  public mutating func deriveIdleToUTRANKeys(kasme: KeyMaterial, uplinkNASCount: UInt32) -> KeyMaterial {
    derive(0x1b, from: kasme) { $0.parameter(uplinkNASCount, octets: 4) }
  }

  /// KNASint of 5GS (TS 33.501 §A.8, FC 0x69, N-NAS-int-alg) from KAMF: the last 16 of 32 octets.
  ///
  /// 128-NIA1 to 128-NIA3 have the numbers of 128-EIA1 to 128-EIA3.
  public mutating func deriveFiveGNASIntegrityKey(kamf: KeyMaterial, _ algorithm: IntegrityAlgorithm) -> KeyMaterial {
    derive(0x69, from: kamf, keeping: 16..<32) { s in
      s.parameter(0x02, octets: 1)
      s.parameter(UInt32(algorithm.rawValue), octets: 1)
    }
  }

  /// KASME' in idle mode mobility from 5GS to EPS (TS 33.501 §A.14.1, FC 0x73) from KAMF and the uplink NAS COUNT, 32 octets.
  public mutating func deriveIdleFrom5GSKASME(kamf: KeyMaterial, uplinkNASCount: UInt32) -> KeyMaterial {
    derive(0x73, from: kamf) { $0.parameter(uplinkNASCount, octets: 4) }
  }

  /// KASME' at handover from 5GS to EPS (TS 33.501 §A.14.2, FC 0x74) from KAMF and the downlink NAS COUNT, 32 octets.
  public mutating func deriveHandoverFrom5GSKASME(kamf: KeyMaterial, downlinkNASCount: UInt32) -> KeyMaterial {
    derive(0x74, from: kamf) { $0.parameter(downlinkNASCount, octets: 4) }
  }
}
