import CAllocations

#if canImport(Glibc)
  import Glibc
#endif

/// Prints what every subject costs in units of one AES block and what it allocates, and exits 1 if a bound is broken.
@main
struct Ratios {
  static func main() {
    var rounds = 150
    var filter: String?
    var populations = [1, 64, 1000, 10_000]
    var instructions: (name: String, calls: Int)?
    var command = ".build/release/nasue"
    var onlyCommand = false
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    while let argument = arguments.next() {
      switch argument {
      case "--rounds": rounds = arguments.next().flatMap { Int($0) } ?? rounds
      case "--filter": filter = arguments.next()
      case "--ues":
        guard let list = arguments.next() else { return usage() }
        populations = list.split(separator: ",").compactMap { Int($0) }
      case "--idle-ues":
        guard let count = arguments.next().flatMap({ Int($0) }), count > 0 else { return usage() }
        return measureIdleUEs(count)
      case "--nasue": command = arguments.next() ?? command
      case "--decode": onlyCommand = true
      case "--calls":
        // For callgrind: this many calls of the one subject whose name begins so, and nothing measured.
        guard let name = arguments.next(), let calls = arguments.next().flatMap({ Int($0) }) else { return usage() }
        instructions = (name, calls)
      default: return usage()
      }
    }
    let vectors = "Tests/S1APTests/Resources/s1ap-aper.json"
    if onlyCommand {
      if !PDUsPerSecond.report(command: command, vectors: vectors) { exit(1) }
      return
    }
    let unit = aesBlock()
    let control = oneAllocation()
    let rest =
      populations.flatMap { cryptoSubjects(ues: $0) } + populations.flatMap { protectionSubjects(ues: $0) } + messageSubjects()
      + denseMessageSubjects() + s1apSubjects() + attachSubjects()
      + alignmentSubjects()
    if let (name, calls) = instructions {
      guard let subject = ([unit, control] + rest).first(where: { $0.name.hasPrefix(name) }) else { return usage() }
      sink &+= subject.body(2000)
      sink &+= subject.body(calls)
      return
    }
    let chosen = rest.filter { subject in filter.map { subject.name.contains($0) } ?? true }
    let isWithin = report(measure([unit, control] + chosen, unit: unit, rounds: max(rounds, 1)))
    let isBounded = [
      BadInput.report(), BadS1APInput.report(), ExplainingSearch.report(), PDUsPerSecond.report(command: command, vectors: vectors),
    ].allSatisfy { $0 }
    if !isBounded || !isWithin { exit(1) }
  }

  /// Prints the table; false if a bound is broken.
  static func report(_ measurements: [Measurement]) -> Bool {
    var isBroken = false
    print(
      pad("subject", 42) + left("ns", 9) + left("blocks", 9) + left("bound", 8) + left("allocations", 13) + "  verdict")
    for (index, m) in measurements.enumerated() {
      var verdict = "-"
      if index == 1 {
        verdict = m.allocations == 1 ? "counter works" : "THE COUNTER DOES NOT COUNT"
        if m.allocations != 1 { isBroken = true }
      } else if m.subject.bound != nil || m.subject.nanosecondBound != nil || m.subject.allocationBound != nil
        || m.subject.referenceBound != nil
      {
        let isWithin =
          m.blocks <= (m.subject.bound ?? .infinity) && m.nanoseconds <= (m.subject.nanosecondBound ?? .infinity)
          && m.allocations <= (m.subject.allocationBound ?? .infinity) && (m.times ?? 0) <= (m.subject.referenceBound ?? .infinity)
        verdict = isWithin ? "pass" : "FAIL"
        if !isWithin { isBroken = true }
      }
      print(
        pad(m.subject.name, 42) + left(decimal(m.nanoseconds), 9) + left(decimal(m.blocks), 9)
          + left(bound(of: m.subject), 8) + left(decimal(m.allocations), 13) + "  " + verdict
          + (m.times.map { " (\(hundredths($0)) times)" } ?? ""))
    }
    return !isBroken
  }

  static func bound(of subject: Subject) -> String {
    if let bound = subject.bound { return decimal(bound) }
    if let bound = subject.nanosecondBound { return "\(Int(bound / 1000)) µs" }
    return subject.referenceBound.map { "×\(hundredths($0))" } ?? "-"
  }

  static func hundredths(_ value: Double) -> String {
    let all = Int((value * 100).rounded())
    return "\(all / 100).\(all % 100 < 10 ? "0" : "")\(all % 100)"
  }

  static func usage() {
    print("usage: Ratios [--rounds N] [--filter TEXT] [--ues 1,64,1000,10000] [--nasue PATH] | --decode | --calls NAME N | --idle-ues N")
    exit(2)
  }

  static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
  static func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
  static func left(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
