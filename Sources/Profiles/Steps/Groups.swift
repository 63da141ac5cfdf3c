/// Groups of steps that run beside each other; all must end.
public struct ParallelStep: Sendable {
  public var branches: [[ProfileStep]]
}

/// A place where branches wait for one another.
public struct BarrierStep: Sendable {
  public var name: String
}

/// Steps that are taken several times.
public struct RepeatStep: Sendable {
  public var times: Int
  public var steps: [ProfileStep]
}

extension StepKind {
  static let parallel = StepKind(
    "parallel", "lists of steps that run beside each other", example: "parallel: [[handover: {to: b}], [reauthenticate]]",
    arguments: .list(of: .steps("the steps of a branch"), atLeast: 2, "lists of steps"), needsArguments: true
  ) { value, _ throws(ProfileError) in
    let branches = (value?.elements ?? []).compactMap(\.steps)
    let barriers = branches.map { $0.flatMap(\.barriers) }
    for (index, own) in barriers.enumerated() {
      let others = barriers.indices.filter { $0 != index }.flatMap { barriers[$0] }
      for (name, place) in own where !others.contains(where: { $0.name == name }) {
        throw .unknown(name, at: place, expected: "a barrier that another branch comes to", among: others.map(\.name))
      }
    }
    return .parallel(ParallelStep(branches: branches))
  }

  static let barrier = StepKind(
    "barrier", "each branch of a `parallel` that names it waits here for the others", example: "barrier: both attached",
    arguments: .text("a name for the place"), needsArguments: true
  ) { value, _ in .barrier(BarrierStep(name: value?.text ?? "")) }

  static let repeated = StepKind(
    "repeat", "takes steps several times", example: "repeat: {times: 40, steps: [service request]}",
    arguments: .map(
      [
        .init("times", .integer(1...100_000, "how often"), required: true),
        .init("steps", .steps("what is taken each time"), required: true),
      ], "repeat"), needsArguments: true
  ) { value, _ in .repeated(RepeatStep(times: value?["times"]?.integer ?? 1, steps: value?["steps"]?.steps ?? [])) }

  /// Its steps stand for it: the reader puts them in its place.
  static let include = StepKind(
    "include", "the steps of another file, which is a list of steps; its name is from this file's folder",
    example:
      "include: ../parts/reattach.yaml",
    arguments: .text("a file"), needsArguments: true
  ) { _, place throws(ProfileError) in throw ProfileError(place, "expected a file") }
}

extension ProfileStep {
  /// The barriers of the branch that it is in, with their places.
  fileprivate var barriers: [(name: String, place: ProfilePlace)] {
    switch action {
    case .barrier(let step): [(step.name, place)]
    case .repeated(let step): step.steps.flatMap(\.barriers)
    default: []
    }
  }
}
