import Profiles
import ArgumentParser
import UserEquipment

/// Where the UE is to depart from TS 24.301.
struct DeviationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Let the UE deviate from TS 24.301, as some networks need it; repeatable. Every verdict says so.", valueName: "name"))
  var deviation: [String] = []
  @Flag(help: "List the deviations with their clauses, and do nothing else.") var listDeviations = false

  func resolve() throws -> Set<Deviation> { Set(try deviation.map { try Self.named($0) }) }

  private static func named(_ name: String) throws -> Deviation {
    if let deviation = Deviation(rawValue: name) { return deviation }
    let near = Suggestions.nearest(to: name, among: Deviation.allCases.map(\.rawValue))
    let hint = near.isEmpty ? "--list-deviations lists them" : "did you mean \(near.joined(separator: ", "))? --list-deviations lists all"
    throw Refusal.usage("--deviation \(name): there is none of that name; \(hint)")
  }
}
