/// SERVICE ACCEPT, network to UE: TS 24.301 Rel-16 table 8.2.34.1.
///
///     IEI  Information element        Type/Reference                     Presence  Format  Length
///     57   EPS bearer context status  EPS bearer context status 9.9.2.1  O         TLV     4
///     6B   T3448 value                GPRS timer 2 9.9.3.16A             O         TLV     3
public enum ServiceAccept {
  @inlinable public static var epsBearerContextStatus: OptionalField<EPSBearerContextStatus> {
    .init(.serviceAccept, 0, 0x57, "EPS bearer context status", .tlv, 4)
  }
  @inlinable public static var t3448Value: OptionalField<GPRSTimer> { .init(.serviceAccept, 1, 0x6B, "T3448 value", .tlv, 3) }

  static let table = MessageTable(
    .serviceAccept,
    [
      epsBearerContextStatus.row,
      t3448Value.row,
    ])
}
