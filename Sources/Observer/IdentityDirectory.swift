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

  /// The one that the UE has confirmed and the one before it, then those offered since, the newest last.
  private var gutis: [Int: [GUTI]] = [:]
  private static let remembered = 2
  private static let maximumOffered = 6

  func ue(imsi: String) -> Int? { byIMSI[imsi] }
  func ue(guti: GUTI) -> Int? { byGUTI[guti] }
  func ue(mmeCode: UInt8, mTMSI: UInt32) -> Int? { bySTMSI[TemporaryIdentity(mmeCode: mmeCode, mTMSI: mTMSI)] }

  mutating func assign(imsi: String, to index: Int) { byIMSI[imsi] = index }

  /// How many GUTIs are remembered.
  var count: Int { byGUTI.count }

  /// The newest owner of a GUTI counts. The UE may not have had it: until it confirms one, those that it had go on naming it (TS 24.301
  /// §5.4.1.4), and so do the others that were offered, as far as they are remembered.
  mutating func assign(_ guti: GUTI, to index: Int) {
    var owned = gutis[index] ?? []
    if owned.last != guti {
      owned.removeAll { $0 == guti }
      owned.append(guti)
      while owned.count > Self.remembered + Self.maximumOffered { forget(owned.remove(at: Self.remembered), of: index) }
      gutis[index] = owned
    }
    byGUTI[guti] = index
    bySTMSI[TemporaryIdentity(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)] = index
  }

  /// The UE says that it has the GUTI offered last: of those before it one is kept, which the network may still use.
  mutating func confirm(_ index: Int) {
    guard var owned = gutis[index], owned.count > Self.remembered else { return }
    while owned.count > Self.remembered { forget(owned.removeFirst(), of: index) }
    gutis[index] = owned
  }

  private mutating func forget(_ guti: GUTI, of index: Int) {
    guard byGUTI[guti] == index else { return }
    byGUTI[guti] = nil
    let temporary = TemporaryIdentity(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)
    if bySTMSI[temporary] == index { bySTMSI[temporary] = nil }
  }
}
