/// PDN DISCONNECT REJECT, network to UE: TS 24.301 Rel-16 table 8.3.21.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          ESM cause                                ESM cause 9.9.4.4                                 M         V       1
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum PDNDisconnectReject {
  @inlinable public static var esmCause: MandatoryField<ESMCause> { .init(.pdnDisconnectReject, 0, "ESM cause", .v, 1) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.pdnDisconnectReject, 1, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.pdnDisconnectReject, 2, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .pdnDisconnectReject,
    [
      esmCause.row,
      protocolConfigurationOptions.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
