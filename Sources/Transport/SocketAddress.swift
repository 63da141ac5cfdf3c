import CLinux
import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 octets, as on the wire.
  public let octets: [UInt8]
  public var port: UInt16
  /// Index of the interface of a link-local IPv6 address, else 0.
  public let scope: UInt32

  public var isIPv6: Bool { octets.count == 16 }

  /// A numeric address: "127.0.0.1", "::1", "[::1]", "fe80::1%eth0". `nil` when it is none.
  public init?(_ host: String, port: UInt16) {
    var text = host
    if text.hasPrefix("[") && text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(octets: withUnsafeBytes(of: four) { [UInt8]($0) }, port: port, scope: 0)
      return
    }
    var scope: UInt32 = 0
    if let percent = text.firstIndex(of: "%") {
      let name = String(text[text.index(after: percent)...])
      scope = UInt32(name) ?? if_nametoindex(name)
      guard scope != 0 else { return nil }
      text = String(text[..<percent])
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self.init(octets: withUnsafeBytes(of: six) { [UInt8]($0) }, port: port, scope: scope)
  }

  /// A numeric address with or without a port: "127.0.0.1:36412", "[::1]:36412", "127.0.0.1", "::1". `nil` when it is none.
  public init?(_ text: String, defaultPort: UInt16 = S1APOverSCTP.port) {
    guard let (host, port) = Self.split(text) else { return nil }
    self.init(host, port: port ?? defaultPort)
  }

  init(octets: [UInt8], port: UInt16, scope: UInt32) {
    self.octets = octets
    self.port = port
    self.scope = scope
  }

  /// Takes host and port apart; a port needs brackets around an IPv6 address. `nil` when the port is not a number of 16 bits.
  static func split(_ text: String) -> (host: String, port: UInt16?)? {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return (host, nil) }
      guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()) else { return nil }
      return (host, port)
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text.isEmpty ? nil : (text, nil) }
    guard !parts[0].isEmpty, let port = UInt16(parts[1]) else { return nil }
    return (String(parts[0]), port)
  }

  /// The address without the port.
  public var host: String {
    var text = [CChar](repeating: 0, count: 64)
    octets.withUnsafeBytes { _ = inet_ntop(isIPv6 ? AF_INET6 : AF_INET, $0.baseAddress, &text, socklen_t(text.count)) }
    let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return scope == 0 ? host : "\(host)%\(scope)"
  }

  public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

// MARK: - The kernel's form

extension SocketAddress {
  /// `sockaddr_in` or `sockaddr_in6`, as octets; several one after another are what the kernel takes for multihoming.
  var socketOctets: [UInt8] {
    if isIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      address.sin6_scope_id = scope
      withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: octets) }
      return withUnsafeBytes(of: address) { [UInt8]($0) }
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: octets) }
    return withUnsafeBytes(of: address) { [UInt8]($0) }
  }

  /// Reads what the kernel wrote; `nil` for another family. IPv4 in an IPv6 socket is given as IPv4.
  init?(socketOctets raw: UnsafeRawBufferPointer) {
    guard raw.count >= MemoryLayout<sockaddr_in>.size else { return nil }
    switch Int32(raw.loadUnaligned(as: sa_family_t.self)) {
    case AF_INET:
      let address = raw.loadUnaligned(as: sockaddr_in.self)
      self.init(
        octets: withUnsafeBytes(of: address.sin_addr) { [UInt8]($0) }, port: UInt16(bigEndian: address.sin_port), scope: 0)
    case AF_INET6 where raw.count >= MemoryLayout<sockaddr_in6>.size:
      let address = raw.loadUnaligned(as: sockaddr_in6.self)
      let octets = withUnsafeBytes(of: address.sin6_addr) { [UInt8]($0) }
      let mapped = octets[..<10].allSatisfy { $0 == 0 } && octets[10] == 0xff && octets[11] == 0xff
      self.init(
        octets: mapped ? [UInt8](octets[12...]) : octets, port: UInt16(bigEndian: address.sin6_port),
        scope: mapped ? 0 : address.sin6_scope_id)
    default: return nil
    }
  }

  /// Looks a host name up, or reads a numeric address: "mme.example", "mme.example:36412", "127.0.0.1", "[::1]:36412".
  /// - Returns: one or more addresses in the order the resolver prefers.
  public static func resolve(_ text: String, defaultPort: UInt16 = S1APOverSCTP.port) throws(TransportError) -> [SocketAddress] {
    if let numeric = SocketAddress(text, defaultPort: defaultPort) { return [numeric] }
    guard let (host, port) = split(text) else {
      throw TransportError(.invalidArgument, "'\(text)' is no address: expected HOST, HOST:PORT or [IPv6]:PORT")
    }
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, nil, &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    var found: [SocketAddress] = []
    var entry = status == 0 ? list : nil
    while let current = entry {
      if let address = current.pointee.ai_addr {
        let raw = UnsafeRawBufferPointer(start: address, count: Int(current.pointee.ai_addrlen))
        if var parsed = SocketAddress(socketOctets: raw) {
          parsed.port = port ?? defaultPort
          if !found.contains(parsed) { found.append(parsed) }
        }
      }
      entry = current.pointee.ai_next
    }
    guard !found.isEmpty else {
      let reason = status == 0 ? "no IPv4 or IPv6 address" : String(cString: gai_strerror(status))
      throw TransportError(.unknownHost, "cannot find '\(host)' (\(reason)): give its address, or check the name")
    }
    return found
  }
}
