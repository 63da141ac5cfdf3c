import Foundation
import Testing

@testable import S1AP

/// Inputs of up to 64 KiB that were made to cost as much as they can.
enum CostlyInputs {
  static let longest = 65_536

  /// A PDU of that message with whatever is in the container, lengths as they must be.
  private static func pdu(_ procedure: UInt8, count: Int, _ fields: [UInt8]) -> [UInt8] {
    let body = [0, UInt8(count >> 8), UInt8(count & 0xFF)] + fields
    return [0, procedure, 0] + length(body)
  }

  /// Octets behind their length, in fragments where they have to be.
  private static func length(_ octets: [UInt8]) -> [UInt8] {
    if octets.count < 128 { return [UInt8(octets.count)] + octets }
    if octets.count < 16384 { return [0x80 | UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets }
    let blocks = min(octets.count / 16384, 4)
    return [0xC0 | UInt8(blocks)] + octets[..<(blocks * 16384)] + length(Array(octets[(blocks * 16384)...]))
  }

  private static func repeated(_ field: [UInt8], upTo size: Int) -> (Int, [UInt8]) {
    let count = min((size - 32) / field.count, 65535)
    return (count, Array(repeatElement(field, count: count).joined()))
  }

  /// IEs to be repeated as often as there is room: empty, small, and those of the vectors that hold most values in fewest octets.
  private static func fields() throws -> [(procedure: UInt8, octets: [UInt8])] {
    var dense: [(density: Double, procedure: UInt8, octets: [UInt8])] = []
    for vector in Vector.all {
      let pdu = try S1APPDU(decoding: vector.octets)
      guard pdu.kind == .initiatingMessage else { continue }
      for field in pdu.informationElements {
        guard let id = field.identity?.rawValue, !field.isOpaque else { continue }
        let contents = field.encoded()
        guard contents.count < 128 else { continue }
        let octets = [UInt8(id >> 8), UInt8(id & 0xFF), 0, UInt8(contents.count)] + contents
        dense.append((Double(pdu.tape.nodes[field.index].span) / Double(octets.count), pdu.procedureCode.rawValue, octets))
      }
    }
    let items = (0..<256).map { CriticalityDiagnostics.Item(criticality: .reject, identity: ProtocolIEID(UInt16($0)), error: .missing) }
    let diagnostics = try CriticalityDiagnostics(items: items).s1apValue.encoded(as: "CriticalityDiagnostics")
    return [(9, [0xEA, 0x60, 0x40, 0]), (1, [0, 1, 0, 1, 0]), (17, [0, 89, 0, 1, 0]), (15, [0, 58, 0x40] + length(diagnostics))]
      + dense.sorted { $0.density > $1.density }.prefix(6).map { ($0.procedure, $0.octets) }
  }

  /// Each with what it is.
  static func all() throws -> [(String, [UInt8])] {
    var inputs: [(String, [UInt8])] = []
    for (number, field) in try fields().enumerated() {
      for size in [longest, 16_000, 4096, 4097] {
        let (count, octets) = repeated(field.octets, upTo: size)
        inputs.append(("IE \(number) \(count) times", pdu(field.procedure, count: count, octets)))
      }
    }
    // Counts that nothing follows, in every type.
    for procedure in UInt8(0)...66 {
      inputs.append(("65535 IEs claimed by procedure \(procedure)", [0, procedure, 0, 3, 0, 0xFF, 0xFF]))
      for vector in Vector.all where vector.octets.prefix(2) == [0, procedure] {
        inputs.append(("\(vector), ones behind its head", Array(vector.octets.prefix(12)) + [UInt8](repeating: 0xFF, count: 4000)))
        break
      }
    }
    // Fragments: of nothing, of themselves, in each other, without end.
    inputs.append(("fragments of 64K", [0, 9, 0] + [UInt8](repeating: 0xC4, count: longest - 3)))
    inputs.append(("fragments of 16K", [0, 9, 0] + [UInt8](repeating: 0xC1, count: longest - 3)))
    var nested: [UInt8] = []
    for _ in 0..<8 { nested = length([0, 0, 1, 0, 0, 0] + nested + [UInt8](repeating: 0xC1, count: 7000)) }
    inputs.append(("fragments in fragments", Array(([0, 9, 0] + nested).prefix(longest))))
    let nas = ERABToBeSetupItem(
      eRABID: 5, qos: ERABLevelQoSParameters(qci: 9), transportLayerAddress: [127, 0, 0, 1], gtpTEID: 1,
      nasPDU: [UInt8](repeating: 0xC1, count: 65_300))
    inputs.append(
      (
        "an E-RAB's NAS message of 65,300 octets",
        try S1APPDU(.eRABSetupRequest) {
          $0.add(.mmeUES1APID, 1)
          $0.add(.eNBUES1APID, 2)
          $0.add(.eRABToBeSetupListBearerSUReq, [nas])
        }.encoded()
      ))
    // PDUs in PDUs, the innermost of them as dense as can be; what is around it long or short.
    let (count, diagnostics) = repeated(try fields()[3].octets, upTo: 60_000)
    var inner = pdu(15, count: count, diagnostics)
    inputs.append(("diagnostics in a REROUTE NAS REQUEST", try NestedTests.reroute(inner)))
    inputs.append(("diagnostics in three of them", try NestedTests.reroute(NestedTests.reroute(NestedTests.reroute(inner)))))
    let (some, half) = repeated(try fields()[3].octets, upTo: 30_000)
    inner = pdu(15, count: some, half)
    let dense = [0, 0, 225, 0] + length(length(inner))
    inputs.append(("diagnostics beside as many inside", pdu(52, count: some + 1, dense.dropFirst() + half)))
    inner = NestedTests.initialUEMessage
    while inner.count < 65_000 { inner = try NestedTests.reroute(inner) }
    inputs.append(("REROUTE NAS REQUEST in itself", inner))
    var random = SplitMix(state: 64)
    for number in 0..<8 {
      let head = Vector.all[number * 97 % Vector.all.count].octets
      inputs.append(("\(number): noise", head.prefix(24) + (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }
    return inputs
  }
}

@Suite("What hostile input costs")
struct AllocationTests {
  /// In a process of its own, in which each decoding may take 20 times the octets of writable memory, and what the C library rounds up
  /// to: more ends the process.
  @Test("no input of up to 64 KiB makes the decoder allocate more than 20 times its size, PDUs inside it read, too")
  func decoding() async {
    await #expect(processExitsWith: .success) {
      try Self.takeLargeBlocksFromTheSystem()
      _ = try? S1APPDU(decoding: Vector.all[0].octets)
      for (name, octets) in try CostlyInputs.all() where octets.count <= CostlyInputs.longest {
        try Self.limited(to: octets.count * 20 + 64_000, name) { _ = try? S1APPDU(decoding: octets).withNested() }
      }
    }
  }

  @Test("the limit that this test sets ends a process that breaks it")
  func limitHolds() async {
    await #expect(processExitsWith: .failure) {
      try Self.takeLargeBlocksFromTheSystem()
      try Self.limited(to: 1 << 20, "too much") {
        let block = UnsafeMutableRawPointer.allocate(byteCount: 2 << 20, alignment: 16)
        block.storeBytes(of: 1, as: UInt8.self)
        block.deallocate()
      }
    }
  }

  @Test("JSON and tree of what was decoded grow with the PDU, and with nothing else")
  func printing() throws {
    var decoded = 0
    for (name, octets) in try CostlyInputs.all() {
      guard let pdu = try? S1APPDU(decoding: octets) else { continue }
      decoded += 1
      #expect(pdu.jsonOctets().count <= 40 * octets.count + 1000, "\(name)")
      var text: [UInt8] = []
      pdu.writeTree(into: &text)
      #expect(text.count <= 100 * octets.count + 1000 && text.last == 0x0A, "\(name)")
      #expect(try pdu.encoded() == octets || S1APPDU(decoding: pdu.encoded()) == pdu, "\(name)")
    }
    #expect(decoded > 20)
  }

  /// Blocks of 16 KiB and more come from the system one by one and go back to it, so that none is found among what was freed before.
  private static func takeLargeBlocksFromTheSystem() throws {
    typealias Option = @convention(c) (Int32, Int32) -> Int32
    let mallopt = try #require(dlsym(nil, "mallopt").map { unsafeBitCast($0, to: Option.self) })
    _ = mallopt(-3, 16_384)  // M_MMAP_THRESHOLD
  }

  private static func limited(to octets: Int, _ name: String, _ body: () -> Void) throws {
    // Private and writable: the limit that counts what the C library takes out of address space it reserved before.
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmData:") })
    let size = try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { UInt($0) }) * 1024
    var old = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
    try #require(getrlimit(resource, &old) == 0)
    var new = old
    new.rlim_cur = size + UInt(octets)
    FileHandle.standardError.write(Data("\(name)\n".utf8))
    try #require(setrlimit(resource, &new) == 0)
    body()
    try #require(setrlimit(resource, &old) == 0)
  }
}

extension S1APPDU {
  /// Reads what is inside, and inside of that, all of it alive.
  fileprivate func withNested() {
    for nested in nestedOctets where nested.contents == .pdu { try? S1APPDU(inside: nested.node).withNested() }
  }
}
