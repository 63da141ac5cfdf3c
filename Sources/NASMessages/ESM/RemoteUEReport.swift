/// REMOTE UE REPORT, UE to network: TS 24.301 Rel-16 table 8.3.23.1.
///
///     IEI  Information element                    Type/Reference                      Presence  Format  Length
///     79   Remote UE Context Connected            Remote UE context list IE 9.9.4.20  O         TLV-E   3-65538
///     7A   Remote UE Context Disconnected         Remote UE context list IE 9.9.4.20  O         TLV-E   3-65538
///     6F   ProSe Key Management Function address  PKMF address IE 9.9.4.21            O         TLV     3-19
public enum RemoteUEReport {
  @inlinable public static var remoteUEContextConnected: OptionalField<RemoteUEContextList> {
    .init(.remoteUEReport, 0, 0x79, "Remote UE Context Connected", .tlvE, 3...65538)
  }
  @inlinable public static var remoteUEContextDisconnected: OptionalField<RemoteUEContextList> {
    .init(.remoteUEReport, 1, 0x7A, "Remote UE Context Disconnected", .tlvE, 3...65538)
  }
  @inlinable public static var proSeKeyManagementFunctionAddress: OptionalField<PKMFAddress> {
    .init(.remoteUEReport, 2, 0x6F, "ProSe Key Management Function address", .tlv, 3...19)
  }

  static let table = MessageTable(
    .remoteUEReport,
    [
      remoteUEContextConnected.row,
      remoteUEContextDisconnected.row,
      proSeKeyManagementFunctionAddress.row,
    ])
}
