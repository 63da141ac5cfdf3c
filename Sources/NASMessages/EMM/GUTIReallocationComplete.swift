/// GUTI REALLOCATION COMPLETE, UE to network: TS 24.301 Rel-16 table 8.2.17.1.
///
/// The message has no elements after its header.
public enum GUTIReallocationComplete {
  static let table = MessageTable(
    .gutiReallocationComplete,
    [])
}
