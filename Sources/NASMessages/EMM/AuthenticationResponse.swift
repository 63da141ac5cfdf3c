/// AUTHENTICATION RESPONSE, UE to network: TS 24.301 Rel-16 table 8.2.8.1.
///
///     IEI  Information element                Type/Reference                             Presence  Format  Length
///          Authentication response parameter  Authentication response parameter 9.9.3.4  M         LV      5-17
public enum AuthenticationResponse {
  @inlinable public static var authenticationResponseParameter: MandatoryField<AuthenticationResponseParameter> {
    .init(.authenticationResponse, 0, "Authentication response parameter", .lv, 5...17)
  }

  static let table = MessageTable(
    .authenticationResponse,
    [
      authenticationResponseParameter.row
    ])
}
