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
      let faults = try S1APPDU(decoding: vector.octets).validate().filter { $0.kind == .notUnderstood || $0.kind == .unknownProcedure }
      #expect(faults.isEmpty, "\(vector): \(faults)")
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
