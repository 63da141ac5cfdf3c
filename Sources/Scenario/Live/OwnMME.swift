import DequeModule
import NASCrypto
import TestNetwork
import Trace
import Transport

/// An MME of ours in a live run: the S10 peer of somebody else's. Our eNBs reach it inside this process, other MMEs reach it over UDP.
public final class OwnMME {
  var core: CoreNetwork
  /// Its number among the MMEs of the run.
  public let number: Int
  let socket: DatagramSocket
  /// The numbers that the nodes which it exchanges messages with have in the log, by address.
  private let nodes: [[UInt8]: Int]
  /// Whoever else.
  private let stranger: Int

  /// Bound to the address for S10 of the MME's configuration.
  ///
  /// - Parameters:
  ///   - mme: which has an address for S10; its peers are the MMEs that are not ours.
  ///   - number: its number among the MMEs of the run.
  ///   - nodes: the numbers of the others, by where they speak S10.
  ///   - count: of MMEs in the run.
  /// - Throws: where the address is taken, or not ours.
  public init(_ mme: MME, number: Int, nodes: [(address: CoreAddress, number: Int)], count: Int) throws(TransportError) {
    guard let own = mme.configuration.s10Address, let local = SocketAddress(octets: own.octets, port: own.port) else {
      preconditionFailure("an MME of ours beside others speaks S10")
    }
    socket = try DatagramSocket(on: local)
    core = CoreNetwork(mmes: [mme], firstNumber: number)
    self.number = number
    self.nodes = Dictionary(nodes.map { ($0.address.octets, $0.number) }, uniquingKeysWith: { first, _ in first })
    stranger = count
  }

  public var mme: MME { core.mmes[0] }

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
      feed(.gtp(datagram.octets, from: peer), at: now, using: &engine, into: &effects)
      send(into: &effects)
    }
  }

  /// Sends what it has for other MMEs.
  func send(into effects: inout [Effect]) {
    while let sent = core.outgoingGTP.popFirst() {
      effects.append(.trace(.gtp(from: number, to: node(at: sent.address), octets: sent.octets)))
      guard let target = SocketAddress(octets: sent.address.octets, port: sent.address.port), socket.send(sent.octets, to: target) else {
        effects.append(.trace(.note("S10: a datagram to \(sent.address) was not sent")))
        continue
      }
    }
  }
}
