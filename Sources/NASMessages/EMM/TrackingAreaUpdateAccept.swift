/// TRACKING AREA UPDATE ACCEPT, network to UE: TS 24.301 Rel-16 table 8.2.26.1.
///
///     IEI  Information element                         Type/Reference                                       Presence  Format  Length
///          EPS update result                           EPS update result 9.9.3.13                           M         V       1/2
///          Spare half octet                            Spare half octet 9.9.2.9                             M         V       1/2
///     5A   T3412 value                                 GPRS timer 9.9.3.16                                  O         TV      2
///     50   GUTI                                        EPS mobile identity 9.9.3.12                         O         TLV     13
///     54   TAI list                                    Tracking area identity list 9.9.3.33                 O         TLV     8-98
///     57   EPS bearer context status                   EPS bearer context status 9.9.2.1                    O         TLV     4
///     13   Location area identification                Location area identification 9.9.2.2                 O         TV      6
///     23   MS identity                                 Mobile identity 9.9.2.3                              O         TLV     7-10
///     53   EMM cause                                   EMM cause 9.9.3.9                                    O         TV      2
///     17   T3402 value                                 GPRS timer 9.9.3.16                                  O         TV      2
///     59   T3423 value                                 GPRS timer 9.9.3.16                                  O         TV      2
///     4A   Equivalent PLMNs                            PLMN list 9.9.2.8                                    O         TLV     5-47
///     34   Emergency number list                       Emergency number list 9.9.3.37                       O         TLV     5-50
///     64   EPS network feature support                 EPS network feature support 9.9.3.12A                O         TLV     3-4
///     F-   Additional update result                    Additional update result 9.9.3.0A                    O         TV      1
///     5E   T3412 extended value                        GPRS timer 3 9.9.3.16B                               O         TLV     3
///     6A   T3324 value                                 GPRS timer 2 9.9.3.16A                               O         TLV     3
///     6E   Extended DRX parameters                     Extended DRX parameters 9.9.3.46                     O         TLV     3
///     68   Header compression configuration status     Header compression configuration status 9.9.4.27     O         TLV     4
///     65   DCN-ID                                      DCN-ID 9.9.3.48                                      O         TLV     4
///     E-   SMS services status                         SMS services status 9.9.3.4B                         O         TV      1
///     D-   Non-3GPP NW policies                        Non-3GPP NW provided policies 9.9.3.49               O         TV      1
///     6B   T3448 value                                 GPRS timer 2 9.9.3.16A                               O         TLV     3
///     C-   Network policy                              Network policy 9.9.3.52                              O         TV      1
///     6C   T3447 value                                 GPRS timer 3 9.9.3.16B                               O         TLV     3
///     7A   Extended emergency number list              Extended emergency number list 9.9.3.37A             O         TLV-E   7-65538
///     7C   Ciphering key data                          Ciphering key data 9.9.3.56                          O         TLV-E   35-2291
///     66   UE radio capability ID                      UE radio capability ID 9.9.3.60                      O         TLV     3-n
///     B-   UE radio capability ID deletion indication  UE radio capability ID deletion indication 9.9.3.61  O         TV      1
///     35   Negotiated WUS assistance information       WUS assistance information 9.9.3.62                  O         TLV     3-n
///     36   Negotiated DRX parameter in NB-S1 mode      NB-S1 DRX parameter 9.9.3.63                         O         TLV     3
public enum TrackingAreaUpdateAccept {
  @inlinable public static var epsUpdateResult: MandatoryField<EPSUpdateResult> {
    .init(.trackingAreaUpdateAccept, 0, "EPS update result", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.trackingAreaUpdateAccept, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var t3412Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateAccept, 2, 0x5A, "T3412 value", .tv, 2) }
  @inlinable public static var guti: OptionalField<EPSMobileIdentity> { .init(.trackingAreaUpdateAccept, 3, 0x50, "GUTI", .tlv, 13) }
  @inlinable public static var taiList: OptionalField<TAIList> { .init(.trackingAreaUpdateAccept, 4, 0x54, "TAI list", .tlv, 8...98) }
  @inlinable public static var epsBearerContextStatus: OptionalField<EPSBearerContextStatus> {
    .init(.trackingAreaUpdateAccept, 5, 0x57, "EPS bearer context status", .tlv, 4)
  }
  @inlinable public static var locationAreaIdentification: OptionalField<LocationAreaIdentity> {
    .init(.trackingAreaUpdateAccept, 6, 0x13, "Location area identification", .tv, 6)
  }
  @inlinable public static var msIdentity: OptionalField<MobileIdentity> {
    .init(.trackingAreaUpdateAccept, 7, 0x23, "MS identity", .tlv, 7...10)
  }
  @inlinable public static var emmCause: OptionalField<EMMCause> { .init(.trackingAreaUpdateAccept, 8, 0x53, "EMM cause", .tv, 2) }
  @inlinable public static var t3402Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateAccept, 9, 0x17, "T3402 value", .tv, 2) }
  @inlinable public static var t3423Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateAccept, 10, 0x59, "T3423 value", .tv, 2) }
  @inlinable public static var equivalentPLMNs: OptionalField<PLMNList> {
    .init(.trackingAreaUpdateAccept, 11, 0x4A, "Equivalent PLMNs", .tlv, 5...47)
  }
  @inlinable public static var emergencyNumberList: OptionalField<EmergencyNumberList> {
    .init(.trackingAreaUpdateAccept, 12, 0x34, "Emergency number list", .tlv, 5...50)
  }
  @inlinable public static var epsNetworkFeatureSupport: OptionalField<EPSNetworkFeatureSupport> {
    .init(.trackingAreaUpdateAccept, 13, 0x64, "EPS network feature support", .tlv, 3...4)
  }
  @inlinable public static var additionalUpdateResult: OptionalField<AdditionalUpdateResult> {
    .init(.trackingAreaUpdateAccept, 14, 0xF0, "Additional update result", .tvHalfOctet, 1)
  }
  @inlinable public static var t3412ExtendedValue: OptionalField<PeriodicUpdateTimer> {
    .init(.trackingAreaUpdateAccept, 15, 0x5E, "T3412 extended value", .tlv, 3)
  }
  @inlinable public static var t3324Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateAccept, 16, 0x6A, "T3324 value", .tlv, 3) }
  @inlinable public static var extendedDRXParameters: OptionalField<ExtendedDRXParameters> {
    .init(.trackingAreaUpdateAccept, 17, 0x6E, "Extended DRX parameters", .tlv, 3)
  }
  @inlinable public static var headerCompressionConfigurationStatus: OptionalField<HeaderCompressionConfigurationStatus> {
    .init(.trackingAreaUpdateAccept, 18, 0x68, "Header compression configuration status", .tlv, 4)
  }
  @inlinable public static var dcnID: OptionalField<DCNID> { .init(.trackingAreaUpdateAccept, 19, 0x65, "DCN-ID", .tlv, 4) }
  @inlinable public static var smsServicesStatus: OptionalField<SMSServicesStatus> {
    .init(.trackingAreaUpdateAccept, 20, 0xE0, "SMS services status", .tvHalfOctet, 1)
  }
  @inlinable public static var non3GPPNWPolicies: OptionalField<Non3GPPNWProvidedPolicies> {
    .init(.trackingAreaUpdateAccept, 21, 0xD0, "Non-3GPP NW policies", .tvHalfOctet, 1)
  }
  @inlinable public static var t3448Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateAccept, 22, 0x6B, "T3448 value", .tlv, 3) }
  @inlinable public static var networkPolicy: OptionalField<NetworkPolicy> {
    .init(.trackingAreaUpdateAccept, 23, 0xC0, "Network policy", .tvHalfOctet, 1)
  }
  @inlinable public static var t3447Value: OptionalField<GPRSTimer3> { .init(.trackingAreaUpdateAccept, 24, 0x6C, "T3447 value", .tlv, 3) }
  @inlinable public static var extendedEmergencyNumberList: OptionalField<ExtendedEmergencyNumberList> {
    .init(.trackingAreaUpdateAccept, 25, 0x7A, "Extended emergency number list", .tlvE, 7...65538)
  }
  @inlinable public static var cipheringKeyData: OptionalField<CipheringKeyData> {
    .init(.trackingAreaUpdateAccept, 26, 0x7C, "Ciphering key data", .tlvE, 35...2291)
  }
  @inlinable public static var ueRadioCapabilityID: OptionalField<UERadioCapabilityID> {
    .init(.trackingAreaUpdateAccept, 27, 0x66, "UE radio capability ID", .tlv, 3...)
  }
  @inlinable public static var ueRadioCapabilityIDDeletionIndication: OptionalField<UERadioCapabilityIDDeletionIndication> {
    .init(.trackingAreaUpdateAccept, 28, 0xB0, "UE radio capability ID deletion indication", .tvHalfOctet, 1)
  }
  @inlinable public static var negotiatedWUSAssistanceInformation: OptionalField<WUSAssistanceInformation> {
    .init(.trackingAreaUpdateAccept, 29, 0x35, "Negotiated WUS assistance information", .tlv, 3...)
  }
  @inlinable public static var negotiatedDRXParameterInNBS1Mode: OptionalField<NBS1DRXParameter> {
    .init(.trackingAreaUpdateAccept, 30, 0x36, "Negotiated DRX parameter in NB-S1 mode", .tlv, 3)
  }

  static let table = MessageTable(
    .trackingAreaUpdateAccept,
    [
      epsUpdateResult.row,
      spareHalfOctet.row,
      t3412Value.row,
      guti.row,
      taiList.row,
      epsBearerContextStatus.row,
      locationAreaIdentification.row,
      msIdentity.row,
      emmCause.row,
      t3402Value.row,
      t3423Value.row,
      equivalentPLMNs.row,
      emergencyNumberList.row,
      epsNetworkFeatureSupport.row,
      additionalUpdateResult.row,
      t3412ExtendedValue.row,
      t3324Value.row,
      extendedDRXParameters.row,
      headerCompressionConfigurationStatus.row,
      dcnID.row,
      smsServicesStatus.row,
      non3GPPNWPolicies.row,
      t3448Value.row,
      networkPolicy.row,
      t3447Value.row,
      extendedEmergencyNumberList.row,
      cipheringKeyData.row,
      ueRadioCapabilityID.row,
      ueRadioCapabilityIDDeletionIndication.row,
      negotiatedWUSAssistanceInformation.row,
      negotiatedDRXParameterInNBS1Mode.row,
    ])
}
