/// AUTHENTICATION REJECT, network to UE: TS 24.301 Rel-16 table 8.2.6.1.
///
/// The message has no elements after its header.
public enum AuthenticationReject {
  static let table = MessageTable(
    .authenticationReject,
    [])
}
