import NASMessages
import Reporting
import UserEquipment

/// What numbers and names of the specification stand for here: causes and timers.
enum NumberedNames {
  /// The EMM and ESM causes that have a name, and what the UE does when a reject brings them, as the code does it.
  static func causes(_ transitions: [Transition]) -> Table {
    var table = Table("cause", "name", "in", "the UE")
    for number in 0...UInt8.max {
      guard let name = EMMCause(rawValue: number).name else { continue }
      let lines = transitions.filter { $0.event.hasSuffix("REJECT #\(number)") && $0.next != $0.state }
      guard !lines.isEmpty else {
        table.add("EMM #\(number)", name, "", "")
        continue
      }
      var seen: Set<String> = []
      for line in lines where seen.insert(line.event).inserted {
        let message = String(line.event.prefix { $0 != "#" }.dropLast())
        table.add("EMM #\(number)", name, message, ([line.next.description] + line.actions).joined(separator: ", "))
      }
    }
    for number in 0...UInt8.max {
      if let name = ESMCause(rawValue: number).name { table.add("ESM #\(number)", name, "", "") }
    }
    return table
  }

  /// The UE's timers, how long they run where the network does not say, and what their end does in each state.
  static func timers(_ transitions: [Transition]) -> Table {
    var table = Table("timer", "default", "expires in", "the UE")
    for timer in EMMTimer.allCases {
      let length = timer.defaultDuration == .zero ? "as told" : "\(timer.defaultDuration.components.seconds) s"
      let lines = transitions.filter { $0.event == "\(timer.rawValue) expires" }
      if lines.isEmpty { table.add(timer.rawValue, length, "", "") }
      for line in lines {
        let next = line.next == line.state ? [] : [line.next.description]
        table.add(timer.rawValue, length, line.state.description, (next + line.actions).joined(separator: ", "))
      }
    }
    for kind in ESMTimer.Kind.allCases {
      table.add(kind.rawValue, kind.duration == .zero ? "as told" : "\(kind.duration.components.seconds) s", "", "")
    }
    return table
  }
}
