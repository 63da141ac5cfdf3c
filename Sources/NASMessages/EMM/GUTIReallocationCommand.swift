/// GUTI REALLOCATION COMMAND, network to UE: TS 24.301 Rel-16 table 8.2.16.1.
///
///     IEI  Information element                         Type/Reference                                       Presence  Format  Length
///          GUTI                                        EPS mobile identity 9.9.3.12                         M         LV      12
///     54   TAI list                                    Tracking area identity list 9.9.3.33                 O         TLV     8-98
///     65   DCN-ID                                      DCN-ID 9.9.3.48                                      O         TLV     4
///     66   UE radio capability ID                      UE radio capability ID 9.9.3.60                      O         TLV     3-n
///     B-   UE radio capability ID deletion indication  UE radio capability ID deletion indication 9.9.3.61  O         TV      1
public enum GUTIReallocationCommand {
  @inlinable public static var guti: MandatoryField<EPSMobileIdentity> { .init(.gutiReallocationCommand, 0, "GUTI", .lv, 12) }
  @inlinable public static var taiList: OptionalField<TAIList> { .init(.gutiReallocationCommand, 1, 0x54, "TAI list", .tlv, 8...98) }
  @inlinable public static var dcnID: OptionalField<DCNID> { .init(.gutiReallocationCommand, 2, 0x65, "DCN-ID", .tlv, 4) }
  @inlinable public static var ueRadioCapabilityID: OptionalField<UERadioCapabilityID> {
    .init(.gutiReallocationCommand, 3, 0x66, "UE radio capability ID", .tlv, 3...)
  }
  @inlinable public static var ueRadioCapabilityIDDeletionIndication: OptionalField<UERadioCapabilityIDDeletionIndication> {
    .init(.gutiReallocationCommand, 4, 0xB0, "UE radio capability ID deletion indication", .tvHalfOctet, 1)
  }

  static let table = MessageTable(
    .gutiReallocationCommand,
    [
      guti.row,
      taiList.row,
      dcnID.row,
      ueRadioCapabilityID.row,
      ueRadioCapabilityIDDeletionIndication.row,
    ])
}
