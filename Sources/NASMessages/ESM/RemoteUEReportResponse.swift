/// REMOTE UE REPORT RESPONSE, network to UE: TS 24.301 Rel-16 table 8.3.24.1.
///
/// The message has no elements after its header.
public enum RemoteUEReportResponse {
  static let table = MessageTable(
    .remoteUEReportResponse,
    [])
}
