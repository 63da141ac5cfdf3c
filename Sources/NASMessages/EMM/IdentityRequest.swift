/// IDENTITY REQUEST, network to UE: TS 24.301 Rel-16 table 8.2.18.1.
///
///     IEI  Information element  Type/Reference            Presence  Format  Length
///          Identity type        Identity type 2 9.9.3.17  M         V       1/2
///          Spare half octet     Spare half octet 9.9.2.9  M         V       1/2
public enum IdentityRequest {
  public static let identityType = MandatoryField<IdentityType2>(0, "Identity type", .halfOctet)
  public static let spareHalfOctet = MandatoryField<OpaqueHalfOctet>(1, "Spare half octet", .halfOctet)

  static let table = MessageTable(
    .identityRequest,
    [
      identityType.row,
      spareHalfOctet.row,
    ])
}
