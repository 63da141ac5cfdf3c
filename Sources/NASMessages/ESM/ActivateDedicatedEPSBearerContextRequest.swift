/// ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST, network to UE: TS 24.301 Rel-16 table 8.3.3.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          Linked EPS bearer identity               Linked EPS bearer identity 9.9.4.6                M         V       1/2
///          Spare half octet                         Spare half octet 9.9.2.9                          M         V       1/2
///          EPS QoS                                  EPS quality of service 9.9.4.3                    M         LV      2-14
///          TFT                                      Traffic flow template 9.9.4.16                    M         LV      2-256
///     5D   Transaction identifier                   Transaction identifier 9.9.4.17                   O         TLV     3-4
///     30   Negotiated QoS                           Quality of service 9.9.4.12                       O         TLV     14-22
///     32   Negotiated LLC SAPI                      LLC service access point identifier 9.9.4.7       O         TV      2
///     8-   Radio priority                           Radio priority 9.9.4.13                           O         TV      1
///     34   Packet flow Identifier                   Packet flow Identifier 9.9.4.8                    O         TLV     3
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     C-   WLAN offload indication                  WLAN offload acceptability 9.9.4.18               O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
///     5C   Extended EPS QoS                         Extended quality of service 9.9.4.30              O         TLV     12
public enum ActivateDedicatedEPSBearerContextRequest {
  @inlinable public static var linkedEPSBearerIdentity: MandatoryField<LinkedEPSBearerIdentity> {
    .init(.activateDedicatedEPSBearerContextRequest, 0, "Linked EPS bearer identity", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.activateDedicatedEPSBearerContextRequest, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var epsQoS: MandatoryField<EPSQoS> {
    .init(.activateDedicatedEPSBearerContextRequest, 2, "EPS QoS", .lv, 2...14)
  }
  @inlinable public static var tft: MandatoryField<TrafficFlowTemplate> {
    .init(.activateDedicatedEPSBearerContextRequest, 3, "TFT", .lv, 2...256)
  }
  @inlinable public static var transactionIdentifier: OptionalField<TransactionIdentifier> {
    .init(.activateDedicatedEPSBearerContextRequest, 4, 0x5D, "Transaction identifier", .tlv, 3...4)
  }
  @inlinable public static var negotiatedQoS: OptionalField<QualityOfService> {
    .init(.activateDedicatedEPSBearerContextRequest, 5, 0x30, "Negotiated QoS", .tlv, 14...22)
  }
  @inlinable public static var negotiatedLLCSAPI: OptionalField<LLCServiceAccessPointIdentifier> {
    .init(.activateDedicatedEPSBearerContextRequest, 6, 0x32, "Negotiated LLC SAPI", .tv, 2)
  }
  @inlinable public static var radioPriority: OptionalField<RadioPriority> {
    .init(.activateDedicatedEPSBearerContextRequest, 7, 0x80, "Radio priority", .tvHalfOctet, 1)
  }
  @inlinable public static var packetFlowIdentifier: OptionalField<PacketFlowIdentifier> {
    .init(.activateDedicatedEPSBearerContextRequest, 8, 0x34, "Packet flow Identifier", .tlv, 3)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextRequest, 9, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var wlanOffloadIndication: OptionalField<WLANOffloadAcceptability> {
    .init(.activateDedicatedEPSBearerContextRequest, 10, 0xC0, "WLAN offload indication", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.activateDedicatedEPSBearerContextRequest, 11, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.activateDedicatedEPSBearerContextRequest, 12, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }
  @inlinable public static var extendedEPSQoS: OptionalField<ExtendedQoS> {
    .init(.activateDedicatedEPSBearerContextRequest, 13, 0x5C, "Extended EPS QoS", .tlv, 12)
  }

  static let table = MessageTable(
    .activateDedicatedEPSBearerContextRequest,
    [
      linkedEPSBearerIdentity.row,
      spareHalfOctet.row,
      epsQoS.row,
      tft.row,
      transactionIdentifier.row,
      negotiatedQoS.row,
      negotiatedLLCSAPI.row,
      radioPriority.row,
      packetFlowIdentifier.row,
      protocolConfigurationOptions.row,
      wlanOffloadIndication.row,
      nbifomContainer.row,
      extendedProtocolConfigurationOptions.row,
      extendedEPSQoS.row,
    ])
}
