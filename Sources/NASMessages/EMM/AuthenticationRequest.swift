/// AUTHENTICATION REQUEST, network to UE: TS 24.301 Rel-16 table 8.2.7.1.
///
///     IEI  Information element                            Type/Reference                         Presence  Format  Length
///          NAS key set identifierASME                     NAS key set identifier 9.9.3.21        M         V       1/2
///          Spare half octet                               Spare half octet 9.9.2.9               M         V       1/2
///          Authentication parameter RAND (EPS challenge)  Authentication parameter RAND 9.9.3.3  M         V       16
///          Authentication parameter AUTN (EPS challenge)  Authentication parameter AUTN 9.9.3.2  M         LV      17
public enum AuthenticationRequest {
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.authenticationRequest, 0, "NAS key set identifier ASME", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.authenticationRequest, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var authenticationParameterRAND: MandatoryField<AuthenticationParameterRAND> {
    .init(.authenticationRequest, 2, "Authentication parameter RAND (EPS challenge)", .v, 16)
  }
  @inlinable public static var authenticationParameterAUTN: MandatoryField<AuthenticationParameterAUTN> {
    .init(.authenticationRequest, 3, "Authentication parameter AUTN (EPS challenge)", .lv, 17)
  }

  static let table = MessageTable(
    .authenticationRequest,
    [
      nasKeySetIdentifier.row,
      spareHalfOctet.row,
      authenticationParameterRAND.row,
      authenticationParameterAUTN.row,
    ])
}
