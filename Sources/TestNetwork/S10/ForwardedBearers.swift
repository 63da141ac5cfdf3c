import GTPv2C
import NASMessages

/// A UE's bearers as S10 has them (TS 29.274 §7.3.1, tables 7.3.1-2 and 7.3.1-3). There is no PGW: its addresses are the SGW's.
extension MME {
  func pdnConnections(of index: Int) -> [PDNConnection] {
    ues[index].bearers.filter(\.isDefault).map { standard in
      var connection = PDNConnection()
      if case .standard(let name, let address) = standard.kind {
        connection.add(PDNConnection.accessPointName, AccessPointLabels(octets: name.labels.flatMap { [UInt8($0.count)] + $0 }))
        connection.addAddress(address)
      }
      connection.add(PDNConnection.linkedBearer, EPSBearerIdentityValue(standard.identity))
      let gateway = configuration.userPlaneAddress
      connection.add(
        PDNConnection.gateway, FullyQualifiedTEID(.s5PGWControlPlane, teid: standard.tunnelEndpoint, address: gateway))
      for bearer in ues[index].bearers where bearer.linkedIdentity == standard.identity {
        var context = BearerContext(identity: bearer.identity)
        context.add(BearerContext.servingGateway, FullyQualifiedTEID(.s1USGW, teid: bearer.tunnelEndpoint, address: gateway))
        context.add(BearerContext.qos, BearerQualityOfService(qci: bearer.qci))
        connection.add(PDNConnection.bearer, context)
      }
      connection.add(
        PDNConnection.bitRate,
        AccessPointBitRate(
          uplink: UInt32(clamping: configuration.maximumBitRateUplink / 1_000),
          downlink: UInt32(clamping: configuration.maximumBitRateDownlink / 1_000)))
      return connection
    }
  }

  /// The bearers of these connections, default bearers first; unusable ones and more than eleven are left out.
  func bearers(of connections: [PDNConnection]) -> [Bearer] {
    var bearers: [Bearer] = []
    for connection in connections {
      guard let linked = (try? connection[PDNConnection.linkedBearer])?.identity, Bearer.identities.contains(linked),
        let contexts = try? connection.all(PDNConnection.bearer)
      else { continue }
      for context in contexts {
        guard let identity = (try? context[BearerContext.identity])?.identity, Bearer.identities.contains(identity),
          !bearers.contains(where: { $0.identity == identity })
        else { continue }
        let qci = (try? context[BearerContext.qos])?.qci ?? configuration.defaultQCI
        let endpoint = (try? context[BearerContext.servingGateway])?.teid ?? UInt32(identity)
        let kind: Bearer.Kind =
          identity == linked
          ? .standard(
            accessPointName: (try? connection[PDNConnection.accessPointName])?.name ?? configuration.defaultAccessPointName,
            address: connection.address)
          : .dedicated(linked: linked)
        bearers.append(Bearer(identity: identity, kind: kind, qci: qci, tunnelEndpoint: endpoint))
      }
    }
    return bearers.filter(\.isDefault)
      + bearers.filter { bearer in
        !bearer.isDefault && bearers.contains { $0.isDefault && $0.identity == bearer.linkedIdentity }
      }
  }
}

extension PDNConnection {
  fileprivate mutating func addAddress(_ address: PDNAddress) {
    func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
    switch address {
    case .ipv4(let value): add(Self.ipv4Address, IPAddressOctets(octets: octets(UInt64(value), 4)))
    case .ipv6(let interface):
      add(Self.ipv6Address, IPAddressOctets(octets: [0xFE, 0x80, 0, 0, 0, 0, 0, 0] + octets(interface, 8)))
    case .ipv4v6(let interface, let value):
      add(Self.ipv4Address, IPAddressOctets(octets: octets(UInt64(value), 4)))
      add(Self.ipv6Address, IPAddressOctets(octets: [0xFE, 0x80, 0, 0, 0, 0, 0, 0] + octets(interface, 8)))
    case .other: break
    }
  }

  fileprivate var address: PDNAddress {
    func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
    let four = (try? self[Self.ipv4Address])?.octets
    let six = (try? self[Self.ipv6Address])?.octets
    let low = four.map { UInt32(truncatingIfNeeded: number($0[...])) }
    let interface = six.map { number($0.suffix(8)) }
    switch (low, interface) {
    case (let low?, nil): return .ipv4(low)
    case (nil, let interface?): return .ipv6(interface)
    case (let low?, let interface?): return .ipv4v6(interfaceIdentifier: interface, ipv4: low)
    case (nil, nil): return .ipv4(0)
    }
  }
}

extension AccessPointLabels {
  /// nil for what is no APN of printable labels.
  fileprivate var name: AccessPointName? {
    var labels: [String] = []
    var rest = octets[...]
    guard (2...100).contains(octets.count) else { return nil }
    while let length = rest.first.map(Int.init) {
      let label = rest.dropFirst().prefix(length)
      guard (1...63).contains(length), label.count == length, label.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2E }) else {
        return nil
      }
      labels.append(String(decoding: label, as: UTF8.self))
      rest = rest.dropFirst(length + 1)
    }
    return AccessPointName(labels.joined(separator: "."))
  }
}
