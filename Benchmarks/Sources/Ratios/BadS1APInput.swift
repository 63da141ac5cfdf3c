import CAllocations
import S1AP

/// What hostile S1AP PDUs of 7 octets to 64 KiB cost in memory: decoded, or refused. At no moment more than 20 times the size of the input, and
/// for what an error says, 1 KiB.
enum BadS1APInput {
  static let bound = 20.0
  static let words = 1024

  /// Prints the worst of each; false if the bound is broken.
  static func report() -> Bool {
    var decoded = (ratio: 0.0, name: "")
    var refused = (ratio: 0.0, name: "")
    var json = (ratio: 0.0, name: "")
    var count = 0
    for (name, octets) in inputs() {
      // Once before, so that nothing is counted that is made once in a process.
      _ = try? S1APPDU(decoding: octets)
      peak_bytes_reset()
      let pdu = try? S1APPDU(decoding: octets)
      let isRefusedInside = pdu.map { !readNested(in: $0) } ?? false
      let peak = Double(peak_bytes())
      count += 1
      guard let pdu else {
        let ratio = max(peak - Double(words), 0) / Double(octets.count)
        if ratio > refused.ratio { refused = (ratio, "\(name), \(octets.count) octets") }
        continue
      }
      // What was refused inside has words, too.
      let ratio = (isRefusedInside ? max(peak - Double(words), 0) : peak) / Double(octets.count)
      if ratio > decoded.ratio { decoded = (ratio, "\(name), \(octets.count) octets") }
      peak_bytes_reset()
      sink &+= UInt64(pdu.jsonOctets().count)
      let printed = Double(peak_bytes()) / Double(octets.count)
      if printed > json.ratio { json = (printed, "\(name), \(octets.count) octets") }
    }
    let isWithin = decoded.ratio <= bound && refused.ratio <= bound
    print(
      "bad S1AP input: \(count) PDUs; decoded at most \(Ratios.decimal(decoded.ratio)) times the size (\(decoded.name)), refused at most "
        + "\(Ratios.decimal(refused.ratio)) times and 1 KiB (\(refused.name)), bound 20: \(isWithin ? "pass" : "FAIL"); "
        + "JSON of what was decoded at most \(Ratios.decimal(json.ratio)) times (\(json.name)), no bound")
    return isWithin
  }

  /// Reads the PDUs in its octet strings, and in theirs, while it is there.
  /// - Returns: whether all of them could be read.
  private static func readNested(in pdu: S1APPDU) -> Bool {
    var isRead = true
    for nested in pdu.nestedOctets where nested.contents == .pdu {
      if let inner = try? S1APPDU(inside: nested.node) {
        if !readNested(in: inner) { isRead = false }
      } else {
        isRead = false
      }
    }
    return isRead
  }

  /// REROUTE NAS REQUEST around a PDU.
  private static func reroute(_ inner: [UInt8]) -> [UInt8] { pdu(52, [field(8, [0, 1]), field(225, length(inner)), field(223, [0, 1])]) }

  /// Octets behind their length, in fragments where they have to be.
  private static func length(_ octets: [UInt8]) -> [UInt8] {
    if octets.count < 128 { return [UInt8(octets.count)] + octets }
    if octets.count < 16384 { return [0x80 | UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets }
    let blocks = min(octets.count / 16384, 4)
    return [0xC0 | UInt8(blocks)] + octets[..<(blocks * 16384)] + length(Array(octets[(blocks * 16384)...]))
  }

  private static func pdu(_ procedure: UInt8, _ fields: [[UInt8]]) -> [UInt8] {
    [0, procedure, 0] + length([0, UInt8(fields.count >> 8), UInt8(fields.count & 0xFF)] + fields.flatMap { $0 })
  }

  private static func field(_ id: UInt16, _ contents: [UInt8]) -> [UInt8] { [UInt8(id >> 8), UInt8(id & 0xFF), 0] + length(contents) }

  /// Criticality diagnostics, the densest value that there is.
  private static func diagnostics(_ count: Int) -> [UInt8] {
    let items = (0..<count).map { CriticalityDiagnostics.Item(criticality: .reject, identity: ProtocolIEID(UInt16($0)), error: .missing) }
    return (try? CriticalityDiagnostics(items: items).s1apValue.encoded(as: "CriticalityDiagnostics")) ?? []
  }

  private static func inputs() -> [(String, [UInt8])] {
    var inputs: [(String, [UInt8])] = [("no IEs", pdu(15, [])), ("a cause", pdu(15, [field(2, [0])]))]
    // Every size of the densest list, one after another and filling up to 64 KiB.
    for count in 1...256 { inputs.append(("\(count) diagnostics", pdu(15, [field(58, diagnostics(count))]))) }
    for size in [100, 200, 400, 1000, 2000, 4000, 4096, 4097, 8000, 16_000, 32_000, 65_000] {
      for (name, unit) in [
        ("diagnostics", field(58, diagnostics(256))), ("one diagnostic", field(58, diagnostics(1))), ("causes", field(2, [0])),
        ("unknown IEs", field(60000, [0])), ("empty IEs", [0xEA, 0x60, 0x40, 0]), ("identities", field(0, [0, 1])),
      ] as [(String, [UInt8])] where size > unit.count + 40 {
        inputs.append(("\(name) repeated", pdu(15, Array(repeating: unit, count: (size - 40) / unit.count))))
      }
      let dense = pdu(15, Array(repeating: field(58, diagnostics(20)), count: max((size - 100) / field(58, diagnostics(20)).count, 1)))
      inputs.append(("diagnostics in REROUTE NAS REQUEST", reroute(dense)))
      inputs.append(("diagnostics in three REROUTE NAS REQUESTs", reroute(reroute(reroute(dense)))))
      var nested = pdu(15, [field(2, [0])])
      while nested.count + 30 < size { nested = reroute(nested) }
      inputs.append(("REROUTE NAS REQUEST in itself", nested))
      inputs.append(("fragments without end", [0, 9, 0] + [UInt8](repeating: 0xC1, count: size)))
      inputs.append(("a count that nothing follows", [0, 9, 0] + length([0, 0xFF, 0xFF] + [UInt8](repeating: 0, count: size))))
      inputs.append(("an unknown procedure", [0, 200, 0] + length([UInt8](repeating: 0xFF, count: size))))
    }
    return inputs
  }
}
