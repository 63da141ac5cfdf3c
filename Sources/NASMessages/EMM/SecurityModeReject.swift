/// SECURITY MODE REJECT, UE to network: TS 24.301 Rel-16 table 8.2.22.1.
///
///     IEI  Information element  Type/Reference     Presence  Format  Length
///          EMM cause            EMM cause 9.9.3.9  M         V       1
public enum SecurityModeReject {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.securityModeReject, 0, "EMM cause", .v, 1) }

  static let table = MessageTable(
    .securityModeReject,
    [
      emmCause.row
    ])
}
