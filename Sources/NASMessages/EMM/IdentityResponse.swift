/// IDENTITY RESPONSE, UE to network: TS 24.301 Rel-16 table 8.2.19.1.
///
///     IEI  Information element  Type/Reference           Presence  Format  Length
///          Mobile identity      Mobile identity 9.9.2.3  M         LV      4-10
public enum IdentityResponse {
  @inlinable public static var mobileIdentity: MandatoryField<MobileIdentity> {
    .init(.identityResponse, 0, "Mobile identity", .lv, 4...10)
  }

  static let table = MessageTable(
    .identityResponse,
    [
      mobileIdentity.row
    ])
}
