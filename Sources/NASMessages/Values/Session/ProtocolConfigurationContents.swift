// What protocols and containers of protocol configuration options have in them, TS 24.008 table 10.5.154.

extension ProtocolConfigurationOptions.Container: CustomStringConvertible {
  /// The specification's name, of the container that the network sends where the two directions differ (the UE's is then the
  /// request for it); `nil` for identifiers without one.
  public var name: String? {
    switch identifier {
    case Self.ipcp: "IPCP"
    case Self.lcp: "LCP"
    case Self.pap: "PAP"
    case Self.chap: "CHAP"
    case Self.pCSCFIPv6: "P-CSCF IPv6"
    case Self.imCNSubsystemSignallingFlag: "IM CN subsystem signalling flag"
    case Self.dnsServerIPv6: "DNS server IPv6"
    case 0x0004: "policy control rejection code"
    case Self.selectedBearerControlMode: "bearer control mode"
    case 0x0007: "DSMIPv6 home agent"
    case 0x0008: "DSMIPv6 home network prefix"
    case 0x0009: "DSMIPv6 IPv4 home agent"
    case Self.ipAddressAllocationViaNAS: "IP address allocation via NAS"
    case Self.ipv4AddressAllocationViaDHCP: "IPv4 address allocation via DHCPv4"
    case Self.pCSCFIPv4: "P-CSCF IPv4"
    case Self.dnsServerIPv4: "DNS server IPv4"
    case Self.msisdn: "MSISDN"
    case 0x000F: "IFOM support"
    case Self.ipv4LinkMTU: "IPv4 link MTU"
    case Self.localAddressInTFT: "local address in TFT"
    case 0x0012: "P-CSCF re-selection support"
    case 0x0013: "NBIFOM indicator"
    case 0x0014: "NBIFOM mode"
    case Self.nonIPLinkMTU: "non-IP link MTU"
    case Self.apnRateControl: "APN rate control"
    case Self.psDataOff: "PS data off"
    case 0x0018: "reliable data service"
    case 0x0019: "additional APN rate control for exception data"
    case Self.pduSessionIdentity: "PDU session identity"
    case Self.sNSSAI: "S-NSSAI"
    case Self.qosRules: "QoS rules"
    case Self.sessionAMBR: "session AMBR"
    case 0x001E: "PDU session address lifetime"
    case Self.qosFlowDescriptions: "QoS flow descriptions"
    case 0x0020: "Ethernet frame payload MTU"
    case 0x0021: "unstructured link MTU"
    case 0x0022: "5GSM cause"
    case Self.longQoSRules: "QoS rules (long)"
    case Self.longQoSFlowDescriptions: "QoS flow descriptions (long)"
    case 0x0025: "small data rate control"
    case 0x0026: "additional small data rate control for exception data"
    case 0x0027: "ACS information"
    case 0x0028: "initial small data rate control"
    case 0x0029: "initial additional small data rate control for exception data"
    case 0x002A: "initial APN rate control"
    case 0x002B: "initial additional APN rate control for exception data"
    case 0x0030: "ATSSS"
    case 0x0031: "DNS server security information"
    default: nil
    }
  }

  /// The address of containers that are one (DNS server, P-CSCF, home agent), as text.
  public var address: String? {
    switch (identifier, contents.count) {
    case (Self.dnsServerIPv4, 4), (Self.pCSCFIPv4, 4), (0x0009, 4): dottedAddress(contents)
    case (Self.dnsServerIPv6, 16), (Self.pCSCFIPv6, 16), (0x0007, 16): ipv6Address(contents)
    default: nil
    }
  }

  /// The number of containers that are one: octets of an MTU, identity of a PDU session, cause.
  public var number: Int? {
    switch (identifier, contents.count) {
    case (Self.ipv4LinkMTU, 2), (Self.nonIPLinkMTU, 2), (0x0020, 2), (0x0021, 2): Int(contents[0]) << 8 | Int(contents[1])
    case (Self.pduSessionIdentity, 1), (0x0022, 1), (0x0004, 1): Int(contents[0])
    default: nil
    }
  }

  /// An option of an IPCP packet (RFC 1332, RFC 1877) and its address.
  public struct IPCPOption: Hashable, Sendable {
    /// 3 IP address, 129 primary DNS server, 131 secondary DNS server.
    public let type: UInt8
    /// What follows type and length: an address.
    public let contents: [UInt8]
  }

  /// The options of an IPCP packet; `nil`: none, or another protocol.
  public var ipcpOptions: [IPCPOption]? {
    guard identifier == Self.ipcp, contents.count >= 4 else { return nil }
    // Code, identifier and two octets of length; what is beyond the length is padding.
    var rest = contents.prefix(max(4, Int(contents[2]) << 8 | Int(contents[3]))).dropFirst(4)
    var options: [IPCPOption] = []
    while let type = rest.popFirst() {
      guard let length = rest.popFirst(), length >= 2, rest.count >= Int(length) - 2 else { return options }
      options.append(IPCPOption(type: type, contents: Array(rest.prefix(Int(length) - 2))))
      rest = rest.dropFirst(Int(length) - 2)
    }
    return options
  }

  /// "DNS server IPv4 8.8.8.8"; contents that have no words here as hexadecimal digits.
  public var description: String {
    let name = name ?? "0x\(hexDigits(identifier, 4))"
    guard !contents.isEmpty else { return name }
    if let address { return name + " " + address }
    if let number { return name + " \(number)" }
    switch identifier {
    case Self.ipcp, Self.pap, Self.chap, Self.lcp: return name + " " + packetWords
    case Self.selectedBearerControlMode where contents == [1]: return name + " MS only"
    case Self.selectedBearerControlMode where contents == [2]: return name + " MS and network"
    case Self.psDataOff where contents == [1]: return name + " deactivated"
    case Self.psDataOff where contents == [2]: return name + " activated"
    default: return name + " " + hexString(contents)
    }
  }

  /// The packet of a configuration protocol: its code by name, the options of IPCP.
  private var packetWords: String {
    let names =
      switch identifier {
      case Self.pap: ["", "Authenticate-Request", "Authenticate-Ack", "Authenticate-Nak"]
      case Self.chap: ["", "Challenge", "Response", "Success", "Failure"]
      default: ["", "Configure-Request", "Configure-Ack", "Configure-Nak", "Configure-Reject"]
      }
    let code = Int(contents[0])
    guard 1..<names.count ~= code else { return hexString(contents) }
    guard let options = ipcpOptions else { return names[code] + " " + hexString(contents.dropFirst()) }
    return names[code]
      + options.map { option in
        let kind =
          switch option.type {
          case 3: "IP address"
          case 129: "primary DNS server"
          case 130: "primary NBNS server"
          case 131: "secondary DNS server"
          case 132: "secondary NBNS server"
          default: "option \(option.type)"
          }
        return ", \(kind) " + (option.contents.count == 4 ? dottedAddress(option.contents) : hexString(option.contents))
      }.joined()
  }
}
