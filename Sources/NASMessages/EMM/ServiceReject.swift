/// SERVICE REJECT, network to UE: TS 24.301 Rel-16 table 8.2.24.1.
///
///     IEI  Information element  Type/Reference          Presence  Format  Length
///          EMM cause            EMM cause 9.9.3.9       M         V       1
///     5B   T3442 value          GPRS timer 9.9.3.16     C         TV      2
///     5F   T3346 value          GPRS timer 2 9.9.3.16A  O         TLV     3
///     6B   T3448 value          GPRS timer 2 9.9.3.16A  O         TLV     3
public enum ServiceReject {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.serviceReject, 0, "EMM cause", .v, 1) }
  @inlinable public static var t3442Value: OptionalField<GPRSTimer> { .init(.serviceReject, 1, 0x5B, "T3442 value", .tv, 2) }
  @inlinable public static var t3346Value: OptionalField<GPRSTimer> { .init(.serviceReject, 2, 0x5F, "T3346 value", .tlv, 3) }
  @inlinable public static var t3448Value: OptionalField<GPRSTimer> { .init(.serviceReject, 3, 0x6B, "T3448 value", .tlv, 3) }

  static let table = MessageTable(
    .serviceReject,
    [
      emmCause.row,
      t3442Value.row,
      t3346Value.row,
      t3448Value.row,
    ])
}
