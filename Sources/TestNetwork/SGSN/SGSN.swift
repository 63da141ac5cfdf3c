import GTPv2C
import NASMessages
public import NASSecurity

/// A stub of an SGSN: the other end of handovers between E-UTRAN and UTRAN or GERAN, as far as S3 goes (TS 23.401 §5.5.2, TS 29.274
/// §7.3). It has no HSS and no radio network: it knows UEs that MMEs have handed over to it, and lets them be handed back.
///
/// A value without I/O, as the MME is.
public struct SGSN: Sendable {
  public struct Configuration: Sendable, Equatable {
    public var name = "nasue-sgsn"
    public var plmn: PLMN
    /// Where it speaks S3.
    public var address: CoreAddress
    /// The MMEs. What comes from somebody else is discarded.
    public var peers: [S10Peer] = []
    /// Served, with UTRAN and GERAN.
    public var locationAreas: [LocationArea]
    /// Nobody tells it of UEs that arrive: they count as there after so long. nil: whoever drives it tells (``Input/arrived(imsi:_:)``).
    public var presumedArrival: Duration?
    public var t3Response: Duration = .seconds(2)
    public var n3Requests = 3

    public init(plmn: PLMN, address: CoreAddress, locationAreas: [LocationArea]) {
      self.plmn = plmn
      self.address = address
      self.locationAreas = locationAreas
    }
  }

  public enum Input: Sendable {
    case gtp([UInt8], from: CoreAddress)
    case timer(MMETimer)
    /// The UE has come, with these keys.
    case arrived(imsi: String, UMTSSecurityContext)
    /// The UE is to be handed over to a cell of E-UTRAN.
    case relocate(imsi: String, to: EUTRANCell)
    /// The UE did not reach that cell, and is here again.
    case returned(imsi: String)
  }

  public enum Output: Sendable, Equatable {
    case gtp([UInt8], to: CoreAddress)
    case startTimer(MMETimer, after: Duration)
    case stopTimer(MMETimer)
    /// The UE is told to go to E-UTRAN: what the target eNB put into its container.
    case commanded(imsi: String, container: [UInt8])
    /// In words.
    case procedure(imsi: String?, String)
    case discarded(MMEDiscard)
  }

  /// A UE that was handed over.
  struct Visitor: Sendable {
    enum Stage: Sendable, Equatable {
      /// FORWARD RELOCATION REQUEST was accepted.
      case awaited
      /// FORWARD RELOCATION COMPLETE NOTIFICATION was sent.
      case here
      /// FORWARD RELOCATION REQUEST was sent: it is to go back to E-UTRAN.
      case leaving
    }
    var stage = Stage.awaited
    var umts: UMTSSecurityContext
    var context: MMContext
    var connections: [PDNConnection]
    var localTEID: UInt32
    /// At the MME that it comes from, or is to go to.
    var remote: RemoteEndpoint
  }

  struct PendingRequest: Sendable {
    var type: GTPv2CMessageType
    var octets: [UInt8]
    var peer: CoreAddress
    var imsi: String
    var transmissions = 1
  }

  static let maximumVisitors = 1_024

  public let configuration: Configuration
  /// By IMSI.
  var visitors: [String: Visitor] = [:]
  var pending: [MMETimer: PendingRequest] = [:]
  /// Requests that came and their answers, for those that come again; the newest last.
  var received: [(peer: CoreAddress, request: [UInt8], answer: [UInt8])] = []
  var nextSequenceNumber: UInt32 = 0x10_0000
  var nextTEID: UInt32 = 1
  var sink: [Output] = []

  public init(configuration: Configuration) { self.configuration = configuration }

  /// Takes one input and appends what follows from it. Never traps on what a peer sent.
  public mutating func handle(_ input: Input, into outputs: inout [Output]) {
    swap(&sink, &outputs)
    defer { swap(&sink, &outputs) }
    switch input {
    case .gtp(let octets, let peer): received(octets, from: peer)
    case .timer(let timer): expired(timer)
    case .arrived(let imsi, let umts): arrived(imsi, umts)
    case .relocate(let imsi, let cell): relocate(imsi, to: cell)
    case .returned(let imsi): returned(imsi)
    }
  }

  /// The keys that it has of a UE which was handed over; nil where it has none.
  public func securityContext(imsi: String) -> UMTSSecurityContext? { visitors[imsi]?.umts }

  /// Whether the UE is in UTRAN or GERAN as far as it knows.
  public func isHere(imsi: String) -> Bool { visitors[imsi]?.stage == .here }

  mutating func discard(_ reason: String, _ clause: String, imsi: String? = nil) {
    sink.append(.discarded(MMEDiscard(reason, clause: clause, imsi: imsi)))
  }

  mutating func report(_ imsi: String?, _ words: String) { sink.append(.procedure(imsi: imsi, words)) }
}
