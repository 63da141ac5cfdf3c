import DequeModule
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import Trace
import UserEquipment

/// UEs and the eNBs they camp on, with the radio between them: the half of the network that faces an MME.
///
/// A value without I/O. Each ``step(at:using:into:)`` carries one message over one hop, so that a network can be copied
/// between any two of them.
public struct RadioNetwork: Sendable {
  /// A message on its way.
  enum Hop: Sendable {
    case toENB(eNB: Int, UEHandle, UplinkRRC)
    case toUE(ue: Int, UEHandle, DownlinkRRC)
    /// X2, between eNBs by number.
    case x2(from: Int, to: Int, X2Message)
  }

  /// An S1AP-PDU that an eNB sends.
  public struct OutgoingS1AP: Sendable {
    /// The number of the eNB that sends.
    public var eNB: Int
    /// The encoded PDU.
    public var octets: [UInt8]
    /// The SCTP stream (TS 36.412 §7): 0 for what concerns no UE.
    public var stream: UInt16
  }

  enum Timer: Hashable, Sendable {
    case ue(Int, EMMTimer)
    case session(Int, ESMTimer)
    case radio(Int, RadioTimer)
    case eNB(Int, ENodeBTimer)
  }

  struct Subscriber: Sendable {
    var ue: UE
    var label: UELabel
    /// The eNB it camps on.
    var eNB: Int
    /// The RRC connection it has.
    var handle: UEHandle?
    /// The keys under which it is in UTRAN or GERAN, after a handover.
    var umts: UMTSSecurityContext?
  }

  /// A UE that a handover has taken to UTRAN or GERAN, with the keys that it has there.
  public struct Departure: Sendable {
    public var imsi: String
    public var umts: UMTSSecurityContext
  }

  struct Station: Sendable {
    var eNB: ENodeB
    /// The MME that its association leads to.
    var mme: Int
    var ueOfHandle: [UEHandle: Int] = [:]
    /// UEs find the cell; without, access to it fails.
    var isReachable = true
    /// Access is barred for what UEs originate.
    var isBarred = false
    /// UEs that treat it as barred, and until when.
    var excluded: [Int: Duration] = [:]
  }

  var subscribers: [Subscriber]
  var stations: [Station]
  var hops = Deque<Hop>()
  var timers = TimerQueue<Timer>()
  /// Handles are never used twice, so that a late message of an old connection finds nobody.
  var lastHandle = 0
  /// S1AP-PDUs sent and not yet fetched by the driver.
  public internal(set) var outgoing = Deque<OutgoingS1AP>()
  /// UEs that have come to UTRAN or GERAN, not yet fetched by the driver.
  public internal(set) var departures = Deque<Departure>()
  /// IMSIs of UEs whose handover from UTRAN or GERAN failed, so that they are there again; not yet fetched by the driver.
  public internal(set) var returns = Deque<String>()
  /// Whether effects carry the log's details (NAS at the radio, timers, contexts); S1AP is the driver's to log.
  public var isTracing = true

  /// The UEs that took an input since the driver last took this; nil: nobody wants to know.
  var touchedUEs: Set<Int>?

  var ueInputs: [UE.Output] = []
  var eNBInputs: [ENodeB.Output] = []

  /// - Parameter eNBs: each with the number of the MME it connects to; the UEs are dealt out among them in turn.
  public init(ues: [UE], eNBs: [(configuration: ENodeBConfiguration, mme: Int)]) {
    precondition(!eNBs.isEmpty, "UEs need an eNB to camp on")
    subscribers = ues.enumerated().map { index, ue in
      Subscriber(ue: ue, label: UELabel(ue.configuration.imsi), eNB: index % eNBs.count, handle: nil)
    }
    stations = eNBs.map { Station(eNB: ENodeB(configuration: $0.configuration), mme: $0.mme) }
  }

  /// UEs are numbered from 0.
  public var ueCount: Int { subscribers.count }
  /// eNBs are numbered from 0.
  public var eNBCount: Int { stations.count }
  /// A UE as it is now: a value, which goes on by itself.
  public func ue(_ index: Int) -> UE { subscribers[index].ue }
  /// The number of the MME that an eNB is connected to.
  public func mme(ofENB index: Int) -> Int { stations[index].mme }
  /// The eNB that a UE camps on or is connected to.
  public func servingENB(ofUE index: Int) -> Int { subscribers[index].eNB }
  /// Whether the eNB that serves a UE hands it over.
  public func isHandingOver(ue index: Int) -> Bool {
    let subscriber = subscribers[index]
    return subscriber.handle.map { stations[subscriber.eNB].eNB.isHandingOver($0) } ?? false
  }
  /// Whether the eNB that serves a UE knows its MME's identity for it and has an AS key: before, there is no handover.
  public func isHandoverPossible(ue index: Int) -> Bool {
    let subscriber = subscribers[index]
    guard let handle = subscriber.handle else { return false }
    let eNB = stations[subscriber.eNB].eNB
    return eNB.identifiers(of: handle)?.mme != nil && eNB.accessStratumKey(of: handle) != nil
  }
  /// Whether a message is on its way over the radio.
  public var hasHops: Bool { !hops.isEmpty }
  /// When the next timer expires.
  public mutating func nextDeadline() -> Duration? { timers.nextDeadline() }

  /// In order; none where they are not recorded.
  mutating func takeTouchedUEs() -> [Int] {
    guard let touched = touchedUEs, !touched.isEmpty else { return [] }
    touchedUEs = []
    return touched.sorted()
  }

  /// Gives a UE an input, such as ``UE/Input/attach``.
  public mutating func command(
    _ input: UE.Input, ue: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    feed(input, ue: ue, at: now, using: &engine, into: &effects)
    // A cell is found at once.
    if input == .powerOn { camp(ue: ue, from: nil, at: now, using: &engine, into: &effects) }
  }

  /// Lets an idle UE camp on another eNB's cell; does nothing while it has an RRC connection.
  public mutating func camp(
    ue: Int, onENB eNB: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard subscribers[ue].handle == nil else { return }
    let before = subscribers[ue].eNB
    subscribers[ue].eNB = eNB
    camp(ue: ue, from: before, at: now, using: &engine, into: &effects)
  }

  /// The tracking area that an eNB broadcasts.
  public func trackingArea(ofENB index: Int) -> TrackingAreaIdentity {
    let configuration = stations[index].eNB.configuration
    return TrackingAreaIdentity(plmn: PLMN(configuration.plmn), tac: configuration.trackingAreaCode)
  }

  /// What an eNB calls a UE that it serves, and what its MME does, as far as it has said; nil: the UE has no connection.
  func identifiers(ofUE index: Int) -> (eNB: UInt32, mme: UInt32?)? {
    let subscriber = subscribers[index]
    return subscriber.handle.flatMap { stations[subscriber.eNB].eNB.identifiers(of: $0) }
  }

  /// What an eNB is configured as.
  func configuration(ofENB index: Int) -> ENodeBConfiguration { stations[index].eNB.configuration }

  /// Lets an eNB send an S1AP-PDU past all that it does of itself.
  mutating func send(s1ap octets: [UInt8], stream: UInt16, fromENB eNB: Int) {
    outgoing.append(OutgoingS1AP(eNB: eNB, octets: octets, stream: stream))
  }

  /// Gives an eNB an input from its S1 side or from its operator.
  public mutating func command(
    _ input: ENodeB.Input, eNB: Int, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    feed(input, eNB: eNB, at: now, using: &engine, into: &effects)
  }

  /// Asks the MME to release a UE that is connected (UE CONTEXT RELEASE REQUEST).
  public mutating func requestRelease(
    ue: Int, cause: Cause, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard let handle = subscribers[ue].handle else { return }
    feed(.releaseUE(handle, cause), eNB: subscribers[ue].eNB, at: now, using: &engine, into: &effects)
  }

  /// Carries the oldest message over its hop.
  public mutating func step(at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) {
    guard let hop = hops.popFirst() else { return }
    switch hop {
    case .toENB(let eNB, let handle, let message):
      feed(.rrc(handle, message), eNB: eNB, at: now, using: &engine, into: &effects)
    case .toUE(let ue, let handle, let message):
      deliver(message, to: ue, handle: handle, at: now, using: &engine, into: &effects)
    case .x2(let source, let target, let message):
      feed(.x2(message, from: stations[source].eNB.configuration.enbID), eNB: target, at: now, using: &engine, into: &effects)
    }
  }

  /// Lets one expired timer act.
  ///
  /// - Returns: false when none has expired by `now`.
  public mutating func expire(at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) -> Bool {
    guard let (timer, _) = timers.popExpired(by: now) else { return false }
    switch timer {
    case .ue(let index, let timer):
      if isTracing { effects.append(.trace(.timer(.ue(subscribers[index].label), name: timer.rawValue, .expired))) }
      feed(.timerExpired(timer), ue: index, at: now, using: &engine, into: &effects)
    case .session(let index, let timer):
      if isTracing { effects.append(.trace(.timer(.ue(subscribers[index].label), name: timer.kind.rawValue, .expired))) }
      feed(.sessionTimerExpired(timer), ue: index, at: now, using: &engine, into: &effects)
    case .radio(let index, let timer):
      if isTracing { effects.append(.trace(.timer(.ue(subscribers[index].label), name: timer.rawValue, .expired))) }
      feed(.radio(.timerExpired(timer)), ue: index, at: now, using: &engine, into: &effects)
    case .eNB(let index, let timer):
      feed(.timer(timer), eNB: index, at: now, using: &engine, into: &effects)
    }
    return true
  }

  private mutating func deliver(
    _ message: DownlinkRRC, to ue: Int, handle: UEHandle, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]
  ) {
    guard subscribers[ue].handle == handle else { return }
    switch message {
    case .nas(let octets):
      if isTracing { effects.append(.trace(.nas(ue: subscribers[ue].label, .downlink, octets: octets))) }
      feed(.downlinkNAS(octets), ue: ue, at: now, using: &engine, into: &effects)
    case .radio(let message):
      let station = stations[subscribers[ue].eNB].eNB
      let place = RadioPlace(cell: station.configuration.cell.radio, temporaryIdentity: station.temporaryIdentity(of: handle) ?? 0)
      feed(.radio(.received(message, at: place)), ue: ue, at: now, using: &engine, into: &effects)
    case .release:
      subscribers[ue].handle = nil
      stations[subscribers[ue].eNB].ueOfHandle[handle] = nil
      feed(.radioConnectionReleased, ue: ue, at: now, using: &engine, into: &effects)
    }
  }
}
