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
  @inlinable public static var controlPlaneServiceType: MandatoryField<ControlPlaneServiceType> {
    .init(.controlPlaneServiceRequest, 0, "Control plane service type", .halfOctet)
  }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.controlPlaneServiceRequest, 1, "NAS key set identifier", .halfOctet, high: true)
  }
  @inlinable public static var esmMessageContainer: OptionalField<ESMMessageContainer> {
    .init(.controlPlaneServiceRequest, 2, 0x78, "ESM message container", .tlvE, 3...)
  }
  @inlinable public static var nasMessageContainer: OptionalField<NASMessageContainer> {
    .init(.controlPlaneServiceRequest, 3, 0x67, "NAS message container", .tlv, 4...253)
  }
  @inlinable public static var epsBearerContextStatus: OptionalField<EPSBearerContextStatus> {
    .init(.controlPlaneServiceRequest, 4, 0x57, "EPS bearer context status", .tlv, 4)
  }
  @inlinable public static var deviceProperties: OptionalField<DeviceProperties> {
    .init(.controlPlaneServiceRequest, 5, 0xD0, "Device properties", .tvHalfOctet, 1)
  }

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
