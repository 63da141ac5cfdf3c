/// PDN DISCONNECT REQUEST, UE to network: TS 24.301 Rel-16 table 8.3.22.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          Linked EPS bearer identity               Linked EPS bearer identity 9.9.4.6                M         V       1/2
///          Spare half octet                         Spare half octet 9.9.2.9                          M         V       1/2
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum PDNDisconnectRequest {
  @inlinable public static var linkedEPSBearerIdentity: MandatoryField<LinkedEPSBearerIdentity> {
    .init(.pdnDisconnectRequest, 0, "Linked EPS bearer identity", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.pdnDisconnectRequest, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.pdnDisconnectRequest, 2, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.pdnDisconnectRequest, 3, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .pdnDisconnectRequest,
    [
      linkedEPSBearerIdentity.row,
      spareHalfOctet.row,
      protocolConfigurationOptions.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
