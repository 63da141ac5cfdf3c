import NASCrypto
import RadioAccess
import S1AP
import Trace
import UserEquipment

/// Cells that do not let UEs in: access barred for what UEs begin (TS 36.331 §5.3.3.2, TS 24.301 §5.5.1.2.6 a and its kin), and cells that a UE
/// treats as barred since their network is not genuine (TS 24.301 §5.4.2.7 f, TS 36.304 §5.3.1).
extension RadioNetwork {
  /// So long a cell that counts as barred is no candidate (TS 36.304 §5.3.1).
  static let exclusion = Duration.seconds(300)

  /// Whether access to the cell of an eNB is barred for signalling and data that UEs originate; answers to a paging and emergency calls are
  /// let in. The UEs that camp on it are told.
  public mutating func setBarred(
    eNB: Int, _ isBarred: Bool, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard stations[eNB].isBarred != isBarred else { return }
    stations[eNB].isBarred = isBarred
    for index in subscribers.indices where subscribers[index].eNB == eNB {
      feed(isBarred ? .accessBarred : .accessGranted, ue: index, at: now, using: &engine, into: &effects)
    }
  }

  /// A UE camps on the cell of its eNB, and hears whether it is barred before it does anything there.
  mutating func camp(
    ue: Int, from before: Int?, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    let serving = subscribers[ue].eNB
    let area = trackingArea(ofENB: serving)
    guard !stations[serving].isBarred else {
      return feed(.campedOnBarredCell(area), ue: ue, at: now, using: &engine, into: &effects)
    }
    feed(.campedOn(area), ue: ue, at: now, using: &engine, into: &effects)
    // What had to wait in a cell of the same area begins here.
    if let before, stations[before].isBarred { feed(.accessGranted, ue: ue, at: now, using: &engine, into: &effects) }
  }

  /// The active cell counts as barred: the UE reselects another of its PLMN. Where there is none it stays: "up to 300 s" may be none.
  mutating func leaveBarredCell(
    ue: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    let left = subscribers[ue].eNB
    stations[left].excluded[ue] = now + RadioNetwork.exclusion
    guard subscribers[ue].handle == nil,
      let other = stations.indices.first(where: {
        $0 != left && stations[$0].isReachable && stations[$0].excluded[ue].map { $0 <= now } ?? true
          && stations[$0].eNB.configuration.plmn == stations[left].eNB.configuration.plmn
      })
    else { return }
    if isTracing { effects.append(.trace(.note("UE \(subscribers[ue].label): eNB \(left) counts as barred, reselects eNB \(other)"))) }
    subscribers[ue].eNB = other
    camp(ue: ue, from: left, at: now, using: &engine, into: &effects)
  }
}
