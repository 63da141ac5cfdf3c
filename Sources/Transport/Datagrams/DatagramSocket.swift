import CLinux
import Glibc

/// UDP for GTPv2-C: one bound socket, without waiting. Whoever owns it lets a transport watch its descriptor.
public final class DatagramSocket {
  /// A datagram and where it came from.
  public struct Datagram: Sendable, Equatable {
    public var source: SocketAddress
    public var octets: [UInt8]
  }

  public let descriptor: Int32
  private var isOpen = true
  /// With the port that the kernel chose where 0 was given.
  public let address: SocketAddress
  /// The largest payload of UDP over IPv4.
  public static let maximumLength = 65_507

  /// - Throws: where the address is taken, not ours, or not allowed.
  public init(on local: SocketAddress) throws(TransportError) {
    let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let opened = socket(local.isIPv6 ? AF_INET6 : AF_INET, kind, 0)
    guard opened >= 0 else { throw .system(errno, doing: "open a UDP socket") }
    let bound = local.socketOctets.withUnsafeBytes { raw -> Int32 in
      guard let start = raw.baseAddress else { return -1 }
      return bind(opened, start.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
    guard bound == 0 else {
      let code = errno
      _ = Glibc.close(opened)
      throw .system(code, doing: "bind UDP to \(local)")
    }
    var storage = [UInt8](repeating: 0, count: 128)
    var length = socklen_t(storage.count)
    let named = storage.withUnsafeMutableBytes { raw -> SocketAddress? in
      guard let start = raw.baseAddress, getsockname(opened, start.assumingMemoryBound(to: sockaddr.self), &length) == 0 else { return nil }
      return SocketAddress(socketOctets: UnsafeRawBufferPointer(rebasing: raw[..<Int(length)]))
    }
    descriptor = opened
    address = named ?? local
  }

  deinit { close() }

  /// Gives the address back; nothing is sent or received any more.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    _ = Glibc.close(descriptor)
  }

  /// Sends one datagram. What cannot be sent is lost, as on the way.
  ///
  /// - Returns: false where the kernel did not take it.
  @discardableResult
  public func send(_ octets: [UInt8], to peer: SocketAddress) -> Bool {
    guard isOpen else { return false }
    let target = peer.socketOctets
    let sent = octets.withUnsafeBytes { payload in
      target.withUnsafeBytes { raw -> Int in
        guard let start = raw.baseAddress else { return -1 }
        return sendto(
          descriptor, payload.baseAddress, payload.count, Int32(MSG_NOSIGNAL), start.assumingMemoryBound(to: sockaddr.self),
          socklen_t(raw.count))
      }
    }
    return sent == octets.count
  }

  /// The next datagram that has come; nil when there is none. Errors that ICMP brought are passed over.
  public func receive() -> Datagram? {
    guard isOpen else { return nil }
    var payload = [UInt8](repeating: 0, count: Self.maximumLength)
    var source = [UInt8](repeating: 0, count: 128)
    for _ in 0..<8 {
      var length = socklen_t(source.count)
      let count = payload.withUnsafeMutableBytes { buffer in
        source.withUnsafeMutableBytes { raw -> Int in
          guard let start = raw.baseAddress else { return -1 }
          return recvfrom(descriptor, buffer.baseAddress, buffer.count, 0, start.assumingMemoryBound(to: sockaddr.self), &length)
        }
      }
      guard count >= 0 else {
        if errno == EAGAIN || errno == EWOULDBLOCK { return nil }
        continue
      }
      let address = source.withUnsafeBytes { SocketAddress(socketOctets: UnsafeRawBufferPointer(rebasing: $0[..<Int(length)])) }
      guard let address else { continue }
      return Datagram(source: address, octets: Array(payload[..<count]))
    }
    return nil
  }
}

extension SocketAddress {
  /// - Parameter octets: four or sixteen; nil for others.
  public init?(octets: [UInt8], port: UInt16) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    self.init(octets: octets, port: port, scope: 0)
  }
}
