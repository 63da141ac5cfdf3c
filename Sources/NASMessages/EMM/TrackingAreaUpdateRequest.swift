/// TRACKING AREA UPDATE REQUEST, UE to network: TS 24.301 Rel-16 table 8.2.29.1.
///
///     IEI  Information element                             Type/Reference                                           Presence  Format  Length
///          EPS update type                                 EPS update type 9.9.3.14                                 M         V       1/2
///          NAS key set identifier                          NAS key set identifier 9.9.3.21                          M         V       1/2
///          Old GUTI                                        EPS mobile identity 9.9.3.12                             M         LV      12
///     B-   Non-current native NAS key set identifier       NAS key set identifier 9.9.3.21                          O         TV      1
///     8-   GPRS ciphering key sequence number              Ciphering key sequence number 9.9.3.4a                   O         TV      1
///     19   Old P-TMSI signature                            P-TMSI signature 9.9.3.26                                O         TV      4
///     50   Additional GUTI                                 EPS mobile identity 9.9.3.12                             O         TLV     13
///     55   NonceUE                                         Nonce 9.9.3.25                                           O         TV      5
///     58   UE network capability                           UE network capability 9.9.3.34                           O         TLV     4-15
///     52   Last visited registered TAI                     Tracking area identity 9.9.3.32                          O         TV      6
///     5C   DRX parameter                                   DRX parameter 9.9.3.8                                    O         TV      3
///     A-   UE radio capability information update needed   UE radio capability information update needed 9.9.3.35   O         TV      1
///     57   EPS bearer context status                       EPS bearer context status 9.9.2.1                        O         TLV     4
///     31   MS network capability                           MS network capability 9.9.3.20                           O         TLV     4-10
///     13   Old location area identification                Location area identification 9.9.2.2                     O         TV      6
///     9-   TMSI status                                     TMSI status 9.9.3.31                                     O         TV      1
///     11   Mobile station classmark 2                      Mobile station classmark 2 9.9.2.4                       O         TLV     5
///     20   Mobile station classmark 3                      Mobile station classmark 3 9.9.2.5                       O         TLV     2-34
///     40   Supported Codecs                                Supported Codec List 9.9.2.10                            O         TLV     5-n
///     F-   Additional update type                          Additional update type 9.9.3.0B                          O         TV      1
///     5D   Voice domain preference and UE's usage setting  Voice domain preference and UE's usage setting 9.9.3.44  O         TLV     3
///     E-   Old GUTI type                                   GUTI type 9.9.3.45                                       O         TV      1
///     D-   Device properties                               Device properties 9.9.2.0A                               O         TV      1
///     C-   MS network feature support                      MS network feature support 9.9.3.20A                     O         TV      1
///     10   TMSI based NRI container                        Network resource identifier container 9.9.3.24A          O         TLV     4
///     6A   T3324 value                                     GPRS timer 2 9.9.3.16                                    O         TLV     3
///     5E   T3412 extended value                            GPRS timer 3 9.9.3.16B                                   O         TLV     3
///     6E   Extended DRX parameters                         Extended DRX parameters 9.9.3.46                         O         TLV     3
///     6F   UE additional security capability               UE additional security capability 9.9.3.53               O         TLV     6
///     6D   UE status                                       UE status 9.9.3.54                                       O         TLV     3
///     17   Additional information requested                Additional information requested 9.9.3.55                O         TV      2
///     32   N1 UE network capability                        N1 UE network capability 9.9.3.57                        O         TLV     3-15
///     34   UE radio capability ID availability             UE radio capability ID availability 9.9.3.58             O         TLV     3
///     35   Requested WUS assistance information            WUS assistance information 9.9.3.62                      O         TLV     3-n
///     36   DRX parameter in NB-S1 mode                     NB-S1 DRX parameter 9.9.3.63                             O         TLV     3
public enum TrackingAreaUpdateRequest {
  @inlinable public static var epsUpdateType: MandatoryField<EPSUpdateType> {
    .init(.trackingAreaUpdateRequest, 0, "EPS update type", .halfOctet)
  }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.trackingAreaUpdateRequest, 1, "NAS key set identifier", .halfOctet, high: true)
  }
  @inlinable public static var oldGUTI: MandatoryField<EPSMobileIdentity> { .init(.trackingAreaUpdateRequest, 2, "Old GUTI", .lv, 12) }
  @inlinable public static var nonCurrentNativeNASKeySetIdentifier: OptionalField<NASKeySetIdentifier> {
    .init(.trackingAreaUpdateRequest, 3, 0xB0, "Non-current native NAS key set identifier", .tvHalfOctet, 1)
  }
  @inlinable public static var gprsCipheringKeySequenceNumber: OptionalField<CipheringKeySequenceNumber> {
    .init(.trackingAreaUpdateRequest, 4, 0x80, "GPRS ciphering key sequence number", .tvHalfOctet, 1)
  }
  @inlinable public static var oldPTMSISignature: OptionalField<PTMSISignature> {
    .init(.trackingAreaUpdateRequest, 5, 0x19, "Old P-TMSI signature", .tv, 4)
  }
  @inlinable public static var additionalGUTI: OptionalField<EPSMobileIdentity> {
    .init(.trackingAreaUpdateRequest, 6, 0x50, "Additional GUTI", .tlv, 13)
  }
  @inlinable public static var nonceUE: OptionalField<Nonce> { .init(.trackingAreaUpdateRequest, 7, 0x55, "Nonce UE", .tv, 5) }
  @inlinable public static var ueNetworkCapability: OptionalField<UENetworkCapability> {
    .init(.trackingAreaUpdateRequest, 8, 0x58, "UE network capability", .tlv, 4...15)
  }
  @inlinable public static var lastVisitedRegisteredTAI: OptionalField<TrackingAreaIdentity> {
    .init(.trackingAreaUpdateRequest, 9, 0x52, "Last visited registered TAI", .tv, 6)
  }
  @inlinable public static var drxParameter: OptionalField<DRXParameter> {
    .init(.trackingAreaUpdateRequest, 10, 0x5C, "DRX parameter", .tv, 3)
  }
  @inlinable public static var ueRadioCapabilityInformationUpdateNeeded: OptionalField<UERadioCapabilityInformationUpdateNeeded> {
    .init(.trackingAreaUpdateRequest, 11, 0xA0, "UE radio capability information update needed", .tvHalfOctet, 1)
  }
  @inlinable public static var epsBearerContextStatus: OptionalField<EPSBearerContextStatus> {
    .init(.trackingAreaUpdateRequest, 12, 0x57, "EPS bearer context status", .tlv, 4)
  }
  @inlinable public static var msNetworkCapability: OptionalField<MSNetworkCapability> {
    .init(.trackingAreaUpdateRequest, 13, 0x31, "MS network capability", .tlv, 4...10)
  }
  @inlinable public static var oldLocationAreaIdentification: OptionalField<LocationAreaIdentity> {
    .init(.trackingAreaUpdateRequest, 14, 0x13, "Old location area identification", .tv, 6)
  }
  @inlinable public static var tmsiStatus: OptionalField<TMSIStatus> {
    .init(.trackingAreaUpdateRequest, 15, 0x90, "TMSI status", .tvHalfOctet, 1)
  }
  @inlinable public static var mobileStationClassmark2: OptionalField<MobileStationClassmark2> {
    .init(.trackingAreaUpdateRequest, 16, 0x11, "Mobile station classmark 2", .tlv, 5)
  }
  @inlinable public static var mobileStationClassmark3: OptionalField<MobileStationClassmark3> {
    .init(.trackingAreaUpdateRequest, 17, 0x20, "Mobile station classmark 3", .tlv, 2...34)
  }
  @inlinable public static var supportedCodecs: OptionalField<SupportedCodecList> {
    .init(.trackingAreaUpdateRequest, 18, 0x40, "Supported Codecs", .tlv, 5...)
  }
  @inlinable public static var additionalUpdateType: OptionalField<AdditionalUpdateType> {
    .init(.trackingAreaUpdateRequest, 19, 0xF0, "Additional update type", .tvHalfOctet, 1)
  }
  @inlinable public static var voiceDomainPreferenceAndUEUsageSetting: OptionalField<VoiceDomainPreference> {
    .init(.trackingAreaUpdateRequest, 20, 0x5D, "Voice domain preference and UE's usage setting", .tlv, 3)
  }
  @inlinable public static var oldGUTIType: OptionalField<GUTIType> {
    .init(.trackingAreaUpdateRequest, 21, 0xE0, "Old GUTI type", .tvHalfOctet, 1)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.trackingAreaUpdateRequest, 22, 0xD0, "Device properties", .tvHalfOctet, 1)
  }
  @inlinable public static var msNetworkFeatureSupport: OptionalField<MSNetworkFeatureSupport> {
    .init(.trackingAreaUpdateRequest, 23, 0xC0, "MS network feature support", .tvHalfOctet, 1)
  }
  @inlinable public static var tmsiBasedNRIContainer: OptionalField<NetworkResourceIdentifier> {
    .init(.trackingAreaUpdateRequest, 24, 0x10, "TMSI based NRI container", .tlv, 4)
  }
  @inlinable public static var t3324Value: OptionalField<GPRSTimer> { .init(.trackingAreaUpdateRequest, 25, 0x6A, "T3324 value", .tlv, 3) }
  @inlinable public static var t3412ExtendedValue: OptionalField<PeriodicUpdateTimer> {
    .init(.trackingAreaUpdateRequest, 26, 0x5E, "T3412 extended value", .tlv, 3)
  }
  @inlinable public static var extendedDRXParameters: OptionalField<ExtendedDRXParameters> {
    .init(.trackingAreaUpdateRequest, 27, 0x6E, "Extended DRX parameters", .tlv, 3)
  }
  @inlinable public static var ueAdditionalSecurityCapability: OptionalField<UEAdditionalSecurityCapability> {
    .init(.trackingAreaUpdateRequest, 28, 0x6F, "UE additional security capability", .tlv, 6)
  }
  @inlinable public static var ueStatus: OptionalField<UEStatus> { .init(.trackingAreaUpdateRequest, 29, 0x6D, "UE status", .tlv, 3) }
  @inlinable public static var additionalInformationRequested: OptionalField<AdditionalInformationRequested> {
    .init(.trackingAreaUpdateRequest, 30, 0x17, "Additional information requested", .tv, 2)
  }
  @inlinable public static var n1UENetworkCapability: OptionalField<N1UENetworkCapability> {
    .init(.trackingAreaUpdateRequest, 31, 0x32, "N1 UE network capability", .tlv, 3...15)
  }
  @inlinable public static var ueRadioCapabilityIDAvailability: OptionalField<UERadioCapabilityIDAvailability> {
    .init(.trackingAreaUpdateRequest, 32, 0x34, "UE radio capability ID availability", .tlv, 3)
  }
  @inlinable public static var requestedWUSAssistanceInformation: OptionalField<WUSAssistanceInformation> {
    .init(.trackingAreaUpdateRequest, 33, 0x35, "Requested WUS assistance information", .tlv, 3...)
  }
  @inlinable public static var drxParameterInNBS1Mode: OptionalField<NBS1DRXParameter> {
    .init(.trackingAreaUpdateRequest, 34, 0x36, "DRX parameter in NB-S1 mode", .tlv, 3)
  }

  static let table = MessageTable(
    .trackingAreaUpdateRequest,
    [
      epsUpdateType.row,
      nasKeySetIdentifier.row,
      oldGUTI.row,
      nonCurrentNativeNASKeySetIdentifier.row,
      gprsCipheringKeySequenceNumber.row,
      oldPTMSISignature.row,
      additionalGUTI.row,
      nonceUE.row,
      ueNetworkCapability.row,
      lastVisitedRegisteredTAI.row,
      drxParameter.row,
      ueRadioCapabilityInformationUpdateNeeded.row,
      epsBearerContextStatus.row,
      msNetworkCapability.row,
      oldLocationAreaIdentification.row,
      tmsiStatus.row,
      mobileStationClassmark2.row,
      mobileStationClassmark3.row,
      supportedCodecs.row,
      additionalUpdateType.row,
      voiceDomainPreferenceAndUEUsageSetting.row,
      oldGUTIType.row,
      deviceProperties.row,
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
