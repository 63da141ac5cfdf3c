import Testing

@testable import S1AP

/// Aligned PER by hand, over a grammar of the test's own: each octet below is worked out from X.691, not from this codec.
@Suite("Aligned PER primitives (X.691)")
struct PrimitiveTests {
  static let grammar = Grammar(compiling: [
    #"""
    Fixed = int 7..7
    Small = int 3..10
    Octet = int 0..255
    Two = int 1..65536
    Large = int 0..4294967295
    Huge = int 0..18446744073709551615
    Marked = int 0..15 ...
    Free = int
    Colour = enum red green blue ... violet black
    Bits3 = bits 3
    Bits20 = bits 20
    BitsUpTo = bits 1..160 ...
    BitsLong = bits 1..131072
    Pair = octets 2
    Triple = octets 3
    Some = octets 1..3 ...
    Any = octets
    Name = text 1..150 ...
    Row = list 1..4 Small
    Heap = list Two
    Nothing = null
    Yes = bool
    Frame = sequence
      first Small
      second? Octet
      third? Pair
      ...
      fourth? Octet
    Way = choice
      near Small
      far Octet
      ...
      away Octet
    """#
  ])

  /// Decodes octets as that type, answers what JER makes of it, and insists that the encoder gives the octets back.
  private func read(_ type: String, _ octets: String) throws -> String {
    let tape = try Decoder.decode(unhex(octets), as: type, in: Self.grammar)
    #expect(hex(Encoder.encode(tape, valueAt: 0, in: Self.grammar)) == octets, "\(type)")
    return describe(tape)
  }

  /// Kind-less: numbers, hexadecimal strings, parts in brackets.
  private func describe(_ tape: Tape, _ index: Int = 0) -> String {
    let node = tape.nodes[index]
    let row = Self.grammar.types[Int(node.type)]
    let mark = node.flags.contains(.extended) ? "+" : ""
    var parts: [String] = []
    var at = index + 1
    while at < index + Int(node.span) {
      parts.append((row.kind == .sequence ? "\(tape.nodes[at].slot):" : "") + describe(tape, at))
      at += Int(tape.nodes[at].span)
    }
    switch row.kind {
    case .integer: return mark + (mark.isEmpty && row.layout.upper != .max ? String(node.wide) : String(Int64(bitPattern: node.wide)))
    case .enumerated, .boolean: return "\(mark)\(node.low)"
    case .null: return "null"
    case .octets, .text:
      if node.flags.contains(.inline) { return "\(mark)\(String(node.low, radix: 16))/\(node.high)" }
      return node.high > 40
        ? "\(mark)\(node.high) octets" : mark + hex(tape.octets[Int(node.low)..<Int(node.low) + Int(node.high)])
    case .bits:
      if node.flags.contains(.inline) { return "\(mark)\(String(node.low, radix: 2))/\(node.high)" }
      return "\(mark)\(node.high) bits"
    case .choice: return "\(mark)\(node.low)(\(parts.joined()))"
    case .sequence, .list, .field: return "\(mark)[\(parts.joined(separator: " "))]"
    }
  }

  @Test("whole numbers: no bits, a bit-field, one octet, two, a length and octets (§11.5)")
  func numbers() throws {
    #expect(try read("Fixed", "00") == "7")
    #expect(try read("Small", "40") == "5")
    #expect(try read("Octet", "c8") == "200")
    #expect(try read("Two", "ffff") == "65536")
    // Length 1 to 4 in 2 bits, then as few octets as hold the value.
    #expect(try read("Large", "0005") == "5")
    #expect(try read("Large", "400100") == "256")
    #expect(try read("Large", "c0ffffffff") == "4294967295")
    #expect(try read("Huge", "e08000000000000000") == "-9223372036854775808")
  }

  @Test("a number behind the extension marker is unconstrained, in two's complement (§13.2.4)")
  func markedNumbers() throws {
    #expect(try read("Marked", "38") == "7")
    #expect(try read("Marked", "800110") == "+16")
    #expect(try read("Marked", "8001ff") == "+-1")
    #expect(try read("Marked", "80020080") == "+128")
    #expect(try read("Free", "03800000") == "-8388608")
  }

  @Test("enumerated values in front of the marker and behind it, known or not (§14)")
  func enumerated() throws {
    #expect(try read("Colour", "40") == "2")
    #expect(try read("Colour", "81") == "+1")
    #expect(try read("Colour", "bf") == "+63")
    // A normally small number of 64 and more: a bit, a length, octets (§11.6.2).
    #expect(try read("Colour", "c00140") == "+64")
    #expect(throws: S1APError.self) { try self.read("Colour", "60") }
  }

  @Test("bit strings: short ones unaligned, longer ones aligned, marked ones with a length (§16)")
  func bitStrings() throws {
    #expect(try read("Bits3", "a0") == "101/3")
    #expect(try read("Bits20", "abcde0") == "20 bits")
    // Marker 0, length 32 - 1 in 8 bits, alignment.
    #expect(try read("BitsUpTo", "0f80c0a80001") == "32 bits")
    // Marker 1, length 161 without bounds.
    #expect(try read("BitsUpTo", "8080a1" + String(repeating: "ff", count: 20) + "80") == "+161 bits")
  }

  @Test("octet strings and texts: up to two octets unaligned, fixed, bounded, free (§17, §30)")
  func octetStrings() throws {
    #expect(try read("Pair", "abcd") == "abcd/2")
    #expect(try read("Triple", "abcdef") == "abcdef")
    #expect(try read("Some", "20abcd") == "abcd")
    #expect(try read("Some", "8004abcdefff") == "+abcdefff")
    #expect(try read("Any", "00") == "")
    #expect(try read("Any", "8080" + String(repeating: "11", count: 128)) == "128 octets")
    #expect(try read("Name", "0100454e42") == "454e42")
  }

  @Test("strings of 16K and more come in fragments and are put together (§11.9.3.8)")
  func fragments() throws {
    let block = { (count: Int) in String(repeating: "5a", count: count) }
    #expect(try read("Any", "c1" + block(16384) + "00") == "16384 octets")
    #expect(try read("Any", "c4" + block(65536) + "c1" + block(16384) + "03" + block(3)) == "81923 octets")
    #expect(try read("BitsLong", "c1" + block(2048) + "0180") == "16385 bits")
    #expect(throws: S1APError.self) { try self.read("Any", "c5" + block(81920) + "00") }
    #expect(throws: S1APError.self) { try self.read("Any", "c1" + block(16384)) }
  }

  @Test("lists: a bounded count, and counts of 16K and more in fragments (§20)")
  func lists() throws {
    // Count 2 - 1 in 2 bits, then 3 bits each: 01 010 111.
    #expect(try read("Row", "57") == "[5 10]")
    #expect(try read("Heap", "0200000001") == "[1 2]")
    let tape = try Decoder.decode(unhex("c1" + String(repeating: "0007", count: 16384) + "010009"), as: "Heap", in: Self.grammar)
    #expect(tape.nodes[0].low == 16385)
    #expect(tape.count == 16386)
    #expect(Encoder.encode(tape, valueAt: 0, in: Self.grammar).count == 2 * 16385 + 2)
  }

  @Test("sequences: optional components, additions known and unknown, all kept (§19)")
  func sequences() throws {
    // Marker 0, presence 00, first 5 - 3 = 010.
    #expect(try read("Frame", "08") == "[0:5]")
    // Presence 01: third, two octets, not aligned.
    #expect(try read("Frame", "2aaf34") == "[0:5 2:abcd/2]")
    // Marker 1, presence 00, first; then 1 addition (000000 0), its bitmap 1, open type 01 07.
    #expect(try read("Frame", "88040107") == "+[0:5 3:7]")
    // Two additions announced, only the second, unknown one present.
    #expect(try read("Frame", "880a02beef") == "+[0:5 4:beef]")
  }

  @Test("choices: alternatives in front of the marker, behind it, and unknown ones kept (§23)")
  func choices() throws {
    #expect(try read("Way", "10") == "0(5)")
    #expect(try read("Way", "4009") == "1(9)")
    #expect(try read("Way", "800109") == "+0(9)")
    #expect(try read("Way", "8502cafe") == "+5(cafe)")
  }

  @Test("NULL and BOOLEAN")
  func rest() throws {
    #expect(try read("Nothing", "00") == "null")
    #expect(try read("Yes", "80") == "1")
  }
}
