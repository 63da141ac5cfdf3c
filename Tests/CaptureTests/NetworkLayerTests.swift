import Testing

@testable import Capture

@Suite("From link layer to SCTP")
struct NetworkLayerTests {
  private static let payload = FrameBuilder.sctp(1, 2, [])
  private static let ip = FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, payload)
  private static let ip6 = FrameBuilder.ipv6([UInt8](repeating: 1, count: 16), [UInt8](repeating: 2, count: 16), payload)

  private func reason(_ octets: [UInt8], _ linkType: LinkType = .raw) -> CaptureRemark.Reason? {
    if case .unusable(let reason) = NetworkLayer.open(FrameBuilder.packet(octets, linkType)) { return reason }
    return nil
  }

  private func isFragment(_ octets: [UInt8]) -> Bool {
    if case .fragment = NetworkLayer.open(FrameBuilder.packet(octets, .raw)) { return true }
    return false
  }

  @Test("every link type reaches the same SCTP packet")
  func linkTypes() {
    let macs = [UInt8](repeating: 0, count: 12)
    let frames: [(LinkType, [UInt8])] = [
      (.ethernet, macs + [0x08, 0x00] + Self.ip), (.ethernet, macs + [0x86, 0xdd] + Self.ip6),
      (.ethernet, macs + [0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 0x08, 0x00] + Self.ip),
      (.linuxSLL, [UInt8](repeating: 0, count: 14) + [0x08, 0x00] + Self.ip),
      (.linuxSLL, [UInt8](repeating: 0, count: 14) + [0x81, 0x00, 0, 7, 0x08, 0x00] + Self.ip),
      (.linuxSLL2, [0x81, 0x00] + [UInt8](repeating: 0, count: 18) + [0, 7, 0x86, 0xdd] + Self.ip6),
      (.linuxSLL2, [0x08, 0x00] + [UInt8](repeating: 0, count: 18) + Self.ip), (.raw, Self.ip), (.rawBSD, Self.ip6), (.ipv4, Self.ip),
      (.ipv6, Self.ip6), (.null, [2, 0, 0, 0] + Self.ip), (.loop, [0, 0, 0, 24] + Self.ip6),
      // Ethernet padding behind the IP packet is not part of it.
      (.ethernet, macs + [0x08, 0x00] + Self.ip + [0, 0, 0, 0]),
    ]
    for (linkType, frame) in frames {
      guard case .sctp(let datagram) = NetworkLayer.open(FrameBuilder.packet(frame, linkType)) else {
        Issue.record("\(linkType)")
        continue
      }
      #expect(datagram.octets.elementsEqual(Self.payload), "\(linkType)")
    }
  }

  @Test("labels of MPLS and SCTP in UDP are gone through")
  func labelsAndTunnels() {
    let macs = [UInt8](repeating: 0, count: 12)
    let tunnel = FrameBuilder.be16(50_000) + FrameBuilder.be16(9899) + FrameBuilder.be16(8 + Self.payload.count) + [0, 0] + Self.payload
    var udp = FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, tunnel)
    udp[9] = 17
    let frames: [[UInt8]] = [
      macs + [0x88, 0x47, 0, 1, 0x01, 64] + Self.ip, macs + [0x88, 0x48, 0, 1, 0x00, 64, 0, 2, 0x01, 64] + Self.ip6,
      macs + [0x81, 0, 0, 7, 0x88, 0x47, 0, 1, 0x01, 64] + Self.ip, macs + [0x08, 0x00] + udp,
    ]
    for frame in frames {
      guard case .sctp(let datagram) = NetworkLayer.open(FrameBuilder.packet(frame, .ethernet)) else {
        Issue.record("\(frame.prefix(24))")
        continue
      }
      #expect(datagram.octets.elementsEqual(Self.payload))
    }
    // No last label, another protocol behind it, another port.
    #expect(reason(macs + [0x88, 0x47, 0, 1, 0x00, 64], .ethernet) == .truncatedPacket)
    udp[22] = 0
    for frame in [macs + [0x88, 0x47, 0, 1, 0x01, 64, 0, 0, 0, 0], macs + [0x08, 0x00] + udp] {
      if case .other = NetworkLayer.open(FrameBuilder.packet(frame, .ethernet)) { continue }
      Issue.record("\(frame.prefix(24))")
    }
  }

  @Test("a payload protocol that is not said is S1AP on its port")
  func unsaidPayloadProtocol() {
    let chunk = FrameBuilder.data(tsn: 1, [0, 17, 1], ppid: 0)
    #expect(FrameBuilder.bodies([FrameBuilder.up(chunk)]).pdus == [[0, 17, 1]])
    let elsewhere = FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, FrameBuilder.sctp(50_000, 36422, chunk))
    #expect(FrameBuilder.bodies([elsewhere]).pdus == [])
  }

  @Test("IPv6 extension headers are stepped over, fragments are known")
  func extensionHeaders() {
    let address = [UInt8](repeating: 1, count: 16)
    let options: [UInt8] = [132, 0] + [UInt8](repeating: 0, count: 6)
    guard case .sctp = NetworkLayer.open(FrameBuilder.packet(FrameBuilder.ipv6(address, address, Self.payload, headers: options, next: 0)))
    else {
      Issue.record("hop-by-hop")
      return
    }
    let fragment: [UInt8] = [132, 0, 0, 1, 0, 0, 0, 1]
    #expect(isFragment(FrameBuilder.ipv6(address, address, Self.payload, headers: fragment, next: 44)))
    let atomic: [UInt8] = [132, 0, 0, 0, 0, 0, 0, 1]
    guard case .sctp = NetworkLayer.open(FrameBuilder.packet(FrameBuilder.ipv6(address, address, Self.payload, headers: atomic, next: 44)))
    else {
      Issue.record("atomic fragment")
      return
    }
    let first = FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, Self.payload, fragment: 0x2000)
    #expect(isFragment(first))
    #expect(isFragment(FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, Self.payload, fragment: 100)))
    // One that the snapshot length has cut is of no use.
    #expect(reason(Array(first.dropLast())) == .truncatedPacket)
    // Don't fragment is not a fragment.
    #expect(!isFragment(FrameBuilder.ipv4(FrameBuilder.eNB, FrameBuilder.mme, Self.payload, fragment: 0x4000)))
  }

  @Test("every prefix of a packet has a reason, not a trap")
  func prefixes() {
    for length in 0..<40 {
      _ = NetworkLayer.open(FrameBuilder.packet(Array(Self.ip6[..<length])))
      if length < 20 { #expect(reason(Array(Self.ip[..<length])) == .truncatedPacket) }
    }
    #expect(reason([0x41] + Self.ip[1...]) == .malformedIP)
    #expect(reason([0x25] + Self.ip[1...]) == .malformedIP)
    #expect(reason(Self.ip, LinkType(rawValue: 999)) == .unsupportedLinkType)
  }

  @Test("addresses print as people write them")
  func addresses() throws {
    #expect(try #require(IPAddress([127, 0, 0, 2])).description == "127.0.0.2")
    func v6(_ groups: [Int]) -> String? { IPAddress(groups.flatMap(FrameBuilder.be16))?.description }
    #expect(v6([0, 0, 0, 0, 0, 0, 0, 1]) == "::1")
    #expect(v6([0, 0, 0, 0, 0, 0, 0, 0]) == "::")
    #expect(v6([0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]) == "2001:db8::1:0:0:1")
    #expect(v6([0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]) == "2001:db8:0:1:1:1:1:1")
    #expect(v6([0xfe80, 0, 0, 0, 0, 0, 0, 0]) == "fe80::")
    #expect(IPAddress([1, 2, 3]) == nil)
  }
}
