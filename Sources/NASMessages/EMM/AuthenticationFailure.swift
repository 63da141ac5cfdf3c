/// AUTHENTICATION FAILURE, UE to network: TS 24.301 Rel-16 table 8.2.5.1.
///
///     IEI  Information element               Type/Reference                            Presence  Format  Length
///          EMM cause                         EMM cause 9.9.3.9                         M         V       1
///     30   Authentication failure parameter  Authentication failure parameter 9.9.3.1  O         TLV     16
public enum AuthenticationFailure {
  @inlinable public static var emmCause: MandatoryField<EMMCause> { .init(.authenticationFailure, 0, "EMM cause", .v, 1) }
  @inlinable public static var authenticationFailureParameter: OptionalField<AuthenticationFailureParameter> {
    .init(.authenticationFailure, 1, 0x30, "Authentication failure parameter", .tlv, 16)
  }

  static let table = MessageTable(
    .authenticationFailure,
    [
      emmCause.row,
      authenticationFailureParameter.row,
    ])
}
