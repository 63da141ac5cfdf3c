import Testing

@testable import S1AP

/// Where something is: in words, and by the octet.
@Suite("Paths and places")
struct PathTests {
  @Test("every value that is octets lies where its offset says, and every other before what follows it")
  func offsets() throws {
    for vector in Vector.all {
      let pdu = try S1APPDU(decoding: vector.octets)
      var latest = 0
      for index in 1..<pdu.tape.count {
        let node = S1APNode(tape: pdu.tape, index: index)
        let offset = node.offset
        #expect(offset >= latest && offset <= vector.octets.count, "\(vector): \(node.path)")
        latest = offset
        if node.identity == nil, let octets = node.octets, octets.count > 2 {
          #expect(Array(vector.octets[offset..<offset + octets.count]) == Array(octets), "\(vector): \(node.path)")
        }
        if let id = node.identity {
          #expect(
            Array(vector.octets[offset..<offset + 2]) == [UInt8(id.rawValue >> 8), UInt8(id.rawValue & 0xFF)], "\(vector): \(node.path)")
        }
      }
    }
  }

  @Test("a value that was built has no place in a PDU")
  func built() throws {
    let pdu = try S1APPDU(.downlinkNASTransport, deviations: .all) { $0.add(.nasPDU, .octets([7, 0x42])) }
    #expect(pdu[.nasPDU]?.offset == 0)
  }

  @Test(
    "an error tells message, IE, item and field",
    arguments: [
      ("0009000400000100", "INITIAL CONTEXT SETUP REQUEST / IE[0]: octets end inside the field (octet 7)"),
      ("000900", "INITIAL CONTEXT SETUP REQUEST: octets end inside the field (octet 3)"),
      (
        "0009001000000100180009000034000405000904",
        "INITIAL CONTEXT SETUP REQUEST / E-RABToBeSetupItem[0] / transportLayerAddress: octets end inside the field (octet 20)"
      ),
    ])
  func errors(octets: String, words: String) {
    let error = #expect(throws: S1APError.self) { try S1APPDU(decoding: unhex(octets)) }
    #expect(error.map { "\($0)" } == words)
  }

  @Test("octets of 16K and more are written in fragments, whatever else is forced")
  func fragments() throws {
    let contents = [UInt8](repeating: 7, count: 70_000)
    var builder = S1APBuilder(.downlinkNASTransport, deviations: .all)
    builder.add(raw: S1APRawIE(ProtocolIEID(60000), octets: contents))
    let pdu = try S1APPDU(decoding: builder.encoded())
    #expect(pdu[ProtocolIEID(60000)]?.octets.map { Array($0) } == contents)
  }

  @Test("JSON tells the bits of a size behind the marker of a fixed one where the octets do not")
  func extendedBits() throws {
    func json(_ bits: Int) throws -> String {
      try S1APPDU(.handoverRequest, deviations: .all) {
        $0.add(
          .ueSecurityCapabilities,
          .sequence([
            .init("encryptionAlgorithms", .bits([UInt8](repeating: 0x80, count: (bits + 7) / 8), count: bits)),
            .init("integrityProtectionAlgorithms", .bits([0xE0, 0], count: 16)),
          ]))
      }.json()
    }
    #expect(try json(16).contains(#""encryptionAlgorithms":"8080""#))
    #expect(try json(24).contains(#""encryptionAlgorithms":"808080""#))
    #expect(try json(17).contains(#""encryptionAlgorithms":{"length":17,"value":"808080"}"#))
    #expect(try json(20).contains(#""encryptionAlgorithms":{"length":20,"value":"808080"}"#))
  }

  @Test("an extension that stands twice is one occurrence too many, for the quick look as well")
  func repeatedExtension() throws {
    // TAI list item … the extension container of E-RABToBeSetupItemCtxtSUReq: Correlation-ID (156) twice.
    let correlation = "009c4004" + "01020304"
    let item = "25" + "0009040f80" + "7f000001" + "00000001" + "0001" + correlation + correlation
    let pdu = try S1APPDU(decoding: unhex(Self.message(with: item)))
    #expect(pdu.validate().contains { $0.kind == .wrongOrderOrRepeated && $0.identity == ProtocolIEID(156) })
    #expect(pdu.hasFaults)
  }

  /// INITIAL CONTEXT SETUP REQUEST of one IE, the list with one item of those octets.
  private static func message(with item: String) -> String {
    func behindLength(_ text: String) -> String { hex([UInt8(text.count / 2)]) + text }
    let list = "00" + "003400" + behindLength(item)
    return "000900" + behindLength("000001" + "001800" + behindLength(list))
  }
}
