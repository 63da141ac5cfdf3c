import NASMessages

/// Which UE an identity names: IMSI, GUTI, S-TMSI.
struct IdentityDirectory: Sendable {
  struct TemporaryIdentity: Hashable, Sendable {
    var mmeCode: UInt8
    var mTMSI: UInt32
  }

  private var byIMSI: [String: Int] = [:]
  private var byGUTI: [GUTI: Int] = [:]
  private var bySTMSI: [TemporaryIdentity: Int] = [:]

  func ue(imsi: String) -> Int? { byIMSI[imsi] }
  func ue(guti: GUTI) -> Int? { byGUTI[guti] }
  func ue(mmeCode: UInt8, mTMSI: UInt32) -> Int? { bySTMSI[TemporaryIdentity(mmeCode: mmeCode, mTMSI: mTMSI)] }

  mutating func assign(imsi: String, to index: Int) { byIMSI[imsi] = index }

  /// The newest owner of a GUTI counts; one that a UE had before goes on naming it until another UE gets it.
  mutating func assign(_ guti: GUTI, to index: Int) {
    byGUTI[guti] = index
    bySTMSI[TemporaryIdentity(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)] = index
  }
}
