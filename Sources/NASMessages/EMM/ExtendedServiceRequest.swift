/// EXTENDED SERVICE REQUEST, UE to network: TS 24.301 Rel-16 table 8.2.15.1.
///
///     IEI  Information element        Type/Reference                     Presence  Format  Length
///          Service type               Service type 9.9.3.27              M         V       1/2
///          NAS key set identifier     NAS key set identifier 9.9.3.21    M         V       1/2
///          M-TMSI                     Mobile identity 9.9.2.3            M         LV      6
///     B-   CSFB response              CSFB response 9.9.3.5              C         TV      1
///     57   EPS bearer context status  EPS bearer context status 9.9.2.1  O         TLV     4
///     D-   Device properties          Device properties 9.9.2.0A         O         TV      1
public enum ExtendedServiceRequest {
  @inlinable public static var serviceType: MandatoryField<ServiceType> { .init(.extendedServiceRequest, 0, "Service type", .halfOctet) }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.extendedServiceRequest, 1, "NAS key set identifier", .halfOctet, high: true)
  }
  @inlinable public static var mTMSI: MandatoryField<MobileIdentity> { .init(.extendedServiceRequest, 2, "M-TMSI", .lv, 6) }
  @inlinable public static var csfbResponse: OptionalField<CSFBResponse> {
    .init(.extendedServiceRequest, 3, 0xB0, "CSFB response", .tvHalfOctet, 1)
  }
  @inlinable public static var epsBearerContextStatus: OptionalField<EPSBearerContextStatus> {
    .init(.extendedServiceRequest, 4, 0x57, "EPS bearer context status", .tlv, 4)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.extendedServiceRequest, 5, 0xD0, "Device properties", .tvHalfOctet, 1)
  }

  static let table = MessageTable(
    .extendedServiceRequest,
    [
      serviceType.row,
      nasKeySetIdentifier.row,
      mTMSI.row,
      csfbResponse.row,
      epsBearerContextStatus.row,
      deviceProperties.row,
    ])
}
