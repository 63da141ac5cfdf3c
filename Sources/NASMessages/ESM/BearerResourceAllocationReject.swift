/// BEARER RESOURCE ALLOCATION REJECT, network to UE: TS 24.301 Rel-16 table 8.3.7.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          ESM cause                                ESM cause 9.9.4.4                                 M         V       1
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     37   Back-off timer value                     GPRS timer 3 9.9.3.16B                            O         TLV     3
///     6B   Re-attempt indicator                     Re-attempt indicator 9.9.4.13A                    O         TLV     3
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum BearerResourceAllocationReject {
  @inlinable public static var esmCause: MandatoryField<ESMCause> { .init(.bearerResourceAllocationReject, 0, "ESM cause", .v, 1) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.bearerResourceAllocationReject, 1, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var backOffTimerValue: OptionalField<GPRSTimer3> {
    .init(.bearerResourceAllocationReject, 2, 0x37, "Back-off timer value", .tlv, 3)
  }
  @inlinable public static var reattemptIndicator: OptionalField<ReattemptIndicator> {
    .init(.bearerResourceAllocationReject, 3, 0x6B, "Re-attempt indicator", .tlv, 3)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.bearerResourceAllocationReject, 4, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.bearerResourceAllocationReject, 5, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .bearerResourceAllocationReject,
    [
      esmCause.row,
      protocolConfigurationOptions.row,
      backOffTimerValue.row,
      reattemptIndicator.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
