/// DEACTIVATE EPS BEARER CONTEXT REQUEST, network to UE: TS 24.301 Rel-16 table 8.3.12.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          ESM cause                                ESM cause 9.9.4.4                                 M         V       1
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     37   T3396 value                              GPRS timer 3 9.9.3.16B                            O         TLV     3
///     C-   WLAN offload indication                  WLAN offload acceptability 9.9.4.18               O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
public enum DeactivateEPSBearerContextRequest {
  @inlinable public static var esmCause: MandatoryField<ESMCause> { .init(.deactivateEPSBearerContextRequest, 0, "ESM cause", .v, 1) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.deactivateEPSBearerContextRequest, 1, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var t3396Value: OptionalField<GPRSTimer3> {
    .init(.deactivateEPSBearerContextRequest, 2, 0x37, "T3396 value", .tlv, 3)
  }
  @inlinable public static var wlanOffloadIndication: OptionalField<WLANOffloadAcceptability> {
    .init(.deactivateEPSBearerContextRequest, 3, 0xC0, "WLAN offload indication", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.deactivateEPSBearerContextRequest, 4, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.deactivateEPSBearerContextRequest, 5, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }

  static let table = MessageTable(
    .deactivateEPSBearerContextRequest,
    [
      esmCause.row,
      protocolConfigurationOptions.row,
      t3396Value.row,
      wlanOffloadIndication.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
    ])
}
