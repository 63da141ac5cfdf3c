/// DETACH ACCEPT, both directions: TS 24.301 Rel-16 table 8.2.10.1.1.
///
/// The message has no elements after its header.
public enum DetachAccept {
  static let table = MessageTable(
    .detachAccept,
    [])
}
