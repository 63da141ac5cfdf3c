/// ATTACH REJECT, network to UE: TS 24.301 Rel-16 table 8.2.3.1.
///
///     IEI  Information element    Type/Reference                  Presence  Format  Length
///          EMM cause              EMM cause 9.9.3.9               M         V       1
///     78   ESM message container  ESM message container 9.9.3.15  O         TLV-E   6-n
///     5F   T3346 value            GPRS timer 2 9.9.3.16A          O         TLV     3
///     16   T3402 value            GPRS timer 2 9.9.3.16A          O         TLV     3
///     A-   Extended EMM cause     Extended EMM cause 9.9.3.26A    O         TV      1
public enum AttachReject {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.attachReject, 0, "EMM cause", .v, 1) }
  @inlinable public static var esmMessageContainer: OptionalField<ESMMessageContainer> {
    .init(.attachReject, 1, 0x78, "ESM message container", .tlvE, 6...)
  }
  @inlinable public static var t3346Value: OptionalField<GPRSTimer> { .init(.attachReject, 2, 0x5F, "T3346 value", .tlv, 3) }
  @inlinable public static var t3402Value: OptionalField<GPRSTimer> { .init(.attachReject, 3, 0x16, "T3402 value", .tlv, 3) }
  @inlinable public static var extendedEMMCause: OptionalField<ExtendedEMMCause> {
    .init(.attachReject, 4, 0xA0, "Extended EMM cause", .tvHalfOctet, 1)
  }

  static let table = MessageTable(
    .attachReject,
    [
      emmCause.row,
      esmMessageContainer.row,
      t3346Value.row,
      t3402Value.row,
      extendedEMMCause.row,
    ])
}
