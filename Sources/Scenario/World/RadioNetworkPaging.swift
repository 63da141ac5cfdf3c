import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import UserEquipment

extension RadioNetwork {
  /// Every UE that camps on the eNB in RRC idle hears a paging; the one it is for answers.
  mutating func page(
    _ identity: PagedIdentity, eNB: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    for index in subscribers.indices
    where subscribers[index].eNB == eNB && subscribers[index].handle == nil && subscribers[index].ue.isMeant(by: identity) {
      feed(.paged(identity), ue: index, at: now, using: &engine, into: &effects)
    }
  }
}

extension PagedIdentity {
  init(_ identity: RadioAccess.PagingIdentity) {
    switch identity {
    case .sTMSI(let temporary): self = .sTMSI(mmeCode: temporary.mmeCode, mTMSI: temporary.mTMSI)
    case .imsi(let imsi): self = .imsi(imsi)
    }
  }
}

extension PLMN {
  /// The same three octets, as NAS has them.
  init(_ identity: PLMNIdentity) {
    let octets = identity.octets
    self.init(octets[0], octets[1], octets[2])
  }
}
