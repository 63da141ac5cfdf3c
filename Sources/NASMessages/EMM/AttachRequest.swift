/// ATTACH REQUEST, UE to network: TS 24.301 Rel-16 table 8.2.4.1.
///
///     IEI  Information element                             Type/Reference                                           Presence  Format  Length
///          EPS attach type                                 EPS attach type 9.9.3.11                                 M         V       1/2
///          NAS key set identifier                          NAS key set identifier 9.9.3.21                          M         V       1/2
///          EPS mobile identity                             EPS mobile identity 9.9.3.12                             M         LV      5-12
///          UE network capability                           UE network capability 9.9.3.34                           M         LV      3-14
///          ESM message container                           ESM message container 9.9.3.15                           M         LV-E    5-n
///     19   Old P-TMSI signature                            P-TMSI signature 9.9.3.26                                O         TV      4
///     50   Additional GUTI                                 EPS mobile identity 9.9.3.12                             O         TLV     13
///     52   Last visited registered TAI                     Tracking area identity 9.9.3.32                          O         TV      6
///     5C   DRX parameter                                   DRX parameter 9.9.3.8                                    O         TV      3
///     31   MS network capability                           MS network capability 9.9.3.20                           O         TLV     4-10
///     13   Old location area identification                Location area identification 9.9.2.2                     O         TV      6
///     9-   TMSI status                                     TMSI status 9.9.3.31                                     O         TV      1
///     11   Mobile station classmark 2                      Mobile station classmark 2 9.9.2.4                       O         TLV     5
///     20   Mobile station classmark 3                      Mobile station classmark 3 9.9.2.5                       O         TLV     2-34
///     40   Supported Codecs                                Supported Codec List 9.9.2.10                            O         TLV     5-n
///     F-   Additional update type                          Additional update type 9.9.3.0B                          O         TV      1
///     5D   Voice domain preference and UE's usage setting  Voice domain preference and UE's usage setting 9.9.3.44  O         TLV     3
///     D-   Device properties                               Device properties 9.9.2.0A                               O         TV      1
///     E-   Old GUTI type                                   GUTI type 9.9.3.45                                       O         TV      1
///     C-   MS network feature support                      MS network feature support 9.9.3.20A                     O         TV      1
///     10   TMSI based NRI container                        Network resource identifier container 9.9.3.24A          O         TLV     4
///     6A   T3324 value                                     GPRS timer 2 9.9.3.16A                                   O         TLV     3
///     5E   T3412 extended value                            GPRS timer 3 9.9.3.16B                                   O         TLV     3
///     6E   Extended DRX parameters                         Extended DRX parameters 9.9.3.46                         O         TLV     3
///     6F   UE additional security capability               UE additional security capability 9.9.3.53               O         TLV     6
///     6D   UE status                                       UE status 9.9.3.54                                       O         TLV     3
///     17   Additional information requested                Additional information requested 9.9.3.55                O         TV      2
///     32   N1 UE network capability                        N1 UE network capability 9.9.3.57                        O         TLV     3-15
///     34   UE radio capability ID availability             UE radio capability ID availability 9.9.3.58             O         TLV     3
///     35   Requested WUS assistance information            WUS assistance information 9.9.3.62                      O         TLV     3-n
///     36   DRX parameter in NB-S1 mode                     NB-S1 DRX parameter 9.9.3.63                             O         TLV     3
public enum AttachRequest {
  @inlinable public static var epsAttachType: MandatoryField<EPSAttachType> { .init(.attachRequest, 0, "EPS attach type", .halfOctet) }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.attachRequest, 1, "NAS key set identifier", .halfOctet, high: true)
  }
  @inlinable public static var epsMobileIdentity: MandatoryField<EPSMobileIdentity> {
    .init(.attachRequest, 2, "EPS mobile identity", .lv, 5...12)
  }
  @inlinable public static var ueNetworkCapability: MandatoryField<UENetworkCapability> {
    .init(.attachRequest, 3, "UE network capability", .lv, 3...14)
  }
  @inlinable public static var esmMessageContainer: MandatoryField<ESMMessageContainer> {
    .init(.attachRequest, 4, "ESM message container", .lvE, 5...)
  }
  @inlinable public static var oldPTMSISignature: OptionalField<PTMSISignature> {
    .init(.attachRequest, 5, 0x19, "Old P-TMSI signature", .tv, 4)
  }
  @inlinable public static var additionalGUTI: OptionalField<EPSMobileIdentity> {
    .init(.attachRequest, 6, 0x50, "Additional GUTI", .tlv, 13)
  }
  @inlinable public static var lastVisitedRegisteredTAI: OptionalField<TrackingAreaIdentity> {
    .init(.attachRequest, 7, 0x52, "Last visited registered TAI", .tv, 6)
  }
  @inlinable public static var drxParameter: OptionalField<DRXParameter> { .init(.attachRequest, 8, 0x5C, "DRX parameter", .tv, 3) }
  @inlinable public static var msNetworkCapability: OptionalField<MSNetworkCapability> {
    .init(.attachRequest, 9, 0x31, "MS network capability", .tlv, 4...10)
  }
  @inlinable public static var oldLocationAreaIdentification: OptionalField<LocationAreaIdentity> {
    .init(.attachRequest, 10, 0x13, "Old location area identification", .tv, 6)
  }
  @inlinable public static var tmsiStatus: OptionalField<TMSIStatus> { .init(.attachRequest, 11, 0x90, "TMSI status", .tvHalfOctet, 1) }
  @inlinable public static var mobileStationClassmark2: OptionalField<MobileStationClassmark2> {
    .init(.attachRequest, 12, 0x11, "Mobile station classmark 2", .tlv, 5)
  }
  @inlinable public static var mobileStationClassmark3: OptionalField<MobileStationClassmark3> {
    .init(.attachRequest, 13, 0x20, "Mobile station classmark 3", .tlv, 2...34)
  }
  @inlinable public static var supportedCodecs: OptionalField<SupportedCodecList> {
    .init(.attachRequest, 14, 0x40, "Supported Codecs", .tlv, 5...)
  }
  @inlinable public static var additionalUpdateType: OptionalField<AdditionalUpdateType> {
    .init(.attachRequest, 15, 0xF0, "Additional update type", .tvHalfOctet, 1)
  }
  @inlinable public static var voiceDomainPreferenceAndUEUsageSetting: OptionalField<VoiceDomainPreference> {
    .init(.attachRequest, 16, 0x5D, "Voice domain preference and UE's usage setting", .tlv, 3)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.attachRequest, 17, 0xD0, "Device properties", .tvHalfOctet, 1)
  }
  @inlinable public static var oldGUTIType: OptionalField<GUTIType> { .init(.attachRequest, 18, 0xE0, "Old GUTI type", .tvHalfOctet, 1) }
  @inlinable public static var msNetworkFeatureSupport: OptionalField<MSNetworkFeatureSupport> {
    .init(.attachRequest, 19, 0xC0, "MS network feature support", .tvHalfOctet, 1)
  }
  @inlinable public static var tmsiBasedNRIContainer: OptionalField<NetworkResourceIdentifier> {
    .init(.attachRequest, 20, 0x10, "TMSI based NRI container", .tlv, 4)
  }
  @inlinable public static var t3324Value: OptionalField<GPRSTimer> { .init(.attachRequest, 21, 0x6A, "T3324 value", .tlv, 3) }
  @inlinable public static var t3412ExtendedValue: OptionalField<PeriodicUpdateTimer> {
    .init(.attachRequest, 22, 0x5E, "T3412 extended value", .tlv, 3)
  }
  @inlinable public static var extendedDRXParameters: OptionalField<ExtendedDRXParameters> {
    .init(.attachRequest, 23, 0x6E, "Extended DRX parameters", .tlv, 3)
  }
  @inlinable public static var ueAdditionalSecurityCapability: OptionalField<UEAdditionalSecurityCapability> {
    .init(.attachRequest, 24, 0x6F, "UE additional security capability", .tlv, 6)
  }
  @inlinable public static var ueStatus: OptionalField<UEStatus> { .init(.attachRequest, 25, 0x6D, "UE status", .tlv, 3) }
  @inlinable public static var additionalInformationRequested: OptionalField<AdditionalInformationRequested> {
    .init(.attachRequest, 26, 0x17, "Additional information requested", .tv, 2)
  }
  @inlinable public static var n1UENetworkCapability: OptionalField<N1UENetworkCapability> {
    .init(.attachRequest, 27, 0x32, "N1 UE network capability", .tlv, 3...15)
  }
  @inlinable public static var ueRadioCapabilityIDAvailability: OptionalField<UERadioCapabilityIDAvailability> {
    .init(.attachRequest, 28, 0x34, "UE radio capability ID availability", .tlv, 3)
  }
  @inlinable public static var requestedWUSAssistanceInformation: OptionalField<WUSAssistanceInformation> {
    .init(.attachRequest, 29, 0x35, "Requested WUS assistance information", .tlv, 3...)
  }
  @inlinable public static var drxParameterInNBS1Mode: OptionalField<NBS1DRXParameter> {
    .init(.attachRequest, 30, 0x36, "DRX parameter in NB-S1 mode", .tlv, 3)
  }

  static let table = MessageTable(
    .attachRequest,
    [
      epsAttachType.row,
      nasKeySetIdentifier.row,
      epsMobileIdentity.row,
      ueNetworkCapability.row,
      esmMessageContainer.row,
      oldPTMSISignature.row,
      additionalGUTI.row,
      lastVisitedRegisteredTAI.row,
      drxParameter.row,
      msNetworkCapability.row,
      oldLocationAreaIdentification.row,
      tmsiStatus.row,
      mobileStationClassmark2.row,
      mobileStationClassmark3.row,
      supportedCodecs.row,
      additionalUpdateType.row,
      voiceDomainPreferenceAndUEUsageSetting.row,
      deviceProperties.row,
      oldGUTIType.row,
      msNetworkFeatureSupport.row,
      tmsiBasedNRIContainer.row,
      t3324Value.row,
      t3412ExtendedValue.row,
      extendedDRXParameters.row,
      ueAdditionalSecurityCapability.row,
      ueStatus.row,
      additionalInformationRequested.row,
      n1UENetworkCapability.row,
      ueRadioCapabilityIDAvailability.row,
      requestedWUSAssistanceInformation.row,
      drxParameterInNBS1Mode.row,
    ])
}
