extension Verdict {
  /// The same verdict with frames of another count: events of a trace as packets of the capture that they were read from.
  ///
  /// The texts of a verdict name frames as `frame 27`, and nothing else so.
  public func renumbered(_ number: (Int) -> Int) -> Verdict {
    var result = self
    result.frame = frame.map(number)
    for text in [\Verdict.expected, \.observed, \.derivation, \.note] {
      result[keyPath: text] = Self.renumber(self[keyPath: text], number)
    }
    return result
  }

  private static func renumber(_ text: String, _ number: (Int) -> Int) -> String {
    var result = ""
    var rest = text[...]
    while let word = rest.firstRange(of: "frame ") {
      result += rest[..<word.upperBound]
      rest = rest[word.upperBound...]
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let frame = Int(digits) else { continue }
      result += String(number(frame))
      rest = rest[digits.endIndex...]
    }
    return result + rest
  }
}
