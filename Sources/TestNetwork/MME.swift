import NASCrypto
import NASMessages
import NASSecurity

/// The test network's MME, with its HSS: serves any eNB over any number of associations. A value without I/O: whoever
/// drives it carries its outputs, keeps its timers and tells it the time. The same seed and inputs give the same octets.
///
/// What a peer sends is judged before it changes anything: garbage gives a ``MMEDiscard`` or an ERROR INDICATION, a
/// message that is not verified changes no UE's contexts or registration (TS 24.301 §4.4.4.3), and what can be made to
/// grow has a limit in ``MMEConfiguration``.
public struct MME: Sendable {
  public let configuration: MMEConfiguration
  var hss: HSS
  var random: SeededRandom
  var associations: [Int: ENBAssociation] = [:]
  /// UE-associated logical S1 connections by MME-UE-S1AP-ID.
  var connections: [UInt32: S1Connection] = [:]
  var connectionOfENB: [ENBIdentifier: UInt32] = [:]
  /// Legs that UEs have left by handover and whose eNB has not answered the release.
  var departures: Set<DepartedLeg> = []
  /// EMM contexts, one per subscriber of the HSS and at the same index: unknown IMSIs cost no memory.
  var ues: [UEContext]
  var ueOfTMSI: [UInt32: Int] = [:]
  /// UEs that another system's node knows by this GUTI of theirs, at most one of each.
  var ueOfSourceGUTI: [GUTI: Int] = [:]
  /// Names of the UEs behind the subscribers' in `ues`: let in for an emergency without authentication.
  var guests: [String] = []
  var nextIdentifier: UInt32 = 1
  var s10 = S10State()
  var now: Duration = .zero
  /// What the response to the message in hand must report as ignored; nil between messages.
  var owedDiagnostics: OwedDiagnostics?

  /// Where outputs go during one call of `handle`: the caller's array, lent.
  var sink: [Output] = []

  public init(configuration: MMEConfiguration, subscribers: [SubscriberCredentials], seed: UInt64) {
    self.configuration = configuration
    hss = HSS(subscribers: subscribers)
    ues = hss.subscribers.map { _ in UEContext() }
    random = SeededRandom(seed: seed)
  }

  /// Takes one input and appends what follows from it. Never traps on what a peer sent.
  public mutating func handle(
    _ input: Input, at now: Duration, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    swap(&sink, &outputs)
    defer { swap(&sink, &outputs) }
    self.now = now
    switch input {
    case .associationUp(let association): associationUp(association)
    case .associationDown(let association): associationDown(association, using: &engine)
    case .s1ap(let octets, let association, let stream): received(octets, on: association, stream: stream, using: &engine)
    case .gtp(let octets, let peer): received(gtp: octets, from: peer, using: &engine)
    case .timer(let timer): expired(timer, using: &engine)
    case .command(let command, let imsi): ordered(command, imsi: imsi, using: &engine)
    case .startNow(let command, let imsi): orderedNow(command, imsi: imsi, using: &engine)
    case .resetAssociation(let association): startReset(of: association)
    case .sourceContext(let source, let imsi): learn(source, imsi: imsi)
    }
  }

  // MARK: What the MME says of itself

  /// The MME's own word on a UE's security contexts; nil for an IMSI that the HSS does not have.
  public func securityContexts(imsi: String) -> SecurityContexts? {
    index(named: imsi).map { ues[$0].security }
  }

  /// "EMM-REGISTERED", …; nil for an IMSI that the HSS does not have.
  public func state(imsi: String) -> String? { index(named: imsi).map { ues[$0].state.name } }

  /// The GUTI that the UE has confirmed.
  public func guti(imsi: String) -> GUTI? { index(named: imsi).flatMap { ues[$0].guti } }

  /// What the UE said when it was asked, in hexadecimal digits.
  public func radioCapabilityID(imsi: String) -> String? { index(named: imsi).flatMap { ues[$0].radioCapabilityID?.digits } }

  /// Whether a verified S1 connection of this UE exists.
  public func isConnected(imsi: String) -> Bool { index(named: imsi).map { ues[$0].connection != nil } ?? false }

  /// How many UE-associated S1 connections are held.
  public var connectionCount: Int { connections.count }

  /// From now this MME asks the HSS that the other one has asked until now: there is one, and what it gave is given.
  public mutating func shareSubscribers(of other: MME) { hss = other.hss }

  mutating func discard(_ reason: String, _ clause: String, association: Int? = nil, ue: Int? = nil) {
    sink.append(.discarded(MMEDiscard(reason, clause: clause, association: association, imsi: ue.map { name(of: $0) })))
  }
}
