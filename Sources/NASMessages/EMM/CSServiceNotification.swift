/// CS SERVICE NOTIFICATION, network to UE: TS 24.301 Rel-16 table 8.2.9.1.
///
///     IEI  Information element  Type/Reference                Presence  Format  Length
///          Paging identity      Paging identity 9.9.3.25A     M         V       1
///     60   CLI                  CLI 9.9.3.38                  O         TLV     3-14
///     61   SS Code              SS Code 9.9.3.39              O         TV      2
///     62   LCS indicator        LCS indicator 9.9.3.40        O         TV      2
///     63   LCS client identity  LCS client identity 9.9.3.41  O         TLV     3-257
public enum CSServiceNotification {
  public static let pagingIdentity = MandatoryField<PagingIdentity>(0, "Paging identity", .v, 1)
  public static let cli = OptionalField<CallingLineIdentity>(1, 0x60, "CLI", .tlv, 3...14)
  public static let ssCode = OptionalField<SSCode>(2, 0x61, "SS Code", .tv, 2)
  public static let lcsIndicator = OptionalField<LCSIndicator>(3, 0x62, "LCS indicator", .tv, 2)
  public static let lcsClientIdentity = OptionalField<OpaqueValue>(4, 0x63, "LCS client identity", .tlv, 3...257)

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
