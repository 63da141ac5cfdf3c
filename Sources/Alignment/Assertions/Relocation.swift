import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `silent-source`: once an eNB of another MME has HANDOVER REQUEST, the source MME sends no NAS message until the handover has failed or been
/// cancelled. `relocation-waits`: FORWARD RELOCATION REQUEST, or where S10 is not seen that HANDOVER REQUEST, does not come while an SMC that
/// takes a new KASME into use, or a new KeNB, is outstanding at the source (TS 33.401 §7.2.10).
///
/// Silence is judged from HANDOVER REQUEST on everywhere: what the source sent over S1 just before its request over S10 may be seen after it.
/// For a handover to UTRAN or GERAN the source's own HANDOVER COMMAND takes the place of HANDOVER REQUEST in both.
struct Relocation: WireAssertion {
  private var silence = Findings("silent-source", clause: "TS 33.401 §7.2.10")
  private var waiting = Findings("relocation-waits", clause: "TS 33.401 §7.2.10")
  private var relocated: (observation: Observation, source: KeNBTriggers.Connection)?
  /// The HANDOVER REQUIRED whose FORWARD RELOCATION REQUEST was seen.
  private var forwarded: Int?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    guard let relocated else { return }
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
      if forwarded != handover.requiredEvent { judgeWait(handover, running, procedure.message.title, frame: observation.event) }
    case .handoverCommand where procedure.isToOtherSystem:
      let running = circumstances.running
      guard let handover = running.handover else { return }
      relocated = relocated ?? (observation, handover.source)
      // S3 is not seen: the request went out before this, so that what is outstanding now was then; what has ended may have ended between.
      if forwarded != handover.requiredEvent, isOutstanding(at: handover.source, running) {
        judgeWait(handover, running, procedure.message.title, frame: observation.event)
      }
    // With HANDOVER NOTIFY the UE is the target's.
    case .handoverPreparationFailure, .handoverCancel, .handoverFailure, .handoverNotify:
      if relocated != nil { quiet(observation, procedure.message.title) }
    default: break
    }
  }

  /// FORWARD RELOCATION REQUEST itself: to another MME, or to an SGSN.
  mutating func forwarded(frame: Int, _ running: RunningProcedures) {
    guard let handover = running.handover else { return }
    forwarded = handover.requiredEvent
    judgeWait(handover, running, "FORWARD RELOCATION REQUEST", frame: frame)
  }

  private func isOutstanding(at source: KeNBTriggers.Connection, _ running: RunningProcedures) -> Bool {
    running.securityMode.map { $0.takesNewKASME && $0.connection == source } == true || running.keyChange?.connection == source
  }

  private mutating func judgeWait(_ handover: RunningProcedures.Handover, _ running: RunningProcedures, _ message: String, frame: Int) {
    if let command = running.securityMode, command.takesNewKASME, command.connection == handover.source {
      waiting.find(
        .misaligned, at: frame, message,
        .init(
          expected: "after the SMC has ended", observed: "while SECURITY MODE COMMAND of frame \(command.event) has no answer",
          note: "HANDOVER REQUIRED came in frame \(handover.requiredEvent)"),
        breaking: [.waitForSMCBeforeRelocation])
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
    silence.hold(
      observation, message,
      .init(observed: "no NAS message from the source since the target was prepared, frame \(relocated.observation.event)"),
      keeping: [.silentSourceAfterRelocation])
  }

  func collect(into result: inout [Verdict]) {
    silence.collect(into: &result)
    waiting.collect(into: &result)
  }
}
