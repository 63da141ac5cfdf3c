import NASCrypto
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Trace
import UserEquipment

/// Mobility of a whole network.
extension World {
  /// Lets the eNB that serves a UE hand it over to another eNB's cell; postponed or refused as that eNB sees fit.
  public mutating func handover(ue: Int, toENB target: Int, kind: HandoverKind, using engine: inout CryptoEngine) {
    radio.handover(ue: ue, toENB: target, kind: kind, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Lets the eNB that serves a UE hand it over to a cell of UTRAN or GERAN.
  public mutating func handover(ue: Int, to target: OtherSystemTarget, using engine: inout CryptoEngine) {
    radio.handover(ue: ue, to: target, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Lets the SGSN hand a UE that came to UTRAN or GERAN over to an eNB's cell.
  public mutating func returnToEUTRAN(ue: Int, toENB target: Int) {
    let imsi = radio.ue(ue).configuration.imsi
    core.feedSGSN(.relocate(imsi: imsi, to: radio.cell(ofENB: target)), at: now, into: &effects)
    collect()
  }

  /// Gives the eNB that serves a UE an input about it.
  public mutating func serving(ue: Int, using engine: inout CryptoEngine, _ input: (UEHandle) -> ENodeB.Input) {
    radio.serving(ue: ue, input, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Lets an idle UE camp on another eNB's cell.
  public mutating func camp(ue: Int, onENB eNB: Int, using engine: inout CryptoEngine) {
    radio.camp(ue: ue, onENB: eNB, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Whether access to the cell of an eNB is barred for what UEs originate.
  public mutating func setBarred(eNB: Int, _ isBarred: Bool, using engine: inout CryptoEngine) {
    radio.setBarred(eNB: eNB, isBarred, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Calls off a handover of a UE at its source.
  public mutating func cancelHandover(ue: Int, cause: Cause = .unspecifiedRadioNetwork, using engine: inout CryptoEngine) {
    serving(ue: ue, using: &engine) { .cancelHandover($0, cause) }
  }

  /// Whether a UE and its eNB hold the same AS keys, both having some or both none.
  public func accessStratumKeysAgree(ue: Int) -> Bool {
    let (ue, eNB) = radio.radioSecurity(ofUE: ue)
    switch (ue, eNB) {
    case (nil, nil): return true
    case (let ue?, let eNB?): return ue == eNB
    default: return false
    }
  }

  /// The SCTP association of an eNB is gone.
  public mutating func loseAssociation(eNB: Int, using engine: inout CryptoEngine) {
    let mme = radio.mme(ofENB: eNB)
    effects.append(.trace(.association(S1Leg(eNB: eNB, mme: mme), .down("lost"))))
    core.feed(.associationDown(eNB), mme: mme, at: now, using: &engine, into: &effects)
    radio.command(.associationDown(reason: "lost"), eNB: eNB, at: now, using: &engine, into: &effects)
    collect()
  }
}
