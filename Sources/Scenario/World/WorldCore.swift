import DequeModule
import GTPv2C
import NASCrypto
import TestNetwork
import Trace

/// A GTPv2-C message on its way between two nodes of the core network, by number.
struct GTPHop: Sendable {
  var from: Int
  var to: Int
  var octets: [UInt8]
}

/// What is held or lost between the nodes of the core network, by type of message.
public struct GTPControl: Sendable {
  /// How many of a type are lost on their way.
  public var lost: [GTPv2CMessageType: Int] = [:]
  /// Types that stay on their way until ``World/releaseGTP(_:)``.
  public var holding: Set<GTPv2CMessageType> = []
  var held: [GTPHop] = []

  /// - Returns: the message if it goes on.
  mutating func pass(_ hop: GTPHop) -> GTPHop? {
    guard !lost.isEmpty || !holding.isEmpty, let type = GTPv2CMessage.outline(of: hop.octets)?.type else { return hop }
    if let count = lost[type], count > 0 {
      lost[type] = count - 1
      return nil
    }
    guard holding.contains(type) else { return hop }
    held.append(hop)
    return nil
  }
}

/// The core network's inside: S10 between its MMEs.
extension World {
  /// Lets what is held of a type go on, and holds no more of it.
  public mutating func releaseGTP(_ type: GTPv2CMessageType) {
    gtpControl.holding.remove(type)
    let free = gtpControl.held.filter { GTPv2CMessage.outline(of: $0.octets)?.type == type }
    gtpControl.held.removeAll { GTPv2CMessage.outline(of: $0.octets)?.type == type }
    gtpHops.append(contentsOf: free)
  }

  mutating func collectGTP() {
    while let sent = core.outgoingGTP.popFirst() {
      guard let target = core.node(at: sent.address) else {
        effects.append(.trace(.note("MME \(sent.mme): nobody has the address \(sent.address)")))
        continue
      }
      if isTracing { effects.append(.trace(.gtp(from: sent.mme, to: target, octets: sent.octets))) }
      if let hop = gtpControl.pass(GTPHop(from: sent.mme, to: target, octets: sent.octets)) { gtpHops.append(hop) }
    }
  }

  mutating func carry(_ hop: GTPHop, using engine: inout CryptoEngine) {
    guard let source = core.address(of: hop.from) else { return }
    guard hop.to != core.sgsnNumber else {
      core.feedSGSN(.gtp(hop.octets, from: source), at: now, into: &effects)
      while let (imsi, container) = core.commanded.popFirst() {
        radio.arrive(imsi, container: container, at: now, using: &engine, into: &effects)
      }
      return
    }
    core.feed(.gtp(hop.octets, from: source), mme: hop.to, at: now, using: &engine, into: &effects)
  }
}

extension CoreNetwork {
  /// The MME that speaks S10 there, or the SGSN that speaks S3.
  func node(at address: CoreAddress) -> Int? {
    mmes.firstIndex { $0.configuration.s10Address == address } ?? (sgsn?.configuration.address == address ? sgsnNumber : nil)
  }

  func address(of node: Int) -> CoreAddress? {
    mmes.indices.contains(node) ? mmes[node].configuration.s10Address : node == sgsnNumber ? sgsn?.configuration.address : nil
  }

  /// MMEs that know each other, each with a seed of its own; all ask one HSS.
  ///
  /// - Parameter withSGSN: an SGSN beside them, which they know.
  public init(linking configurations: [MMEConfiguration], subscribers: [SubscriberCredentials], seed: UInt64, withSGSN: Bool = false) {
    var linked = MMEConfiguration.linked(configurations)
    var sgsn: SGSN?
    if withSGSN { sgsn = SGSN(beside: &linked) }
    self.init(
      mmes: linked.enumerated().map { number, configuration in
        MME(configuration: configuration, subscribers: subscribers, seed: seed &+ UInt64(number))
      }, sgsn: sgsn)
  }
}
