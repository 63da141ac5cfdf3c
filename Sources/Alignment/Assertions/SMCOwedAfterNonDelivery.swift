import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `smc-owed-after-non-delivery`: a SECURITY MODE COMMAND lost to an intra-MME handover is sent again when that is over, on the leg where
/// the UE then is, with the next downlink COUNT (TS 24.301 §5.4.3.7 e).
struct SMCOwedAfterNonDelivery: WireAssertion {
  private struct Owed: Sendable {
    var lost: Observation
    var octets: [UInt8]
    var count: UInt32?
    var mme: Int
    /// When the handover was over, and the leg where the command is due.
    var since: Observation?
    /// Why nobody is blamed where it does not come.
    var doubt: String?
  }

  /// What comes later than this comes when T3460 says so, and not as the handover is over; what is a little late may be slow.
  private static let promptness: Duration = .seconds(2)
  private static let patience: Duration = .seconds(1)
  /// T3460: a command that this has run out on, and that was not sent again, is given up (TS 24.301 §5.4.3.7 b).
  private static let repetition: Duration = .seconds(6)

  private var findings = Findings(.smcOwedAfterNonDelivery)
  @Rare private var owed: Owed?
  /// The UE's TAI list, as the network has told it.
  private var areas: TAIList?
  /// Of the last PATH SWITCH REQUEST.
  private var switched: TrackingAreaIdentity?
  /// Other messages that the handover took with it, and that have not come again.
  private var otherLosses = 0
  private var last: [UInt8]?
  private var lastCount: UInt32?
  private var lastTime: Duration = .zero

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.direction == .downlink, let told = nas.trackingAreas { areas = told }
    if nas.direction == .downlink, nas.header == .integrityProtectedNewContext {
      paid(by: nas, observation)
      last = nas.octets
      lastCount = nas.integrity.count
      lastTime = observation.time
    } else {
      // The network has gone on to something else, so the procedure of the last command may be over.
      if nas.direction == .downlink { last = nil }
      follow(nas, observation)
    }
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    if case .connectionReleased(isLast: true) = observation.body { owed = nil }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    switch procedure.message {
    case .nasNonDeliveryIndication:
      // An X2 handover shows on S1 by its path switch alone, which comes after this.
      let isHandover = circumstances.running.handover != nil || procedure.cause == .x2HandoverTriggered
      // What else the handover took comes again too, in whatever order.
      // Of a command's copies one comes.
      if isHandover, let first = procedure.undelivered?.first,
        first >> 4 != SecurityHeaderType.integrityProtectedNewContext.rawValue
      {
        otherLosses += 1
      }
      // The UE's other losses end the SMC (§5.4.3.7 a).
      guard let undelivered = procedure.undelivered, undelivered == last, isHandover,
        observation.time - lastTime < Self.repetition
      else { return }
      owed = Owed(lost: observation, octets: undelivered, count: lastCount, mme: observation.leg.mme)
      // Over two associations the path switch may have come first, and the indication then names a connection that the MME has left.
      if procedure.cause == .x2HandoverTriggered {
        owed?.doubt = "nothing orders the indication and the path switch at the MME, which may have had no use for the first"
      }
    case .handoverRequired: otherLosses = 0
    case .handoverNotify: arrived(at: procedure.trackingArea, observation)
    case .pathSwitchRequest: switched = procedure.trackingArea
    case .pathSwitchRequestAcknowledge: arrived(at: switched, observation)
    case .handoverPreparationFailure, .handoverCancelAcknowledge: owed?.since = observation
    default: break
    }
  }

  /// The UE is where the handover led. Outside its TAI list it updates, and the command is not owed (TS 24.301 §5.4.3.7 e).
  private mutating func arrived(at area: TrackingAreaIdentity?, _ observation: Observation) {
    guard owed?.mme == observation.leg.mme else { return owed = nil }
    let isInside = area.flatMap { area in areas.map { $0.contains(area) } }
    if isInside == false { return owed = nil }
    owed?.since = observation
    if isInside == nil { owed?.doubt = "whether the target is in the UE's TAI list is not known" }
  }

  private mutating func paid(by nas: NASObservation, _ observation: Observation) {
    defer { owed = nil }
    // Sent again before the end of the handover was seen.
    guard let owed, let since = owed.since else { return }
    let name = NASMessageType.securityModeCommand.name
    if observation.leg != since.leg {
      findings.find(
        .misaligned, observation, name,
        .init(expected: "\(since.leg)", observed: "\(observation.leg)", note: "sent again where the UE is not any more"))
    } else if nas.octets == owed.octets {
      findings.find(
        .misaligned, observation, name,
        .init(
          expected: "COUNT \(owed.count.map { String($0 + 1) } ?? "the next")",
          observed: owed.count.map { "COUNT \($0)" } ?? "the same octets",
          note: "sent again as it was, without a COUNT of its own"))
    } else if observation.time - since.time > Self.patience {
      findings.find(
        owed.doubt != nil ? .unobserved : observation.time - since.time > Self.promptness ? .misaligned : .warning, observation, name,
        .init(
          expected: "when the handover is over", observed: "\(observation.time - since.time) later",
          note: "sent again as if by T3460 only" + (owed.doubt.map { "; " + $0 } ?? ""))
      )
    } else {
      findings.hold(observation, name, .init(observed: "sent again, COUNT \(nas.integrity.count.map(String.init) ?? "unknown")"))
    }
  }

  private mutating func follow(_ nas: NASObservation, _ observation: Observation) {
    guard let owed else { return }
    if nas.direction == .uplink {
      // The UE has another procedure, or has answered after all: the SMC is aborted, or done.
      if nas.integrity.count != nil, owed.since != nil || nas.isAnswerToSecurityMode { self.owed = nil }
      return
    }
    guard let since = owed.since else { return }
    guard nas.type != .securityModeCommand, observation.leg == since.leg else { return }
    if otherLosses > 0 {
      otherLosses -= 1
      return
    }
    self.owed = nil
    findings.find(
      owed.doubt == nil ? .misaligned : .unobserved, observation, nas.name,
      .init(
        expected: NASMessageType.securityModeCommand.name, observed: nas.name,
        note: "the command that was lost in frame \(owed.lost.event) was not sent again before"
          + (owed.doubt.map { "; " + $0 } ?? "")))
  }

  func collect(into result: inout CollectedVerdicts) {
    guard let owed, let since = owed.since else { return findings.collect(into: &result) }
    var all = findings
    all.find(
      .unobserved, since, NASMessageType.securityModeCommand.name,
      .init(note: "owed since frame \(since.event); nothing came after it that decides"))
    all.collect(into: &result)
  }
}

extension Cause {
  fileprivate static let x2HandoverTriggered = Cause(.radioNetwork, "x2-handover-triggered")
}

extension NASObservation {
  /// The TAI list that the message gives the UE.
  fileprivate var trackingAreas: TAIList? {
    guard let message else { return nil }
    return switch message.type {
    case .attachAccept: try? message[AttachAccept.taiList]
    case .trackingAreaUpdateAccept: (try? message[TrackingAreaUpdateAccept.taiList]) ?? nil
    case .gutiReallocationCommand: (try? message[GUTIReallocationCommand.taiList]) ?? nil
    default: nil
    }
  }

  /// SECURITY MODE COMPLETE or REJECT, or a request that the network aborts an SMC for (TS 24.301 §5.4.3.7 c).
  fileprivate var isAnswerToSecurityMode: Bool {
    guard let type else { return false }
    return type == .securityModeComplete || type == .securityModeReject || NASLedger.abortsSecurityMode(type)
  }
}
