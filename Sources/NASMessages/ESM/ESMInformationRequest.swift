/// ESM INFORMATION REQUEST, network to UE: TS 24.301 Rel-16 table 8.3.13.1.
///
/// The message has no elements after its header.
public enum ESMInformationRequest {
  static let table = MessageTable(
    .esmInformationRequest,
    [])
}
