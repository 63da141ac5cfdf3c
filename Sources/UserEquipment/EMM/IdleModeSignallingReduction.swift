import NASCrypto
import NASMessages
import NASSecurity

/// The periodic timer of the packet domain in UTRAN and GERAN, T3312, when the UE came to E-UTRAN (TS 24.008 §4.7.2.2).
public enum PeriodicRoutingAreaUpdate: Sendable, Equatable {
  /// So much is left of it.
  case running(Duration)
  case deactivated
  /// A routing area update is overdue there.
  case expired
}

/// What a UE keeps of idle mode signalling reduction (TS 24.301 §5.3.5, §5.5.3.2.4, §6.1.5).
struct ISRProgress: Sendable, Equatable {
  var t3312Runs = false
  var hasT3312Expired = false
  /// T3323, which follows T3312 in E-UTRAN.
  var t3323Runs = false
  var t3423Runs = false
  /// As the network said; the length of T3412 where it said nothing.
  var t3423: Duration?
  /// The bearers that were there when ISR was activated.
  var bearers: Set<UInt8> = []
}

extension UE {
  /// ISR is active: the TIN says so.
  var isISRActive: Bool { registration.temporaryIdentityInNextUpdate == .ratRelatedTMSI }

  /// The UE came from UTRAN or GERAN: T3312 goes on in E-UTRAN.
  mutating func takeT3312(_ t3312: PeriodicRoutingAreaUpdate, into outputs: inout [Output]) {
    var isr = circumstances.isr
    if isr.t3323Runs { stop(.t3323, into: &outputs) }
    (isr.t3312Runs, isr.t3323Runs, isr.hasT3312Expired) = (false, false, t3312 == .expired)
    if case .running(let left) = t3312 {
      isr.t3312Runs = true
      outputs.append(.startTimer(.t3312, after: left))
    }
    circumstances.isr = isr
  }

  /// §5.5.3.2.4: what TRACKING AREA UPDATE ACCEPT says of ISR.
  mutating func takeISR(isActivated: Bool, t3423: GPRSTimer?, into outputs: inout [Output]) {
    // With T3312 overdue ISR is not activated, though the P-TMSI stays valid.
    let isOverdue = registration.temporaryIdentityInNextUpdate == .pTMSI && circumstances.isr.hasT3312Expired
    adoptTemporaryIdentity(isISRActivated: isActivated && !isOverdue && !isAttachedForEmergency)
    if isISRActive {
      circumstances.isr.t3423 = t3423?.duration
      circumstances.isr.bearers = activeBearerIdentities
    } else {
      stopISRTimers(into: &outputs)
    }
  }

  /// §6.1.5: ISR ends in the UE, and T3312 or T3323 with it; the network does not know.
  mutating func endISR(into outputs: inout [Output]) {
    guard isISRActive else { return }
    registration.temporaryIdentityInNextUpdate = .guti
    stopISRTimers(into: &outputs)
  }

  /// §6.1.5 a: a bearer is modified that was there before ISR.
  mutating func endISR(forModificationOf bearer: UInt8, into outputs: inout [Output]) {
    if circumstances.isr.bearers.contains(bearer) { endISR(into: &outputs) }
  }

  /// §6.1.5 b: the UE leaves for UTRAN or GERAN with a bearer that is younger than ISR.
  mutating func endISRForYoungBearers(into outputs: inout [Output]) {
    if isISRActive, !activeBearerIdentities.isSubset(of: circumstances.isr.bearers) { endISR(into: &outputs) }
  }

  /// Neither a timer of ISR nor anything else of it is left.
  mutating func stopISRTimers(into outputs: inout [Output]) {
    guard circumstancesBox != nil, circumstances.isr != ISRProgress() else { return }
    let isr = circumstances.isr
    if isr.t3312Runs { stop(.t3312, into: &outputs) }
    if isr.t3323Runs { stop(.t3323, into: &outputs) }
    if isr.t3423Runs { stop(.t3423, into: &outputs) }
    circumstances.isr = ISRProgress()
  }

  /// T3312 ends while the UE is in E-UTRAN: with ISR T3323 follows, as long as T3312 by default (TS 24.008 §4.7.2.2).
  mutating func t3312Expired(into outputs: inout [Output]) {
    guard circumstances.isr.t3312Runs else { return }
    circumstances.isr.t3312Runs = false
    circumstances.isr.hasT3312Expired = true
    guard isISRActive else { return }
    circumstances.isr.t3323Runs = true
    outputs.append(.startTimer(.t3323, after: EMMTimer.t3323.defaultDuration))
  }

  /// T3323 ends: ISR is deactivated in the UE, which is registered in E-UTRAN alone (TS 24.008 §4.7.2.2).
  mutating func t3323Expired(into outputs: inout [Output]) {
    guard circumstances.isr.t3323Runs else { return }
    circumstances.isr.t3323Runs = false
    endISR(into: &outputs)
  }

  /// §5.3.5: T3412 ended while the UE was away from E-UTRAN with ISR.
  mutating func startT3423(into outputs: inout [Output]) {
    guard isISRActive, !circumstances.isr.t3423Runs else { return }
    circumstances.isr.t3423Runs = true
    outputs.append(.startTimer(.t3423, after: circumstances.isr.t3423 ?? registration.t3412 ?? EMMTimer.t3412.defaultDuration))
  }

  /// §5.3.5: the UE is registered in UTRAN or GERAN alone, and an update follows when it is back.
  mutating func t3423Expired(into outputs: inout [Output]) {
    guard circumstances.isr.t3423Runs else { return }
    circumstances.isr.t3423Runs = false
    circumstances.isProcedureDue = circumstances.coverage != .camping
    guard isISRActive else { return }
    registration.temporaryIdentityInNextUpdate = .pTMSI
    stopISRTimers(into: &outputs)
  }

  /// Back in E-UTRAN before T3423 ended (§5.3.5).
  mutating func stopT3423(into outputs: inout [Output]) {
    guard circumstancesBox != nil, circumstances.isr.t3423Runs else { return }
    circumstances.isr.t3423Runs = false
    stop(.t3423, into: &outputs)
  }
}
