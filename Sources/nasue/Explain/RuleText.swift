import Alignment
import Reporting

/// A rule as `nasue rules` prints it.
enum RuleText {
  private static let width = 96

  /// Slug, who and clause in one line, then the rule, indented.
  static func text(_ rule: ConcurrencyRule) -> String {
    var lines = ["\(rule.slug)  (\(rule.who), \(rule.clause))"]
    var line = ""
    for word in rule.text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width - 2 {
        lines.append("  " + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append("  " + line) }
    if !rule.assertions.isEmpty { lines.append("  seen by " + rule.assertions.joined(separator: ", ")) }
    return lines.joined(separator: "\n") + "\n"
  }

  static func jsonLine(_ rule: ConcurrencyRule) -> String {
    var json = JSONWriter()
    json.object {
      $0.member("rule", rule.slug)
      $0.member("who", rule.who)
      $0.member("clause", rule.clause)
      $0.member("text", rule.text)
      $0.member("assertions") { $0.array(of: rule.assertions) }
    }
    json.endLine()
    return json.text
  }
}
