import ArgumentParser

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains what the UE does: the states of EMM, causes, timers, deviations.",
    discussion: """
      The tables are made by the code that runs: the UE is put into each state and given each event.

        nasue explain states --filter "SERVICE REJECT"
        nasue explain states --format dot | dot -Tsvg > emm.svg
        nasue explain deviations
      """)

  enum Topic: String, ExpressibleByArgument, CaseIterable { case states, causes, timers, deviations }
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, mermaid, dot }

  @Argument(help: ArgumentHelp("states, causes, timers or deviations.", valueName: "topic")) var topic: Topic
  @Option(help: "text; for states also json, mermaid or dot; for deviations also json.") var format: Format = .text
  @Option(help: ArgumentHelp("For states: only lines with this in a state or in the event.", valueName: "text")) var filter: String?

  func run() throws { try guarded { StandardStream.output.write(try explanation()) } }

  private func explanation() throws -> String {
    guard filter == nil || topic == .states else { throw Refusal.usage("--filter is for states") }
    switch (topic, format) {
    case (.states, _):
      let diagram = StateDiagram(filter: filter)
      if let filter, diagram.transitions.isEmpty { throw Refusal.usage("--filter \(filter): no state and no event has that in it") }
      switch format {
      case .text: return diagram.text
      case .json: return diagram.jsonLines
      case .mermaid: return diagram.mermaid
      case .dot: return diagram.dot
      }
    case (.causes, .text): return NumberedNames.causes(StateDiagram().transitions).text
    case (.timers, .text): return NumberedNames.timers(StateDiagram().transitions).text
    case (.deviations, .text): return DeviationList.text
    case (.deviations, .json): return DeviationList.jsonLines
    case (.causes, .json), (.causes, .mermaid), (.causes, .dot), (.timers, .json), (.timers, .mermaid), (.timers, .dot),
      (.deviations, .mermaid), (.deviations, .dot):
      throw Refusal.usage("--format \(format.rawValue): \(topic.rawValue) has no such form")
    }
  }
}
