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
  public static let linkedEPSBearerIdentity = MandatoryField<LinkedEPSBearerIdentity>(0, "Linked EPS bearer identity", .halfOctet)
  public static let spareHalfOctet = MandatoryField<OpaqueHalfOctet>(1, "Spare half octet", .halfOctet)
  public static let trafficFlowAggregate = MandatoryField<TrafficFlowTemplate>(2, "Traffic flow aggregate", .lv, 2...256)
  public static let requiredTrafficFlowQoS = MandatoryField<EPSQoS>(3, "Required traffic flow QoS", .lv, 2...14)
  public static let protocolConfigurationOptions = OptionalField<ProtocolConfigurationOptions>(
    4, 0x27, "Protocol configuration options", .tlv, 3...253)
  public static let deviceProperties = OptionalField<DeviceProperties>(5, 0xC0, "Device properties", .tvHalfOctet, 1)
  public static let nbifomContainer = OptionalField<OpaqueValue>(6, 0x33, "NBIFOM container", .tlv, 3...257)
  public static let extendedProtocolConfigurationOptions = OptionalField<ExtendedProtocolConfigurationOptions>(
    7, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  public static let extendedEPSQoS = OptionalField<ExtendedQoS>(8, 0x5C, "Extended EPS QoS", .tlv, 12)

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
