/// MODIFY EPS BEARER CONTEXT REQUEST, network to UE: TS 24.301 Rel-16 table 8.3.18.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///     5B   New EPS QoS                              EPS quality of service 9.9.4.3                    O         TLV     3-15
///     36   TFT                                      Traffic flow template 9.9.4.16                    O         TLV     3-257
///     30   New QoS                                  Quality of service 9.9.4.12                       O         TLV     14-22
///     32   Negotiated LLC SAPI                      LLC service access point identifier 9.9.4.7       O         TV      2
///     8-   Radio priority                           Radio priority 9.9.4.13                           O         TV      1
///     34   Packet flow Identifier                   Packet flow Identifier 9.9.4.8                    O         TLV     3
///     5E   APN-AMBR                                 APN aggregate maximum bit rate 9.9.4.2            O         TLV     4-8
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     C-   WLAN offload indication                  WLAN offload acceptability 9.9.4.18               O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     66   Header compression configuration         Header compression configuration 9.9.4.22         O         TLV     5-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
///     5F   Extended APN-AMBR                        Extended APN aggregate maximum bit rate 9.9.4.29  O         TLV     8
///     5C   Extended EPS QoS                         Extended quality of service 9.9.4.30              O         TLV     12
public enum ModifyEPSBearerContextRequest {
  @inlinable public static var newEPSQoS: OptionalField<EPSQoS> {
    .init(.modifyEPSBearerContextRequest, 0, 0x5B, "New EPS QoS", .tlv, 3...15)
  }
  @inlinable public static var tft: OptionalField<TrafficFlowTemplate> {
    .init(.modifyEPSBearerContextRequest, 1, 0x36, "TFT", .tlv, 3...257)
  }
  @inlinable public static var newQoS: OptionalField<QualityOfService> {
    .init(.modifyEPSBearerContextRequest, 2, 0x30, "New QoS", .tlv, 14...22)
  }
  @inlinable public static var negotiatedLLCSAPI: OptionalField<LLCServiceAccessPointIdentifier> {
    .init(.modifyEPSBearerContextRequest, 3, 0x32, "Negotiated LLC SAPI", .tv, 2)
  }
  @inlinable public static var radioPriority: OptionalField<RadioPriority> {
    .init(.modifyEPSBearerContextRequest, 4, 0x80, "Radio priority", .tvHalfOctet, 1)
  }
  @inlinable public static var packetFlowIdentifier: OptionalField<PacketFlowIdentifier> {
    .init(.modifyEPSBearerContextRequest, 5, 0x34, "Packet flow Identifier", .tlv, 3)
  }
  @inlinable public static var apnAMBR: OptionalField<APNAMBR> { .init(.modifyEPSBearerContextRequest, 6, 0x5E, "APN-AMBR", .tlv, 4...8) }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.modifyEPSBearerContextRequest, 7, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var wlanOffloadIndication: OptionalField<WLANOffloadAcceptability> {
    .init(.modifyEPSBearerContextRequest, 8, 0xC0, "WLAN offload indication", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.modifyEPSBearerContextRequest, 9, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var headerCompressionConfiguration: OptionalField<HeaderCompressionConfiguration> {
    .init(.modifyEPSBearerContextRequest, 10, 0x66, "Header compression configuration", .tlv, 5...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.modifyEPSBearerContextRequest, 11, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }
  @inlinable public static var extendedAPNAMBR: OptionalField<ExtendedAPNAMBR> {
    .init(.modifyEPSBearerContextRequest, 12, 0x5F, "Extended APN-AMBR", .tlv, 8)
  }
  @inlinable public static var extendedEPSQoS: OptionalField<ExtendedQoS> {
    .init(.modifyEPSBearerContextRequest, 13, 0x5C, "Extended EPS QoS", .tlv, 12)
  }

  static let table = MessageTable(
    .modifyEPSBearerContextRequest,
    [
      newEPSQoS.row,
      tft.row,
      newQoS.row,
      negotiatedLLCSAPI.row,
      radioPriority.row,
      packetFlowIdentifier.row,
      apnAMBR.row,
      protocolConfigurationOptions.row,
      wlanOffloadIndication.row,
      nbifomContainer.row,
      headerCompressionConfiguration.row,
      extendedProtocolConfigurationOptions.row,
      extendedAPNAMBR.row,
      extendedEPSQoS.row,
    ])
}
