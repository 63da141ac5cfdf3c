/// CS SERVICE NOTIFICATION, network to UE: TS 24.301 Rel-16 table 8.2.9.1.
///
///     IEI  Information element  Type/Reference                Presence  Format  Length
///          Paging identity      Paging identity 9.9.3.25A     M         V       1
///     60   CLI                  CLI 9.9.3.38                  O         TLV     3-14
///     61   SS Code              SS Code 9.9.3.39              O         TV      2
///     62   LCS indicator        LCS indicator 9.9.3.40        O         TV      2
///     63   LCS client identity  LCS client identity 9.9.3.41  O         TLV     3-257
public enum CSServiceNotification {
  @inlinable public static var pagingIdentity: MandatoryField<PagingIdentity> { .init(.csServiceNotification, 0, "Paging identity", .v, 1) }
  @inlinable public static var cli: OptionalField<CallingLineIdentity> { .init(.csServiceNotification, 1, 0x60, "CLI", .tlv, 3...14) }
  @inlinable public static var ssCode: OptionalField<SSCode> { .init(.csServiceNotification, 2, 0x61, "SS Code", .tv, 2) }
  @inlinable public static var lcsIndicator: OptionalField<LCSIndicator> { .init(.csServiceNotification, 3, 0x62, "LCS indicator", .tv, 2) }
  @inlinable public static var lcsClientIdentity: OptionalField<LCSClientIdentity> {
    .init(.csServiceNotification, 4, 0x63, "LCS client identity", .tlv, 3...257)
  }

  static let table = MessageTable(
    .csServiceNotification,
    [
      pagingIdentity.row,
      cli.row,
      ssCode.row,
      lcsIndicator.row,
      lcsClientIdentity.row,
    ])
}
