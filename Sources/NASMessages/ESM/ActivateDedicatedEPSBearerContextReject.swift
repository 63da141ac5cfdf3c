/// ACTIVATE DEDICATED EPS BEARER CONTEXT REJECT, UE to network: TS 24.301 Rel-16 table 8.3.2.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          ESM cause                                ESM cause 9.9.4.4                                 M         V       1
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum ActivateDedicatedEPSBearerContextReject {
  @inlinable public static var esmCause: MandatoryField<ESMCause> { .init(.activateDedicatedEPSBearerContextReject, 0, "ESM cause", .v, 1) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextReject, 1, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.activateDedicatedEPSBearerContextReject, 2, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextReject, 3, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .activateDedicatedEPSBearerContextReject,
    [
      esmCause.row,
      protocolConfigurationOptions.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
