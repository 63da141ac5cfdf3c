/// EMM STATUS, both directions: TS 24.301 Rel-16 table 8.2.14.1.
///
///     IEI  Information element  Type/Reference     Presence  Format  Length
///          EMM cause            EMM cause 9.9.3.9  M         V       1
public enum EMMStatus {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.emmStatus, 0, "EMM cause", .v, 1) }

  static let table = MessageTable(
    .emmStatus,
    [
      emmCause.row
    ])
}
