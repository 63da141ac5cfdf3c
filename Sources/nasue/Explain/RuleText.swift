import Alignment
import Reporting
import TestNetwork

/// A rule, or an assertion, as `nasue rules` prints it.
enum RuleText {
  case rule(ConcurrencyRule)
  case assertion(Assertion)

  static let all = ConcurrencyRule.allCases.map(Self.rule) + Assertion.allCases.map(Self.assertion)
  /// What may be asked for.
  static let slugs =
    ConcurrencyRule.allCases.map(\.slug)
    + Assertion.allCases.flatMap { assertion in [assertion.slug] + assertion.attributes.map { "\(assertion.slug)/\($0)" } }

  /// - Parameter slug: of a rule or an assertion, an attribute with it or not.
  init?(_ slug: String) {
    if let rule = ConcurrencyRule(rawValue: slug) {
      self = .rule(rule)
    } else if let assertion = Assertion(of: slug) {
      self = .assertion(assertion)
    } else {
      return nil
    }
  }

  /// Slug, who and clause in one line, then what it says, indented.
  var text: String {
    switch self {
    case .rule(let rule):
      let seen = rule.assertions.isEmpty ? [] : ["seen by " + Self.list(rule.assertions.map(\.slug))]
      return Self.text(["\(rule.slug)  (\(rule.who), \(rule.clause))"], [rule.text] + seen)
    case .assertion(let assertion):
      let defects = Self.defects(of: assertion)
      var lines = [assertion.text, "evidence: " + assertion.evidence]
      if !assertion.attributes.isEmpty { lines.append("attributes: " + Self.list(assertion.attributes)) }
      if !assertion.rules.isEmpty { lines.append("sees broken: " + Self.list(assertion.rules.map(\.slug))) }
      if !defects.isEmpty { lines.append("finds: " + Self.list(defects)) }
      return Self.text(["\(assertion.slug)  (assertion, \(assertion.clause))"], lines)
    }
  }

  var jsonLine: String {
    var json = JSONWriter()
    json.object {
      switch self {
      case .rule(let rule):
        $0.member("rule", rule.slug)
        $0.member("who", rule.who)
        $0.member("clause", rule.clause)
        $0.member("text", rule.text)
        $0.member("assertions") { $0.array(of: rule.assertions.map(\.slug)) }
      case .assertion(let assertion):
        $0.member("assertion", assertion.slug)
        $0.member("clause", assertion.clause)
        $0.member("text", assertion.text)
        $0.member("evidence", assertion.evidence)
        $0.member("attributes") { $0.array(of: assertion.attributes) }
        $0.member("rules") { $0.array(of: assertion.rules.map(\.slug)) }
        $0.member("defects") { $0.array(of: Self.defects(of: assertion)) }
      }
    }
    json.endLine()
    return json.text
  }

  /// Switches of the test network that it is the assertion for.
  private static func defects(of assertion: Assertion) -> [String] {
    Defect.allCases.filter { Assertion(of: $0.assertion) == assertion }.map(\.rawValue)
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  private static let width = 96

  private static func text(_ head: [String], _ paragraphs: [String]) -> String {
    var lines = head
    for paragraph in paragraphs {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width - 2 {
          lines.append("  " + line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      if !line.isEmpty { lines.append("  " + line) }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
