import NASCrypto
import NASMessages
import S1AP

/// PAGING of an idle UE on every eNB that serves its tracking areas (TS 36.413 §8.5, TS 24.301 §5.6.2).
extension MME {
  mutating func page(_ index: Int, byIMSI: Bool = false) {
    guard ues[index].pagings == 0 else { return }
    ues[index].isPagedByIMSI = byIMSI
    sendPaging(index)
  }

  private mutating func sendPaging(_ index: Int) {
    let sTMSI: STMSI?
    if ues[index].isPagedByIMSI {
      sTMSI = nil
    } else if let guti = ues[index].guti {
      sTMSI = STMSI(mmeCode: guti.mmeCode, mTMSI: guti.mTMSI)
    } else {
      ues[index].queue = []
      return discard("not paged: the UE has no GUTI", "TS 24.301 §5.6.2", ue: index)
    }
    guard !ues[index].trackingAreas.isEmpty else {
      ues[index].queue = []
      return discard("not paged: the UE has no TAI list", "TS 24.301 §5.6.2", ue: index)
    }
    ues[index].pagings += 1
    let imsi = name(of: index)
    let message = OutgoingMessage.paging(imsi: imsi, sTMSI: sTMSI, areas: ues[index].trackingAreas)
    for association in associations.keys.sorted() {
      guard case .ready(_, let areas) = associations[association]?.state else { continue }
      if areas.contains(where: ues[index].trackingAreas.contains) { send(message, on: association) }
    }
    sink.append(.startTimer(MMETimer(.t3413, owner: UInt32(truncatingIfNeeded: index)), after: configuration.timers.t3413))
  }

  mutating func stopPaging(of index: Int) {
    guard ues[index].pagings > 0 else { return }
    ues[index].pagings = 0
    sink.append(.stopTimer(MMETimer(.t3413, owner: UInt32(truncatingIfNeeded: index))))
  }

  /// How often is the network's own choice (§5.6.2.2.1.1): as often as other messages are repeated.
  mutating func pagingExpired(_ index: Int) {
    guard ues.indices.contains(index), ues[index].pagings > 0 else { return }
    guard ues[index].pagings <= configuration.timers.retransmissions else {
      ues[index].pagings = 0
      ues[index].queue = []
      sink.append(.procedure(imsi: name(of: index), "paging was not answered"))
      return
    }
    sendPaging(index)
  }
}
