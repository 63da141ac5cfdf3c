import NASCrypto
import Reporting
import UserEquipment

/// The table of EMM as the code itself makes it (`UE.transitions`), as text, JSON or a diagram.
struct StateDiagram {
  let transitions: [Transition]

  /// - Parameter filter: only lines that name this in a state or in the event.
  init(filter: String? = nil) {
    var engine = CryptoEngine()
    let all = UE.transitions(using: &engine)
    transitions = all.filter { line in
      filter.map { text in
        [line.state.description, line.next.description, line.event].contains { $0.lowercased().contains(text.lowercased()) }
      } ?? true
    }
  }

  var text: String {
    var table = Table("state", "connection", "event", "next state", "actions", "clause")
    for line in transitions {
      table.add(
        line.state.description, line.isConnected ? "yes" : "no", line.event, line.next == line.state ? "=" : line.next.description,
        line.actions.joined(separator: ", "), line.clause)
    }
    return table.text
  }

  var jsonLines: String {
    transitions.map { line in
      var json = JSONWriter(reserving: 256)
      json.object {
        $0.member("state", line.state.description)
        $0.member("connected", line.isConnected)
        $0.member("event", line.event)
        $0.member("next", line.next.description)
        $0.member("actions") { $0.array(of: line.actions) }
        $0.member("clause", line.clause)
      }
      json.endLine()
      return json.text
    }.joined()
  }

  // MARK: Diagrams

  /// What leads from one state to another. What leaves a state as it is would only clutter a diagram; the table has it.
  private var edges: [(from: String, to: String, events: [String])] {
    var order: [[String]] = []
    var events: [[String]: [String]] = [:]
    for line in transitions where line.state != line.next {
      let edge = [line.state.description, line.next.description]
      if events[edge] == nil { order.append(edge) }
      if events[edge]?.contains(line.event) != true { events[edge, default: []].append(line.event) }
    }
    return order.map { ($0[0], $0[1], Self.shortened(events[$0] ?? [])) }
  }

  /// "ATTACH REJECT #3, #6" for "ATTACH REJECT #3" and "ATTACH REJECT #6".
  private static func shortened(_ events: [String]) -> [String] {
    var groups: [(head: String, causes: [String])] = []
    for event in events {
      let parts = event.split(separator: "#", maxSplits: 1).map(String.init)
      let head = parts.count == 2 ? String(parts[0].dropLast()) : event
      let cause = parts.count == 2 ? ["#" + parts[1]] : []
      if !cause.isEmpty, let place = groups.firstIndex(where: { $0.head == head }) {
        groups[place].causes += cause
      } else {
        groups.append((head, cause))
      }
    }
    return groups.map { $0.causes.isEmpty ? $0.head : "\($0.head) \($0.causes.joined(separator: " "))" }
  }

  private var states: [String] {
    var seen: Set<String> = []
    return transitions.flatMap { [$0.state.description, $0.next.description] }.filter { seen.insert($0).inserted }
  }

  private static func identifier(_ state: String) -> String {
    String(state.map { $0.isLetter || $0.isNumber ? $0 : "_" })
  }

  /// A Mermaid `stateDiagram-v2`, which GitHub and GitLab draw from a fenced block.
  var mermaid: String {
    var text = "stateDiagram-v2\n"
    for state in states { text += "  state \"\(state)\" as \(Self.identifier(state))\n" }
    if states.contains("EMM-NULL") { text += "  [*] --> EMM_NULL\n" }
    for edge in edges {
      // For Mermaid "#" begins a character reference: the causes stand there as bare numbers.
      let label = edge.events.joined(separator: ", ").replacing("#", with: "")
      text += "  \(Self.identifier(edge.from)) --> \(Self.identifier(edge.to)) : \(label)\n"
    }
    return text
  }

  /// A digraph for Graphviz: `nasue explain states --format dot | dot -Tsvg`.
  var dot: String {
    var text =
      "digraph EMM {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=9];\n"
    for state in states { text += "  \"\(state)\";\n" }
    for edge in edges {
      text += "  \"\(edge.from)\" -> \"\(edge.to)\" [label=\"\(edge.events.joined(separator: "\\n"))\"];\n"
    }
    return text + "}\n"
  }
}
