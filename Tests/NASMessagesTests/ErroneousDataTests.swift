import Testing

@testable import NASMessages

/// TS 24.301 §7, one test for every sub-clause, named for it: what of it the codec decides. What the entity has to answer is in
/// UserEquipmentTests.
@Suite struct ErroneousDataTests {
  private let reject = "0744 03"  // ATTACH REJECT, illegal UE

  private func code(_ text: String, _ direction: NASDirection? = nil) -> NASDecodingError.Code? {
    do throws(NASDecodingError) {
      _ = try NASMessage(decoding: hex(text), direction: direction)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("§7.1: the sub-clauses apply in order of precedence")
  func clause7_1() throws {
    // §7.4 before §7.5: of an unknown type nothing is missing and nothing requires comprehension.
    #expect(try !NASMessage(decoding: hex("077f 0a 00")).isKnown)
    // §7.5 before §7.6 and §7.7: an element that requires comprehension, behind a repeated one and one too short.
    #expect(code(reject + "5f0121 5f00 1600 0a00") == .comprehensionRequired)
    // §7.6.3 before §7.7.1: the first occurrence counts, though it is no good.
    #expect(try NASMessage(decoding: hex(reject + "5f00 5f0121"))[AttachReject.t3346Value] == nil)
  }

  @Test("§7.2: a message too short for its type is ignored", arguments: ["", "07", "02", "0201"])
  func clause7_2(text: String) {
    #expect(code(text) == .messageTooShort)
  }

  @Test("§7.3.1: every procedure transaction identity is read, reserved ones too")
  func clause7_3_1() throws {
    for identity in [0, 1, 254, 255] as [UInt8] {
      #expect(try NASMessage(decoding: [0x02, identity, 0xD9]).procedureTransactionIdentity == identity)
    }
  }

  @Test("§7.3.2: every EPS bearer identity is read, reserved ones too")
  func clause7_3_2() throws {
    for identity in 0..<16 as Range<UInt8> {
      #expect(try NASMessage(decoding: [identity << 4 | 2, 1, 0xD9]).epsBearerIdentity == identity)
    }
  }

  @Test("§7.4: an unknown message type is told, and the rest kept")
  func clause7_4() throws {
    let known = Set(MessageTable.all.map { UInt16($0.type.isESM ? 0x200 : 0x700) | UInt16($0.type.octet) })
    for octet in 0...255 as ClosedRange<UInt8> {
      let emm = hex("07") + [octet, 0xFF, 0xFF, 0xFF]
      if !known.contains(0x700 | UInt16(octet)) {
        let message = try NASMessage(decoding: emm)
        #expect(!message.isKnown && message.encoded() == emm && message.type.octet == octet)
      }
      let esm = hex("5201") + [octet, 0xFF]
      if !known.contains(0x200 | UInt16(octet)) {
        let message = try NASMessage(decoding: esm)
        #expect(!message.isKnown && message.encoded() == esm && message.procedureTransactionIdentity == 1)
      }
    }
  }

  @Test("§7.5.1 a: an imperative message part error")
  func clause7_5_1_a() {
    #expect(code("0752 00 000102") == .truncated)  // RAND
    #expect(code("0742 01 21 06 0000f1") == .truncated)  // TAI list
    #expect(code("0743 00") == .truncated)  // the length of two octets
    #expect(code("0743 0004 5201c2") == .truncated)
  }

  @Test("§7.5.1 b: every missing mandatory element of every message")
  func clause7_5_1_b() throws {
    for vector in try TableVector.all() {
      let whole = try NASMessage(decoding: vector.octets, direction: vector.direction)
      guard let table = MessageTable.all.first(where: { $0.type == whole.type }) else { continue }
      var at = whole.type.headerLength
      for (row, element) in zip(table.rows, whole.informationElements) where row.identifier == nil {
        guard row.format != .halfOctet || element.range.lowerBound == at else { continue }
        // The message ends before the element.
        do throws(NASDecodingError) {
          _ = try NASMessage(decoding: Array(vector.octets[..<at]), direction: vector.direction)
          Issue.record("\(vector.name) without \(row.label)")
        } catch {
          #expect(error.code == (at < 2 ? .messageTooShort : .missingMandatory), "\(vector.name) / \(row.label)")
          #expect(error.message == whole.type)
        }
        at = element.range.upperBound
      }
    }
  }

  @Test("§7.5.1 c: a syntactically incorrect mandatory element")
  func clause7_5_1_c() throws {
    #expect(code("075d 02 00 01 f0") == .mandatoryTooShort)
    #expect(code("0741 71 01 f6 02f070 0003 0201da") == .mandatoryTooShort)
    // Longer than the table allows is none (TS 24.007 §11.4.2); a value of no meaning shows when it is read.
    let message = try NASMessage(decoding: hex("0741 71 05 ff00000000 02f070 0003 0201da"))
    #expect(throws: NASDecodingError.self) { try message[AttachRequest.epsMobileIdentity] }
  }

  @Test("§7.5.1 d: an unknown element that requires comprehension")
  func clause7_5_1_d() {
    for identifier in 0..<16 as Range<UInt8> {
      #expect(
        throws: NASDecodingError(.comprehensionRequired, offset: 3, field: "unknown element", found: Int(identifier))
      ) { try NASMessage(decoding: hex(reject) + [identifier, 0]) }
    }
  }

  @Test("§7.5.1 e: no element of Rel-16 that could be out of sequence requires comprehension")
  func clause7_5_1_e() {
    for table in MessageTable.all {
      for row in table.rows { #expect(row.identifier.map { $0 & 0xF0 != 0 } != false, "\(table.type) / \(row.label)") }
    }
  }

  @Test("§7.5.2: of an ESM message container only presence and length are looked at")
  func clause7_5_2() throws {
    let start = "0741 71 05 0910102132 02f070"
    #expect(code(start) == .missingMandatory)
    #expect(code(start + "0002 0201") == .mandatoryTooShort)
    for garbage in ["ffffff", "0201c1", "070203"] {
      let message = try NASMessage(decoding: hex(start + "0003" + garbage))
      #expect(try message[AttachRequest.esmMessageContainer].octets.elementsEqual(hex(garbage)))
      #expect(throws: NASDecodingError.self) { try message[AttachRequest.esmMessageContainer].message() }
    }
  }

  @Test("§7.5.3: an error in an ESM message says which message it was, as the answer depends on it")
  func clause7_5_3() {
    for (text, type) in [
      ("5201c1", NASMessageType.activateDefaultEPSBearerContextRequest), ("5201c5", .activateDedicatedEPSBearerContextRequest),
      ("5201cd", .deactivateEPSBearerContextRequest), ("0201d0", .pdnConnectivityRequest), ("0201d2", .pdnDisconnectRequest),
      ("0201d4", .bearerResourceAllocationRequest), ("0201d6", .bearerResourceModificationRequest),
    ] {
      do throws(NASDecodingError) {
        _ = try NASMessage(decoding: hex(text))
        Issue.record("decoded: \(type)")
      } catch {
        #expect(error.code == .missingMandatory)
        #expect(error.message == type)
      }
    }
    // Its only mandatory element is none of the table's, so nothing can be missing: the message of §7.5.3 c with no element at all.
    #expect(code("5201c9") == nil)
  }

  @Test("§7.6.1: unknown elements of every form are ignored")
  func clause7_6_1() throws {
    let octets = hex(reject + "90 2a02beef 7d0001aa 2a00" + "160105")
    let message = try NASMessage(decoding: octets)
    #expect(message.informationElements.map(\.standing) == [.accepted, .unknown, .unknown, .unknown, .unknown, .accepted])
    #expect(try message[AttachReject.t3402Value] == GPRSTimer(octet: 5))
    #expect(message.encoded() == octets)
  }

  @Test("§7.6.2: an element out of sequence is ignored, wherever it stands")
  func clause7_6_2() throws {
    for vector in try TableVector.all() {
      let whole = try NASMessage(decoding: vector.octets, direction: vector.direction)
      let optional = whole.informationElements.filter { $0.identifier != nil }
      guard optional.count > 1, let first = optional.first, let last = optional.last else { continue }
      // The first of the optional elements behind the last.
      var octets = vector.octets
      let moved = Array(octets[first.range])
      octets.removeSubrange(first.range)
      octets += moved
      let message = try NASMessage(decoding: octets, direction: vector.direction)
      let found = try #require(message.informationElements.last)
      #expect(found.name == first.name && found.standing == .outOfSequence, "\(vector.name)")
      #expect(message.informationElements.first { $0.name == last.name && $0.identifier == last.identifier }?.standing == .accepted)
    }
  }

  @Test("§7.6.3: of a repeated element only the first occurrence counts, in every message")
  func clause7_6_3() throws {
    for vector in try TableVector.all() {
      let whole = try NASMessage(decoding: vector.octets, direction: vector.direction)
      for element in whole.informationElements where element.identifier != nil {
        let again = Array(vector.octets[element.range])
        let message = try NASMessage(decoding: vector.octets + again + again, direction: vector.direction)
        #expect(message.informationElements.suffix(2).map(\.standing) == [.repeated, .repeated], "\(vector.name) / \(element.name)")
        #expect(message.informationElements.count == whole.informationElements.count + 2)
      }
    }
  }

  @Test("§7.7.1: a syntactically incorrect optional element is treated as not present")
  func clause7_7_1() throws {
    // Too short, past the end, of a value that cannot be read.
    for text in [reject + "5f00", reject + "5f0221", reject + "5f"] {
      let message = try NASMessage(decoding: hex(text))
      #expect(try message[AttachReject.t3346Value] == nil, "\(text)")
      #expect(message.standing(of: AttachReject.t3346Value) == .syntacticallyIncorrect, "\(text)")
    }
    let accept = try NASMessage(decoding: hex("0742 01 21 06 0000f1100007 0003 5201c2 500b f000000000000000000000 1721"))
    #expect(((try? accept[AttachAccept.guti]) ?? nil) == nil)
    #expect(try accept[AttachAccept.t3402Value] == GPRSTimer(octet: 0x21))
  }

  @Test("§7.7.2: a conditional element that is missing and one that is no good are told apart")
  func clause7_7_2() throws {
    let field = AuthenticationFailure.authenticationFailureParameter
    #expect(try NASMessage(decoding: hex("075c 15")).standing(of: field) == nil)
    #expect(try NASMessage(decoding: hex("075c 15 30 02 0102")).standing(of: field) == .syntacticallyIncorrect)
    #expect(try NASMessage(decoding: hex("075c 15 30 0e 0102030405060708090a0b0c0d0e")).standing(of: field) == .accepted)
  }

  @Test("§7.8: values without a meaning are read as they are, for the procedures to judge")
  func clause7_8() throws {
    #expect(try NASMessage(decoding: hex("0744 c8"))[AttachReject.emmCause].rawValue == 0xC8)
    #expect(try NASMessage(decoding: hex("0755 0f"))[IdentityRequest.identityType].rawValue == 15)
    #expect(try NASMessage(decoding: hex("075d 77 07 02f070"))[SecurityModeCommand.selectedNASSecurityAlgorithms].ciphering == 7)
  }
}
