/// ESM DATA TRANSPORT, both directions: TS 24.301 Rel-16 table 8.3.25.1.
///
///     IEI  Information element            Type/Reference                          Presence  Format  Length
///          User data container            User data container 9.9.4.24            M         LV-E    2-n
///     F-   Release assistance indication  Release assistance indication 9.9.4.25  O         TV      1
public enum ESMDataTransport {
  @inlinable public static var userDataContainer: MandatoryField<UserDataContainer> {
    .init(.esmDataTransport, 0, "User data container", .lvE, 2...)
  }
  @inlinable public static var releaseAssistanceIndication: OptionalField<ReleaseAssistanceIndication> {
    .init(.esmDataTransport, 1, 0xF0, "Release assistance indication", .tvHalfOctet, 1)
  }

  static let table = MessageTable(
    .esmDataTransport,
    [
      userDataContainer.row,
      releaseAssistanceIndication.row,
    ])
}
