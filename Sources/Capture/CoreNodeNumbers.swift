/// The numbers of MMEs and of the other nodes of the core network in a capture: a node that speaks S1AP and GTPv2-C from one address has one.
struct CoreNodeNumbers: Sendable {
  private var mmes: [TransportEndpoint: Int] = [:]
  private var nodes: [IPAddress: Int] = [:]
  private var count = 0
  /// A capture can name any number of addresses: those beyond share the last number.
  private static let maximumNodes = 4096

  /// Of the MME whose end of S1 this is. Several MMEs on one address are told apart by their ports; the first one met speaks GTPv2-C there.
  mutating func number(ofMME endpoint: TransportEndpoint) -> Int {
    if let known = mmes[endpoint] { return known }
    let number: Int
    if let node = nodes[endpoint.address], !mmes.values.contains(node) {
      number = node
    } else {
      number = take()
      if nodes[endpoint.address] == nil { nodes[endpoint.address] = number }
    }
    mmes[endpoint] = number
    return number
  }

  /// Of the node that speaks GTPv2-C there.
  mutating func number(at address: IPAddress) -> Int {
    if let known = nodes[address] { return known }
    if nodes.count >= Self.maximumNodes { return max(0, count - 1) }
    let number = take()
    nodes[address] = number
    return number
  }

  private mutating func take() -> Int {
    defer { count += 1 }
    return count
  }
}
