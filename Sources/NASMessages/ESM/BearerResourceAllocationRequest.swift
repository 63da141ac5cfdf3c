/// BEARER RESOURCE ALLOCATION REQUEST, UE to network: TS 24.301 Rel-16 table 8.3.8.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          Linked EPS bearer identity               Linked EPS bearer identity 9.9.4.6                M         V       1/2
///          Spare half octet                         Spare half octet 9.9.2.9                          M         V       1/2
///          Traffic flow aggregate                   Traffic flow aggregate description 9.9.4.15       M         LV      2-256
///          Required traffic flow QoS                EPS quality of service 9.9.4.3                    M         LV      2-14
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     C-   Device properties                        Device properties 9.9.2.0A                        O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
///     5C   Extended EPS QoS                         Extended quality of service 9.9.4.30              O         TLV     12
public enum BearerResourceAllocationRequest {
  @inlinable public static var linkedEPSBearerIdentity: MandatoryField<LinkedEPSBearerIdentity> {
    .init(.bearerResourceAllocationRequest, 0, "Linked EPS bearer identity", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.bearerResourceAllocationRequest, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var trafficFlowAggregate: MandatoryField<TrafficFlowTemplate> {
    .init(.bearerResourceAllocationRequest, 2, "Traffic flow aggregate", .lv, 2...256)
  }
  @inlinable public static var requiredTrafficFlowQoS: MandatoryField<EPSQoS> {
    .init(.bearerResourceAllocationRequest, 3, "Required traffic flow QoS", .lv, 2...14)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.bearerResourceAllocationRequest, 4, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.bearerResourceAllocationRequest, 5, 0xC0, "Device properties", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.bearerResourceAllocationRequest, 6, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<ExtendedProtocolConfigurationOptions> {
    .init(.bearerResourceAllocationRequest, 7, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }
  @inlinable public static var extendedEPSQoS: OptionalField<ExtendedQoS> {
    .init(.bearerResourceAllocationRequest, 8, 0x5C, "Extended EPS QoS", .tlv, 12)
  }

  static let table = MessageTable(
    .bearerResourceAllocationRequest,
    [
      linkedEPSBearerIdentity.row,
      spareHalfOctet.row,
      trafficFlowAggregate.row,
      requiredTrafficFlowQoS.row,
      protocolConfigurationOptions.row,
      deviceProperties.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
      extendedEPSQoS.row,
    ])
}
