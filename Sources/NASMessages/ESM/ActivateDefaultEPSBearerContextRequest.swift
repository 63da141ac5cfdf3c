/// ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST, network to UE: TS 24.301 Rel-16 table 8.3.6.1.
///
///     IEI  Information element                      Type/Reference                                    Presence  Format  Length
///          EPS QoS                                  EPS quality of service 9.9.4.3                    M         LV      2-14
///          Access point name                        Access point name 9.9.4.1                         M         LV      2-101
///          PDN address                              PDN address 9.9.4.9                               M         LV      6-14
///     5D   Transaction identifier                   Transaction identifier 9.9.4.17                   O         TLV     3-4
///     30   Negotiated QoS                           Quality of service 9.9.4.12                       O         TLV     14-22
///     32   Negotiated LLC SAPI                      LLC service access point identifier 9.9.4.7       O         TV      2
///     8-   Radio priority                           Radio priority 9.9.4.13                           O         TV      1
///     34   Packet flow Identifier                   Packet flow Identifier 9.9.4.8                    O         TLV     3
///     5E   APN-AMBR                                 APN aggregate maximum bit rate 9.9.4.2            O         TLV     4-8
///     58   ESM cause                                ESM cause 9.9.4.4                                 O         TV      2
///     27   Protocol configuration options           Protocol configuration options 9.9.4.11           O         TLV     3-253
///     B-   Connectivity type                        Connectivity type 9.9.4.2A                        O         TV      1
///     C-   WLAN offload indication                  WLAN offload acceptability 9.9.4.18               O         TV      1
///     33   NBIFOM container                         NBIFOM container 9.9.4.19                         O         TLV     3-257
///     66   Header compression configuration         Header compression configuration 9.9.4.22         O         TLV     5-257
///     9-   Control plane only indication            Control plane only indication 9.9.4.23            O         TV      1
///     7B   Extended protocol configuration options  Extended protocol configuration options 9.9.4.26  O         TLV-E   4-65538
///     6E   Serving PLMN rate control                Serving PLMN rate control 9.9.4.28                O         TLV     4
///     5F   Extended APN-AMBR                        Extended APN aggregate maximum bit rate 9.9.4.29  O         TLV     8
public enum ActivateDefaultEPSBearerContextRequest {
  @inlinable public static var epsQoS: MandatoryField<EPSQoS> { .init(.activateDefaultEPSBearerContextRequest, 0, "EPS QoS", .lv, 2...14) }
  @inlinable public static var accessPointName: MandatoryField<AccessPointName> {
    .init(.activateDefaultEPSBearerContextRequest, 1, "Access point name", .lv, 2...101)
  }
  @inlinable public static var pdnAddress: MandatoryField<PDNAddress> {
    .init(.activateDefaultEPSBearerContextRequest, 2, "PDN address", .lv, 6...14)
  }
  @inlinable public static var transactionIdentifier: OptionalField<TransactionIdentifier> {
    .init(.activateDefaultEPSBearerContextRequest, 3, 0x5D, "Transaction identifier", .tlv, 3...4)
  }
  @inlinable public static var negotiatedQoS: OptionalField<QualityOfService> {
    .init(.activateDefaultEPSBearerContextRequest, 4, 0x30, "Negotiated QoS", .tlv, 14...22)
  }
  @inlinable public static var negotiatedLLCSAPI: OptionalField<LLCServiceAccessPointIdentifier> {
    .init(.activateDefaultEPSBearerContextRequest, 5, 0x32, "Negotiated LLC SAPI", .tv, 2)
  }
  @inlinable public static var radioPriority: OptionalField<RadioPriority> {
    .init(.activateDefaultEPSBearerContextRequest, 6, 0x80, "Radio priority", .tvHalfOctet, 1)
  }
  @inlinable public static var packetFlowIdentifier: OptionalField<PacketFlowIdentifier> {
    .init(.activateDefaultEPSBearerContextRequest, 7, 0x34, "Packet flow Identifier", .tlv, 3)
  }
  @inlinable public static var apnAMBR: OptionalField<APNAMBR> {
    .init(.activateDefaultEPSBearerContextRequest, 8, 0x5E, "APN-AMBR", .tlv, 4...8)
  }
  @inlinable public static var esmCause: OptionalField<ESMCause> {
    .init(.activateDefaultEPSBearerContextRequest, 9, 0x58, "ESM cause", .tv, 2)
  }
  @inlinable public static var protocolConfigurationOptions: OptionalField<ProtocolConfigurationOptions> {
    .init(.activateDefaultEPSBearerContextRequest, 10, 0x27, "Protocol configuration options", .tlv, 3...253)
  }
  @inlinable public static var connectivityType: OptionalField<ConnectivityType> {
    .init(.activateDefaultEPSBearerContextRequest, 11, 0xB0, "Connectivity type", .tvHalfOctet, 1)
  }
  @inlinable public static var wlanOffloadIndication: OptionalField<WLANOffloadAcceptability> {
    .init(.activateDefaultEPSBearerContextRequest, 12, 0xC0, "WLAN offload indication", .tvHalfOctet, 1)
  }
  @inlinable public static var nbifomContainer: OptionalField<NBIFOMContainer> {
    .init(.activateDefaultEPSBearerContextRequest, 13, 0x33, "NBIFOM container", .tlv, 3...257)
  }
  @inlinable public static var headerCompressionConfiguration: OptionalField<HeaderCompressionConfiguration> {
    .init(.activateDefaultEPSBearerContextRequest, 14, 0x66, "Header compression configuration", .tlv, 5...257)
  }
  @inlinable public static var controlPlaneOnlyIndication: OptionalField<ControlPlaneOnlyIndication> {
    .init(.activateDefaultEPSBearerContextRequest, 15, 0x90, "Control plane only indication", .tvHalfOctet, 1)
  }
  @inlinable public static var extendedProtocolConfigurationOptions: OptionalField<NetworkExtendedProtocolConfigurationOptions> {
    .init(.activateDefaultEPSBearerContextRequest, 16, 0x7B, "Extended protocol configuration options", .tlvE, 4...65538)
  }
  @inlinable public static var servingPLMNRateControl: OptionalField<ServingPLMNRateControl> {
    .init(.activateDefaultEPSBearerContextRequest, 17, 0x6E, "Serving PLMN rate control", .tlv, 4)
  }
  @inlinable public static var extendedAPNAMBR: OptionalField<ExtendedAPNAMBR> {
    .init(.activateDefaultEPSBearerContextRequest, 18, 0x5F, "Extended APN-AMBR", .tlv, 8)
  }

  static let table = MessageTable(
    .activateDefaultEPSBearerContextRequest,
    [
      epsQoS.row,
      accessPointName.row,
      pdnAddress.row,
      transactionIdentifier.row,
      negotiatedQoS.row,
      negotiatedLLCSAPI.row,
      radioPriority.row,
      packetFlowIdentifier.row,
      apnAMBR.row,
      esmCause.row,
      protocolConfigurationOptions.row,
      connectivityType.row,
      wlanOffloadIndication.row,
      nbifomContainer.row,
      headerCompressionConfiguration.row,
      controlPlaneOnlyIndication.row,
      extendedProtocolConfigurationOptions.row,
      servingPLMNRateControl.row,
      extendedAPNAMBR.row,
    ])
}
