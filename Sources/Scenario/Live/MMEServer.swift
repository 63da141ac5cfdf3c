import DequeModule
import NASCrypto
import S1AP
import TestNetwork
import Trace
import Transport

/// Serves the test network's MME to eNBs over a transport, by the wall clock: `nasue mme`.
public final class MMEServer {
  private var core: CoreNetwork
  private let transport: any SignallingTransport
  /// Where the MME speaks S10; nil without.
  private let s10: DatagramSocket?
  private var engine = CryptoEngine()
  private var scratch: [Effect] = []
  private var effects: [TimedEffect] = []
  private var names: [Int: String] = [:]
  private var noted: Set<Int> = []
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// Nothing is listened on yet; time starts now.
  ///
  /// - Parameter s10: bound to the address for S10 of the MME's configuration.
  public init(mme: MME, transport: any SignallingTransport, s10: DatagramSocket? = nil) throws(TransportError) {
    core = CoreNetwork(mmes: [mme])
    self.transport = transport
    self.s10 = s10
    start = clock.now
    if let s10 { try transport.watch(s10.descriptor) }
  }

  /// The number that a peer has in the log, after this MME's 0: its place among the configured ones, or the one after them.
  private func node(at address: CoreAddress) -> Int {
    let peers = core.mmes[0].configuration.peers
    return 1 + (peers.firstIndex { $0.address == address } ?? peers.firstIndex { $0.address.octets == address.octets } ?? peers.count)
  }

  /// Since the server was made.
  public var now: Duration { clock.now - start }

  /// Takes associations on these addresses; several are one multihomed endpoint.
  public func listen(on addresses: [SocketAddress]) throws(TransportError) { try transport.listen(on: addresses) }

  /// Lets the MME start a procedure; what it says about that is among the effects.
  public func order(_ order: NetworkOrder) {
    let input: MME.Input =
      order.isAtOnce ? .startNow(order.command, imsi: order.imsi) : .command(order.command, imsi: order.imsi)
    core.feed(input, mme: 0, at: now, using: &engine, into: &scratch)
    flush()
  }

  /// Lets the next thing happen: a message, an association, a timer. Returns at once when woken by a signal.
  ///
  /// - Parameter limit: returns then if nothing happened before; nil waits for ever.
  public func advance(until limit: Duration? = nil) throws(TransportError) {
    if core.expire(at: now, using: &engine, into: &scratch) {
      flush()
      return
    }
    let due = [limit, core.nextDeadline()].compactMap { $0 }.min()
    let timeout = due.map { max(.zero, $0 - now) }
    for event in try transport.poll(timeout: timeout) { take(event) }
    receiveDatagrams()
  }

  private func receiveDatagrams() {
    while let datagram = s10?.receive() {
      let peer = CoreAddress(octets: datagram.source.octets, port: datagram.source.port)
      log(.gtp(from: node(at: peer), to: 0, octets: datagram.octets))
      core.feed(.gtp(datagram.octets, from: peer), mme: 0, at: now, using: &engine, into: &scratch)
      flush()
    }
  }

  private func take(_ event: TransportEvent) {
    switch event {
    case .accepted(let association, let peer):
      names[association.value] = peer
      log(.association(leg(association), .up))
      core.feed(.associationUp(association.value), mme: 0, at: now, using: &engine, into: &scratch)
    case .message(let association, let stream, let protocolIdentifier, let octets):
      if protocolIdentifier != S1APOverSCTP.payloadProtocolIdentifier { noteForeign(protocolIdentifier, association) }
      log(.s1ap(leg(association), .uplink, stream: stream, octets: octets))
      core.feed(.s1ap(octets, association: association.value, stream: stream), mme: 0, at: now, using: &engine, into: &scratch)
    case .closed(let association, let error):
      names[association.value] = nil
      noted.remove(association.value)
      log(.association(leg(association), .down(error?.description ?? "ended in order")))
      core.feed(.associationDown(association.value), mme: 0, at: now, using: &engine, into: &scratch)
    case .connected, .wake:
      return
    }
    flush()
  }

  private func flush() {
    let time = now
    for effect in scratch { effects.append(TimedEffect(time: time, effect: effect)) }
    scratch.removeAll(keepingCapacity: true)
    while let sent = core.outgoingGTP.popFirst() {
      log(.gtp(from: 0, to: node(at: sent.address), octets: sent.octets))
      if let target = SocketAddress(octets: sent.address.octets, port: sent.address.port), s10?.send(sent.octets, to: target) != true {
        log(.note("S10: a datagram to \(sent.address) was not sent"))
      }
    }
    while let sent = core.outgoing.popFirst() {
      let association = AssociationID(sent.association)
      let stream = min(sent.stream, UInt16(max(1, transport.outboundStreams(of: association))) - 1)
      log(.s1ap(leg(association), .downlink, stream: stream, octets: sent.octets))
      do { try transport.send(sent.octets, on: association, stream: stream) } catch {
        log(.note("\(name(sent.association)): \(error.description)"))
        transport.close(association)
      }
    }
  }

  /// S1AP has PPID 18 (TS 36.412 §7); some stacks send 0. It is read all the same, and said once per association.
  private func noteForeign(_ protocolIdentifier: UInt32, _ association: AssociationID) {
    guard noted.insert(association.value).inserted else { return }
    log(.note("\(name(association.value)): PPID \(protocolIdentifier) instead of \(S1APOverSCTP.payloadProtocolIdentifier)"))
  }

  private func leg(_ association: AssociationID) -> S1Leg { S1Leg(eNB: association.value, mme: 0) }
  private func log(_ body: TraceEvent.Body) { effects.append(TimedEffect(time: now, effect: .trace(body))) }

  /// The address of the eNB behind an association.
  public func name(_ association: Int) -> String { names[association] ?? "eNB \(association)" }

  /// Takes what happened since the last call, in order.
  public func takeEffects() -> [TimedEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// Ends every association in order.
  public func shutDown() {
    for association in names.keys { transport.close(AssociationID(association)) }
    let limit = now + .seconds(2)
    while !names.isEmpty, now < limit {
      guard let events = try? transport.poll(timeout: limit - now) else { return }
      for event in events { take(event) }
    }
  }
}
