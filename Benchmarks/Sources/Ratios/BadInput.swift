import CAllocations
import NASMessages

/// What hostile NAS messages cost in memory: decoded, and the whole decode tree with all values in words and all messages inside.
///
/// The bound: at no moment more than 20 times the size of the input, at 64 KiB and at 4 KiB (below, what any message costs counts for more
/// than the input does).
enum BadInput {
  static let bound = 20.0

  /// Prints the worst; false if the bound is broken.
  static func report() -> Bool {
    var worst = (name: "", ratio: 0.0)
    var count = 0
    for size in [4096, 65_535] {
      for (name, octets) in inputs(of: size) {
        // Once before, so that nothing is counted that is made once in a process.
        _ = words(in: octets)
        peak_bytes_reset()
        let read = words(in: octets)
        let ratio = Double(peak_bytes()) / Double(octets.count)
        sink &+= UInt64(read)
        count += 1
        if ratio > worst.ratio { worst = ("\(name), \(octets.count) octets", ratio) }
      }
    }
    let isWithin = worst.ratio <= bound
    print(
      "bad input: \(count) messages; at most \(Ratios.decimal(worst.ratio)) times the size (\(worst.name)), bound 20: \(isWithin ? "pass" : "FAIL")"
    )
    return isWithin
  }

  private static func words(in octets: [UInt8]) -> Int {
    guard let message = try? NASMessage(decoding: octets) else { return 0 }
    return words(in: message)
  }

  private static func words(in message: NASMessage) -> Int {
    message.informationElements.reduce(0) { $0 + $1.value.utf8.count + ($1.message.map { words(in: $0) } ?? 0) }
  }

  // MARK: Inputs

  private static func filled(_ head: [UInt8], with unit: [UInt8], to size: Int) -> [UInt8] {
    var octets = head
    while octets.count + unit.count <= size { octets += unit }
    return octets
  }

  private static func lengthE(_ value: [UInt8]) -> [UInt8] { [UInt8(value.count >> 8), UInt8(value.count & 0xFF)] + value }

  /// Tiny elements of every form, tiny parts of every value that has a length of two octets, and messages inside messages.
  private static func inputs(of size: Int) -> [(String, [UInt8])] {
    let reject: [UInt8] = [0x07, 0x44, 0x03]
    var inputs: [(String, [UInt8])] = [
      ("one-octet elements", filled(reject, with: [0x90], to: size)), ("empty TLV", filled(reject, with: [0x2A, 0], to: size)),
      ("empty TLV-E", filled(reject, with: [0x7D, 0, 0], to: size)),
      ("repeated elements", filled(reject, with: [0x5F, 1, 0x21], to: size)),
      ("elements too short", filled(reject, with: [0x5F, 0], to: size)), ("an unknown message", filled([0x07, 0x7F], with: [1], to: size)),
    ]
    let room = size - 40
    let attach: [UInt8] = [0x07, 0x41, 0x71, 0x08, 0x09, 0x10, 0x10, 0x21, 0x43, 0x65, 0x87, 0x09, 0x02, 0xF0, 0x70]
    for unit in [[0x12, 0x34, 0], [0x12, 0x34, 1, 7], [0x80, 0x21, 6, 1, 0, 0, 6, 0x81, 2]] as [[UInt8]] {
      let session = [0x02, 1, 0xD0, 0x11, 0x7B] + lengthE(filled([0x80], with: unit, to: room))
      let request = attach + lengthE(session)
      inputs.append(("configuration options", session))
      inputs.append(("configuration options in ATTACH REQUEST", request))
      inputs.append(("configuration options in ATTACH REQUEST in SECURITY MODE COMPLETE", [0x07, 0x5E, 0x79] + lengthE(request)))
    }
    var nested: [UInt8] = [0x07, 0x5E]
    while nested.count + 5 <= size { nested = [0x07, 0x5E, 0x79] + lengthE(nested) }
    inputs.append(("SECURITY MODE COMPLETE in itself", nested))
    let accept: [UInt8] = [0x07, 0x42, 0x01, 0x21, 6, 0, 0, 0xF1, 0x10, 0, 7, 0, 3, 0x52, 1, 0xC2]
    inputs.append(("emergency numbers without digits", accept + [0x7A] + lengthE(filled([0], with: [0, 0], to: room))))
    inputs.append(("emergency numbers of two digits", accept + [0x7A] + lengthE(filled([0], with: [1, 0x11, 0], to: room))))
    inputs.append(("ciphering data sets", accept + [0x7C] + lengthE(filled([], with: [UInt8](repeating: 0, count: 31), to: room))))
    let context: [UInt8] = [255, 254] + [UInt8](repeating: 0, count: 254)
    inputs.append(("remote UEs", [0x52, 1, 0xE9, 0x79] + lengthE(filled([255], with: context, to: room))))
    inputs.append(("a generic container", [0x07, 0x68, 1] + lengthE([UInt8](repeating: 7, count: room))))
    inputs.append(("user data", [0x52, 1, 0xEB] + lengthE([UInt8](repeating: 7, count: room))))
    return inputs
  }
}
