/// EMM INFORMATION, network to UE: TS 24.301 Rel-16 table 8.2.13.1.
///
///     IEI  Information element                 Type/Reference                Presence  Format  Length
///     43   Full name for network               Network name 9.9.3.24         O         TLV     3-n
///     45   Short name for network              Network name 9.9.3.24         O         TLV     3-n
///     46   Local time zone                     Time zone 9.9.3.29            O         TV      2
///     47   Universal time and local time zone  Time zone and time 9.9.3.30   O         TV      8
///     49   Network daylight saving time        Daylight saving time 9.9.3.6  O         TLV     3
public enum EMMInformation {
  @inlinable public static var fullNameForNetwork: OptionalField<NetworkName> {
    .init(.emmInformation, 0, 0x43, "Full name for network", .tlv, 3...)
  }
  @inlinable public static var shortNameForNetwork: OptionalField<NetworkName> {
    .init(.emmInformation, 1, 0x45, "Short name for network", .tlv, 3...)
  }
  @inlinable public static var localTimeZone: OptionalField<TimeZone> { .init(.emmInformation, 2, 0x46, "Local time zone", .tv, 2) }
  @inlinable public static var universalTimeAndLocalTimeZone: OptionalField<UniversalTime> {
    .init(.emmInformation, 3, 0x47, "Universal time and local time zone", .tv, 8)
  }
  @inlinable public static var networkDaylightSavingTime: OptionalField<DaylightSavingTime> {
    .init(.emmInformation, 4, 0x49, "Network daylight saving time", .tlv, 3)
  }

  static let table = MessageTable(
    .emmInformation,
    [
      fullNameForNetwork.row,
      shortNameForNetwork.row,
      localTimeZone.row,
      universalTimeAndLocalTimeZone.row,
      networkDaylightSavingTime.row,
    ])
}
