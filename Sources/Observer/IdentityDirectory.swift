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

  /// The newest last, per UE.
  private var gutis: [Int: [GUTI]] = [:]
  private static let remembered = 2

  func ue(imsi: String) -> Int? { byIMSI[imsi] }
  func ue(guti: GUTI) -> Int? { byGUTI[guti] }
  func ue(mmeCode: UInt8, mTMSI: UInt32) -> Int? { bySTMSI[TemporaryIdentity(mmeCode: mmeCode, mTMSI: mTMSI)] }

  mutating func assign(imsi: String, to index: Int) { byIMSI[imsi] = index }

  /// How many GUTIs are remembered.
  var count: Int { byGUTI.count }

  /// The newest owner of a GUTI counts. The one that a UE had before goes on naming it, since the UE may not have had the new one; those
  /// before that are forgotten.
  mutating func assign(_ guti: GUTI, to index: Int) {
    var owned = gutis[index] ?? []
    if owned.last != guti {
      owned.removeAll { $0 == guti }
      owned.append(guti)
      while owned.count > Self.remembered { forget(owned.removeFirst(), of: index) }
      gutis[index] = owned
    }
    byGUTI[guti] = index
    bySTMSI[TemporaryIdentity(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)] = index
  }

  private mutating func forget(_ guti: GUTI, of index: Int) {
    guard byGUTI[guti] == index else { return }
    byGUTI[guti] = nil
    let temporary = TemporaryIdentity(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)
    if bySTMSI[temporary] == index { bySTMSI[temporary] = nil }
  }
}
