/// DETACH REQUEST, UE to network: TS 24.301 Rel-16 table 8.2.11.1.1.
///
///     IEI  Information element     Type/Reference                   Presence  Format  Length
///          Detach type             Detach type 9.9.3.7              M         V       1/2
///          NAS key set identifier  NAS key set identifier 9.9.3.21  M         V       1/2
///          EPS mobile identity     EPS mobile identity 9.9.3.12     M         LV      5-12
public enum DetachRequestFromUE {
  @inlinable public static var detachType: MandatoryField<DetachType> { .init(.detachRequestFromUE, 0, "Detach type", .halfOctet) }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.detachRequestFromUE, 1, "NAS key set identifier", .halfOctet, high: true)
  }
  @inlinable public static var epsMobileIdentity: MandatoryField<EPSMobileIdentity> {
    .init(.detachRequestFromUE, 2, "EPS mobile identity", .lv, 5...12)
  }

  static let table = MessageTable(
    .detachRequestFromUE,
    [
      detachType.row,
      nasKeySetIdentifier.row,
      epsMobileIdentity.row,
    ])
}
