extension Verdict {
  /// The same verdict with frames of another count: events of a trace as packets of the capture that they were read from.
  ///
  /// The texts of a verdict name frames as `frame 27`, and nothing else so.
  public func renumbered(_ number: (Int) -> Int) -> Verdict {
    var result = self
    result.frame = frame.map(number)
    let words = words
    result.told = .inWords(
      VerdictWords(
        expected: Self.renumber(words.expected, number), observed: Self.renumber(words.observed, number),
        derivation: Self.renumber(words.derivation, number), note: Self.renumber(words.note, number)))
    if let chains = result.chains {
      func renumbered(_ steps: [KeyChains.Step]) -> [KeyChains.Step] {
        steps.map { .init(name: $0.name, key: $0.key, origin: Self.renumber($0.origin, number)) }
      }
      result.chains = KeyChains(expected: renumbered(chains.expected), sent: renumbered(chains.sent))
    }
    return result
  }

  /// A capture of many UEs has hundreds of thousands of these texts, so most are left after one look at their octets.
  private static func renumber(_ text: String, _ number: (Int) -> Int) -> String {
    let octets = Array(text.utf8)
    guard place(of: word, in: octets[...]) != nil else { return text }
    var result: [UInt8] = []
    var rest = octets[...]
    while let found = place(of: word, in: rest) {
      result += rest[..<found]
      rest = rest[found...]
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let frame = Int(String(decoding: digits, as: UTF8.self)) else { continue }
      result += Array(String(number(frame)).utf8)
      rest = rest[digits.endIndex...]
    }
    return String(decoding: result + rest, as: UTF8.self)
  }

  private static let word = Array("frame ".utf8)

  /// Where the word ends.
  private static func place(of word: [UInt8], in octets: ArraySlice<UInt8>) -> Int? {
    var start = octets.startIndex
    while start + word.count <= octets.endIndex {
      if octets[start..<start + word.count].elementsEqual(word) { return start + word.count }
      start += 1
    }
    return nil
  }
}
