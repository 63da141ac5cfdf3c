import GTPv2C
import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `silent-source`: once an eNB of another MME has HANDOVER REQUEST, the source MME sends no NAS message until the handover has failed or been
/// cancelled. `relocation-waits`: FORWARD RELOCATION REQUEST, or where S10 is not seen that HANDOVER REQUEST, does not come while an SMC that
/// takes a new KASME into use, or a new KeNB, is outstanding at the source (TS 33.401 §7.2.10).
///
/// Silence is judged from HANDOVER REQUEST on everywhere. Where S10 is seen it is from FORWARD RELOCATION REQUEST on, and since what the source sent
/// over S1 just before that may be seen after it, the COUNT decides: a message under a later one than was forwarded was made after it. For a handover to UTRAN or GERAN the source's own HANDOVER COMMAND takes the place of HANDOVER REQUEST in both.
struct Relocation: WireAssertion {
  private var silence = Findings(.silentSource)
  private var waiting = Findings(.relocationWaits)
  @Rare private var relocated: (observation: Observation, source: KeNBTriggers.Connection)?
  /// FORWARD RELOCATION REQUEST, and what was seen of the source since.
  private struct Forwarded: Sendable {
    var frame: Int
    var time: Duration
    var required: Int
    var source: KeNBTriggers.Connection
    /// The context that it carries, and the downlink COUNT: the last one used, or the next.
    var kasme: KeyMaterial?
    var downlinkCount: UInt32 = 0
    /// NAS messages since, of which those that are `late` were made after it.
    var messages: [(event: Int, name: String, isLate: Bool)] = []
  }

  /// What comes later may come after the source has given its request up (TS 29.274 §7.6).
  private static let patience: Duration = .seconds(1)
  private static let maximumMessages = 16
  /// What the source sent since HANDOVER REQUIRED where FORWARD RELOCATION REQUEST has not been seen yet: S1 may be seen before S10.
  @Rare private var before: (required: Int, messages: [Early])?
  private struct Early: Sendable {
    var event: Int
    var name: String
    var count: UInt32
    var kasme: KeyMaterial
  }
  @Rare private var forwarded: Forwarded?
  /// A message of the source came of which it is not known whether it came before the request.
  private var isUndecided = false

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    guard let relocated else {
      if forwarded == nil { return early(nas, observation, circumstances.running) }
      return between(nas, observation)
    }
    guard nas.direction == .downlink else {
      // A UE that proves itself to the source over another connection has not reached the target: the source knows that it has failed.
      if nas.integrity.count != nil, observation.connection != relocated.source, observation.leg.mme == relocated.source.leg.mme {
        quiet(observation, nas.name)
      }
      return
    }
    // What it answers over another connection is an answer to whoever opened that.
    guard observation.connection == relocated.source else { return }
    silence.find(
      .misaligned, observation, nas.name,
      .init(
        expected: "no NAS message from the source", observed: nas.name,
        note: "the target is prepared since frame \(relocated.observation.event)"),
      breaking: [.silentSourceAfterRelocation])
  }

  private mutating func early(_ nas: NASObservation, _ observation: Observation, _ running: RunningProcedures) {
    guard let handover = running.handover, nas.direction == .downlink, observation.connection == handover.source,
      let count = nas.integrity.count, let kasme = nas.context?.kasme
    else { return }
    if before?.required != handover.requiredEvent { before = (handover.requiredEvent, []) }
    guard let messages = before?.messages, messages.count < Self.maximumMessages else { return }
    before?.messages.append(Early(event: observation.event, name: nas.name, count: count, kasme: kasme))
  }

  /// Between FORWARD RELOCATION REQUEST and HANDOVER REQUEST, which shows that the target has not refused.
  private mutating func between(_ nas: NASObservation, _ observation: Observation) {
    guard let forwarded, nas.direction == .downlink, observation.connection == forwarded.source,
      forwarded.messages.count < Self.maximumMessages
    else { return }
    var isLate = false
    if let count = nas.integrity.count, let kasme = nas.context?.kasme, kasme == forwarded.kasme {
      if count < forwarded.downlinkCount { return }
      isLate = count > forwarded.downlinkCount && observation.time - forwarded.time < Self.patience
    }
    self.forwarded?.messages.append((observation.event, nas.name, isLate))
  }

  /// The target has its HANDOVER REQUEST, or there will be none.
  private mutating func decide(isPrepared: Bool) {
    for message in forwarded?.messages ?? [] {
      let isLate = isPrepared && message.isLate
      if !isLate { isUndecided = true }
      silence.find(
        isLate ? .misaligned : .unobserved, at: message.event, message.name,
        .init(
          expected: "no NAS message from the source", observed: message.name,
          note: "FORWARD RELOCATION REQUEST is frame \(forwarded?.frame ?? 0)"
            + (isLate ? ", and the COUNT is one after those it forwards" : "; whether the message was sent before it is not known")),
        breaking: isLate ? [.silentSourceAfterRelocation] : [])
    }
    forwarded?.messages = []
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    guard case .connectionReleased = observation.body, let relocated, observation.connection == relocated.source else { return }
    quiet(observation, "UE CONTEXT RELEASE COMPLETE")
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    switch procedure.message {
    case .handoverRequest:
      let running = circumstances.running
      guard procedure.isFromOtherMME, let handover = running.handover else { return }
      relocated = (observation, handover.source)
      decide(isPrepared: true)
      if forwarded?.required != handover.requiredEvent {
        judgeWait(handover, running, procedure.message.title, observation.event, observation.time)
      }
    case .handoverCommand where procedure.isToOtherSystem:
      let running = circumstances.running
      guard let handover = running.handover else { return }
      relocated = relocated ?? (observation, handover.source)
      decide(isPrepared: true)
      // S3 is not seen: the request went out before this, so that what is outstanding now was then; what has ended may have ended between.
      if forwarded?.required != handover.requiredEvent, isOutstanding(at: handover.source, running) {
        judgeWait(handover, running, procedure.message.title, observation.event, observation.time)
      }
    // HANDOVER NOTIFY frees the source of nothing: it is to be silent until its connection goes.
    case .handoverPreparationFailure, .handoverCancel, .handoverFailure:
      decide(isPrepared: false)
      if relocated != nil { quiet(observation, procedure.message.title) }
      (forwarded, isUndecided) = (nil, false)
    default: break
    }
  }

  /// FORWARD RELOCATION REQUEST itself: to another MME, or to an SGSN.
  mutating func forwarded(_ context: MMContext.EPSContext?, frame: Int, at time: Duration, _ running: RunningProcedures) {
    guard let handover = running.handover else { return }
    (forwarded, isUndecided) = (
      Forwarded(
        frame: frame, time: time, required: handover.requiredEvent, source: handover.source, kasme: context.map { KeyMaterial($0.kasme) },
        downlinkCount: context?.downlinkNASCount ?? 0), false
    )
    if let before, before.required == handover.requiredEvent, let sent = forwarded {
      forwarded?.messages = before.messages.filter { $0.kasme == sent.kasme && $0.count >= sent.downlinkCount }
        .map { ($0.event, $0.name, $0.count > sent.downlinkCount) }
    }
    before = nil
    judgeWait(handover, running, "FORWARD RELOCATION REQUEST", frame, time)
  }

  private func isOutstanding(at source: KeNBTriggers.Connection, _ running: RunningProcedures) -> Bool {
    running.securityMode.map { $0.takesNewKASME && $0.connection == source } == true || running.keyChange?.connection == source
  }

  private mutating func judgeWait(
    _ handover: RunningProcedures.Handover, _ running: RunningProcedures, _ message: String, _ frame: Int, _ now: Duration
  ) {
    if let command = running.securityMode, command.takesNewKASME, command.connection == handover.source {
      let isBetween = forwarded?.required != handover.requiredEvent && command.event > handover.requiredEvent
      let excuse = command.excuse(at: now)
      waiting.find(
        excuse == nil ? .misaligned : .observed, at: frame, message,
        .init(
          expected: "after the SMC has ended", observed: "while SECURITY MODE COMMAND of frame \(command.event) has no answer",
          note: "HANDOVER REQUIRED came in frame \(handover.requiredEvent)"
            + (isBetween
              ? "; S10 is not seen: the command came before FORWARD RELOCATION REQUEST, which then did not wait, or after it, from a source that is to be silent"
              : "") + (excuse.map { "; " + $0 } ?? "")),
        // Either rule is broken, and nothing tells which.
        breaking: isBetween || excuse != nil ? [] : [.waitForSMCBeforeRelocation])
    } else if let change = running.keyChange, change.connection == handover.source {
      waiting.find(
        .misaligned, at: frame, message,
        .init(
          expected: "after the eNB has answered", observed: "while \(change.message) of frame \(change.event) has no answer",
          note: "HANDOVER REQUIRED came in frame \(handover.requiredEvent)"),
        breaking: [.waitForASRekeyBeforeRelocation])
    } else if handover.duringSecurityMode || handover.duringKeyChange {
      waiting.hold(
        at: frame, message,
        .init(observed: "sent after what was outstanding at HANDOVER REQUIRED, frame \(handover.requiredEvent), had ended"),
        keeping: (handover.duringSecurityMode ? [.waitForSMCBeforeRelocation] : [])
          + (handover.duringKeyChange ? [.waitForASRekeyBeforeRelocation] : []))
    }
  }

  private mutating func quiet(_ observation: Observation, _ message: String) {
    guard let relocated else { return }
    self.relocated = nil
    forwarded = nil
    guard !isUndecided else { return isUndecided = false }
    silence.hold(
      observation, message,
      .init(observed: "no NAS message from the source since the target was prepared, frame \(relocated.observation.event)"),
      keeping: [.silentSourceAfterRelocation])
  }

  func collect(into result: inout CollectedVerdicts) {
    // What waits for the target's HANDOVER REQUEST is open.
    var all = self
    all.decide(isPrepared: false)
    all.silence.collect(into: &result)
    waiting.collect(into: &result)
  }
}
