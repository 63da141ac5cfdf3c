import CLinux
import Glibc

/// The system calls of one one-to-one SCTP socket (RFC 6458 §4), without libsctp. Errors come back as errno.
struct SCTPSocket {
  static let ipprotoSCTP: Int32 = 132

  let descriptor: Int32

  /// What the kernel says of a call that may have to wait.
  enum Progress: Equatable {
    case done
    case wait
    case failed(Int32)
  }

  // MARK: - Opening

  /// A non-blocking socket with everything set that every association needs.
  static func open(ipv6: Bool, limits: TransportLimits, doing: @autoclosure () -> String) throws(TransportError) -> SCTPSocket {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(ipv6 ? AF_INET6 : AF_INET, kind, ipprotoSCTP)
    guard descriptor >= 0 else { throw .system(errno, doing: doing()) }
    let opened = SCTPSocket(descriptor: descriptor)
    guard opened.configure(limits) else {
      let code = errno
      opened.close()
      throw .system(code, doing: doing())
    }
    return opened
  }

  /// Sets the options that both opened and accepted sockets need; false with errno when the kernel refuses one.
  func configure(_ limits: TransportLimits) -> Bool {
    var subscription = sctp_event_subscribe()
    subscription.sctp_association_event = 1
    subscription.sctp_partial_delivery_event = 1
    var initial = sctp_initmsg()
    initial.sinit_num_ostreams = limits.streams
    initial.sinit_max_instreams = limits.streams
    initial.sinit_max_attempts = limits.connectAttempts
    initial.sinit_max_init_timeo = limits.connectInterval
    // A peer that is gone shall be noticed in tens of seconds, not in the minutes of the RFC's defaults (RFC 9260 §16).
    var retransmission = sctp_rtoinfo()
    retransmission.srto_initial = 1000
    retransmission.srto_min = 500
    retransmission.srto_max = 4000
    var association = sctp_assocparams()
    association.sasoc_asocmaxrxt = 6
    return set(SCTP_NODELAY, Int32(1)) && set(SCTP_RECVRCVINFO, Int32(1)) && set(SCTP_EVENTS, subscription)
      && set(SCTP_INITMSG, initial) && set(SCTP_RTOINFO, retransmission) && set(SCTP_ASSOCINFO, association)
  }

  private func set<T>(_ option: Int32, _ value: T) -> Bool {
    withUnsafeBytes(of: value) {
      setsockopt(descriptor, Self.ipprotoSCTP, option, $0.baseAddress, socklen_t($0.count)) == 0
    }
  }

  /// Lets a port be taken again right after its last association ended.
  func reuseAddress() {
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  func close() { _ = Glibc.close(descriptor) }

  /// Closes with an ABORT chunk instead of the orderly shutdown.
  func abort() {
    var now = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  /// Starts the orderly shutdown: what was sent is delivered first.
  func shutdown() { _ = Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

  // MARK: - Addresses

  /// Binds to all addresses: the first by `bind`, the others with the same port by the option behind `sctp_bindx` (RFC 6458 §9.1).
  func bind(_ addresses: [SocketAddress]) -> Int32? {
    guard let first = addresses.first else { return nil }
    let octets = first.socketOctets
    let status = octets.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: sockaddr.self) { Glibc.bind(descriptor, $0.baseAddress, socklen_t(raw.count)) }
    }
    guard status == 0 else { return errno }
    guard addresses.count > 1 else { return nil }
    let port = localAddress?.port ?? first.port
    let others = addresses.dropFirst().flatMap { address -> [UInt8] in
      var same = address
      same.port = port
      return same.socketOctets
    }
    return setsockopt(descriptor, Self.ipprotoSCTP, SCTP_SOCKOPT_BINDX_ADD, others, socklen_t(others.count)) == 0 ? nil : errno
  }

  /// Starts an association to one endpoint with one or more addresses (`sctp_connectx`, RFC 6458 §9.9).
  func connect(_ addresses: [SocketAddress]) -> Progress {
    let octets = addresses.flatMap(\.socketOctets)
    let status: Int32
    if addresses.count == 1 {
      status = octets.withUnsafeBytes { raw in
        raw.withMemoryRebound(to: sockaddr.self) { Glibc.connect(descriptor, $0.baseAddress, socklen_t(raw.count)) }
      }
    } else {
      status = setsockopt(descriptor, Self.ipprotoSCTP, SCTP_SOCKOPT_CONNECTX, octets, socklen_t(octets.count))
    }
    if status >= 0 { return .done }
    return errno == EINPROGRESS ? .wait : .failed(errno)
  }

  func listen() -> Int32? { Glibc.listen(descriptor, 128) == 0 ? nil : errno }

  /// The next association that a peer opened; `nil` when there is none now, and errno tells whether that is all.
  func accept() -> SCTPSocket? {
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { return nil }
    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
    return SCTPSocket(descriptor: accepted)
  }

  var localAddress: SocketAddress? { name(getsockname) }
  var peerAddress: SocketAddress? { name(getpeername) }

  private typealias NameCall = (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32

  private func name(_ call: NameCall) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &storage) { raw in
      let status = raw.withMemoryRebound(to: sockaddr.self) { call(descriptor, $0.baseAddress, &length) }
      guard status == 0 else { return nil }
      return SocketAddress(socketOctets: UnsafeRawBufferPointer(rebasing: raw[..<min(raw.count, Int(length))]))
    }
  }

  // MARK: - State

  /// Takes the socket's pending error, 0 when there is none.
  func takeError() -> Int32 {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
  }

  /// Streams negotiated towards the peer; `nil` when there is no association.
  var outboundStreams: UInt16? {
    var status = sctp_status()
    var length = socklen_t(MemoryLayout<sctp_status>.size)
    guard getsockopt(descriptor, Self.ipprotoSCTP, SCTP_STATUS, &status, &length) == 0 else { return nil }
    return status.sstat_outstrms
  }
}
