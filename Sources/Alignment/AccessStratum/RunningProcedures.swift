import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// Which procedures run for one UE, as the wire shows: SMC, a new key for the eNB, a handover. A procedure has begun when its first
/// message is on the wire, and has ended at the latest when the message that ends it is, so that an overlap seen here is one at the MME
/// too: what is under way to it can only make an overlap longer.
struct RunningProcedures: Sendable {
  typealias Connection = KeNBTriggers.Connection

  struct SecurityMode: Sendable {
    var event: Int
    var time: Duration
    var connection: Connection
    var octets: [UInt8]
    /// The COUNT it verifies under, if it does.
    var count: UInt32?
    /// Whether it takes a KASME into use that is not the one in use.
    var takesNewKASME: Bool
    /// SECURITY MODE COMPLETE of the context was on the wire just before it, and the network has shown nothing of that: this may be a copy
    /// that crossed it.
    var mayBeAnswered = false

    /// Why the SMC may have ended though no answer was seen; nil: it is outstanding. A network that did not repeat its command when T3460 was over
    /// has given it up, which no message tells (TS 24.301 §5.4.3.7 b).
    func excuse(at now: Duration) -> String? {
      if now - time >= RunningProcedures.repetition {
        "T3460 is over since the command went out last, so the SMC may have ended without an answer"
      } else if mayBeAnswered {
        "the command may be a copy that crossed the SECURITY MODE COMPLETE before it, which then ended the SMC"
      } else {
        nil
      }
    }
  }

  /// A SECURITY MODE COMPLETE that ended the SMC it answers, as far as the wire shows: it verified, had the header that it must have, and came while
  /// the command had no answer.
  struct Completion: Sendable {
    var event: Int
    var connection: Connection
    var contextID: Int
  }

  struct KeyChange: Sendable {
    var event: Int
    var connection: Connection
    var message: String
    /// Whether AS security was active on the connection before.
    var isRekey: Bool
  }

  struct Handover: Sendable {
    var requiredEvent: Int
    var source: Connection
    /// What was outstanding as it was asked for.
    var duringSecurityMode: Bool
    var duringKeyChange: Bool
    var requestEvent: Int?
    var isNotified = false
  }

  /// T3460 (TS 24.301 §10.2).
  private static let repetition: Duration = .seconds(6)
  /// T3460 runs 6 s and is started five times (TS 24.301 §10.2); a network may have set it longer.
  private static let securityModeLimit: Duration = .seconds(60)

  private(set) var securityMode: SecurityMode?
  /// The last one that leaves no doubt.
  @Rare private(set) var completion: Completion?
  private(set) var keyChange: KeyChange?
  private(set) var handover: Handover?
  /// Whether a handover was given up or lost its source before a HANDOVER REQUEST was seen. From another MME one may still come, over S10.
  var hasLeftRequest: Bool { leftRequests > 0 }
  /// How many were, less the HANDOVER REQUESTs that came from another MME since: each of those may be of one of them.
  private var leftRequests = 0
  /// The context of a SECURITY MODE COMPLETE that nothing from the network has followed yet.
  private var completed: Int?
  /// Connections on which the eNB has a key.
  private var active = FewOf<Connection>()

  /// Whether the eNB has a key on this connection.
  func isActive(on connection: Connection) -> Bool { active.contains(connection) }

  /// - Parameter currentID: the context that the UE uses.
  mutating func consume(_ observation: Observation, currentID: Int?) {
    if let running = securityMode, observation.time - running.time > Self.securityModeLimit { securityMode = nil }
    switch observation.body {
    case .nas(let nas): consume(nas, observation, currentID: currentID)
    case .keNB(let key):
      completed = nil
      let isRekey = active.contains(observation.connection)
      keyChange = KeyChange(
        event: observation.event, connection: observation.connection, message: key.carrier.rawValue, isRekey: isRekey)
    case .procedure(let procedure): consume(procedure, observation)
    case .connectionReleased(let isLast):
      active.remove(observation.connection)
      if let handover, handover.source == observation.connection, handover.requestEvent == nil { leftRequests += 1 }
      if isLast {
        let left = leftRequests
        self = RunningProcedures()
        leftRequests = left
      } else {
        if securityMode?.connection == observation.connection, handover == nil { securityMode = nil }
        if keyChange?.connection == observation.connection { keyChange = nil }
        if handover?.source == observation.connection { handover = nil }
      }
    case .challenge, .challengeAnswered, .contextOffered, .offerWithdrawn, .contextTakenIntoUse, .connectionLeft, .undecodable: break
    }
  }

  private mutating func consume(_ nas: NASObservation, _ observation: Observation, currentID: Int?) {
    switch nas.direction {
    case .downlink:
      defer { completed = nil }
      guard nas.header == .integrityProtectedNewContext else { return }
      // It may be a repetition of one whose KASME has been taken since; the first one tells.
      let isNew = nas.context.map { $0.id != currentID } ?? false
      securityMode = SecurityMode(
        event: observation.event, time: observation.time, connection: observation.connection, octets: nas.octets,
        count: nas.integrity.count, takesNewKASME: isNew, mayBeAnswered: completed != nil && completed == nas.context?.id)
    case .uplink:
      if nas.type == .securityModeComplete, nas.integrity.count != nil {
        completed = nas.context?.id
        completion = completion(by: nas, observation)
      }
      // Where K or the challenge is not known, or the command verified under nothing, any of this type counts as the answer.
      if nas.header == .integrityProtectedAndCipheredNewContext,
        nas.integrity.count != nil || nas.integrity == .unverifiable || securityMode?.count == nil
      {
        securityMode = nil
      }
      if nas.isInitial || nas.type == .securityModeComplete && nas.integrity.count != nil { securityMode = nil }
      // TS 24.301 §5.4.3.5; §5.4.3.7 c: the network aborts the SMC and serves the UE's procedure.
      switch nas.type {
      case NASMessageType.securityModeReject, NASMessageType.attachRequest, NASMessageType.trackingAreaUpdateRequest,
        NASMessageType.extendedServiceRequest, NASMessageType.detachRequestFromUE:
        securityMode = nil
      default: break
      }
    }
  }

  private func completion(by nas: NASObservation, _ observation: Observation) -> Completion? {
    guard case .verified = nas.integrity, nas.header == .integrityProtectedAndCipheredNewContext, let context = nas.context,
      let command = securityMode, command.count != nil, command.connection == observation.connection,
      command.excuse(at: observation.time) == nil
    else { return nil }
    return Completion(event: observation.event, connection: observation.connection, contextID: context.id)
  }

  /// The UE is at another eNB of the same MME: its SMC goes on there, and what the eNB was asked that it left is not in use where it is.
  private mutating func move(to connection: Connection) {
    if let running = securityMode, running.connection.leg.mme == connection.leg.mme { securityMode?.connection = connection }
    if keyChange?.connection != connection { keyChange = nil }
  }

  private mutating func consume(_ procedure: ProcedureObservation, _ observation: Observation) {
    switch procedure.message {
    case .initialContextSetupResponse:
      active.insert(observation.connection)
      if keyChange?.connection == observation.connection { keyChange = nil }
    case .initialContextSetupFailure, .ueContextModificationResponse, .ueContextModificationFailure:
      if keyChange?.connection == observation.connection { keyChange = nil }
    case .ueContextReleaseCommand:
      // The MME ends what ran over it.
      if securityMode?.connection == observation.connection { securityMode = nil }
      if keyChange?.connection == observation.connection { keyChange = nil }
    case .nasNonDeliveryIndication:
      if securityMode?.octets == procedure.undelivered { securityMode = nil }
    case .handoverRequired:
      handover = Handover(
        requiredEvent: observation.event, source: observation.connection, duringSecurityMode: securityMode?.takesNewKASME ?? false,
        duringKeyChange: keyChange != nil)
    case .handoverRequest:
      if procedure.isFromOtherMME, leftRequests > 0 { leftRequests -= 1 }
      handover?.requestEvent = observation.event
    case .handoverRequestAcknowledge: active.insert(observation.connection)
    case .pathSwitchRequestAcknowledge:
      active.insert(observation.connection)
      move(to: observation.connection)
    case .handoverNotify:
      handover?.isNotified = true
      move(to: observation.connection)
    case .handoverPreparationFailure, .handoverCancel, .handoverFailure:
      if procedure.message == .handoverCancel, let handover, handover.requestEvent == nil { leftRequests += 1 }
      handover = nil
    default: break
    }
  }
}
