import Testing

@testable import S1AP

@Suite("Vectors of another implementation")
struct VectorTests {
  @Test("every vector decodes, and is written back to the same octets")
  func octetsComeBack() throws {
    #expect(Vector.all.count == 768)
    for vector in Vector.all {
      do {
        let pdu = try S1APPDU(decoding: vector.octets)
        let again = try pdu.encoded()
        #expect(again == vector.octets, "\(vector): \(hex(again)) for \(hex(vector.octets))")
      } catch {
        Issue.record("\(vector): \(error)")
      }
    }
  }

  @Test("every vector has the value that its origin tells")
  func valuesAgree() throws {
    for vector in Vector.all {
      let json = Vector.sorted(json: try S1APPDU(decoding: vector.octets).json())
      #expect(json == vector.value, "\(vector)")
    }
  }

  @Test("nothing in the vectors is unknown to the tables")
  func nothingIsUnknown() throws {
    for vector in Vector.all {
      // The vectors' addresses are of any size, which the grammar allows and TS 36.414 does not.
      let faults = try S1APPDU(decoding: vector.octets).validate().filter {
        ($0.kind == .notUnderstood || $0.kind == .unknownProcedure) && !$0.detail.hasSuffix("bits, expected 32, 128 or 160")
      }
      #expect(faults.isEmpty, "\(vector): \(faults)")
    }
  }

  @Test("the quick look and the thorough one agree on every vector and every captured PDU, whole or with an IE gone, twice or last")
  func quickValidation() throws {
    for octets in Vector.all.map(\.octets) + CaptureTests.all.map(\.octets) {
      let pdu = try S1APPDU(decoding: octets)
      #expect(pdu.hasFaults == !pdu.validate().isEmpty, "\(hex(octets))")
      for id in pdu.informationElements.compactMap(\.identity) {
        var without = S1APBuilder(pdu)
        without.remove(id)
        let lacking = try without.pdu()
        #expect(lacking.hasFaults == !lacking.validate().isEmpty, "\(hex(octets)) without \(id)")
        guard let field = pdu[id], !field.isOpaque else { continue }
        without.add(id, .opaque(field.encoded()))
        let late = try S1APPDU(decoding: without.encoded())
        #expect(late.hasFaults == !late.validate().isEmpty, "\(hex(octets)) with \(id) last")
        var twice = S1APBuilder(pdu)
        twice.add(id, .opaque(field.encoded()))
        let double = try S1APPDU(decoding: twice.encoded())
        #expect(double.hasFaults && !double.validate().isEmpty, "\(hex(octets)) with \(id) twice")
      }
    }
  }

  @Test("a PDU built again from its decoded parts is the same PDU")
  func buildersCopy() throws {
    for vector in Vector.all {
      let pdu = try S1APPDU(decoding: vector.octets)
      let copy = try S1APBuilder(pdu).pdu()
      #expect(copy == pdu, "\(vector)")
      #expect(try copy.encoded() == vector.octets, "\(vector)")
    }
  }
}
