import NASCrypto
import NASMessages
import NASSecurity

/// Rejects that came without integrity protection, so that anybody may have sent them (TS 24.301 §5.3.7b).
struct UnprotectedRejects: Sendable, Equatable {
  /// "SIM/USIM considered invalid for GPRS services": how often one said so; at the maximum they are believed.
  var usimInvalidations = 0
  /// T3247 is running.
  var timerRuns = false

  static let maximumUSIMInvalidations = 5
}

extension UE {
  /// What a cause does that came unprotected before the secure exchange; starts T3247 where §5.3.7b asks for it.
  mutating func unprotectedReject(_ cause: EMMCause, into outputs: inout [Output]) -> RejectEffect {
    let effect = RejectEffect(attach: cause)
    if configuration.t3245 != nil {
      // §5.3.7b is for those that are not configured to use T3245.
      forbid(cause, into: &outputs)
      return effect
    }
    switch cause.rawValue {
    case 3, 6, 7, 8:
      startT3247(into: &outputs)
      guard unprotectedRejects.usimInvalidations < UnprotectedRejects.maximumUSIMInvalidations else { return effect }
      unprotectedRejects.usimInvalidations += 1
      return elsewhere(into: &outputs)
    case 11, 14, 35:
      startT3247(into: &outputs)
      guard !isInHomeNetwork else { return elsewhere(into: &outputs) }
      forbid(cause, into: &outputs)
    case 12, 13, 15:
      startT3247(into: &outputs)
      forbid(cause, isProven: false, into: &outputs)
    case 31: startT3247(into: &outputs)
    default: break
    }
    return effect
  }

  /// Items 1 a and 3: another tracking area is tried, this one being forbidden until T3247 expires.
  private mutating func elsewhere(into outputs: inout [Output]) -> RejectEffect {
    forbid(.roamingNotAllowedInThisTrackingArea, isProven: false, into: &outputs)
    return RejectEffect(deletesIdentityAndContexts: true, .roamingNotAllowed, substate: .limitedService)
  }

  /// Drawn uniformly from 30 to 60 minutes; not restarted if it runs.
  private mutating func startT3247(into outputs: inout [Output]) {
    guard !unprotectedRejects.timerRuns else { return }
    unprotectedRejects.timerRuns = true
    outputs.append(.startTimer(.t3247, after: .milliseconds(Int.random(in: 1_800_000...3_600_000, using: &random))))
  }

  /// T3247 expired: the areas that nobody proved to be forbidden are none, the USIM is good again unless it was called
  /// invalid too often, and the attach or update is tried anew.
  mutating func unprotectedRejectsForgotten(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard unprotectedRejects.timerRuns else { return }
    unprotectedRejects.timerRuns = false
    if unprotectedRejects.usimInvalidations < UnprotectedRejects.maximumUSIMInvalidations { usim.isValid = true }
    admitUnproven(into: &outputs)
    // "If still needed, dependent on EMM state": not where a reject that was proved forbids it.
    guard !isInForbiddenArea else { return }
    switch machine {
    case .deregistered(.limitedService, _):
      guard usim.isValid, !backOff.isAttachUnwanted else { return }
      releaseLocally(into: &outputs)
      startAttach(using: &engine, into: &outputs)
    case .registered(let registered) where registered.substate == .limitedService || registered.substate == .plmnSearch:
      releaseLocally(into: &outputs)
      startUpdate(EPSUpdateType(.taUpdating), using: &engine, into: &outputs)
    case .null, .deregistered, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated,
      .deregisteredInitiated:
      break
    }
  }

  /// The selected PLMN is the one that gave out the IMSI.
  private var isInHomeNetwork: Bool { configuration.imsi.hasPrefix(configuration.plmn.mcc + configuration.plmn.mnc) }
}
