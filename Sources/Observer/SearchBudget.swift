/// What one search may cost, however long the message that a peer sent: octets put through an integrity algorithm.
struct SearchBudget {
  /// Some ten thousand trials of a message of usual length, sixteen of the longest.
  private var octets = 1 << 20

  /// Takes the cost of one trial; false when nothing is left, and the search ends with what it found.
  mutating func take(_ count: Int) -> Bool {
    // A short message costs about a block more than its octets.
    octets -= count + 32
    return octets >= 0
  }
}
