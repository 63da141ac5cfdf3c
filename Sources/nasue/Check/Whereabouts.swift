import Observer
import Trace

/// Which associations each UE of a capture was on, and when it was known anew: what tells whose verdicts a message rests on that is not in
/// the capture.
struct Whereabouts {
  struct Stay: Sendable {
    var legs: [S1Leg] = []
    /// Events of contexts that were proven in use, with the first key for the eNB after each: latest last.
    var renewals: [(taken: Int, keyed: Int)] = []
    var taken: Int?
    /// The first challenge that does not verify under the K that was told, whether the UE took it and gave another RES, and whether one
    /// verifies.
    var unverified: Int?
    var isAnsweredOtherwise = false
    var isVerified = false
  }

  private static let maximumLegs = 64
  private static let maximumRenewals = 8

  /// By the observer's index of the UE.
  private(set) var stays: [Stay] = []

  mutating func note(_ observations: ArraySlice<Observation>) {
    for position in observations.indices {
      guard let index = observations[position].ue?.index else { continue }
      while stays.count <= index { stays.append(Stay()) }
      let leg = observations[position].leg
      if stays[index].legs.last != leg, !stays[index].legs.contains(leg), stays[index].legs.count < Self.maximumLegs {
        stays[index].legs.append(leg)
      }
      switch observations[position].body {
      case .contextTakenIntoUse: stays[index].taken = observations[position].event
      case .keNB:
        guard let taken = stays[index].taken else { break }
        stays[index].taken = nil
        if stays[index].renewals.count >= Self.maximumRenewals { stays[index].renewals.removeFirst() }
        stays[index].renewals.append((taken, observations[position].event))
      case .challenge(let context):
        if context.isNetworkAuthenticated {
          stays[index].isVerified = true
        } else if stays[index].unverified == nil {
          stays[index].unverified = observations[position].event
        }
      case .challengeAnswered(_, isCorrect: false):
        if stays[index].unverified != nil { stays[index].isAnsweredOtherwise = true }
      default: break
      }
    }
  }

  /// The event of a challenge that shows K to be another than the UE's: it does not authenticate the network, and the UE answers it with
  /// another RES than K gives, as one does that was authenticated to.
  func misfit(of index: Int) -> Int? {
    guard stays.indices.contains(index), stays[index].isAnsweredOtherwise, !stays[index].isVerified else { return nil }
    return stays[index].unverified
  }

  /// Whether a UE may have been on an association.
  func mayHaveBeen(_ index: Int, on leg: S1Leg) -> Bool {
    guard stays.indices.contains(index) else { return true }
    return stays[index].legs.contains(leg) || stays[index].legs.count >= Self.maximumLegs
  }

  /// Whether a UE was known anew between two events: a context proven, and a key for the eNB after that.
  func isKnownAnew(_ index: Int, after first: Int, before second: Int) -> Bool {
    guard stays.indices.contains(index) else { return false }
    return stays[index].renewals.contains { $0.taken > first && $0.keyed < second }
  }
}
