/// ESM STATUS, both directions: TS 24.301 Rel-16 table 8.3.15.1.
///
///     IEI  Information element  Type/Reference     Presence  Format  Length
///          ESM cause            ESM cause 9.9.4.4  M         V       1
public enum ESMStatus {
  @inlinable public static var esmCause: MandatoryField<ESMCause> { .init(.esmStatus, 0, "ESM cause", .v, 1) }

  static let table = MessageTable(
    .esmStatus,
    [
      esmCause.row
    ])
}
