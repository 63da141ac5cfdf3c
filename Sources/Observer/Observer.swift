public import NASCrypto
import NASMessages
import S1AP
public import Trace

/// Follows UEs through S1AP octets alone: which UE each message belongs to, under which security context and COUNT it was sent, what it
/// says. Needs K of the subscribers and nothing that any entity says of itself, so live peers and captures look alike to it.
///
/// Files: S1AP procedures in `S1APFollowing`, uplink and downlink NAS in `NASFollowing`, AKA and SMC in `SecurityFollowing`.
public struct Observer: Sendable {
  /// More UEs than this are not told apart: see ``shortfall``.
  public static let maximumUEs = 200_000

  /// Where and when: what every observation of one event shares.
  struct Place {
    var event: Int
    var time: Duration
    var leg: S1Leg
    var eNBUES1APID: UInt64?
    var mmeUES1APID: UInt64?
  }

  let subscribers: [String: SubscriberCredentials]
  let kasmes: ToldKASMEs
  public internal(set) var ues: [ObservedUE] = []
  /// PLMNs named in S1 SETUP and in TAIs, for the search of a KASME derived for another one.
  public internal(set) var plmnsSeen: Set<[UInt8]> = []
  /// PLMN of the TAI seen last.
  var lastServingNetwork: (number: UInt32?, octets: [UInt8]) = (nil, [])
  /// What an MME said to serve in S1 SETUP RESPONSE, by its number.
  var servedGUMMEIs: [Int: Set<GUMMEI>] = [:]
  var identities = IdentityDirectory()
  var connections = ConnectionTable()
  var nextContextID = 0
  /// The UEs with contexts, in the order in which they got their first.
  var keyed: [Int] = []
  /// The UEs of which the event at hand changed something, those left out that its observations name.
  private(set) var changed: [Int] = []
  /// The UEs that end with the event at hand: nothing that may still come names them, so that all of them has been seen. They keep their
  /// places in ``ues``.
  public private(set) var ended: [Int] = []
  /// Messages whose UE would have been one more than ``maximumUEs``.
  private var leftOut = 0
  private var isLeftOut = false

  /// - Parameters:
  ///   - subscribers: whose K is known. Of two with one IMSI the last counts.
  ///   - kasmes: KASMEs of UEs whose K is not known.
  public init(subscribers: [SubscriberCredentials], kasmes: [ToldKASME] = []) {
    self.kasmes = ToldKASMEs(kasmes)
    self.subscribers = Dictionary(subscribers.map { ($0.imsi, $0) }, uniquingKeysWith: { $1 })
  }

  /// Takes one event; what can be said after it is appended. Only `.s1ap` and the end of an association say anything.
  /// - Parameter reading: of the event's PDU, where it was made before.
  public mutating func consume(
    _ event: TraceEvent, read reading: S1APReading? = nil, using engine: inout CryptoEngine, into observations: inout [Observation]
  ) {
    switch event.body {
    case .s1ap(let leg, let direction, _, let octets):
      consume(
        reading ?? S1APReading(octets, direction), direction, Place(event: event.index, time: event.time, leg: leg), using: &engine,
        into: &observations)
    case .association(let leg, .down):
      start()
      defer { finish() }
      let place = Place(event: event.index, time: event.time, leg: leg)
      for released in connections.releaseAll(on: leg) { observe(released, place, into: &observations) }
    case .association(_, .up), .nas, .gtp, .discard, .timer, .securityContext, .keNB, .state, .note:
      start()
    }
  }

  /// A S1AP-PDU that was read before.
  mutating func consume(
    _ reading: S1APReading, _ direction: LinkDirection, _ place: Place, using engine: inout CryptoEngine,
    into observations: inout [Observation]
  ) {
    start()
    follow(reading, direction, place, using: &engine, into: &observations)
    finish()
  }

  private mutating func start() {
    if !changed.isEmpty { changed.removeAll(keepingCapacity: true) }
    if !ended.isEmpty { ended.removeAll(keepingCapacity: true) }
  }

  private mutating func finish() {
    if !connections.unreferenced.isEmpty { noteEnds() }
    if isLeftOut { (isLeftOut, leftOut) = (false, leftOut + 1) }
  }

  private mutating func noteEnds() {
    for index in connections.takeUnreferenced()
    where ues[index].imsi == nil && ues[index].guti == nil && ues[index].contexts.isEmpty && !connections.isReferenced(index)
      && !ended.contains(index)
    { ended.append(index) }
  }

  /// What was left out since there was too much of it.
  public var shortfall: ObserverShortfall { ObserverShortfall(messages: leftOut, connections: connections.dropped) }

  /// The position in ``ues`` of an IMSI's UE, if it was seen.
  public func index(imsi: String) -> Int? { identities.ue(imsi: imsi) }

  /// The UE of an IMSI, if it was seen.
  public func ue(imsi: String) -> ObservedUE? { identities.ue(imsi: imsi).map { ues[$0] } }

  /// A context of a UE, without a copy of all that is known of it.
  public func context(_ id: Int?, ofUE index: Int) -> ObservedContext? {
    guard let id else { return nil }
    for position in ues[index].contexts.indices where ues[index].contexts[position].id == id { return ues[index].contexts[position] }
    return nil
  }

  /// Brings a context up to date, in place where it is the same still: every message asks for it.
  /// - Parameter context: nil afterwards where the UE has none of that number.
  public func update(_ context: inout ObservedContext?, to id: Int?, ofUE index: Int) {
    guard let id else { return context = nil }
    for position in ues[index].contexts.indices where ues[index].contexts[position].id == id {
      if context?.isSame(as: ues[index].contexts[position]) != true { context = ues[index].contexts[position] }
      return
    }
    context = nil
  }

  /// Whether K of a subscriber is known, or a KASME.
  public func hasKey(ofSubscriber imsi: String) -> Bool { subscribers[imsi] != nil || kasmes.has(imsi: imsi) }

  public func hasK(ofSubscriber imsi: String) -> Bool { subscribers[imsi] != nil }

  /// Whether K or a KASME of a UE is known.
  public func hasKey(ofUE index: Int) -> Bool {
    !ues[index].contexts.isEmpty || ues[index].imsi.map { hasKey(ofSubscriber: $0) } == true
  }

  /// A context of a challenge, or one told.
  mutating func add(_ context: ObservedContext, to index: Int) {
    if ues[index].contexts.isEmpty { keyed.append(index) }
    ues[index].store(context)
  }

  func observe(_ body: Observation.Body, _ place: Place, _ ue: Int?, into observations: inout [Observation]) {
    observations.append(
      Observation(
        event: place.event, time: place.time, leg: place.leg, eNBUES1APID: place.eNBUES1APID, mmeUES1APID: place.mmeUES1APID,
        ue: ue.map { ues[$0].reference }, body: body))
  }

  func observe(_ released: ConnectionTable.Released, _ place: Place, into observations: inout [Observation]) {
    var named = place
    named.eNBUES1APID = released.eNBUES1APID ?? place.eNBUES1APID
    observe(.connectionReleased(isLast: released.isLast), named, released.ue, into: &observations)
  }

  mutating func newUE() -> Int? {
    guard ues.count < Self.maximumUEs else {
      isLeftOut = true
      return nil
    }
    changed.append(ues.count)
    ues.append(ObservedUE(index: ues.count))
    return ues.count - 1
  }

  mutating func ue(imsi: String, else anonymous: Int? = nil) -> Int? {
    if let known = identities.ue(imsi: imsi) { return known }
    guard let index = anonymous ?? newUE() else { return nil }
    changed.append(index)
    ues[index].imsi = imsi
    identities.assign(imsi: imsi, to: index)
    return index
  }

  mutating func assign(_ guti: GUTI, to index: Int) {
    changed.append(index)
    ues[index].guti = guti
    identities.assign(guti, to: index)
  }
}

/// What an observer has left out of what it follows, since a trace can name any number of UEs and connections.
public struct ObserverShortfall: Sendable, Equatable {
  /// Messages of UEs beyond ``Observer/maximumUEs``.
  public var messages = 0
  /// Connections of UEs that had too many: the oldest were taken for ended.
  public var connections = 0
}
