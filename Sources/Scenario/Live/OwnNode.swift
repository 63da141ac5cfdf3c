import DequeModule
import NASCrypto
import TestNetwork
import Trace
import Transport

/// A node of ours in a live run: an MME, the S10 peer of somebody else's, or an SGSN, with which that speaks S3. Our eNBs reach it inside this
/// process, other nodes reach it over UDP.
public final class OwnNode {
  var core: CoreNetwork
  /// Its number among the nodes of the run.
  public let number: Int
  let socket: DatagramSocket
  /// The numbers that the nodes which it exchanges messages with have in the log, by address.
  private let nodes: [[UInt8]: Int]
  /// Whoever else.
  private let stranger: Int

  /// An MME, bound to the address for S10 of its configuration.
  ///
  /// - Parameters:
  ///   - mme: which has an address for S10; its peers are the MMEs that are not ours.
  ///   - number: its number among the MMEs of the run.
  ///   - nodes: the numbers of the others, by where they speak GTPv2-C.
  ///   - count: of nodes in the run.
  /// - Throws: where the address is taken, or not ours.
  public convenience init(
    _ mme: MME, number: Int, nodes: [(address: CoreAddress, number: Int)], count: Int
  ) throws(TransportError) {
    guard let own = mme.configuration.s10Address else { preconditionFailure("an MME of ours beside others speaks S10") }
    try self.init(CoreNetwork(mmes: [mme], firstNumber: number), at: own, number: number, nodes: nodes, count: count)
  }

  /// An SGSN, bound to the address for S3 of its configuration.
  public convenience init(
    _ sgsn: SGSN, number: Int, nodes: [(address: CoreAddress, number: Int)], count: Int
  ) throws(TransportError) {
    try self.init(
      CoreNetwork(mmes: [], sgsn: sgsn, firstNumber: number), at: sgsn.configuration.address, number: number, nodes: nodes, count: count)
  }

  private init(
    _ core: CoreNetwork, at address: CoreAddress, number: Int, nodes: [(address: CoreAddress, number: Int)], count: Int
  ) throws(TransportError) {
    guard let local = SocketAddress(octets: address.octets, port: address.port) else {
      preconditionFailure("an address is of IPv4 or IPv6")
    }
    socket = try DatagramSocket(on: local)
    self.core = core
    self.number = number
    self.nodes = Dictionary(nodes.map { ($0.address.octets, $0.number) }, uniquingKeysWith: { first, _ in first })
    stranger = count
  }

  /// nil where it is none.
  public var mme: MME? { core.mmes.first }

  func node(at address: CoreAddress) -> Int { nodes[address.octets] ?? stranger }

  func feed(_ input: MME.Input, at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) {
    core.feed(input, mme: 0, at: now, using: &engine, into: &effects)
  }

  /// Lets one expired timer act.
  func expire(at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) -> Bool {
    core.expire(at: now, using: &engine, into: &effects)
  }

  /// Takes the datagrams that have come.
  func receive(at now: Duration, using engine: inout CryptoEngine, into effects: inout [Effect]) {
    while let datagram = socket.receive() {
      let peer = CoreAddress(octets: datagram.source.octets, port: datagram.source.port)
      effects.append(.trace(.gtp(from: node(at: peer), to: number, octets: datagram.octets)))
      if mme == nil {
        core.feedSGSN(.gtp(datagram.octets, from: peer), at: now, into: &effects)
      } else {
        feed(.gtp(datagram.octets, from: peer), at: now, using: &engine, into: &effects)
      }
      send(into: &effects)
    }
  }

  /// Sends what it has for other nodes.
  func send(into effects: inout [Effect]) {
    while let sent = core.outgoingGTP.popFirst() {
      effects.append(.trace(.gtp(from: number, to: node(at: sent.address), octets: sent.octets)))
      guard let target = SocketAddress(octets: sent.address.octets, port: sent.address.port), socket.send(sent.octets, to: target) else {
        effects.append(.trace(.note("GTPv2-C: a datagram to \(sent.address) was not sent")))
        continue
      }
    }
  }
}
