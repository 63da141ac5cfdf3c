/// PDN CONNECTIVITY REQUEST, UE to network: TS 24.301 Rel-16 table 8.3.20.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          Request type                             Request type 9.9.4.14                             M         V       1/2
///          PDN type                                 PDN type 9.9.4.10                                 M         V       1/2
///     D-   ESM information transfer flag            ESM information transfer flag 9.9.4.5             O         TV      1
///     28   Access point name                        Access point name 9.9.4.1                         O         TLV     3-102
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     C-   Device properties                        Device properties 9.9.2.0A                        O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     66   Header compression configuration         Header compression configuration 9.9.4.22         O         TLV     5-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum PDNConnectivityRequest {
  @inlinable public static var requestType: MandatoryField<RequestType> { .init(.pdnConnectivityRequest, 0, "Request type", .halfOctet) }
  @inlinable public static var pdnType: MandatoryField<PDNType> { .init(.pdnConnectivityRequest, 1, "PDN type", .halfOctet, high: true) }
  @inlinable public static var esmInformationTransferFlag: OptionalField<ESMInformationTransferFlag> {
    .init(.pdnConnectivityRequest, 2, 0xD0, "ESM information transfer flag", .tvHalfOctet, 1)
  }
  @inlinable public static var accessPointName: OptionalField<AccessPointName> {
    .init(.pdnConnectivityRequest, 3, 0x28, "Access point name", .tlv, 3...102)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.pdnConnectivityRequest, 4, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.pdnConnectivityRequest, 5, 0xC0, "Device properties", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.pdnConnectivityRequest, 6, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var headerCompressionConfiguration: OptionalField<HeaderCompressionConfiguration> {
    .init(.pdnConnectivityRequest, 7, 0x66, "Header compression configuration", .tlv, 5...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.pdnConnectivityRequest, 8, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .pdnConnectivityRequest,
    [
      requestType.row,
      pdnType.row,
      esmInformationTransferFlag.row,
      accessPointName.row,
      protocolConfigurationOptions.row,
      deviceProperties.row,
      nbifomContainer.row,
      headerCompressionConfiguration.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
