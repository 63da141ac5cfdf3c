/// DETACH REQUEST, network to UE: TS 24.301 Rel-16 table 8.2.11.2.1.
///
///     IEI  Information element  Type/Reference            Presence  Format  Length
///          Detach type          Detach type 9.9.3.7       M         V       1/2
///          Spare half octet     Spare half octet 9.9.2.9  M         V       1/2
///     53   EMM cause            EMM cause 9.9.3.9         O         TV      2
public enum DetachRequestFromNetwork {
  @inlinable public static var detachType: MandatoryField<DetachType> { .init(.detachRequestFromNetwork, 0, "Detach type", .halfOctet) }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.detachRequestFromNetwork, 1, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var emmCause: OptionalField<EMMCause> { .init(.detachRequestFromNetwork, 2, 0x53, "EMM cause", .tv, 2) }

  static let table = MessageTable(
    .detachRequestFromNetwork,
    [
      detachType.row,
      spareHalfOctet.row,
      emmCause.row,
    ])
}
