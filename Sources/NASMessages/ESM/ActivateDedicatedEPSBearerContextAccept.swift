/// ACTIVATE DEDICATED EPS BEARER CONTEXT ACCEPT, UE to network: TS 24.301 Rel-16 table 8.3.1.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum ActivateDedicatedEPSBearerContextAccept {
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextAccept, 0, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.activateDedicatedEPSBearerContextAccept, 1, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextAccept, 2, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .activateDedicatedEPSBearerContextAccept,
    [
      protocolConfigurationOptions.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
