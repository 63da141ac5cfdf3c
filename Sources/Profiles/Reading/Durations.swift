extension Duration {
  /// `500ms`, `1.5s`, `2min`; nil for anything else, and for more than a day.
  init?(profileText text: String) {
    let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("min", 60_000), ("s", 1_000)]
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }), let number = Double(text.dropLast(unit.suffix.count)),
      text.first?.isNumber == true
    else { return nil }
    let milliseconds = number * unit.milliseconds
    guard milliseconds.isFinite, (0...86_400_000).contains(milliseconds) else { return nil }
    self = .milliseconds(Int(milliseconds.rounded()))
  }

  /// `1.5s`, for people.
  public var profileText: String {
    let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    if milliseconds % 1_000 == 0 { return "\(milliseconds / 1_000)s" }
    return milliseconds < 1_000 ? "\(milliseconds)ms" : "\(Double(milliseconds) / 1_000)s"
  }
}
