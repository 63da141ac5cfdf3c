import Glibc

extension TransportError {
  /// What errno means for an association, in words.
  /// - Parameters:
  ///   - code: errno.
  ///   - doing: what was tried, as in "connect to 127.0.0.1:36412".
  static func system(_ code: Int32, doing: String) -> TransportError {
    switch code {
    case EPROTONOSUPPORT, ESOCKTNOSUPPORT, ENOPROTOOPT, EAFNOSUPPORT:
      return TransportError(
        .noSCTP,
        "cannot \(doing): this kernel has no SCTP; run 'modprobe sctp' as root (Ubuntu: install linux-modules-extra-$(uname -r) first), or use --test-network"
      )
    case ENOSYS:
      return TransportError(
        .noSCTP, "cannot \(doing): the kernel's SCTP misses the hash for its cookies; run 'modprobe -a hmac md5 sha1_generic' as root")
    case ECONNREFUSED:
      return TransportError(.refused, "cannot \(doing): refused; nothing listens there, start the MME or check address and port")
    case ECONNRESET, ECONNABORTED, EPIPE:
      return TransportError(.reset, "cannot \(doing): the peer aborted the association; look at its log for the reason")
    case ETIMEDOUT:
      return TransportError(.timedOut, "cannot \(doing): no answer; check that the peer runs and that nothing filters SCTP on the way")
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN:
      return TransportError(.unreachable, "cannot \(doing): no route; check the address and 'ip route'")
    case EADDRINUSE:
      return TransportError(.addressInUse, "cannot \(doing): another process has this address and port; end it or choose another")
    case EADDRNOTAVAIL:
      return TransportError(.addressNotAvailable, "cannot \(doing): not an address of this machine; see 'ip address', check --bind")
    case EACCES, EPERM:
      return TransportError(.notPermitted, "cannot \(doing): not permitted to this user; check ports below 1024 and firewall rules")
    case ENOTCONN, ESHUTDOWN:
      return TransportError(.notConnected, "cannot \(doing): the association is not up; connect again")
    case EMSGSIZE:
      return TransportError(.messageTooLong, "cannot \(doing): the message is too long for the socket")
    default:
      return TransportError(.system(code), "cannot \(doing): \(String(cString: strerror(code))) (errno \(code))")
    }
  }
}
