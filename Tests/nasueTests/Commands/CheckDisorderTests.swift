import Foundation
import Testing

/// `nasue check` on captures that are not as they were taken: out of order, in fragments, with keys of somebody else.
@Suite struct CheckDisorderTests {
  private static let keys = [
    "--imsi", "001010000000109", "--k", "00112233445566778899aabbccddeeff", "--opc", "63bfa50ee6523365ff14c1f45f88737d",
  ]

  /// The file's header and its records, of a capture on Ethernet.
  private static func records(of name: String) throws -> (header: [UInt8], records: [[UInt8]]) {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../CaptureTests/Resources/\(name).pcap")
    let whole = [UInt8](try Data(contentsOf: path))
    var records: [[UInt8]] = []
    var start = 24
    while start + 16 <= whole.count {
      let length = 16 + (0..<4).reduce(0) { $0 | Int(whole[start + 8 + $1]) << (8 * $1) }
      records.append(Array(whole[start..<start + length]))
      start += length
    }
    return (Array(whole.prefix(24)), records)
  }

  private func check(_ header: [UInt8], _ records: [[UInt8]], _ more: [String] = keys) throws -> DecodeExecutable.Outcome {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString).pcap")
    try Data(header + records.flatMap { $0 }).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try DecodeExecutable.run(["check", url.path, "--format", "json"] + more)
  }

  /// Slug and frame of what is misaligned.
  private func wrong(_ run: DecodeExecutable.Outcome) throws -> [String] {
    try run.objects().filter { $0["verdict"] as? String == "misaligned" }.map { "\($0["slug"] ?? "") \($0["frame"] ?? "")" }
  }

  @Test("neighbouring packets swapped, or the whole file turned round: the verdicts are the same, with the packet numbers of the file")
  func swapped() throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    var swapped = records
    for position in stride(from: 0, to: records.count - 1, by: 2) { swapped.swapAt(position, position + 1) }
    let neighbours = try check(header, swapped)
    // Packet 40 in the order of time.
    #expect(try wrong(neighbours) == ["nh-genealogy 39"])
    #expect(neighbours.status == 1 && neighbours.errors.contains("behind newer ones in the file"))
    let reversed = try check(header, records.reversed())
    #expect(try wrong(reversed) == ["nh-genealogy \(records.count - 39)"])
    let plain = try check(header, records)
    #expect(try neighbours.objects().count == plain.objects().count && reversed.objects().count == plain.objects().count)
  }

  @Test("captures put one behind the other against the order of their times, too long to be sorted: told, nothing blamed, not green")
  func appended() throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    /// The same, so many days later.
    func later(_ record: [UInt8], by days: Int, _ microseconds: Int) -> [UInt8] {
      var record = record
      var seconds = (0..<4).reduce(0) { $0 | Int(record[$1]) << (8 * $1) }
      seconds += 86_400 * days
      for octet in 0..<4 { record[octet] = UInt8(truncatingIfNeeded: seconds >> (8 * octet)) }
      for octet in 0..<3 { record[4 + octet] = UInt8(truncatingIfNeeded: microseconds >> (8 * octet)) }
      return record
    }
    // 1200 packets of something else, of the day before.
    var noise = records[0]
    noise.replaceSubrange(28..<30, with: [0x88, 0xcc])
    let other = (0..<1200).map { later(noise, by: -1, $0 * 10) }
    let run = try check(header, records + other)
    #expect(try wrong(run).allSatisfy { $0.hasPrefix("nh-genealogy") })
    #expect(run.status != 0 && run.errors.contains("not in the order of time: packet \(records.count + 1)"), "\(run.errors)")
  }

  @Test("what stands behind a missing chunk keeps its place: without S1 SETUP REQUEST the UE's verdicts are the same")
  func behindAGap() throws {
    let (header, records) = try Self.records(of: "open5gs/service_request")
    let keys = ["--imsi", "001010000000104"] + Self.keys[2...]
    func slugs(_ records: [[UInt8]]) throws -> [String] {
      let run = try check(header, records, keys)
      #expect(run.status == 0, "\(run.output)\(run.errors)")
      return try run.objects().compactMap { object in (object["slug"] as? String).map { "\(object["verdict"] ?? "") \($0)" } }
    }
    let whole = try slugs(records)
    #expect(whole.count == 17 && whole.allSatisfy { $0.hasPrefix("aligned") })
    var without = records
    without.remove(at: 8)
    #expect(try slugs(without) == whole)
  }

  @Test("the uplink alone decides nothing, which is said and ends with 2") func uplinkAlone() throws {
    let (header, records) = try Self.records(of: "open5gs/service_request")
    // From the eNBs' addresses, 127.0.1.x.
    let run = try check(header, records.filter { $0[16 + 14 + 14] == 1 }, ["--imsi", "001010000000104"] + Self.keys[2...])
    #expect(run.status == 2 && run.errors.contains("nothing to judge"), "\(run.output)\(run.errors)")
  }

  @Test("every IP packet in fragments is put together: the verdicts are those of the whole ones") func fragments() throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    let (pieces, numbers) = Self.fragmented(records)
    #expect(pieces.count > records.count + 20)
    let run = try check(header, pieces)
    // The packet that completed it.
    #expect(try wrong(run) == ["nh-genealogy \(numbers[39])"] && run.status == 1)
    #expect(!run.errors.contains("fragment"), "\(run.errors)")
  }

  @Test(
    "with any one fragment missing nothing is misaligned but the NH over the old chain", arguments: Array(stride(from: 20, to: 90, by: 5)))
  func fragmentMissing(left: Int) throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    var (pieces, _) = Self.fragmented(records)
    pieces.remove(at: left)
    let run = try check(header, pieces)
    #expect(try wrong(run).allSatisfy { $0.hasPrefix("nh-genealogy") }, "\(run.output)")
  }

  /// Each IPv4 packet in pieces of 96 octets, and the number of the last piece of each.
  private static func fragmented(_ records: [[UInt8]]) -> (pieces: [[UInt8]], numbers: [Int]) {
    var pieces: [[UInt8]] = []
    var numbers: [Int] = []
    for (number, record) in records.enumerated() {
      let total = Int(record[32]) << 8 | Int(record[33])
      let payload = record[50..<30 + total]
      for start in stride(from: 0, to: payload.count, by: 96) {
        let part = payload.dropFirst(start).prefix(96)
        let isLast = start + 96 >= payload.count
        let flags = start / 8 | (isLast ? 0 : 0x2000)
        var packet = Array(record[16..<50]) + part
        (packet[16], packet[17]) = (UInt8((20 + part.count) >> 8), UInt8((20 + part.count) & 255))
        (packet[18], packet[19]) = (UInt8(number >> 8), UInt8(number & 255))
        (packet[20], packet[21]) = (UInt8(flags >> 8), UInt8(flags & 255))
        let length = [UInt8(packet.count & 255), UInt8(packet.count >> 8), 0, 0]
        pieces.append(Array(record[0..<8]) + length + length + packet)
      }
      numbers.append(pieces.count)
    }
    return (pieces, numbers)
  }

  @Test("a K or an OPc that is not the UE's is told with the packet of the challenge, and is not green", arguments: [3, 5])
  func wrongKey(argument: Int) throws {
    let (header, records) = try Self.records(of: "open5gs/attach_detach")
    var keys = Self.keys
    keys[1] = "001010000000101"
    keys[argument] = "ffeeddccbbaa99887766554433221100"
    let run = try check(header, records, keys)
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains("K or OPc of 001010000000101 is not that of its UE: AUTN of packet "), "\(run.errors)")
    #expect(try wrong(run).isEmpty)
  }

  @Test("a KASME that explains nothing is told, and is not green") func wrongKASME() throws {
    let (header, records) = try Self.records(of: "open5gs/attach_detach")
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString).yaml")
    try Data("kasmes:\n  - {imsi: \"001010000000101\", kasme: \(String(repeating: "5a", count: 32))}\n".utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let run = try check(header, records, ["--kasmes", url.path])
    #expect(run.status == 2 && run.errors.contains("no KASME that is told of"), "\(run.status) \(run.errors)")
    #expect(try wrong(run).isEmpty)
  }

  @Test("a capture from the middle on says that handovers were there, and that nothing decides their keys") func fromTheMiddle() throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    let run = try check(header, Array(records.dropFirst(25)))
    let handovers = try run.objects().filter { $0["slug"] as? String == "nh-genealogy" }
    #expect(handovers.contains { $0["verdict"] as? String == "unobserved" }, "\(run.output)")
    #expect(try wrong(run).isEmpty)
  }

  @Test("a slug that no assertion has is a usage error with the nearest ones") func unknownSlug() throws {
    let (header, records) = try Self.records(of: "open5gs/attach_detach")
    let run = try check(header, records, Self.keys + ["--require", "nh-geneology"])
    #expect(run.status == 2 && run.errors.contains("perhaps nh-genealogy"), "\(run.errors)")
  }

  @Test("JUnit counts a misaligned verdict once; jsonl is the verdicts a line each") func reports() throws {
    let (header, records) = try Self.records(of: "open5gs/smc_then_ho")
    let base = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-\(UUID().uuidString)")
    let (junit, lines) = (base.appendingPathExtension("xml"), base.appendingPathExtension("jsonl"))
    defer { for url in [junit, lines] { try? FileManager.default.removeItem(at: url) } }
    let run = try check(header, records, Self.keys + ["--report", "junit=\(junit.path)", "--report", "jsonl=\(lines.path)"])
    let text = try String(contentsOf: junit, encoding: .utf8)
    let count = try run.objects().count
    #expect(text.contains("tests=\"\(count)\" failures=\"1\""), "\(text.prefix(300))")
    let objects = try String(contentsOf: lines, encoding: .utf8).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    #expect(objects.count { $0?["slug"] != nil } == count && objects.count > count && objects.allSatisfy { $0 != nil })
  }
}
