import Glibc

/// The same calls between endpoints of one process: no kernel, no wire, the same order of events and the same bounds.
///
/// Each endpoint belongs to one thread. Two endpoints in one thread are polled with `.zero`: nobody else could end the wait.
public final class InProcessTransport: SignallingTransport, InterruptibleTransport {
  public let limits: TransportLimits
  private let network: InProcessNetwork
  private let endpoint: Int
  private let wakeUp: WakeUp
  private var watched: [Int32] = []

  public init(on network: InProcessNetwork, limits: TransportLimits = TransportLimits()) throws(TransportError) {
    let wakeUp = try WakeUp()
    self.network = network
    self.limits = limits
    self.wakeUp = wakeUp
    endpoint = network.withState { state in
      let number = state.nextEndpoint
      state.nextEndpoint += 1
      state.endpoints[number] = InProcessNetwork.Endpoint(wakeUp: wakeUp)
      return number
    }
  }

  /// As when a process ends: its peers see their associations closed.
  deinit {
    let endpoint = endpoint
    network.withState { state in
      for association in state.endpoints[endpoint]?.links.keys.map({ $0 }) ?? [] { state.cut(association, of: endpoint, nil) }
      state.listeners = state.listeners.filter { $0.value != endpoint }
      state.endpoints[endpoint] = nil
    }
  }

  public var wakeDescriptor: Int32 { wakeUp.descriptor }

  public func wake() { wakeUp.raise() }

  public func watch(_ descriptor: Int32) { watched.append(descriptor) }

  public func connect(to remote: [SocketAddress], from local: [SocketAddress]) throws(TransportError) -> AssociationID {
    guard let first = remote.first else { throw TransportError(.invalidArgument, "connect to which address? give --mme HOST[:PORT]") }
    let endpoint = endpoint
    let name = local.first?.description ?? "in-process endpoint \(endpoint)"
    return network.withState { state in
      let id = state.endpoints[endpoint]?.nextID() ?? AssociationID(0)
      guard let server = remote.compactMap({ state.listeners[$0] }).first, let accepted = state.endpoints[server]?.nextID() else {
        state.post(.closed(id, .system(ECONNREFUSED, doing: "connect to \(first)")), to: endpoint)
        return id
      }
      state.endpoints[endpoint]?.links[id] = InProcessNetwork.Link(peerEndpoint: server, peerAssociation: accepted)
      state.endpoints[server]?.links[accepted] = InProcessNetwork.Link(peerEndpoint: endpoint, peerAssociation: id)
      state.post(.connected(id, peer: "\(first)"), to: endpoint)
      state.post(.accepted(accepted, peer: name), to: server)
      return id
    }
  }

  public func listen(on local: [SocketAddress]) throws(TransportError) {
    guard !local.isEmpty else { throw TransportError(.invalidArgument, "listen on which address? give --listen ADDRESS[:PORT]") }
    let endpoint = endpoint
    let taken = network.withState { state -> SocketAddress? in
      if let taken = local.first(where: { state.listeners[$0] != nil }) { return taken }
      for address in local { state.listeners[address] = endpoint }
      return nil
    }
    if let taken { throw .system(EADDRINUSE, doing: "listen on \(taken)") }
  }

  public func send(_ octets: [UInt8], on association: AssociationID, stream: UInt16) throws(TransportError) {
    guard !octets.isEmpty else { throw TransportError(.invalidArgument, "cannot send: an SCTP message has at least one octet") }
    guard octets.count <= limits.messageOctets else {
      throw TransportError(.messageTooLong, "cannot send \(octets.count) octets: at most \(limits.messageOctets) are allowed")
    }
    guard stream < limits.streams else {
      throw TransportError(.invalidStream, "cannot send on stream \(stream): \(limits.streams) streams were agreed, use one below that")
    }
    let endpoint = endpoint
    let isUp = network.withState { state in
      guard let link = state.endpoints[endpoint]?.links[association] else { return false }
      let event = TransportEvent.message(
        link.peerAssociation, stream: stream, ppid: S1APOverSCTP.payloadProtocolIdentifier, octets: octets)
      state.post(event, to: link.peerEndpoint)
      return true
    }
    guard isUp else { throw TransportError(.notConnected, "cannot send: \(association) is not up; connect again") }
  }

  /// The peer has what is sent at once.
  public func queuedOctets(of association: AssociationID) -> Int { 0 }

  public func poll(timeout: Duration?) throws(TransportError) -> [TransportEvent] {
    let deadline = Deadline(timeout)
    let endpoint = endpoint
    while true {
      // Forgotten before the events are looked at: one that is announced after the look must end the wait below.
      let isWoken = wakeUp.take()
      var events = network.withState { state -> [TransportEvent] in
        guard let events = state.endpoints[endpoint]?.events else { return [] }
        state.endpoints[endpoint]?.events = []
        return events
      }
      if isWoken { events.append(.wake) }
      let wait = deadline.milliseconds
      if !events.isEmpty || wait == 0 { return events }
      var waited = ([wakeUp.descriptor] + watched).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = Glibc.poll(&waited, nfds_t(waited.count), wait)
      if waited.dropFirst().contains(where: { $0.revents != 0 }) { return [.wake] }
    }
  }

  public func close(_ association: AssociationID) {
    let endpoint = endpoint
    network.withState { state in
      guard state.endpoints[endpoint]?.links[association] != nil else { return }
      state.cut(association, of: endpoint, nil)
      state.post(.closed(association, nil), to: endpoint)
    }
  }

  /// Ends an association so that the peer sees a reset. No `.closed` follows here.
  public func abort(_ association: AssociationID) {
    let endpoint = endpoint
    network.withState { $0.cut(association, of: endpoint, .system(ECONNRESET, doing: "go on with in-process endpoint \(endpoint)")) }
  }

  public func outboundStreams(of association: AssociationID) -> UInt16 {
    let endpoint = endpoint
    return network.withState { $0.endpoints[endpoint]?.links[association] != nil } ? limits.streams : 0
  }
}

extension InProcessTransport {
  /// Two endpoints that are connected: the eNB's side and the MME's, with their numbers for the association.
  public static func pair(
    limits: TransportLimits = TransportLimits()
  ) throws(TransportError)
    -> (eNB: InProcessTransport, eNBSide: AssociationID, mme: InProcessTransport, mmeSide: AssociationID)
  {
    let network = InProcessNetwork()
    let mme = try InProcessTransport(on: network, limits: limits)
    let eNB = try InProcessTransport(on: network, limits: limits)
    let address = SocketAddress(octets: [127, 0, 0, 1], port: S1APOverSCTP.port, scope: 0)
    try mme.listen(on: [address])
    let eNBSide = try eNB.connect(to: [address], from: [])
    var mmeSide = AssociationID(0)
    for case .accepted(let id, _) in try mme.poll(timeout: .zero) { mmeSide = id }
    _ = try eNB.poll(timeout: .zero)
    return (eNB, eNBSide, mme, mmeSide)
  }
}
