/// ESM DUMMY MESSAGE, both directions: TS 24.301 Rel-16 table 8.3.12A.1.
///
/// The message has no elements after its header.
public enum ESMDummyMessage {
  static let table = MessageTable(
    .esmDummyMessage,
    [])
}
