import NASCrypto

/// A UE's latest NAS message of each direction that has been seen at one end and not at the other: it is held, lost, or altered.
struct MessagesInTransit {
  /// Left the UE.
  private var uplink: [UInt8]?
  /// Left the MME.
  private var downlink: [UInt8]?

  var isEmpty: Bool { uplink == nil && downlink == nil }

  /// At the point between UE and eNB.
  mutating func atRadio(_ octets: [UInt8], _ direction: LinkDirection) {
    switch direction {
    case .uplink: uplink = octets
    case .downlink: if downlink == octets { downlink = nil }
    }
  }

  /// On S1.
  mutating func onWire(_ octets: [UInt8], _ direction: LinkDirection) {
    switch direction {
    case .uplink: if uplink == octets { uplink = nil }
    case .downlink: downlink = octets
    }
  }
}
