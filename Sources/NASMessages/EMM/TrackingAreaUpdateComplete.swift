/// TRACKING AREA UPDATE COMPLETE, UE to network: TS 24.301 Rel-16 table 8.2.27.1.
///
/// The message has no elements after its header.
public enum TrackingAreaUpdateComplete {
  static let table = MessageTable(
    .trackingAreaUpdateComplete,
    [])
}
