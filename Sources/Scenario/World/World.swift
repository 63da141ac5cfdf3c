import DequeModule
import NASCrypto
import RadioAccess
import S1AP
import TestNetwork
import Trace
import UserEquipment

/// A whole network in one value: UEs, eNBs, MMEs, everything on its way between them, and simulated time.
///
/// Copying it forks it: both copies go on independently from the same instant, keys shared, since key material is
/// immutable. Time jumps to the next timer when nothing is on its way.
public struct World: Sendable {
  /// An S1AP-PDU between an eNB and its MME.
  public struct S1Hop: Sendable {
    /// Between which eNB and which MME.
    public var leg: S1Leg
    /// Uplink: from the eNB to the MME.
    public var direction: LinkDirection
    /// The SCTP stream it was sent on.
    public var stream: UInt16
    /// The encoded PDU.
    public var octets: [UInt8]
  }

  /// UEs and eNBs.
  public internal(set) var radio: RadioNetwork
  /// MMEs.
  public internal(set) var core: CoreNetwork
  /// Simulated time since the world was made.
  public private(set) var now: Duration = .zero
  /// S1AP-PDUs on their way, oldest first.
  public internal(set) var s1Hops = Deque<S1Hop>()
  /// GTPv2-C messages on their way, oldest first.
  var gtpHops = Deque<GTPHop>()
  /// What is held or lost between the nodes of the core network.
  public var gtpControl = GTPControl()
  /// What is held, lost or changed on S1.
  public var control = MessageControl()
  /// What happened since the driver last took it.
  public var effects: [Effect] = []

  /// No association is up yet; see ``connect(using:)``.
  public init(radio: RadioNetwork, core: CoreNetwork) {
    self.radio = radio
    self.core = core
  }

  /// Whether details are logged; off for load.
  public var isTracing: Bool {
    get { radio.isTracing }
    set {
      radio.isTracing = newValue
      core.isTracing = newValue
    }
  }

  /// Brings every S1 association up. The eNBs send S1 SETUP REQUEST.
  public mutating func connect(using engine: inout CryptoEngine) {
    for eNB in 0..<radio.eNBCount {
      let mme = radio.mme(ofENB: eNB)
      effects.append(.trace(.association(S1Leg(eNB: eNB, mme: mme), .up)))
      core.feed(.associationUp(eNB), mme: mme, at: now, using: &engine, into: &effects)
      radio.command(.associationUp, eNB: eNB, at: now, using: &engine, into: &effects)
    }
    collect()
  }

  /// Gives a UE an input, such as ``UE/Input/attach``.
  public mutating func command(_ input: UE.Input, ue: Int, using engine: inout CryptoEngine) {
    radio.command(input, ue: ue, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Lets the network start a procedure.
  ///
  /// - Parameter atOnce: beside whatever runs, so that procedures overlap; else when nothing else of this UE's runs, an idle UE being
  ///   paged first.
  public mutating func command(
    _ command: NetworkCommand, imsi: String, mme: Int = 0, atOnce: Bool = false, using engine: inout CryptoEngine
  ) {
    let input: MME.Input = atOnce ? .startNow(command, imsi: imsi) : .command(command, imsi: imsi)
    core.feed(input, mme: mme, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Lets an MME know what the SGSN or AMF that served a subscriber's UE would say of it; nil takes that back.
  public mutating func tell(_ source: SourceContext?, imsi: String, mme: Int = 0, using engine: inout CryptoEngine) {
    core.feed(.sourceContext(source, imsi: imsi), mme: mme, at: now, using: &engine, into: &effects)
    collect()
  }

  /// The eNB asks for a UE's release, as after inactivity.
  public mutating func requestRelease(ue: Int, cause: Cause, using engine: inout CryptoEngine) {
    radio.requestRelease(ue: ue, cause: cause, at: now, using: &engine, into: &effects)
    collect()
  }

  /// Carries one message over one hop.
  ///
  /// - Returns: false when nothing is on its way.
  @discardableResult
  public mutating func step(using engine: inout CryptoEngine) -> Bool {
    if radio.hasHops {
      radio.step(at: now, using: &engine, into: &effects)
    } else if let hop = s1Hops.popFirst() {
      switch hop.direction {
      case .uplink:
        core.feed(
          .s1ap(hop.octets, association: hop.leg.eNB, stream: hop.stream), mme: hop.leg.mme, at: now, using: &engine, into: &effects)
      case .downlink:
        radio.command(.s1ap(hop.octets, stream: hop.stream), eNB: hop.leg.eNB, at: now, using: &engine, into: &effects)
      }
    } else if let hop = gtpHops.popFirst() {
      carry(hop, using: &engine)
    } else {
      return false
    }
    collect()
    return true
  }

  /// Steps until nothing is on its way; timers keep running.
  public mutating func settle(using engine: inout CryptoEngine) {
    while step(using: &engine) {}
  }

  /// Lets time jump to the next timer and that timer act.
  ///
  /// - Returns: false when no timer runs, or the next is due after `limit`.
  @discardableResult
  public mutating func expireNextTimer(notAfter limit: Duration? = nil, using engine: inout CryptoEngine) -> Bool {
    let next = [radio.nextDeadline(), core.nextDeadline(), control.nextDeadline].compactMap { $0 }.min()
    guard let next, limit.map({ next <= $0 }) ?? true else { return false }
    now = max(now, next)
    let due = control.due(at: now)
    for message in due { deliver(message) }
    if due.isEmpty, !radio.expire(at: now, using: &engine, into: &effects) {
      _ = core.expire(at: now, using: &engine, into: &effects)
    }
    collect()
    return true
  }

  /// Lets time go by in which nothing is due.
  public mutating func passTime(to time: Duration) { now = max(now, time) }

  /// Whether anything is on its way, over the radio, over S1 or between MMEs.
  public var isMoving: Bool { radio.hasHops || !s1Hops.isEmpty || !gtpHops.isEmpty }

  /// Drops the oldest S1AP-PDU on its way.
  public mutating func dropS1Hop() { _ = s1Hops.popFirst() }

  mutating func collect() {
    while let sent = radio.outgoing.popFirst() {
      send(
        S1Hop(
          leg: S1Leg(eNB: sent.eNB, mme: radio.mme(ofENB: sent.eNB)), direction: .uplink, stream: sent.stream, octets: sent.octets))
    }
    while let sent = core.outgoing.popFirst() {
      send(
        S1Hop(
          leg: S1Leg(eNB: sent.association, mme: sent.mme), direction: .downlink, stream: sent.stream, octets: sent.octets))
    }
    while let departure = radio.departures.popFirst() { core.arrived(departure, at: now, into: &effects) }
    while let imsi = radio.returns.popFirst() { core.feedSGSN(.returned(imsi: imsi), at: now, into: &effects) }
    collectGTP()
  }

  private mutating func send(_ hop: S1Hop) {
    if hop.direction == .downlink { log(hop) }
    let message = ControlledMessage(leg: hop.leg, direction: hop.direction, stream: hop.stream, octets: hop.octets)
    if control.isIdle { return deliver(message) }
    var control = self.control
    let passing = control.pass(message, at: now) { radio.ue(eNB: $0, eNBUES1APID: $1, mmeUES1APID: $2) }
    self.control = control
    for message in passing { deliver(message) }
  }

  /// Lets an eNB send an S1AP-PDU that it would not send.
  public mutating func send(s1ap octets: [UInt8], stream: UInt16, fromENB eNB: Int) {
    radio.send(s1ap: octets, stream: stream, fromENB: eNB)
    collect()
  }

  /// Lets what a rule of ``control`` holds go on.
  public mutating func release(_ rule: String) {
    for message in control.release(rule) { deliver(message) }
  }

  /// Past message control.
  private mutating func deliver(_ message: ControlledMessage) {
    let hop = S1Hop(leg: message.leg, direction: message.direction, stream: message.stream, octets: message.octets)
    if hop.direction == .uplink { log(hop) }
    s1Hops.append(hop)
  }

  private mutating func log(_ hop: S1Hop) {
    if isTracing { effects.append(.trace(.s1ap(hop.leg, hop.direction, stream: hop.stream, octets: hop.octets))) }
  }
}
