/// Timers of EMM at the UE with their default lengths (TS 24.301 Table 10.2.1).
public enum EMMTimer: String, Hashable, Sendable, CaseIterable {
  /// After the first entry into the lists of forbidden tracking areas, which are erased periodically; 12 to 24 h (§5.3.2, without a number).
  case forbiddenAreas = "forbidden areas timer"
  /// Where the UE is configured to use it: when PLMNs are forbidden, or the USIM is invalid, no longer (§5.3.7a); as the configuration says.
  case t3245 = "T3245"
  /// Periodic routing area update, which goes on in E-UTRAN; 54 min, or as the network says (TS 24.008 Table 11.3a).
  case t3312 = "T3312"
  /// After T3312, while ISR is active; as long (TS 24.008 §4.7.2.2).
  case t3323 = "T3323"
  /// After T3412, while ISR is active and the UE away from E-UTRAN; as long as T3412, or as the network says (§5.3.5).
  case t3423 = "T3423"
  /// No user data over the control plane, as the network says (§5.3.19).
  case t3448 = "T3448"
  /// After a reject without integrity protection; drawn from 30 to 60 min (TS 24.301 §5.3.7b).
  case t3247 = "T3247"
  /// After five service requests without an answer; 60 s (TS 24.008 Table 11.3).
  case t3325 = "T3325"
  /// Back-off for mobility management, as the network says, or drawn from 15 to 30 min (§5.3.9).
  case t3346 = "T3346"
  /// Between failed attach or update attempts after the fifth; 12 min, or as the network says.
  case t3402 = "T3402"
  /// Guards ATTACH REQUEST; 15 s.
  case t3410 = "T3410"
  /// Between the first attach or update attempts; 10 s.
  case t3411 = "T3411"
  /// Periodic tracking area update; 54 min, or as the network says.
  case t3412 = "T3412"
  /// Guards the cached RAND and RES; 30 s.
  case t3416 = "T3416"
  /// Guards SERVICE REQUEST; 5 s.
  case t3417 = "T3417"
  /// Guards EXTENDED SERVICE REQUEST for CS fallback, originating; 10 s.
  case t3417ext = "T3417ext"
  /// Guards EXTENDED SERVICE REQUEST for CS fallback, terminating; 4 s.
  case t3417extMT = "T3417ext-mt"
  /// After AUTHENTICATION FAILURE #20 or #26; 20 s.
  case t3418 = "T3418"
  /// After AUTHENTICATION FAILURE #21; 15 s.
  case t3420 = "T3420"
  /// Guards DETACH REQUEST; 15 s.
  case t3421 = "T3421"
  /// Guards TRACKING AREA UPDATE REQUEST; 15 s.
  case t3430 = "T3430"
  /// Waits for the network to release the connection; 10 s (§5.3.1.2.1).
  case t3440 = "T3440"
  /// Bars CS fallback, as the network says.
  case t3442 = "T3442"
  /// eCall only mode, after an eCall over IMS; 12 h.
  case t3444 = "T3444"
  /// eCall only mode, after a call for test or terminal reconfiguration; 12 h.
  case t3445 = "T3445"
  /// After CONTROL PLANE SERVICE REQUEST was answered: how long a SERVICE ACCEPT may still come; 5 s (§5.6.1.4.2).
  case t3449 = "T3449"

  public var defaultDuration: Duration {
    switch self {
    case .t3247: .seconds(30 * 60)
    case .t3325: .seconds(60)
    case .t3346: .seconds(15 * 60)
    case .t3402: .seconds(12 * 60)
    case .t3410, .t3420, .t3421, .t3430: .seconds(15)
    case .t3411, .t3417ext, .t3440: .seconds(10)
    case .t3412, .t3312, .t3323, .t3423: .seconds(54 * 60)
    case .t3416: .seconds(30)
    case .t3417, .t3449: .seconds(5)
    case .t3417extMT: .seconds(4)
    case .t3418: .seconds(20)
    case .t3442, .t3448, .t3245: .zero
    case .forbiddenAreas, .t3444, .t3445: .seconds(12 * 3600)
    }
  }
}
