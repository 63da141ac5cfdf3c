/// BEARER RESOURCE MODIFICATION REQUEST, UE to network: TS 24.301 Rel-16 table 8.3.10.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          EPS bearer identity for packet filter    Linked EPS bearer identity 9.9.4.6                M         V       1/2
///          Spare half octet                         Spare half octet 9.9.2.9                          M         V       1/2
///          Traffic flow aggregate                   Traffic flow aggregate description 9.9.4.15       M         LV      2-256
///     5B   Required traffic flow QoS                EPS quality of service 9.9.4.3                    O         TLV     3-15
///     58   ESM cause                                ESM cause 9.9.4.4                                 O         TV      2
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     C-   Device properties                        Device properties 9.9.2.0A                        O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     66   Header compression configuration         Header compression configuration 9.9.4.22         O         TLV     5-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
///     5C   Extended EPS QoS                         Extended quality of service 9.9.4.30              O         TLV     12
public enum BearerResourceModificationRequest {
  @inlinable public static var epsBearerIdentityForPacketFilter: MandatoryField<LinkedEPSBearerIdentity> {
    .init(.bearerResourceModificationRequest, 0, "EPS bearer identity for packet filter", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.bearerResourceModificationRequest, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var trafficFlowAggregate: MandatoryField<TrafficFlowTemplate> {
    .init(.bearerResourceModificationRequest, 2, "Traffic flow aggregate", .lv, 2...256)
  }
  @inlinable public static var requiredTrafficFlowQoS: OptionalField<EPSQoS> {
    .init(.bearerResourceModificationRequest, 3, 0x5B, "Required traffic flow QoS", .tlv, 3...15)
  }
  @inlinable public static var esmCause: OptionalField<ESMCause> { .init(.bearerResourceModificationRequest, 4, 0x58, "ESM cause", .tv, 2) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.bearerResourceModificationRequest, 5, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.bearerResourceModificationRequest, 6, 0xC0, "Device properties", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.bearerResourceModificationRequest, 7, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var headerCompressionConfiguration: OptionalField<HeaderCompressionConfiguration> {
    .init(.bearerResourceModificationRequest, 8, 0x66, "Header compression configuration", .tlv, 5...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.bearerResourceModificationRequest, 9, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }
  @inlinable public static var extendedEPSQoS: OptionalField<ExtendedQoS> {
    .init(.bearerResourceModificationRequest, 10, 0x5C, "Extended EPS QoS", .tlv, 12)
  }

  static let table = MessageTable(
    .bearerResourceModificationRequest,
    [
      epsBearerIdentityForPacketFilter.row,
      spareHalfOctet.row,
      trafficFlowAggregate.row,
      requiredTrafficFlowQoS.row,
      esmCause.row,
      protocolConfigurationOptions.row,
      deviceProperties.row,
      nbifomContainer.row,
      headerCompressionConfiguration.row,
      extendedProtocolConfigurationOptions.row,
      extendedEPSQoS.row,
    ])
}
