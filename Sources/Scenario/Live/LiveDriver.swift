import DequeModule
import NASCrypto
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Trace
import Transport
import UserEquipment

/// Drives UEs and eNBs against real MMEs over a transport, by the wall clock. One association per eNB. One MME may be ours, in this
/// process: the S10 peer of the others.
public final class LiveDriver: NetworkDriver {
  private var radio: RadioNetwork
  private let transport: any SignallingTransport
  /// The addresses of each MME, by its number.
  private let remotes: [[SocketAddress]]
  private let local: [SocketAddress]
  private let own: OwnNode?
  private let sgsn: OwnNode?
  private var engine = CryptoEngine()
  private var effects: [TimedEffect] = []
  private var scratch: [Effect] = []
  private var notedLegs: Set<S1Leg> = []
  private var eNBOfAssociation: [AssociationID: Int] = [:]
  private var associationOfENB: [Int: AssociationID] = [:]
  /// What is held, lost or changed between our eNBs and the MMEs.
  public var control = MessageControl()
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  /// Why associations ended that should not have.
  public private(set) var failures: [Int: TransportError] = [:]

  /// - Parameters:
  ///   - remotes: the addresses of each MME the eNBs' `mme` numbers name.
  ///   - local: the addresses to bind, several for multihoming; empty leaves them to the kernel.
  ///   - own: the MME that is ours; its number has no remote address.
  ///   - sgsn: takes UEs to UTRAN and GERAN, and hands them back.
  public init(
    radio: RadioNetwork, transport: any SignallingTransport, remotes: [[SocketAddress]], local: [SocketAddress], own: OwnNode? = nil,
    sgsn: OwnNode? = nil
  ) {
    self.own = own
    self.sgsn = sgsn
    self.radio = radio
    self.transport = transport
    self.remotes = remotes
    self.local = local
    start = clock.now
  }

  public var now: Duration { clock.now - start }
  public var ueCount: Int { radio.ueCount }
  public var eNBCount: Int { radio.eNBCount }
  public func ue(_ index: Int) -> UE { radio.ue(index) }
  public let quietPeriod: Duration = .milliseconds(300)

  public func hasBacklog(ue: Int) -> Bool {
    associationOfENB[radio.servingENB(ofUE: ue)].map { transport.queuedOctets(of: $0) > 0 } ?? false
  }

  public var keeps: ((UE, Duration) -> Void)? {
    didSet { radio.touchedUEs = keeps == nil ? nil : [] }
  }

  public func connect() throws(TransportError) {
    for node in [own, sgsn].compactMap({ $0 }) { try transport.watch(node.socket.descriptor) }
    for eNB in 0..<radio.eNBCount {
      if let own, radio.mme(ofENB: eNB) == own.number {
        log(.association(leg(eNB), .up))
        own.feed(.associationUp(eNB), at: now, using: &engine, into: &scratch)
        radio.command(.associationUp, eNB: eNB, at: now, using: &engine, into: &scratch)
        continue
      }
      let association = try transport.connect(to: remotes[radio.mme(ofENB: eNB)], from: local)
      eNBOfAssociation[association] = eNB
      associationOfENB[eNB] = association
    }
    flush()
  }

  public func command(_ input: UE.Input, ue: Int) {
    radio.command(input, ue: ue, at: now, using: &engine, into: &scratch)
    flush()
  }

  /// Somebody else's MME takes none.
  public func order(_ command: NetworkCommand, imsi: String, atOnce: Bool) -> Bool {
    guard let own, let ue = (0..<radio.ueCount).first(where: { radio.ue($0).configuration.imsi == imsi }), takesOrders(ue: ue) else {
      return false
    }
    own.feed(atOnce ? .startNow(command, imsi: imsi) : .command(command, imsi: imsi), at: now, using: &engine, into: &scratch)
    flush()
    return true
  }

  /// Whether the UE is at the MME that is ours.
  public func takesOrders(ue: Int) -> Bool { own.map { radio.mme(ofENB: radio.servingENB(ofUE: ue)) == $0.number } ?? false }

  public func requestRelease(ue: Int, cause: Cause) {
    radio.requestRelease(ue: ue, cause: cause, at: now, using: &engine, into: &scratch)
    flush()
  }

  public func advance(until deadline: Duration) throws(TransportError) -> Bool {
    let now = self.now
    if radio.expire(at: now, using: &engine, into: &scratch) || own?.expire(at: now, using: &engine, into: &scratch) == true
      || sgsn?.expire(at: now, using: &engine, into: &scratch) == true
    {
      flush()
      return true
    }
    let ready = control.due(at: now)
    if !ready.isEmpty {
      for message in ready { deliver(message) }
      flush()
      return true
    }
    let due = [radio.nextDeadline(), own?.core.nextDeadline(), sgsn?.core.nextDeadline(), control.nextDeadline].compactMap { $0 }.reduce(
      deadline
    ) { min($0, $1) }
    let events = try transport.poll(timeout: max(.zero, due - now))
    for event in events { take(event) }
    for node in [own, sgsn].compactMap({ $0 }) {
      node.receive(at: self.now, using: &engine, into: &scratch)
      flush()
    }
    // A signal wakes us without an event of its own: the caller looks at it.
    return !events.isEmpty || self.now < deadline
  }

  private func take(_ event: TransportEvent) {
    switch event {
    case .connected(let association, let peer):
      guard let eNB = eNBOfAssociation[association] else { return }
      log(.association(leg(eNB), .up))
      log(.note("eNB \(eNB): SCTP association with \(peer)"))
      radio.command(.associationUp, eNB: eNB, at: now, using: &engine, into: &scratch)
    case .message(let association, let stream, let protocolIdentifier, let octets):
      guard let eNB = eNBOfAssociation[association] else { return }
      flush()
      if protocolIdentifier != S1APOverSCTP.payloadProtocolIdentifier { noteForeign(protocolIdentifier, leg(eNB)) }
      log(.s1ap(leg(eNB), .downlink, stream: stream, octets: octets))
      pass(ControlledMessage(leg: leg(eNB), direction: .downlink, stream: stream, octets: octets))
    case .closed(let association, let error):
      guard let eNB = eNBOfAssociation.removeValue(forKey: association) else { return }
      associationOfENB[eNB] = nil
      if let error { failures[eNB] = error }
      let reason = error?.description ?? "ended in order"
      log(.association(leg(eNB), .down(reason)))
      radio.command(.associationDown(reason: reason), eNB: eNB, at: now, using: &engine, into: &scratch)
    case .accepted, .wake:
      return
    }
    flush()
  }

  /// Carries what is inside the radio network, and sends what leaves it.
  private func flush() {
    repeat {
      while radio.hasHops { radio.step(at: now, using: &engine, into: &scratch) }
      moveScratch()
      if let keeps { for index in radio.takeTouchedUEs() { keeps(radio.ue(index), now) } }
      while let sent = radio.outgoing.popFirst() {
        pass(ControlledMessage(leg: leg(sent.eNB), direction: .uplink, stream: sent.stream, octets: sent.octets))
      }
      moveScratch()
    } while passOn()
  }

  /// What our MME sends: to other MMEs, and to our eNBs.
  ///
  /// - Returns: whether something is left to carry.
  private func passOn() -> Bool {
    passOnToOtherSystem()
    guard let own else { return radio.hasHops || !radio.outgoing.isEmpty }
    while let sent = own.core.outgoing.popFirst() {
      log(.s1ap(leg(sent.association), .downlink, stream: sent.stream, octets: sent.octets))
      pass(ControlledMessage(leg: leg(sent.association), direction: .downlink, stream: sent.stream, octets: sent.octets))
    }
    own.send(into: &scratch)
    moveScratch()
    return radio.hasHops || !radio.outgoing.isEmpty
  }

  private func pass(_ message: ControlledMessage) {
    if control.isIdle { return deliver(message) }
    for message in control.pass(message, at: now, ue: { self.radio.ue(eNB: $0, eNBUES1APID: $1, mmeUES1APID: $2) }) { deliver(message) }
  }

  /// Past message control: to the eNB, or out.
  private func deliver(_ message: ControlledMessage) {
    let eNB = message.leg.eNB
    if message.direction == .downlink {
      return radio.command(.s1ap(message.octets, stream: message.stream), eNB: eNB, at: now, using: &engine, into: &scratch)
    }
    if let own, message.leg.mme == own.number {
      // What the MME says of itself follows the message at once.
      moveScratch()
      log(.s1ap(message.leg, .uplink, stream: message.stream, octets: message.octets))
      own.feed(.s1ap(message.octets, association: eNB, stream: message.stream), at: now, using: &engine, into: &scratch)
      return moveScratch()
    }
    guard let association = associationOfENB[eNB] else { return }
    // No more streams than the peer agreed to; without a second one all goes on the first.
    let stream = min(message.stream, UInt16(max(1, transport.outboundStreams(of: association))) - 1)
    log(.s1ap(message.leg, .uplink, stream: stream, octets: message.octets))
    do { try transport.send(message.octets, on: association, stream: stream) } catch {
      failures[eNB] = error
      log(.note("eNB \(eNB): \(error.description)"))
      transport.close(association)
    }
  }

  /// Lets what a rule of ``control`` holds go on.
  public func release(_ rule: String) {
    for message in control.release(rule) { deliver(message) }
    flush()
  }

  /// Lets an eNB send an S1AP-PDU that it would not send.
  public func send(s1ap octets: [UInt8], stream: UInt16, fromENB eNB: Int) {
    radio.send(s1ap: octets, stream: stream, fromENB: eNB)
    flush()
  }

  /// Lets the eNB that serves a UE hand it over to another eNB's cell.
  public func handover(ue: Int, toENB target: Int, kind: HandoverKind) {
    radio.handover(ue: ue, toENB: target, kind: kind, at: now, using: &engine, into: &scratch)
    flush()
  }

  public func handover(ue: Int, to target: OtherSystemTarget) -> Bool {
    guard sgsn != nil else { return false }
    radio.handover(ue: ue, to: target, at: now, using: &engine, into: &scratch)
    flush()
    return true
  }

  public func returnToEUTRAN(ue: Int, toENB target: Int) -> Bool {
    guard let sgsn else { return false }
    sgsn.core.feedSGSN(
      .relocate(imsi: radio.ue(ue).configuration.imsi, to: radio.cell(ofENB: target)), at: now, into: &scratch)
    flush()
    return true
  }

  /// Gives the eNB that serves a UE an input about it.
  public func serving(ue: Int, _ input: (UEHandle) -> ENodeB.Input) {
    radio.serving(ue: ue, input, at: now, using: &engine, into: &scratch)
    flush()
  }

  public func camp(ue: Int, onENB eNB: Int) {
    radio.camp(ue: ue, onENB: eNB, at: now, using: &engine, into: &scratch)
    flush()
  }

  public func setReachable(eNB: Int, _ isReachable: Bool) { radio.setReachable(eNB: eNB, isReachable) }

  public func setBarred(eNB: Int, _ isBarred: Bool) {
    radio.setBarred(eNB: eNB, isBarred, at: now, using: &engine, into: &scratch)
    flush()
  }

  public var radioNetwork: RadioNetwork { radio }

  private func moveScratch() {
    let time = now
    for effect in scratch { effects.append(TimedEffect(time: time, effect: effect)) }
    scratch.removeAll(keepingCapacity: true)
  }

  private func log(_ body: TraceEvent.Body) {
    effects.append(TimedEffect(time: now, effect: .trace(body)))
  }

  /// UEs that came to UTRAN or GERAN, and those that are told to come back.
  private func passOnToOtherSystem() {
    guard let sgsn else { return }
    while let departure = radio.departures.popFirst() { sgsn.core.arrived(departure, at: now, into: &scratch) }
    while let imsi = radio.returns.popFirst() { sgsn.core.feedSGSN(.returned(imsi: imsi), at: now, into: &scratch) }
    sgsn.send(into: &scratch)
    while let (imsi, container) = sgsn.core.commanded.popFirst() {
      radio.arrive(imsi, container: container, at: now, using: &engine, into: &scratch)
    }
    moveScratch()
  }

  /// S1AP has PPID 18 (TS 36.412 §7); some stacks send 0. It is read all the same, and said once per association.
  private func noteForeign(_ protocolIdentifier: UInt32, _ leg: S1Leg) {
    guard notedLegs.insert(leg).inserted else { return }
    log(.note("\(leg): PPID \(protocolIdentifier) instead of \(S1APOverSCTP.payloadProtocolIdentifier)"))
  }

  private func leg(_ eNB: Int) -> S1Leg { S1Leg(eNB: eNB, mme: radio.mme(ofENB: eNB)) }

  public func reportContexts(cause: String, ofUEs ues: Set<Int>?) {
    for index in 0..<radio.ueCount where ues?.contains(index) ?? true {
      let ue = radio.ue(index)
      let imsi = ue.configuration.imsi
      guard ue.contexts != SecurityContexts() else { continue }
      for report in ue.contexts.reports(owner: .ue(UELabel(imsi)), imsi: imsi, cause: cause) { log(.securityContext(report)) }
      if let own, let contexts = own.mme?.securityContexts(imsi: imsi) {
        for report in contexts.reports(owner: .mme(own.number), imsi: imsi, cause: cause) { log(.securityContext(report)) }
      }
    }
  }

  public func takeEffects() -> [TimedEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// Ends the associations and waits a moment for the peers to agree.
  public func shutDown() {
    for association in associationOfENB.values { transport.close(association) }
    let limit = now + .seconds(2)
    while !associationOfENB.isEmpty, now < limit {
      guard let events = try? transport.poll(timeout: limit - now) else { break }
      for event in events { take(event) }
    }
    for node in [own, sgsn] { node?.socket.close() }
  }

  public func withEngine<R>(_ body: (inout CryptoEngine) -> R) -> R { body(&engine) }
}
