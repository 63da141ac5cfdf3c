import NASCrypto
import RadioInterface
import S1AP

/// The emulated eNB: S1AP towards one MME, RRC (as far as NAS needs it) towards its UEs. A value without I/O: whoever
/// drives it carries its outputs, keeps its timers and tells it the time.
public struct ENodeB: Sendable {
  public let configuration: ENodeBConfiguration
  var interface = S1Interface.down
  /// Connected UEs by eNB-UE-S1AP-ID.
  var ues: [UInt32: ConnectedUE] = [:]
  var identifierOfHandle: [UEHandle: UInt32] = [:]
  /// eNB-UE-S1AP-ID by MME-UE-S1AP-ID, of the connections that have one.
  var identifierOfMME: [UInt32: UInt32] = [:]
  var nextIdentifier: UInt32 = 1
  var nextTunnelEndpoint: UInt32 = 1
  /// UEs of a RESET that we sent and that is not acknowledged yet; nil when none is outstanding.
  var resetOutstanding: [UEHandle]?
  /// What the response to the message in hand must report as ignored; nil between messages.
  var owedDiagnostics: OwedDiagnostics?

  /// Where outputs go during one call of `handle`: the caller's array, lent.
  var sink: [Output] = []

  public init(configuration: ENodeBConfiguration) {
    self.configuration = configuration
  }

  /// Takes one input and appends what follows from it. Never traps on what a peer sent.
  public mutating func handle(
    _ input: Input, at now: Duration, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    swap(&sink, &outputs)
    defer { swap(&sink, &outputs) }
    switch input {
    case .associationUp: associationUp()
    case .associationDown(let reason): associationDown(reason)
    case .s1ap(let octets, let stream): received(octets, stream: stream, using: &engine)
    case .rrc(let handle, let message): received(message, from: handle, using: &engine)
    case .timer(.setupRetry): setupRetryExpired()
    case .timer(.handoverPreparation(let id)): preparationExpired(id)
    case .timer(.handoverOverall(let id)): overallExpired(id)
    case .timer(.arrival(let id)): arrivalExpired(id)
    case .releaseUE(let handle, let cause): requestRelease(of: handle, cause: cause)
    case .reset(let handles, let cause): startReset(of: handles, cause: cause)
    case .radioUnavailable(let handle, let unavailable): setRadio(of: handle, unavailable: unavailable)
    case .holdNAS(let handle, let holds): holdNAS(of: handle, holds)
    case .handover(let handle, let target, let kind): startHandover(of: handle, to: target, kind, using: &engine)
    case .cancelHandover(let handle, let cause): cancelHandover(of: handle, cause: cause)
    case .x2(let message, let source): received(message, from: source, using: &engine)
    }
  }

  /// Whether S1 SETUP has succeeded and UEs can connect.
  public var isReady: Bool {
    if case .ready = interface { true } else { false }
  }

  /// The UEs that have a connection here, in ascending order.
  public var connectedUEs: [UEHandle] { identifierOfHandle.keys.sorted() }

  /// The KeNB in use for a UE and its next hop chaining count, as the eNB has them.
  public func accessStratumKey(of handle: UEHandle) -> (keNB: KeyMaterial, nextHopChainingCount: UInt8)? {
    guard let context = securedContext(of: handle) else { return nil }
    return (context.chain.keNB, context.chain.chainingCount)
  }

  /// The AS keys in use for a UE, as the eNB derived them.
  public func radioSecurity(of handle: UEHandle) -> RadioSecurity? { securedContext(of: handle)?.security }

  private func securedContext(of handle: UEHandle) -> AccessStratumContext? {
    identifierOfHandle[handle].flatMap { ues[$0]?.secured }
  }

  /// Whether RRC or a handover is under way for a UE.
  public func isBusy(with handle: UEHandle) -> Bool {
    guard let ue = identifierOfHandle[handle].flatMap({ ues[$0] }) else { return false }
    return ue.radio != nil || ue.mobility != nil
  }

  /// Whether a handover away from this eNB is under way for a UE.
  public func isHandingOver(_ handle: UEHandle) -> Bool { identifierOfHandle[handle].flatMap { ues[$0]?.mobility } != nil }

  /// C-RNTI of a connected UE.
  public func temporaryIdentity(of handle: UEHandle) -> UInt16? { identifierOfHandle[handle].flatMap { ues[$0]?.temporaryIdentity } }

  /// The UE of an S1AP connection, by its eNB-UE-S1AP-ID or by the MME's id.
  public func handle(eNB: UInt32?, mme: UInt32?) -> UEHandle? {
    let id = eNB ?? mme.flatMap { identifierOfMME[$0] }
    return id.flatMap { ues[$0]?.handle }
  }

  /// Both S1AP ids of a UE's connection; the MME's is nil until its first message.
  public func identifiers(of handle: UEHandle) -> (eNB: UInt32, mme: UInt32?)? {
    guard let id = identifierOfHandle[handle], let ue = ues[id] else { return nil }
    return (id, ue.mmeIdentifier)
  }

  mutating func discard(_ reason: String, _ clause: String, ue: UEHandle? = nil) {
    sink.append(.discarded(ENodeBDiscard(reason, clause: clause, ue: ue)))
  }
}
