import Profiles
import Alignment
import ArgumentParser

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the rules on running NAS security mode control beside other security procedures.",
    discussion: """
      They are those of TS 33.401 §7.2.10, in our own words and under names of our own; a misaligned verdict names those that it sees broken.

        nasue rules
        nasue rules old-as-chain-until-rekey
        nasue rules --format json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: ArgumentHelp("The rule to print; all of them without it.", valueName: "slug")) var slug: String?
  @Option(help: "text, or json with one object a line.") var format: Format = .text

  func run() throws { try guarded { StandardStream.output.write(try list()) } }

  private func list() throws -> String {
    var rules = ConcurrencyRule.allCases
    if let slug {
      guard let rule = ConcurrencyRule(rawValue: slug) else {
        let near = Suggestions.nearest(to: slug, among: rules.map(\.slug))
        throw Refusal.usage("\(slug): no rule has that name" + (near.isEmpty ? "" : "; perhaps \(near.joined(separator: ", "))"))
      }
      rules = [rule]
    }
    switch format {
    case .text: return rules.map(RuleText.text).joined(separator: "\n")
    case .json: return rules.map(RuleText.jsonLine).joined()
    }
  }
}
