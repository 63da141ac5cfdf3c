extension SecurityProtectedNAS {
  /// The same message with some of its parts forced. A changed message keeps its MAC unless that is given too: whether the lie is
  /// protected is for the caller to say, who computes the MAC.
  ///
  /// - Parameter protocolDiscriminator: 0 to 15; anything but 7 is no protected message any more, hence octets.
  public func replacing(
    headerType: SecurityHeaderType? = nil, mac: UInt32? = nil, sequenceNumber: UInt8? = nil, payload: [UInt8]? = nil,
    protocolDiscriminator: UInt8? = nil
  ) -> [UInt8] {
    var changed = SecurityProtectedNAS(
      headerType: headerType ?? self.headerType, mac: mac ?? self.mac, sequenceNumber: sequenceNumber ?? self.sequenceNumber,
      payload: payload ?? Array(self.payload)
    ).octets
    if let protocolDiscriminator { changed[0] = changed[0] & 0xF0 | protocolDiscriminator & 0x0F }
    return changed
  }
}

extension ServiceRequest {
  /// The same message with some of its parts forced.
  ///
  /// - Parameters:
  ///   - firstOctet: security header type and protocol discriminator.
  ///   - ksi: 3 bits.
  ///   - sequenceNumber5: 5 bits.
  public func replacing(firstOctet: UInt8? = nil, ksi: UInt8? = nil, sequenceNumber5: UInt8? = nil, shortMAC: UInt16? = nil) -> [UInt8] {
    var octets = encoded()
    if let firstOctet { octets[0] = firstOctet }
    if let ksi { octets[1] = octets[1] & 0x1F | ksi << 5 }
    if let sequenceNumber5 { octets[1] = octets[1] & 0xE0 | sequenceNumber5 & 0x1F }
    if let shortMAC {
      octets[2] = UInt8(truncatingIfNeeded: shortMAC >> 8)
      octets[3] = UInt8(truncatingIfNeeded: shortMAC)
    }
    return octets
  }
}
