/// DOWNLINK NAS TRANSPORT, network to UE: TS 24.301 Rel-16 table 8.2.12.1.
///
///     IEI  Information element    Type/Reference                  Presence  Format  Length
///          NAS message container  NAS message container 9.9.3.22  M         LV      3-252
public enum DownlinkNASTransport {
  @inlinable public static var nasMessageContainer: MandatoryField<NASMessageContainer> {
    .init(.downlinkNASTransport, 0, "NAS message container", .lv, 3...252)
  }

  static let table = MessageTable(
    .downlinkNASTransport,
    [
      nasMessageContainer.row
    ])
}
