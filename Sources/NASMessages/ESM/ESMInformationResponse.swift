/// ESM INFORMATION RESPONSE, UE to network: TS 24.301 Rel-16 table 8.3.14.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///     28   Access point name                        Access point name 9.9.4.1                         O         TLV     3-102
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum ESMInformationResponse {
  @inlinable public static var accessPointName: OptionalField<AccessPointName> {
    .init(.esmInformationResponse, 0, 0x28, "Access point name", .tlv, 3...102)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.esmInformationResponse, 1, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.esmInformationResponse, 2, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .esmInformationResponse,
    [
      accessPointName.row,
      protocolConfigurationOptions.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
