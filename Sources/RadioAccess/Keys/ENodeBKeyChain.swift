import NASCrypto
import RadioInterface

/// {NH, NCC} as S1AP brings it (TS 36.413 §9.2.1.26).
public struct NextHop: Sendable, Equatable {
  public var key: KeyMaterial
  /// NCC, 0 to 7.
  public var chainingCount: UInt8

  public init(key: KeyMaterial, chainingCount: UInt8) {
    self.key = key
    self.chainingCount = chainingCount
  }
}

/// What an eNB knows of a UE's AS key chain, from S1AP and X2 alone: it never sees KASME (TS 33.401 §7.2.8).
struct ENodeBKeyChain: Sendable, Equatable {
  /// The KeNB in use and its NCC.
  var keNB: KeyMaterial
  var chainingCount: UInt8
  /// A pair of PATH SWITCH REQUEST ACKNOWLEDGE that no KeNB has come from yet.
  var fresh: NextHop?

  /// KeNB of INITIAL CONTEXT SETUP or UE CONTEXT MODIFICATION: the NCC is 0.
  init(keNB: KeyMaterial) {
    self.keNB = keNB
    chainingCount = 0
  }

  /// KeNB* in the target of an S1 handover: vertical from the pair that the MME sent.
  init(from pair: NextHop, cell: RadioCell, using engine: inout CryptoEngine) {
    keNB = engine.deriveKeNBStar(from: pair.key, pci: cell.physicalCellIdentity, earfcnDL: cell.downlinkEARFCN)
    chainingCount = pair.chainingCount
  }

  /// Of a UE that comes from UTRAN or GERAN: KeNB is in the place of NH, and is taken as it is (TS 33.401 §9.2.2).
  init(fromOtherSystem pair: NextHop) {
    keNB = pair.key
    chainingCount = 0
  }

  /// KeNB* as it came over X2.
  init(received keNB: KeyMaterial, chainingCount: UInt8) {
    self.keNB = keNB
    self.chainingCount = chainingCount
  }

  /// The chain in another cell, or in the same one anew: vertical where a fresh pair is at hand, else horizontal (TS 33.401 §7.2.8.4.2).
  func moved(to cell: RadioCell, using engine: inout CryptoEngine) -> ENodeBKeyChain {
    let key = engine.deriveKeNBStar(from: fresh?.key ?? keNB, pci: cell.physicalCellIdentity, earfcnDL: cell.downlinkEARFCN)
    return ENodeBKeyChain(received: key, chainingCount: fresh?.chainingCount ?? chainingCount)
  }
}
