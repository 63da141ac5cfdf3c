@testable import S1AP

extension FuzzTarget {
  static let s1ap = FuzzTarget(name: "s1ap") { octets in
    guard let pdu = try? S1APPDU(decoding: octets) else { return }
    do {
      let again = try pdu.encoded()
      let second = try S1APPDU(decoding: again)
      insist(second == pdu, "not the same the second time")
      insist(try second.encoded() == again, "written otherwise the second time")
      insist(try S1APBuilder(pdu).encoded() == again, "the builder makes something else")
    } catch { insist(false, "not written or read again: \(error)") }
    _ = pdu.validate()
    _ = pdu.json()
    for nested in pdu.nestedOctets {
      switch nested.contents {
      case .pdu: _ = try? S1APPDU(inside: nested.node).validate()
      case .value(let typeName):
        if let value = try? S1APNode(inside: nested.node, as: typeName) { insist(!value.encoded().isEmpty, "no octets") }
      case .nas, .nasSecurityParametersFromEUTRA, .nasSecurityParametersToEUTRA: break
      }
    }
    var text: [UInt8] = []
    pdu.writeTree(into: &text)
  }

  /// The first octet chooses a type of the grammar below, the rest is a value of it.
  static let aper = FuzzTarget(name: "aper") { input in
    guard let first = input.first else { return }
    let name = names[Int(first) % names.count]
    guard let tape = try? Decoder.decode(Array(input.dropFirst()), as: name, in: grammar) else { return }
    let again = Encoder.encode(tape, valueAt: 0, in: grammar)
    do {
      let second = try Decoder.decode(again, as: name, in: grammar)
      insist(Encoder.encode(second, valueAt: 0, in: grammar) == again, "\(name): written otherwise the second time")
      insist(second.count == tape.count, "\(name): not the same the second time")
    } catch { insist(false, "\(name): not read again: \(error)") }
  }

  private static let names = [
    "Fixed", "Small", "Octet", "Two", "Large", "Huge", "Marked", "Free", "Colour", "Bits3", "Bits20", "BitsUpTo", "BitsLong", "Pair",
    "Triple", "Some", "Any", "Name", "Row", "Heap", "Nothing", "Yes", "Frame", "Way", "Deep",
  ]

  /// Every form of a number, length and structure that aligned PER has, and one type that nests them.
  private static let grammar = Grammar(compiling: [
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
      away Frame
    Deep = sequence
      ways list 1..8 Way
      name? Name
      flags? BitsUpTo
      frames? list 0..3 Frame
      rest Any
      ...
      more? Row
    """#
  ])
}
