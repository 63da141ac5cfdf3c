import Testing

@testable import S1AP

/// S1AP values in the octet strings of S1AP.
@Suite("Nested contents")
struct NestedTests {
  static let initialUEMessage =
    Vector.all.first { vector in
      guard vector.octets.prefix(2) == [0, 12], let pdu = try? S1APPDU(decoding: vector.octets) else { return false }
      return pdu[.nasPDU]?.octets?.isEmpty == false
    }?.octets ?? []

  /// REROUTE NAS REQUEST around those octets.
  static func reroute(_ octets: [UInt8]) throws -> [UInt8] {
    try S1APPDU(.rerouteNASRequest) {
      $0.add(.eNBUES1APID, 7)
      $0.add(s1Message, .octets(octets))
      $0.add(groupID, .octets([0, 1]))
    }.encoded()
  }

  private static let s1Message = ProtocolIEID(named: "S1-Message") ?? .nasPDU
  private static let groupID = ProtocolIEID(named: "MME-Group-ID") ?? .nasPDU

  static func container() throws -> [UInt8] {
    let plmn = try #require(PLMNIdentity(mcc: "001", mnc: "01"))
    return try S1APNode("SourceeNB-ToTargeteNB-TransparentContainer") {
      $0.sequence {
        $0.component("rRC-Container") { $0.octets([1, 2, 3]) }
        $0.component("targetCell-ID") { $0.value(EUTRANCGI(plmn: plmn, cell: 5)) }
        $0.component("uE-HistoryInformation") {
          $0.list([1]) { writer, _ in
            writer.choice("gERAN-Cell") { $0.choice("undefined") { $0.null() } }
          }
        }
      }
    }.encoded()
  }

  static func handoverRequired(_ type: String, _ container: [UInt8]) throws -> S1APPDU {
    try S1APPDU(
      decoding: S1APPDU(.handoverRequired, deviations: .missingIEs) {
        $0.add(.mmeUES1APID, 1)
        $0.add(.eNBUES1APID, 2)
        $0.add(.handoverType, .enumerated(type))
        $0.add(.sourceToTargetTransparentContainer, .octets(container))
      }.encoded())
  }

  @Test("the message inside REROUTE NAS REQUEST reads, with paths and offsets of the whole")
  func rerouted() throws {
    let octets = try Self.reroute(Self.initialUEMessage)
    let outer = try S1APPDU(decoding: octets)
    let nested = try #require(outer.nestedOctets.first { $0.contents == .pdu })
    let inner = try S1APPDU(inside: nested.node)
    #expect(try inner == S1APPDU(decoding: Self.initialUEMessage) && inner.message == .initialUEMessage)
    #expect(try inner.encoded() == Self.initialUEMessage)
    let nas = try #require(inner.nestedOctets.first { $0.contents == .nas })
    #expect(nas.node.path == "REROUTE NAS REQUEST / S1-Message / INITIAL UE MESSAGE / NAS-PDU" && nas.message == .initialUEMessage)
    let found = try #require(nas.node.octets)
    #expect(found.startIndex == nas.node.offset && octets[found.indices] == found)
    let id = try #require(inner[.eNBUES1APID]?.value)
    let place = try #require(octets.indices.first { octets[$0...].starts(with: Self.initialUEMessage) })
    let alone = try #require(try S1APPDU(decoding: Self.initialUEMessage)[.eNBUES1APID]?.value)
    #expect(id.offset == place + alone.offset)
  }

  @Test("an error in a nested message tells path and offset from the outermost on")
  func errorInside() throws {
    var damaged = Self.initialUEMessage
    damaged.removeLast()
    let octets = try Self.reroute(damaged)
    let outer = try S1APPDU(decoding: octets)
    let nested = try #require(outer.nestedOctets.first { $0.contents == .pdu })
    let error = #expect(throws: S1APError.self) { try S1APPDU(inside: nested.node) }
    #expect(error?.path.hasPrefix("REROUTE NAS REQUEST / S1-Message / ") == true)
    #expect((error?.offset ?? 0) >= nested.node.offset && (error?.offset ?? .max) <= octets.count)
  }

  @Test("a fault in a nested message tells path and offset from the outermost on")
  func faultInside() throws {
    let bare = try S1APPDU(.initialUEMessage, deviations: .missingIEs) { $0.add(.eNBUES1APID, 7) }.encoded()
    let outer = try S1APPDU(decoding: Self.reroute(bare))
    let inner = try S1APPDU(inside: #require(outer.nestedOctets.first { $0.contents == .pdu }).node)
    let fault = try #require(inner.validate().first)
    #expect(fault.path == "REROUTE NAS REQUEST / S1-Message / INITIAL UE MESSAGE / NAS-PDU")
    var text: [UInt8] = []
    outer.writeTree(into: &text)
    #expect(String(decoding: text, as: UTF8.self).contains("      fault: \(fault)\n"))
  }

  @Test("the container between eNBs reads where the handover ends in E-UTRAN, and is octets elsewhere")
  func containers() throws {
    let container = try Self.container()
    let pdu = try Self.handoverRequired("intralte", container)
    let nested = try #require(pdu.nestedOctets.first { _ in true })
    #expect(nested.contents == .value(typeName: "SourceeNB-ToTargeteNB-TransparentContainer"))
    let value = try S1APNode(inside: nested.node, as: "SourceeNB-ToTargeteNB-TransparentContainer")
    #expect(value["rRC-Container"]?.octets.map { Array($0) } == [1, 2, 3] && value.encoded() == container)
    #expect(
      value["rRC-Container"]?.path
        == "HANDOVER REQUIRED / Source-ToTarget-TransparentContainer / SourceeNB-ToTargeteNB-TransparentContainer / rRC-Container")
    var text: [UInt8] = []
    pdu.writeTree(into: &text)
    #expect(String(decoding: text, as: UTF8.self).contains("    SourceeNB-ToTargeteNB-TransparentContainer\n      rRC-Container: 010203\n"))
    #expect(try Self.handoverRequired("ltetoutran", container).nestedOctets.contains { _ in true } == false)
    #expect(try Self.handoverRequired("eps-to-5gs", container).nestedOctets.contains { _ in true } == false)
  }

  @Test("nesting is read three PDUs deep and refused beyond, however deep it goes")
  func depth() throws {
    var octets = try Self.reroute(Self.initialUEMessage)
    while octets.count < 65_000 { octets = try Self.reroute(octets) }
    var pdu = try S1APPDU(decoding: octets)
    for _ in 0..<3 { pdu = try S1APPDU(inside: #require(pdu.nestedOctets.first { $0.contents == .pdu }).node) }
    let node = try #require(pdu.nestedOctets.first { $0.contents == .pdu }).node
    #expect(#expect(throws: S1APError.self) { try S1APPDU(inside: node) }?.code == .unsupported)
    var text: [UInt8] = []
    try S1APPDU(decoding: octets).writeTree(into: &text)
    #expect(text.count < 20 * octets.count)
    #expect(String(decoding: text, as: UTF8.self).contains("nested too deep to be read"))
  }
}
