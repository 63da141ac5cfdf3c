import Profiles
import ArgumentParser
import TestNetwork

/// What the MME is to do wrong.
struct DefectArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Break a rule on purpose, as cores have done; repeatable.", valueName: "name"))
  var defect: [String] = []
  @Flag(help: "List the defects with their clauses, and do nothing else.") var listDefects = false

  func resolve() throws -> Set<Defect> { Set(try defect.map { try Self.named($0) }) }

  private static func named(_ name: String) throws -> Defect {
    if let defect = Defect(rawValue: name) { return defect }
    let near = Suggestions.nearest(to: name, among: Defect.allCases.map(\.rawValue))
    let hint = near.isEmpty ? "--list-defects lists them" : "did you mean \(near.joined(separator: ", "))? --list-defects lists all"
    throw Refusal.usage("--defect \(name): there is none of that name; \(hint)")
  }

  /// One line a defect: name, clause, what the MME does.
  static var list: String {
    let width = Defect.allCases.map(\.rawValue.count).max() ?? 0
    let lines = Defect.allCases.map { defect in
      defect.rawValue + String(repeating: " ", count: width - defect.rawValue.count) + "  \(defect) (\(defect.clause))"
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
