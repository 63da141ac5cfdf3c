import Alignment
import Profiles
import Trace

/// How a step of a profile ended.
public struct ProfileCheck: Sendable {
  public enum Outcome: Sendable, Equatable {
    case passed
    /// Why, in words.
    case failed(String)
    /// What the network at hand cannot do; the profile ends with it.
    case notApplicable(String)
  }

  /// The step, for people.
  public var text: String
  public var place: ProfilePlace
  public var outcome: Outcome
  /// When it ended, since the start of the run.
  public var time: Duration
  /// Whether it looked at something, rather than did something.
  public var isCheck: Bool
}

/// How a profile went.
public struct ProfileResult: Sendable {
  public enum Outcome: Sendable, Equatable {
    case passed
    /// The first thing that was wrong, in words.
    case failed(String)
    case notApplicable(String)
  }

  public var profile: Profile
  public var outcome: Outcome
  /// One a step that was taken, in order.
  public var checks: [ProfileCheck]
  public var verdicts: [Verdict]
  public var log: TraceLog
  /// On the network's clock: simulated in process.
  public var duration: Duration

  public var isFailed: Bool { if case .failed = outcome { true } else { false } }

  /// How it failed, for a baseline: what steps of the profile wanted misaligned is no failure.
  public var failure: ProfileBaseline.Failure {
    let wanted = profile.everyStep.flatMap { step -> [String] in
      if case .assert(let step) = step.action, case .misaligned(let slugs) = step.assertion { slugs } else { [] }
    }
    let steps = checks.filter { if case .failed = $0.outcome { true } else { false } }.map(\.text)
    let slugs = Set(
      verdicts.filter { $0.verdict == .misaligned && !wanted.contains($0.slug) && !wanted.contains($0.assertion) }.map(\.slug))
    return .init(steps: steps, misaligned: slugs.sorted())
  }

  /// Slugs of the verdicts that are misaligned, in order.
  public var misaligned: [String] { Set(verdicts.filter { $0.verdict == .misaligned }.map(\.slug)).sorted() }
}
