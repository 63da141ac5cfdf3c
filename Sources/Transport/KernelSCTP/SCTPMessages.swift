import CLinux
import Glibc

/// What one `recvmsg` gave.
enum SCTPReceived {
  /// The octets are in the buffer; `whole` is MSG_EOR.
  case data(count: Int, stream: UInt16, ppid: UInt32, whole: Bool)
  case notification(SCTPNotification)
  /// The peer ended the association.
  case end
  case wait
  case failed(Int32)
}

/// The notifications that matter here (RFC 6458 §6.1).
enum SCTPNotification: Equatable {
  case up
  case lost
  /// The orderly end that we asked for is complete.
  case ended
  case restarted
  case partialDeliveryAborted
  case other

  init(_ raw: UnsafeRawBufferPointer) {
    guard raw.count >= 12 else {
      self = .other
      return
    }
    switch Int(raw.loadUnaligned(as: UInt16.self)) {
    case 0x8001:  // SCTP_ASSOC_CHANGE; sac_state at octet 8
      switch raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self) {
      case 0: self = .up
      case 1, 4: self = .lost  // SCTP_COMM_LOST, SCTP_CANT_STR_ASSOC
      case 2: self = .restarted
      case 3: self = .ended  // SCTP_SHUTDOWN_COMP
      default: self = .other
      }
    case 0x8006: self = .partialDeliveryAborted
    default: self = .other
    }
  }
}

extension SCTPSocket {
  /// `cmsghdr` is three words of 8 octets at most; the payload follows, aligned to 8.
  private static let controlHeader = 16
  private static let controlOctets = 256

  /// Sends one message whole, or not at all.
  func send(_ octets: [UInt8], stream: UInt16, ppid: UInt32) -> Progress {
    var information = sctp_sndinfo()
    information.snd_sid = stream
    information.snd_ppid = ppid.bigEndian
    let space = Self.controlHeader + MemoryLayout<sctp_sndinfo>.size
    return withUnsafeTemporaryAllocation(byteCount: space, alignment: 8) { control in
      var header = cmsghdr()
      header.cmsg_len = space
      header.cmsg_level = Self.ipprotoSCTP
      header.cmsg_type = Int32(SCTP_SNDINFO.rawValue)
      control.storeBytes(of: header, as: cmsghdr.self)
      control.storeBytes(of: information, toByteOffset: Self.controlHeader, as: sctp_sndinfo.self)
      return octets.withUnsafeBytes { data in
        var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: data.baseAddress), iov_len: data.count)
        return withUnsafeMutablePointer(to: &vector) { vector in
          var message = msghdr()
          message.msg_iov = vector
          message.msg_iovlen = 1
          message.msg_control = control.baseAddress
          message.msg_controllen = space
          while true {
            if sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) >= 0 { return .done }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wait
            default: return .failed(errno)
            }
          }
        }
      }
    }
  }

  /// Receives what is there into the buffer.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> SCTPReceived {
    withUnsafeTemporaryAllocation(byteCount: Self.controlOctets, alignment: 8) { control in
      var vector = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
      return withUnsafeMutablePointer(to: &vector) { vector in
        var message = msghdr()
        message.msg_iov = vector
        message.msg_iovlen = 1
        var count: Int
        repeat {
          message.msg_control = control.baseAddress
          message.msg_controllen = Self.controlOctets
          count = recvmsg(descriptor, &message, 0)
        } while count < 0 && errno == EINTR
        guard count >= 0 else { return errno == EAGAIN ? .wait : .failed(errno) }
        if UInt32(bitPattern: message.msg_flags) & 0x8000 != 0 {  // MSG_NOTIFICATION
          return .notification(SCTPNotification(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        }
        guard count > 0 else { return .end }
        let information = Self.receiveInformation(UnsafeRawBufferPointer(rebasing: control[..<Int(message.msg_controllen)]))
        return .data(
          count: count, stream: information?.rcv_sid ?? 0, ppid: UInt32(bigEndian: information?.rcv_ppid ?? 0),
          whole: message.msg_flags & Int32(MSG_EOR) != 0)
      }
    }
  }

  /// Finds SCTP_RCVINFO among the control messages (RFC 6458 §5.3.5).
  private static func receiveInformation(_ control: UnsafeRawBufferPointer) -> sctp_rcvinfo? {
    var offset = 0
    while offset + controlHeader <= control.count {
      let header = control.loadUnaligned(fromByteOffset: offset, as: cmsghdr.self)
      let length = Int(header.cmsg_len)
      guard length >= controlHeader, offset + length <= control.count else { return nil }
      if header.cmsg_level == ipprotoSCTP, header.cmsg_type == Int32(SCTP_RCVINFO.rawValue),
        length >= controlHeader + MemoryLayout<sctp_rcvinfo>.size
      {
        return control.loadUnaligned(fromByteOffset: offset + controlHeader, as: sctp_rcvinfo.self)
      }
      offset += (length + 7) & ~7
    }
    return nil
  }
}
