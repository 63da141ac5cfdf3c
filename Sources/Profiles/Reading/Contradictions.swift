/// What a shape cannot say: keys that do not go together. A key that would be ignored is refused, since its writer believes that it is looked at.
extension ProfileValue {
  /// Keys of one group may stand beside each other, those of different groups may not.
  ///
  /// - Throws: at the later key of the first two that contradict each other, naming both.
  func allowOne(of groups: [[String]]) throws(ProfileError) {
    var first: (group: Int, key: String)?
    for (group, keys) in groups.enumerated() {
      for entry in entries where keys.contains(entry.key) {
        guard let earlier = first, earlier.group != group else {
          first = first ?? (group, entry.key)
          continue
        }
        let other = entries.first { $0.key == earlier.key }
        let pair = [other, entry].compactMap(\.self).sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        throw ProfileError(
          pair.last?.place ?? place,
          "'\(pair.map(\.key).joined(separator: "' and '"))' stand beside each other: expected one of them")
      }
    }
  }

  /// - Throws: at the key where it is there and none of the others is.
  func demand(_ key: String, beside others: [String]) throws(ProfileError) {
    guard let entry = entries.first(where: { $0.key == key }), !others.contains(where: { self[$0] != nil }) else { return }
    throw ProfileError(entry.place, "\(key): expected \(others.joined(separator: " or ")) beside it")
  }

  /// - Throws: at the first of these keys that is there.
  func refuse(_ keys: [String], _ why: String) throws(ProfileError) {
    guard let entry = entries.first(where: { keys.contains($0.key) }) else { return }
    throw ProfileError(entry.place, "\(entry.key): \(why)")
  }
}
