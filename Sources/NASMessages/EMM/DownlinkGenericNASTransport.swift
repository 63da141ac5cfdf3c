/// DOWNLINK GENERIC NAS TRANSPORT, network to UE: TS 24.301 Rel-16 table 8.2.31.1.
///
///     IEI  Information element             Type/Reference                           Presence  Format  Length
///          Generic message container type  Generic message container type 9.9.3.42  M         V       1
///          Generic message container       Generic message container 9.9.3.43       M         LV-E    3-n
///     65   Additional information          Additional information 9.9.2.0           O         TLV     3-n
public enum DownlinkGenericNASTransport {
  @inlinable public static var genericMessageContainerType: MandatoryField<GenericMessageContainerType> {
    .init(.downlinkGenericNASTransport, 0, "Generic message container type", .v, 1)
  }
  @inlinable public static var genericMessageContainer: MandatoryField<GenericMessageContainer> {
    .init(.downlinkGenericNASTransport, 1, "Generic message container", .lvE, 3...)
  }
  @inlinable public static var additionalInformation: OptionalField<AdditionalInformation> {
    .init(.downlinkGenericNASTransport, 2, 0x65, "Additional information", .tlv, 3...)
  }

  static let table = MessageTable(
    .downlinkGenericNASTransport,
    [
      genericMessageContainerType.row,
      genericMessageContainer.row,
      additionalInformation.row,
    ])
}
