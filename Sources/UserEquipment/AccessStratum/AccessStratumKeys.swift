import NASCrypto
import NASSecurity
import RadioInterface

/// The UE's AS key chain (TS 33.401 §7.2.8): the KASME that it hangs on, the KeNB in use and the NH behind it.
///
/// It stays on its KASME whatever NAS takes into use, until a key change indicator makes a new one (TS 33.401 §7.2.10).
public struct AccessStratumKeys: Sendable, Equatable {
  /// The KASME and the uplink NAS COUNT of the first KeNB.
  public let kasme: KeyMaterial
  public let rootCount: NASCount
  /// KeNB as derived from them, from which NH₁ comes.
  let rootKeNB: KeyMaterial
  /// The KeNB in use.
  public private(set) var keNB: KeyMaterial
  /// NCC of the KeNB in use, 0 to 7.
  public private(set) var nextHopChainingCount: UInt8 = 0
  /// NH of that NCC; nil at the virtual NH of NCC 0.
  var nextHop: KeyMaterial?

  init(kasme: KeyMaterial, count: NASCount, using engine: inout CryptoEngine) {
    self.kasme = kasme
    rootCount = count
    rootKeNB = engine.deriveKeNB(kasme: kasme, uplinkNASCount: count.value)
    keNB = rootKeNB
  }

  /// Of a KASME mapped at a handover from UTRAN or GERAN: KeNB comes of a COUNT that no message has (TS 33.401 §9.2.2), which stands in no
  /// `rootCount`.
  init(mapped kasme: KeyMaterial, using engine: inout CryptoEngine) {
    self.kasme = kasme
    rootCount = .zero
    rootKeNB = engine.deriveKeNB(kasme: kasme, uplinkNASCount: .max)
    keNB = rootKeNB
  }

  /// KeNB* for a cell: horizontal from KeNB where the NCC stays, vertical from NH, stepped to the NCC, where it changes (TS 33.401
  /// §7.2.8.4.4, Annex A.4, A.5).
  mutating func move(to cell: RadioCell, nextHopChainingCount count: UInt8, using engine: inout CryptoEngine) {
    let steps = (count &- nextHopChainingCount) & 7
    for _ in 0..<steps { nextHop = engine.deriveNextHop(kasme: kasme, syncInput: nextHop ?? rootKeNB) }
    nextHopChainingCount = count & 7
    let key = steps == 0 ? keNB : nextHop ?? keNB
    keNB = engine.deriveKeNBStar(from: key, pci: cell.physicalCellIdentity, earfcnDL: cell.downlinkEARFCN)
  }
}

/// AS security of the UE's radio connection: the chain, the keys of the KeNB in use, and the cell they hold in.
public struct AccessStratum: Sendable, Equatable {
  /// What holds in one cell.
  struct Serving: Sendable, Equatable {
    var keys: AccessStratumKeys
    var security: RadioSecurity
    var place: RadioPlace
  }

  var serving: Serving
  /// The configuration in the source cell while T304 runs: a failed handover goes back to it (TS 36.331 §5.3.5.6).
  var source: Serving?
  /// The cell of a re-establishment under way, while T301 runs.
  var reestablishing: RadioCell?

  public var keys: AccessStratumKeys { serving.keys }
  public var security: RadioSecurity { serving.security }
  public var cell: RadioCell { serving.place.cell }
}

/// Keeps AS security beside the UE's value, of which it would be a fifth: most UEs of a large network are idle and have none.
enum AccessStratumSlot: Sendable, Equatable {
  case idle
  indirect case connected(AccessStratum)
  /// On the way from another system.
  indirect case arriving(ArrivalFromOtherSystem)

  var accessStratum: AccessStratum? {
    if case .connected(let accessStratum) = self { accessStratum } else { nil }
  }
}

/// Where the UE has its radio connection.
public struct RadioPlace: Sendable, Hashable {
  public var cell: RadioCell
  /// C-RNTI.
  public var temporaryIdentity: UInt16

  public init(cell: RadioCell, temporaryIdentity: UInt16) {
    self.cell = cell
    self.temporaryIdentity = temporaryIdentity
  }
}

/// RRC timers of the UE (TS 36.331 §7.3).
public enum RadioTimer: String, Sendable, Hashable, CaseIterable {
  /// Access to the target cell of a handover.
  case t304 = "T304"
  /// RRC connection re-establishment.
  case t301 = "T301"

  /// Within the ranges of TS 36.331 §6.3.5.
  var defaultDuration: Duration {
    switch self {
    case .t304: .milliseconds(1000)
    case .t301: .milliseconds(1000)
    }
  }
}

extension UE {
  /// What of RRC concerns the UE's AS keys.
  public enum RadioEvent: Sendable, Equatable {
    /// An RRC message, and where it was received.
    case received(ProtectedRRC<DownlinkRRCMessage>, at: RadioPlace)
    /// Random access in the target cell succeeded.
    case accessed
    /// Radio link failure.
    case linkFailed
    case timerExpired(RadioTimer)
  }

  /// What the UE's RRC does.
  public enum RadioAction: Sendable, Equatable {
    case send(ProtectedRRC<UplinkRRCMessage>)
    /// Leave for the target cell and send this there.
    case access(RadioPlace, ProtectedRRC<UplinkRRCMessage>)
    case reestablish(ReestablishmentRequest, in: RadioCell)
    /// Leave for the cell of UTRAN or GERAN that the command names, under these keys.
    case leave(UMTSSecurityContext)
    /// A handover to E-UTRAN came to nothing: back to the system, and the keys, that the UE came from.
    case returnToSource
    case startTimer(RadioTimer, after: Duration)
    case stopTimer(RadioTimer)
    /// A KeNB* was taken into use, or the UE went back to an earlier KeNB: why, in words.
    case keys(KeyMaterial, nextHopChainingCount: UInt8, why: String)
    case discarded(String, clause: String)
  }
}
