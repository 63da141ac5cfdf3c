import NASMessages

/// What an ordinary UE that is idle in a good cell knows nothing of. It lies apart, so that such a UE does not pay for it.
struct Circumstances: Sendable, Equatable {
  /// Whether there is an E-UTRAN cell (TS 24.301 §5.1.3.2.3, §5.1.3.2.4).
  enum Coverage: Sendable, Equatable {
    case camping
    /// Lost: PLMNs are being searched for.
    case searching
    /// The search found none.
    case none
  }
  var coverage = Coverage.camping
  /// The substate that coverage, when it was lost, took the place of.
  var before: Substate?
  /// A timer expired, or somebody asked, where no procedure could begin: it begins as soon as there is a cell.
  var isProcedureDue = false
  /// Access of this cell is barred for originating signalling and calls.
  var isAccessBarred = false
  var eCall = ECallProgress()
  var isr = ISRProgress()
  /// T3448 runs, and was started in this PLMN.
  var t3448PLMN: PLMN?
  /// T3245 runs (§5.3.7a).
  var t3245: T3245?
  /// When there is a secured connection, all PDN connections but that for emergencies end (§5.4.2.7).
  var keepsEmergencyConnectionAlone = false
  /// The lists of forbidden tracking areas were erased over a connection: the cell is entered anew when that is gone (§5.3.2).
  var entersCellAnew = false
  /// No combined procedure begins in these PLMNs until switching off (§5.5.1.3.4.3, §5.5.3.3.4.3, #18).
  var plmnsWithoutCS: [PLMN] = []
  /// No CS fallback until a combined update succeeds (§5.6.1.5, #18).
  var isCSFallbackBarred = false

  enum T3245: Sendable, Equatable {
    /// When it ends is known as soon as the step that starts it is over.
    case started(ends: Duration?)
    /// It ran when the UE was switched off: it starts with this at power-on; with nothing left it expires then.
    case atPowerOn(Duration)
  }

  enum Substate: Sendable, Equatable {
    case deregistered(EMMState.Deregistered)
    case registered(EMMState.Registered)
  }
}

/// Where they lie.
indirect enum CircumstancesBox: Sendable, Equatable {
  case of(Circumstances)
}

extension UE {
  var circumstances: Circumstances {
    get { if case .of(let all) = circumstancesBox { all } else { Circumstances() } }
    set { circumstancesBox = newValue == Circumstances() ? nil : .of(newValue) }
  }

  /// There is a cell, or nobody said that there is none.
  var hasCoverage: Bool { circumstancesBox == nil || circumstances.coverage == .camping }
}
