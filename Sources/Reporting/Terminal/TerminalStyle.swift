/// How text for people is drawn. The caller decides about colours (a terminal, no NO_COLOR); nothing here looks at the environment.
public struct TerminalStyle: Sendable, Equatable {
  /// ANSI colours.
  public var colours: Bool
  /// Box-drawing characters and arrows; otherwise ASCII.
  public var unicode: Bool
  /// Columns, at least 80.
  public var width: Int

  /// - Parameter width: columns.
  public init(colours: Bool = false, unicode: Bool = true, width: Int = 120) {
    self.colours = colours
    self.unicode = unicode
    self.width = max(width, 80)
  }

  enum Paint: String {
    case none = ""
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case green = "32"
    case yellow = "33"
    case blue = "36"
  }

  func paint(_ text: String, _ paint: Paint) -> String {
    colours && paint != .none ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }

  var lifeline: String { unicode ? "│" : "|" }
  var separator: String { unicode ? " · " : ", " }
  var ellipsis: String { unicode ? "…" : "~" }

  /// An arrow of `width` columns with a label on it.
  func arrow(_ label: String, width: Int, rightwards: Bool) -> String {
    let dash: Character = unicode ? "─" : "-"
    let text = fit(label, to: width - 6)
    let rest = width - 4 - text.count - (rightwards ? 1 : 0)
    let line = String(repeating: dash, count: max(rest, 1))
    if rightwards { return "\(dash)\(dash) \(text) \(line)" + (unicode ? "▶" : ">") }
    return (unicode ? "◀" : "<") + "\(dash) \(text) \(line)"
  }

  /// The text in at most `width` columns: words of message names are shortened first, then it is cut.
  func fit(_ text: String, to width: Int) -> String {
    var short = text
    for (long, brief) in Self.abbreviations {
      if short.count <= width { return short }
      short = short.replacing(long, with: brief)
    }
    return short.count <= width ? short : String(short.prefix(max(width - 1, 0))) + ellipsis
  }

  private static let abbreviations = [
    ("EPS BEARER CONTEXT", "BEARER"), (" REQUEST", " REQ"), ("ACKNOWLEDGE", "ACK"), ("CONFIGURATION", "CONFIG"), (" RESPONSE", " RSP"),
    ("INFORMATION", "INFO"), ("ACTIVATE", "ACT"), ("MODIFICATION", "MODIF"), ("TRACKING AREA UPDATE", "TAU"),
    ("CONNECTIVITY", "CONN"), (", new context", ", new"),
  ]

  /// Breaks `text` at blanks into lines of at most `width` columns. A word longer than a line is cut.
  func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0.isNewline }) {
      var word = word
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }
}

extension String {
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  func leftPadded(to width: Int) -> String {
    count >= width ? self : String(repeating: " ", count: width - count) + self
  }

  /// Without control characters, so that a peer's text (an eNB's name) cannot steer the terminal.
  public var printable: String {
    // Nearly every text is ASCII and needs nothing.
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
