/// AUTHENTICATION REQUEST, network to UE: TS 24.301 Rel-16 table 8.2.7.1.
///
///     IEI  Information element                            Type/Reference                         Presence  Format  Length
///          NAS key set identifierASME                     NAS key set identifier 9.9.3.21        M         V       1/2
///          Spare half octet                               Spare half octet 9.9.2.9               M         V       1/2
///          Authentication parameter RAND (EPS challenge)  Authentication parameter RAND 9.9.3.3  M         V       16
///          Authentication parameter AUTN (EPS challenge)  Authentication parameter AUTN 9.9.3.2  M         LV      17
public enum AuthenticationRequest {
  public static let nasKeySetIdentifier = MandatoryField<NASKeySetIdentifier>(0, "NAS key set identifier ASME", .halfOctet)
  public static let spareHalfOctet = MandatoryField<OpaqueHalfOctet>(1, "Spare half octet", .halfOctet)
  public static let authenticationParameterRAND = MandatoryField<AuthenticationParameterRAND>(
    2, "Authentication parameter RAND (EPS challenge)", .v, 16)
  public static let authenticationParameterAUTN = MandatoryField<AuthenticationParameterAUTN>(
    3, "Authentication parameter AUTN (EPS challenge)", .lv, 17)

  static let table = MessageTable(
    .authenticationRequest,
    [
      nasKeySetIdentifier.row,
      spareHalfOctet.row,
      authenticationParameterRAND.row,
      authenticationParameterAUTN.row,
    ])
}
