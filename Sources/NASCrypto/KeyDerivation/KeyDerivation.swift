/// What a derived key of TS 33.401 §A.7 is for: its algorithm type distinguisher.
public enum AlgorithmTypeDistinguisher: UInt8, Sendable, Hashable, CaseIterable {
  case nasEncryption = 1
  case nasIntegrity = 2
  case rrcEncryption = 3
  case rrcIntegrity = 4
  case upEncryption = 5
  case upIntegrity = 6
}

extension CryptoEngine {
  /// KASME (TS 33.401 §A.2, FC 0x10), 32 octets.
  ///
  /// - Parameters:
  ///   - servingNetwork: the PLMN, 3 octets as in NAS messages.
  ///   - sqnXorAK: SQN ⊕ AK as in AUTN, 6 octets.
  public mutating func deriveKASME(ck: KeyMaterial, ik: KeyMaterial, servingNetwork: [UInt8], sqnXorAK: [UInt8]) -> KeyMaterial {
    precondition(servingNetwork.count == 3 && sqnXorAK.count == 6, "SN id has 3 octets, SQN xor AK 6")
    return derive(0x10, from: ck, ik) { s in
      s.parameter(servingNetwork)
      s.parameter(sqnXorAK)
    }
  }

  /// KeNB (TS 33.401 §A.3, FC 0x11) from the uplink NAS COUNT, 32 octets.
  public mutating func deriveKeNB(kasme: KeyMaterial, uplinkNASCount: UInt32) -> KeyMaterial {
    derive(0x11, from: kasme) { $0.parameter(uplinkNASCount, octets: 4) }
  }

  /// NH (TS 33.401 §A.4, FC 0x12): `syncInput` is KeNB for the first one, then the NH before.
  public mutating func deriveNextHop(kasme: KeyMaterial, syncInput: KeyMaterial) -> KeyMaterial {
    derive(0x12, from: kasme) { $0.parameter(syncInput.bytes) }
  }

  /// KeNB* (TS 33.401 §A.5, FC 0x13) from KeNB (horizontal) or NH (vertical).
  ///
  /// EARFCN-DL takes 2 octets up to 65535 and 3 beyond (§A.5, for the extended values of TS 36.101).
  public mutating func deriveKeNBStar(from key: KeyMaterial, pci: UInt16, earfcnDL: UInt32) -> KeyMaterial {
    derive(0x13, from: key) { s in
      s.parameter(UInt32(pci), octets: 2)
      s.parameter(earfcnDL, octets: earfcnDL > 0xffff ? 3 : 2)
    }
  }

  /// Any key of TS 33.401 §A.7 (FC 0x15): the last 16 of 32 octets. `key` is KASME for NAS keys, KeNB for RRC and UP keys.
  public mutating func deriveAlgorithmKey(from key: KeyMaterial, _ type: AlgorithmTypeDistinguisher, identity: UInt8) -> KeyMaterial {
    derive(0x15, from: key, keeping: 16..<32) { s in
      s.parameter(UInt32(type.rawValue), octets: 1)
      s.parameter(UInt32(identity), octets: 1)
    }
  }

  /// KNASenc (TS 33.401 §A.7), 16 octets.
  public mutating func deriveNASEncryptionKey(kasme: KeyMaterial, _ algorithm: CipheringAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: kasme, .nasEncryption, identity: algorithm.rawValue)
  }

  /// KNASint (TS 33.401 §A.7), 16 octets.
  public mutating func deriveNASIntegrityKey(kasme: KeyMaterial, _ algorithm: IntegrityAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: kasme, .nasIntegrity, identity: algorithm.rawValue)
  }

  /// KRRCenc (TS 33.401 §A.7), 16 octets.
  public mutating func deriveRRCEncryptionKey(keNB: KeyMaterial, _ algorithm: CipheringAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: keNB, .rrcEncryption, identity: algorithm.rawValue)
  }

  /// KRRCint (TS 33.401 §A.7), 16 octets.
  public mutating func deriveRRCIntegrityKey(keNB: KeyMaterial, _ algorithm: IntegrityAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: keNB, .rrcIntegrity, identity: algorithm.rawValue)
  }

  /// KUPenc (TS 33.401 §A.7), 16 octets.
  public mutating func deriveUPEncryptionKey(keNB: KeyMaterial, _ algorithm: CipheringAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: keNB, .upEncryption, identity: algorithm.rawValue)
  }

  /// KUPint (TS 33.401 §A.7), 16 octets.
  public mutating func deriveUPIntegrityKey(keNB: KeyMaterial, _ algorithm: IntegrityAlgorithm) -> KeyMaterial {
    deriveAlgorithmKey(from: keNB, .upIntegrity, identity: algorithm.rawValue)
  }
}
