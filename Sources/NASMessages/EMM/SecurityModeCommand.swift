/// SECURITY MODE COMMAND, network to UE: TS 24.301 Rel-16 table 8.2.20.1.
///
///     IEI  Information element                         Type/Reference                              Presence  Format  Length
///          Selected NAS security algorithms            NAS security algorithms 9.9.3.23            M         V       1
///          NAS key set identifier                      NAS key set identifier 9.9.3.21             M         V       1/2
///          Spare half octet                            Spare half octet 9.9.2.9                    M         V       1/2
///          Replayed UE security capabilities           UE security capability 9.9.3.36             M         LV      3-6
///     C-   IMEISV request                              IMEISV request 9.9.3.18                     O         TV      1
///     55   Replayed nonceUE                            Nonce 9.9.3.25                              O         TV      5
///     56   NonceMME                                    Nonce 9.9.3.25                              O         TV      5
///     4F   HashMME                                     HashMME 9.9.3.50                            O         TLV     10
///     6F   Replayed UE additional security capability  UE additional security capability 9.9.3.53  O         TLV     6
///     37   UE radio capability ID request              UE radio capability ID request 9.9.3.59     O         TLV     3
public enum SecurityModeCommand {
  @inlinable public static var selectedNASSecurityAlgorithms: MandatoryField<NASSecurityAlgorithms> {
    .init(.securityModeCommand, 0, "Selected NAS security algorithms", .v, 1)
  }
  @inlinable public static var nasKeySetIdentifier: MandatoryField<NASKeySetIdentifier> {
    .init(.securityModeCommand, 1, "NAS key set identifier", .halfOctet)
  }
  @inlinable public static var spareHalfOctet: MandatoryField<OpaqueHalfOctet> {
    .init(.securityModeCommand, 2, "Spare half octet", .halfOctet, high: true)
  }
  @inlinable public static var replayedUESecurityCapabilities: MandatoryField<UESecurityCapability> {
    .init(.securityModeCommand, 3, "Replayed UE security capabilities", .lv, 3...6)
  }
  @inlinable public static var imeisvRequest: OptionalField<IMEISVRequest> {
    .init(.securityModeCommand, 4, 0xC0, "IMEISV request", .tvHalfOctet, 1)
  }
  @inlinable public static var replayedNonceUE: OptionalField<Nonce> { .init(.securityModeCommand, 5, 0x55, "Replayed nonce UE", .tv, 5) }
  @inlinable public static var nonceMME: OptionalField<Nonce> { .init(.securityModeCommand, 6, 0x56, "Nonce MME", .tv, 5) }
  @inlinable public static var hashMME: OptionalField<HashMME> { .init(.securityModeCommand, 7, 0x4F, "Hash MME", .tlv, 10) }
  @inlinable public static var replayedUEAdditionalSecurityCapability: OptionalField<UEAdditionalSecurityCapability> {
    .init(.securityModeCommand, 8, 0x6F, "Replayed UE additional security capability", .tlv, 6)
  }
  @inlinable public static var ueRadioCapabilityIDRequest: OptionalField<UERadioCapabilityIDRequest> {
    .init(.securityModeCommand, 9, 0x37, "UE radio capability ID request", .tlv, 3)
  }

  static let table = MessageTable(
    .securityModeCommand,
    [
      selectedNASSecurityAlgorithms.row,
      nasKeySetIdentifier.row,
      spareHalfOctet.row,
      replayedUESecurityCapabilities.row,
      imeisvRequest.row,
      replayedNonceUE.row,
      nonceMME.row,
      hashMME.row,
      replayedUEAdditionalSecurityCapability.row,
      ueRadioCapabilityIDRequest.row,
    ])
}
