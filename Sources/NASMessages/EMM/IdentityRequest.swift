/// IDENTITY REQUEST, network to UE: TS 24.301 Rel-16 table 8.2.18.1.
///
///     IEI  Information element  Type/Reference            Presence  Format  Length
///          Identity type        Identity type 2 9.9.3.17  M         V       1/2
///          Spare half octet     Spare half octet 9.9.2.9  M         V       1/2
public enum IdentityRequest {
  @inlinable public static var identityType: MandatoryField<IdentityType2> { .init(.identityRequest, 0, "Identity type", .halfOctet) }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.identityRequest, 1, "Spare half octet", .halfOctet, high: true)
  }

  static let table = MessageTable(
    .identityRequest,
    [
      identityType.row,
      spareHalfOctet.row,
    ])
}
