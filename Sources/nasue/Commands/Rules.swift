import Alignment
import ArgumentParser
import Profiles

struct Rules: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains the rules on running NAS security mode control beside other security procedures, and the assertions of verdicts.",
    discussion: """
      The rules are those of TS 33.401 §7.2.10, in our own words and under names of our own; a misaligned verdict names those that it sees \
      broken. Of an assertion it is said what it says, where that is laid down, what is evidence for it, and which defects of \
      `nasue mme --list-defects` it finds.

        nasue rules
        nasue rules old-as-chain-until-rekey
        nasue rules nh-genealogy
        nasue rules --format json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: ArgumentHelp("The rule or the assertion to print; all of them without it.", valueName: "slug")) var slug: String?
  @Option(help: "text, or json with one object a line.") var format: Format = .text

  func run() throws { try guarded { StandardStream.output.write(try list()) } }

  private func list() throws -> String {
    var entries = RuleText.all
    if let slug {
      guard let entry = RuleText(slug) else {
        let near = Suggestions.nearest(to: slug, among: RuleText.slugs)
        throw Refusal.usage(
          "\(slug): no rule or assertion has that name" + (near.isEmpty ? "" : "; perhaps \(near.joined(separator: ", "))"))
      }
      entries = [entry]
    }
    switch format {
    case .text: return entries.map(\.text).joined(separator: "\n")
    case .json: return entries.map(\.jsonLine).joined()
    }
  }
}
