import Glibc

/// One association on its socket: what waits to be sent, and the message that has come in part.
final class SCTPAssociation {
  enum State {
    /// INIT sent.
    case connecting
    case up
    /// We asked for the end; what still comes is dropped.
    case closing
  }

  let socket: SCTPSocket
  let peer: String
  var id: AssociationID
  var state: State
  var outboundStreams: UInt16 = 0
  private(set) var queue = SendQueue()
  private var partial: [UInt8] = []
  private var lost = false

  init(_ id: AssociationID, socket: SCTPSocket, peer: String, state: State) {
    self.id = id
    self.socket = socket
    self.peer = peer
    self.state = state
  }

  // MARK: - Sending

  func send(_ octets: [UInt8], stream: UInt16, limits: TransportLimits) throws(TransportError) {
    guard state == .up else { throw TransportError(.notConnected, "cannot send to \(peer): the association is not up; connect again") }
    guard !octets.isEmpty else { throw TransportError(.invalidArgument, "cannot send to \(peer): an SCTP message has at least one octet") }
    guard octets.count <= limits.messageOctets else {
      throw TransportError(
        .messageTooLong, "cannot send to \(peer): \(octets.count) octets, at most \(limits.messageOctets) are allowed")
    }
    guard stream < outboundStreams else {
      throw TransportError(
        .invalidStream, "cannot send to \(peer) on stream \(stream): \(outboundStreams) streams were agreed, use one below that")
    }
    if queue.isEmpty {
      switch socket.send(octets, stream: stream, ppid: S1APOverSCTP.payloadProtocolIdentifier) {
      case .done: return
      case .wait: break
      case .failed(let code): throw .system(code, doing: "send to \(peer)")
      }
    }
    guard queue.octets + octets.count <= limits.queuedOctets else {
      throw TransportError(.queueFull, "cannot send to \(peer): it does not read, \(queue.octets) octets wait; look at the peer")
    }
    queue.append(octets, stream: stream)
  }

  /// Sends what waits, as far as the socket takes it. An error is left for the reading side to report.
  func flush() {
    while let next = queue.first {
      switch socket.send(next.octets, stream: next.stream, ppid: S1APOverSCTP.payloadProtocolIdentifier) {
      case .done: queue.removeFirst()
      case .wait: return
      case .failed:
        while !queue.isEmpty { queue.removeFirst() }
        return
      }
    }
  }

  // MARK: - Receiving

  enum Ending {
    /// More may come.
    case open
    case closed(TransportError?)
    /// The peer began anew on the same addresses (RFC 9260 §5.2): the association is up, everything before is void.
    case restarted
  }

  /// Reads whole messages, at most `budget` of them so that one busy peer does not starve the others.
  func read(
    budget: Int, buffer: UnsafeMutableRawBufferPointer, limits: TransportLimits, into events: inout [TransportEvent]
  ) -> Ending {
    var left = budget
    while left > 0 {
      switch socket.receive(into: buffer) {
      case .data(let count, let stream, let ppid, let whole):
        let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        guard partial.count + count <= limits.messageOctets else {
          return .closed(
            TransportError(.messageTooLong, "\(peer) sent a message of more than \(limits.messageOctets) octets; association closed"))
        }
        // A one-to-one socket does not begin another message before the end of this one (RFC 6458 §8.1.20, level 0).
        if !whole {
          partial.append(contentsOf: piece)
          continue
        }
        left -= 1
        var octets: [UInt8]
        if partial.isEmpty {
          octets = [UInt8](piece)
        } else {
          octets = partial
          octets.append(contentsOf: piece)
          partial = []
        }
        if state == .up { events.append(.message(id, stream: stream, ppid: ppid, octets: octets)) }
      case .notification(.lost): lost = true
      // Linux gives a one-to-one socket that asked for the end this notification and no end of file.
      case .notification(.ended): return .closed(nil)
      case .notification(.restarted):
        partial = []
        while !queue.isEmpty { queue.removeFirst() }
        return .restarted
      case .notification(.partialDeliveryAborted): partial = []
      case .notification(.up), .notification(.other): continue
      case .wait: return lost ? .closed(.system(ECONNRESET, doing: "go on with \(peer)")) : .open
      case .end: return .closed(lost && state != .closing ? .system(ECONNRESET, doing: "go on with \(peer)") : nil)
      case .failed(ENOTCONN) where state == .closing: return .closed(nil)
      case .failed(let code): return .closed(.system(code, doing: "go on with \(peer)"))
      }
    }
    return .open
  }
}
