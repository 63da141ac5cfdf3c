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
  public static let linkedEPSBearerIdentity = MandatoryField<LinkedEPSBearerIdentity>(0, "Linked EPS bearer identity", .halfOctet)
  public static let spareHalfOctet = MandatoryField<OpaqueHalfOctet>(1, "Spare half octet", .halfOctet)
  public static let epsQoS = MandatoryField<EPSQoS>(2, "EPS QoS", .lv, 2...14)
  public static let tft = MandatoryField<TrafficFlowTemplate>(3, "TFT", .lv, 2...256)
  public static let transactionIdentifier = OptionalField<TransactionIdentifier>(4, 0x5D, "Transaction identifier", .tlv, 3...4)
  public static let negotiatedQoS = OptionalField<QualityOfService>(5, 0x30, "Negotiated QoS", .tlv, 14...22)
  public static let negotiatedLLCSAPI = OptionalField<LLCServiceAccessPointIdentifier>(6, 0x32, "Negotiated LLC SAPI", .tv, 2)
  public static let radioPriority = OptionalField<RadioPriority>(7, 0x80, "Radio priority", .tvHalfOctet, 1)
  public static let packetFlowIdentifier = OptionalField<PacketFlowIdentifier>(8, 0x34, "Packet flow Identifier", .tlv, 3)
  public static let protocolConfigurationOptions = OptionalField<ProtocolConfigurationOptions>(
    9, 0x27, "Protocol configuration options", .tlv, 3...253)
  public static let wlanOffloadIndication = OptionalField<WLANOffloadAcceptability>(10, 0xC0, "WLAN offload indication", .tvHalfOctet, 1)
  public static let nbifomContainer = OptionalField<OpaqueValue>(11, 0x33, "NBIFOM container", .tlv, 3...257)
  public static let extendedProtocolConfigurationOptions = OptionalField<NetworkExtendedProtocolConfigurationOptions>(
    12, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  public static let extendedEPSQoS = OptionalField<ExtendedQoS>(13, 0x5C, "Extended EPS QoS", .tlv, 12)

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
