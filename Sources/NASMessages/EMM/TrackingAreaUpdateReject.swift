/// TRACKING AREA UPDATE REJECT, network to UE: TS 24.301 Rel-16 table 8.2.28.1.
///
///     IEI  Information element  Type/Reference                Presence  Format  Length
///          EMM cause            EMM cause 9.9.3.9             M         V       1
///     5F   T3346 value          GPRS timer 2 9.9.3.16A        O         TLV     3
///     A-   Extended EMM cause   Extended EMM cause 9.9.3.26A  O         TV      1
public enum TrackingAreaUpdateReject {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.trackingAreaUpdateReject, 0, "EMM cause", .v, 1) }
  @inlinable public static var t3346Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateReject, 1, 0x5F, "T3346 value", .tlv, 3) }
  @inlinable public static var extendedEMMCause: OptionalField<ExtendedEMMCause> {
    .init(.trackingAreaUpdateReject, 2, 0xA0, "Extended EMM cause", .tvHalfOctet, 1)
  }

  static let table = MessageTable(
    .trackingAreaUpdateReject,
    [
      emmCause.row,
      t3346Value.row,
      extendedEMMCause.row,
    ])
}
