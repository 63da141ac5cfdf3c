/// NOTIFICATION, network to UE: TS 24.301 Rel-16 table 8.3.18A.1.
///
///     IEI  Information element     Type/Reference                   Presence  Format  Length
///          Notification indicator  Notification indicator 9.9.4.7A  M         LV      2
public enum ESMNotification {
  @inlinable public static var notificationIndicator: MandatoryField<NotificationIndicator> {
    .init(.notification, 0, "Notification indicator", .lv, 2)
  }

  static let table = MessageTable(
    .notification,
    [
      notificationIndicator.row
    ])
}
