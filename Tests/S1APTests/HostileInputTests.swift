import Testing

@testable import S1AP

/// A small generator that repeats from its seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

@Suite("Hostile input")
struct HostileInputTests {
  @Test("cut anywhere, every vector is refused with an offset inside it and a path")
  func truncated() throws {
    for vector in Vector.all {
      for length in 0..<vector.octets.count {
        do {
          _ = try S1APPDU(decoding: Array(vector.octets[..<length]))
          Issue.record("\(vector) cut to \(length) octets was taken")
        } catch {
          #expect(error.offset >= 0 && error.offset <= length)
          #expect(length == 0 || !error.path.isEmpty)
          #expect(error.code == .truncated || error.code == .outOfRange, "\(vector) cut to \(length): \(error)")
        }
      }
    }
  }

  @Test("an octet more is refused")
  func oversized() {
    for vector in Vector.all {
      #expect(throws: S1APError.self) { try S1APPDU(decoding: vector.octets + [0]) }
    }
  }

  @Test("100,000 seeded mutations of vectors and captured PDUs: a typed error, or a value that survives being written and read")
  func mutated() throws {
    var random = SplitMix(state: 36413)
    let corpus = Vector.all.map(\.octets) + CaptureTests.all.map(\.octets)
    var taken = 0
    for round in 0..<100_000 {
      var octets = corpus[round % corpus.count]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        guard !octets.isEmpty else { break }
        let at = Int.random(in: 0..<octets.count, using: &random)
        switch UInt8.random(in: 0..<6, using: &random) {
        case 0: octets[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: octets[at] = UInt8.random(in: 0...255, using: &random)
        case 2: octets[at] = [0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc4, 0xff].randomElement(using: &random) ?? 0
        case 3: octets.remove(at: at)
        case 4: octets.insert(UInt8.random(in: 0...255, using: &random), at: at)
        default: octets.append(UInt8.random(in: 0...255, using: &random))
        }
      }
      guard let pdu = try? S1APPDU(decoding: octets) else { continue }
      taken += 1
      let again = try pdu.encoded()
      let second = try S1APPDU(decoding: again)
      #expect(second == pdu, "\(hex(octets)) became \(hex(again))")
      #expect(try second.encoded() == again, "\(hex(octets))")
      #expect(pdu.hasFaults == !pdu.validate().isEmpty, "\(hex(octets))")
      if round % 16 == 0 {
        _ = pdu.json()
        var text: [UInt8] = []
        pdu.writeTree(into: &text)
      }
    }
    // Most mutations of values are still values: a test that none is taken would test nothing.
    #expect(taken > 10_000)
  }

  @Test("20,000 strings of random octets are refused or survive")
  func random() throws {
    var random = SplitMix(state: 9)
    for _ in 0..<20_000 {
      let octets = (0..<Int.random(in: 0..<200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      guard let pdu = try? S1APPDU(decoding: octets) else { continue }
      #expect(try S1APPDU(decoding: pdu.encoded()) == pdu)
    }
  }

  @Test("a count that the octets cannot hold is refused before anything is made of it")
  func counts() throws {
    // Ten octets whose container claims 65535 IEs.
    let error = #expect(throws: S1APError.self) { try S1APPDU(decoding: unhex("00090005" + "00ffff0000")) }
    #expect(
      error
        == S1APError(
          .outOfRange, offset: 7, path: "INITIAL CONTEXT SETUP REQUEST", detail: "more elements than octets left"))
  }

  @Test("values so dense that they would take more than 20 octets for each octet received are refused")
  func density() {
    let grammar = Grammar(compiling: ["Flags = list 1..65535 Flag\nFlag = bool\n"])
    let octets = [0xff, 0xfe] + [UInt8](repeating: 0xaa, count: 8192)
    let error = #expect(throws: S1APError.self) { try Decoder.decode(octets, as: "Flags", in: grammar) }
    #expect(error?.code == .unsupported)
  }

  @Test("fragments inside fragments take bounded memory")
  func nestedFragments() throws {
    // UE CAPABILITY INFO INDICATION with a radio capability of 40,000 octets: message, IE and string are each fragmented.
    let capability = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let pdu = try S1APPDU(.ueCapabilityInfoIndication) { builder in
      builder.add(.mmeUES1APID, 1)
      builder.add(.eNBUES1APID, 2)
      builder.add(.ueRadioCapability, .octets(capability))
    }
    let octets = try pdu.encoded()
    let again = try S1APPDU(decoding: octets)
    #expect(again == pdu)
    #expect(again[.ueRadioCapability]?.octets.map { Array($0) } == capability)
    #expect(try again.encoded() == octets)
    for length in stride(from: 0, to: octets.count, by: 997) {
      #expect(throws: S1APError.self) { try S1APPDU(decoding: Array(octets[..<length])) }
    }
  }

  @Test("a NAS message of 40,000 octets in an item: message, IE, item and string each in fragments")
  func fragmentsFourDeep() throws {
    let nas = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let item = ERABToBeSetupItem(
      eRABID: 5, qos: ERABLevelQoSParameters(qci: 9), transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1, nasPDU: nas)
    let pdu = try S1APPDU(.eRABSetupRequest) { builder in
      builder.add(.mmeUES1APID, 1)
      builder.add(.eNBUES1APID, 2)
      builder.add(.eRABToBeSetupListBearerSUReq, [item, item])
    }
    let octets = try pdu.encoded()
    let again = try S1APPDU(decoding: octets)
    #expect(again == pdu)
    for element in try #require(again[.eRABToBeSetupListBearerSUReq]).elements {
      #expect(try ERABToBeSetupItem(element.value).nasPDU == nas)
    }
    #expect(try again.encoded() == octets)
  }
}
