/// CONTROL PLANE SERVICE REQUEST, UE to network: TS 24.301 Rel-16 table 8.2.33.1.
///
///     IEI  Information element         Type/Reference                       Presence  Format  Length
///          Control plane service type  Control plane service type 9.9.3.47  M         V       1/2
///          NAS key set identifier      NAS key set identifier 9.9.3.21      M         V       1/2
///     78   ESM message container       ESM message container 9.9.3.15       O         TLV-E   3-n
///     67   NAS message container       NAS message container 9.9.3.22       O         TLV     4-253
///     57   EPS bearer context status   EPS bearer context status 9.9.2.1    O         TLV     4
///     D-   Device properties           Device properties 9.9.2.0A           O         TV      1
public enum ControlPlaneServiceRequest {
  public static let controlPlaneServiceType = MandatoryField<ControlPlaneServiceType>(0, "Control plane service type", .halfOctet)
  public static let nasKeySetIdentifier = MandatoryField<NASKeySetIdentifier>(1, "NAS key set identifier", .halfOctet)
  public static let esmMessageContainer = OptionalField<ESMMessageContainer>(2, 0x78, "ESM message container", .tlvE, 3...)
  public static let nasMessageContainer = OptionalField<NASMessageContainer>(3, 0x67, "NAS message container", .tlv, 4...253)
  public static let epsBearerContextStatus = OptionalField<EPSBearerContextStatus>(4, 0x57, "EPS bearer context status", .tlv, 4)
  public static let deviceProperties = OptionalField<DeviceProperties>(5, 0xD0, "Device properties", .tvHalfOctet, 1)

  static let table = MessageTable(
    .controlPlaneServiceRequest,
    [
      controlPlaneServiceType.row,
      nasKeySetIdentifier.row,
      esmMessageContainer.row,
      nasMessageContainer.row,
      epsBearerContextStatus.row,
      deviceProperties.row,
    ])
}
