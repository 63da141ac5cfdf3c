import Glibc

/// S1AP over the kernel's SCTP: one-to-one sockets on one epoll set (RFC 6458 §4).
///
/// Not for several threads: one owns it, and only `wake()` may be called from elsewhere.
public final class KernelSCTP: SignallingTransport, InterruptibleTransport {
  /// Streams, sizes and patience this transport was made with.
  public let limits: TransportLimits

  private let wakeUp: WakeUp
  private let sockets: EventPoll
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
  private var associations: [Int: SCTPAssociation] = [:]
  private var listeners: [SCTPSocket] = []
  private var listenersArePaused = false
  private var nextAssociation = 1
  private var pending: [TransportEvent] = []

  private static let wakeToken: UInt64 = 0
  private static let listenerTokens: UInt64 = 1 << 63
  private static let watchedToken: UInt64 = 1 << 62

  /// - Throws: `.noSCTP` when the kernel has none.
  public init(limits: TransportLimits = TransportLimits()) throws(TransportError) {
    self.limits = limits
    wakeUp = try WakeUp()
    sockets = try EventPoll()
    try sockets.add(wakeUp.descriptor, token: Self.wakeToken)
    // Asked for now, so that a missing protocol is told before anything else happens. Needs no rights; loads the module where it may.
    try SCTPSocket.open(ipv6: false, limits: limits, doing: "use SCTP").close()
  }

  deinit {
    for association in associations.values { association.socket.close() }
    for listener in listeners { listener.close() }
    buffer.deallocate()
  }

  /// Whether this kernel has SCTP for this user.
  public static var isAvailable: Bool {
    guard let probe = try? SCTPSocket.open(ipv6: false, limits: TransportLimits(), doing: "use SCTP") else { return false }
    probe.close()
    return true
  }

  public var wakeDescriptor: Int32 { wakeUp.descriptor }

  public func wake() { wakeUp.raise() }

  public func watch(_ descriptor: Int32) throws(TransportError) { try sockets.add(descriptor, token: Self.watchedToken) }

  // MARK: - Opening

  public func connect(to remote: [SocketAddress], from local: [SocketAddress]) throws(TransportError) -> AssociationID {
    guard let first = remote.first else { throw TransportError(.invalidArgument, "connect to which address? give --mme HOST[:PORT]") }
    let peer = remote.map(\.description).joined(separator: ", ")
    let socket = try SCTPSocket.open(
      ipv6: (remote + local).contains { $0.isIPv6 }, limits: limits, doing: "connect to \(peer)")
    if !local.isEmpty {
      socket.reuseAddress()
      if let code = socket.bind(local) {
        socket.close()
        throw .system(code, doing: "bind to \(local.map(\.description).joined(separator: ", "))")
      }
    }
    if case .failed(let code) = socket.connect(remote) {
      socket.close()
      throw .system(code, doing: "connect to \(peer)")
    }
    let id = nextID()
    do {
      try sockets.add(socket.descriptor, token: UInt64(id.value), write: true)
    } catch {
      socket.close()
      throw error
    }
    associations[id.value] = SCTPAssociation(id, socket: socket, peer: "\(first)", state: .connecting)
    return id
  }

  public func listen(on local: [SocketAddress]) throws(TransportError) {
    guard !local.isEmpty else { throw TransportError(.invalidArgument, "listen on which address? give --listen ADDRESS[:PORT]") }
    let doing = "listen on \(local.map(\.description).joined(separator: ", "))"
    let socket = try SCTPSocket.open(ipv6: local.contains { $0.isIPv6 }, limits: limits, doing: doing)
    socket.reuseAddress()
    if let code = socket.bind(local) ?? socket.listen() {
      socket.close()
      throw .system(code, doing: doing)
    }
    do {
      try sockets.add(socket.descriptor, token: Self.listenerTokens | UInt64(listeners.count))
    } catch {
      socket.close()
      throw error
    }
    listeners.append(socket)
  }

  /// First address of each listening endpoint, with the port the kernel chose where 0 was given.
  public var listeningAddresses: [SocketAddress] { listeners.compactMap(\.localAddress) }

  private func nextID() -> AssociationID {
    defer { nextAssociation += 1 }
    return AssociationID(nextAssociation)
  }

  // MARK: - Using

  public func send(_ octets: [UInt8], on association: AssociationID, stream: UInt16) throws(TransportError) {
    guard let target = associations[association.value] else {
      throw TransportError(.notConnected, "cannot send: \(association) has ended; connect again")
    }
    let wasEmpty = target.queue.isEmpty
    try target.send(octets, stream: stream, limits: limits)
    if wasEmpty, !target.queue.isEmpty { sockets.change(target.socket.descriptor, token: UInt64(target.id.value), write: true) }
  }

  public func outboundStreams(of association: AssociationID) -> UInt16 {
    guard let target = associations[association.value], target.state == .up else { return 0 }
    return target.outboundStreams
  }

  /// Octets that wait for a peer that does not read.
  public func queuedOctets(of association: AssociationID) -> Int { associations[association.value]?.queue.octets ?? 0 }

  public func close(_ association: AssociationID) {
    guard let target = associations[association.value] else { return }
    switch target.state {
    case .closing: return
    case .connecting:
      forget(target)
      pending.append(.closed(target.id, nil))
    case .up:
      target.state = .closing
      target.flush()
      if target.queue.isEmpty { target.socket.shutdown() }
    }
  }

  /// Ends an association at once (ABORT): what was not delivered is lost, the peer sees a reset. No `.closed` follows.
  public func abort(_ association: AssociationID) {
    guard let target = associations.removeValue(forKey: association.value) else { return }
    sockets.remove(target.socket.descriptor)
    target.socket.abort()
    resumeListeners()
  }

  // MARK: - Waiting

  public func poll(timeout: Duration?) throws(TransportError) -> [TransportEvent] {
    let deadline = Deadline(timeout)
    while true {
      let wait = pending.isEmpty ? deadline.milliseconds : 0
      for ready in try sockets.wait(milliseconds: wait) {
        if ready.token == Self.wakeToken {
          if wakeUp.take() { pending.append(.wake) }
        } else if ready.token == Self.watchedToken {
          pending.append(.wake)
        } else if ready.token & Self.listenerTokens != 0 {
          accept(from: listeners[Int(ready.token ^ Self.listenerTokens)])
        } else if let association = associations[Int(ready.token)] {
          serve(association, ready)
        }
      }
      if !pending.isEmpty || wait == 0 {
        defer { pending.removeAll(keepingCapacity: true) }
        return pending
      }
    }
  }

  private func accept(from listener: SCTPSocket) {
    while true {
      guard let socket = listener.accept() else {
        switch errno {
        case ECONNABORTED, EINTR, EPROTO: continue
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: pauseListeners()
        default: break
        }
        return
      }
      guard associations.count < limits.associations, socket.configure(limits), let streams = socket.outboundStreams else {
        socket.abort()
        continue
      }
      let id = nextID()
      let peer = socket.peerAddress?.description ?? "a peer"
      guard (try? sockets.add(socket.descriptor, token: UInt64(id.value))) != nil else {
        socket.abort()
        continue
      }
      let association = SCTPAssociation(id, socket: socket, peer: peer, state: .up)
      association.outboundStreams = streams
      associations[id.value] = association
      pending.append(.accepted(id, peer: peer))
    }
  }

  private func serve(_ association: SCTPAssociation, _ ready: EventPoll.Readiness) {
    if association.state == .connecting {
      let code = association.socket.takeError()
      guard code == 0, let streams = association.socket.outboundStreams else {
        forget(association)
        pending.append(.closed(association.id, .system(code == 0 ? ECONNRESET : code, doing: "connect to \(association.peer)")))
        return
      }
      association.state = .up
      association.outboundStreams = streams
      sockets.change(association.socket.descriptor, token: UInt64(association.id.value), write: false)
      pending.append(.connected(association.id, peer: association.peer))
    } else if ready.isWritable, !association.queue.isEmpty {
      association.flush()
      if association.queue.isEmpty {
        sockets.change(association.socket.descriptor, token: UInt64(association.id.value), write: false)
        if association.state == .closing { association.socket.shutdown() }
      }
    }
    guard ready.isReadable else { return }
    switch association.read(budget: 64, buffer: buffer, limits: limits, into: &pending) {
    case .open: break
    case .closed(let error):
      forget(association, abort: error?.code == .messageTooLong)
      pending.append(.closed(association.id, error))
    case .restarted: restart(association)
    }
  }

  /// The same socket under a new number: for S1AP a restarted peer is a new one (TS 36.413 §8.7.3 S1 SETUP comes first again).
  private func restart(_ association: SCTPAssociation) {
    guard association.state != .closing else {
      forget(association)
      pending.append(.closed(association.id, nil))
      return
    }
    let old = association.id
    pending.append(.closed(old, TransportError(.reset, "\(association.peer) restarted: what was set up with it is gone")))
    associations[old.value] = nil
    association.id = nextID()
    association.outboundStreams = association.socket.outboundStreams ?? 0
    associations[association.id.value] = association
    sockets.change(association.socket.descriptor, token: UInt64(association.id.value), write: false)
    pending.append(.accepted(association.id, peer: association.peer))
  }

  private func forget(_ association: SCTPAssociation, abort: Bool = false) {
    associations[association.id.value] = nil
    sockets.remove(association.socket.descriptor)
    if abort { association.socket.abort() } else { association.socket.close() }
    resumeListeners()
  }

  // MARK: - Out of descriptors

  /// A level-triggered listener that cannot accept would keep `poll` spinning.
  private func pauseListeners() {
    listenersArePaused = true
    for listener in listeners { sockets.remove(listener.descriptor) }
  }

  private func resumeListeners() {
    guard listenersArePaused else { return }
    listenersArePaused = false
    for (index, listener) in listeners.enumerated() {
      try? sockets.add(listener.descriptor, token: Self.listenerTokens | UInt64(index))
    }
  }
}
