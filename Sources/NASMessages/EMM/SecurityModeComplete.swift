/// SECURITY MODE COMPLETE, UE to network: TS 24.301 Rel-16 table 8.2.21.1.
///
///     IEI  Information element             Type/Reference                           Presence  Format  Length
///     23   IMEISV                          Mobile identity 9.9.2.3                  O         TLV     11
///     79   Replayed NAS message container  Replayed NAS message container 9.9.3.51  O         TLV-E   3-n
///     66   UE radio capability ID          UE radio capability ID 9.9.3.60          O         TLV     3-n
public enum SecurityModeComplete {
  @inlinable public static var imeisv: OptionalField<MobileIdentity> { .init(.securityModeComplete, 0, 0x23, "IMEISV", .tlv, 11) }
  @inlinable public static var replayedNASMessageContainer: OptionalField<ReplayedNASMessageContainer> {
    .init(.securityModeComplete, 1, 0x79, "Replayed NAS message container", .tlvE, 3...)
  }
  @inlinable public static var ueRadioCapabilityID: OptionalField<UERadioCapabilityID> {
    .init(.securityModeComplete, 2, 0x66, "UE radio capability ID", .tlv, 3...)
  }

  static let table = MessageTable(
    .securityModeComplete,
    [
      imeisv.row,
      replayedNASMessageContainer.row,
      ueRadioCapabilityID.row,
    ])
}
