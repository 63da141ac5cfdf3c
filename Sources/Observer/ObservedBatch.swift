public import NASCrypto
public import Trace

/// What an observer says of some events, with what of its state changes by them: all that whoever judges them asks for, so that they can be
/// judged later, on another thread, by the replica of the observer that is kept there.
public struct ObservedBatch: Sendable {
  /// What happens before an observation is judged.
  public enum Change: Sendable {
    /// The UE as it is after the event that the next observations are of.
    case ue(ObservedUE)
    /// The same of a UE of which one context alone has gone on.
    case step(ObservedUE.Step)
    /// See ``Observer/plmnsSeen``.
    case plmns(Set<[UInt8]>)
    /// It is all of this UE: see ``Observer/ended``.
    case ended(Int)
    /// Nothing that an observer looks at.
    case event(TraceEvent)
  }

  public var observations: [Observation] = []
  /// With the number of observations before each, in order.
  public var changes: [(before: Int, change: Change)] = []

  public init() {}

  /// Frees the last observations: as many as were just made elsewhere, so that the next ones find memory at hand.
  public mutating func free(_ count: Int) {
    // One after the other: of several at once the rest would be looked after, too.
    for _ in 0..<min(count, observations.count) { observations.removeLast() }
  }

  /// To be filled again: its memory is kept.
  public mutating func removeAll() {
    observations.removeAll(keepingCapacity: true)
    changes.removeAll(keepingCapacity: true)
  }
}

/// An observer that is not judged with where it runs: each event leaves its observations and what it changed in a batch.
public struct BatchingObserver: Sendable {
  public private(set) var observer: Observer
  /// Of each UE, the revision that is in a batch; 0 is none.
  private var handedOn: [UInt32] = []
  private var plmnCount = 0

  public init(_ observer: Observer) { self.observer = observer }

  public mutating func consume(_ event: TraceEvent, using engine: inout CryptoEngine, into batch: inout ObservedBatch) {
    let first = batch.observations.count
    switch event.body {
    case .s1ap, .association: observer.consume(event, using: &engine, into: &batch.observations)
    case .gtp, .nas, .discard, .timer, .securityContext, .keNB, .state, .note:
      return batch.changes.append((first, .event(event)))
    }
    handOn(from: first, into: &batch)
  }

  /// A S1AP-PDU that was read before.
  /// - Parameter event: the index of its event.
  public mutating func consume(
    _ reading: S1APReading, on leg: S1Leg, _ direction: LinkDirection, event: Int, at time: Duration, using engine: inout CryptoEngine,
    into batch: inout ObservedBatch
  ) {
    let first = batch.observations.count
    let place = Observer.Place(event: event, time: time, leg: leg)
    observer.consume(reading, direction, place, using: &engine, into: &batch.observations)
    handOn(from: first, into: &batch)
  }

  /// What one event has changed.
  /// - Parameter first: the position of the first observation of it.
  private mutating func handOn(from first: Int, into batch: inout ObservedBatch) {
    for index in observer.changed { handOn(index, before: first, into: &batch) }
    for position in first..<batch.observations.count {
      if let ue = batch.observations[position].ue { handOn(ue.index, before: first, into: &batch) }
    }
    if observer.plmnsSeen.count != plmnCount {
      plmnCount = observer.plmnsSeen.count
      batch.changes.append((first, .plmns(observer.plmnsSeen)))
    }
    for index in observer.ended { batch.changes.append((batch.observations.count, .ended(index))) }
  }

  /// Hands on what no observation has called for: the replica is then as this observer is.
  public mutating func finish(into batch: inout ObservedBatch) {
    for index in observer.ues.indices { handOn(index, before: batch.observations.count, into: &batch) }
  }

  private mutating func handOn(_ index: Int, before first: Int, into batch: inout ObservedBatch) {
    while handedOn.count <= index { handedOn.append(0) }
    let revision = observer.ues[index].revision
    guard handedOn[index] != revision else { return }
    handedOn[index] = revision
    batch.changes.append((first, observer.takeStep(ofUE: index).map { .step($0) } ?? .ue(observer.ues[index])))
  }
}

extension Observer {
  fileprivate mutating func takeStep(ofUE index: Int) -> ObservedUE.Step? { ues[index].takeStep() }

  /// Takes over what another observer has changed: this one is a replica that is asked, and consumes nothing.
  public mutating func replicate(_ ue: consuming ObservedUE) {
    while ues.count <= ue.index { ues.append(ObservedUE(index: ues.count)) }
    let index = ue.index
    if let imsi = ue.imsi, ues[index].imsi == nil { identities.assign(imsi: imsi, to: index) }
    ues[index] = ue
  }

  public mutating func replicate(_ step: consuming ObservedUE.Step) { ues[step.index].take(step) }

  public mutating func replicate(plmnsSeen: Set<[UInt8]>) { self.plmnsSeen = plmnsSeen }
}
