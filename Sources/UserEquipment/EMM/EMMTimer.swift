/// Timers of EMM at the UE with their default lengths (TS 24.301 Table 10.2.1).
public enum EMMTimer: String, Hashable, Sendable, CaseIterable {
  /// After a reject without integrity protection; drawn from 30 to 60 min (TS 24.301 §5.3.7b).
  case t3247 = "T3247"
  /// Between failed attach attempts after the fifth; 12 min, or as the network says.
  case t3402 = "T3402"
  /// Guards ATTACH REQUEST; 15 s.
  case t3410 = "T3410"
  /// Between the first attach attempts; 10 s.
  case t3411 = "T3411"
  /// Guards the cached RAND and RES; 30 s.
  case t3416 = "T3416"
  /// After AUTHENTICATION FAILURE #20 or #26; 20 s.
  case t3418 = "T3418"
  /// After AUTHENTICATION FAILURE #21; 15 s.
  case t3420 = "T3420"
  /// Guards DETACH REQUEST; 15 s.
  case t3421 = "T3421"

  public var defaultDuration: Duration {
    switch self {
    case .t3247: .seconds(30 * 60)
    case .t3402: .seconds(12 * 60)
    case .t3410, .t3420, .t3421: .seconds(15)
    case .t3411: .seconds(10)
    case .t3416: .seconds(30)
    case .t3418: .seconds(20)
    }
  }
}
