/// UPLINK NAS TRANSPORT, UE to network: TS 24.301 Rel-16 table 8.2.30.1.
///
///     IEI  Information element    Type/Reference                  Presence  Format  Length
///          NAS message container  NAS message container 9.9.3.22  M         LV      3-252
public enum UplinkNASTransport {
  @inlinable public static var nasMessageContainer: MandatoryField<NASMessageContainer> {
    .init(.uplinkNASTransport, 0, "NAS message container", .lv, 3...252)
  }

  static let table = MessageTable(
    .uplinkNASTransport,
    [
      nasMessageContainer.row
    ])
}
