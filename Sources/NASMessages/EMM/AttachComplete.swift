/// ATTACH COMPLETE, UE to network: TS 24.301 Rel-16 table 8.2.2.1.
///
///     IEI  Information element    Type/Reference                  Presence  Format  Length
///          ESM message container  ESM message container 9.9.3.15  M         LV-E    5-n
public enum AttachComplete {
  @inlinable public static var esmMessageContainer: MandatoryField<ESMMessageContainer> {
    .init(.attachComplete, 0, "ESM message container", .lvE, 5...)
  }

  static let table = MessageTable(
    .attachComplete,
    [
      esmMessageContainer.row
    ])
}
