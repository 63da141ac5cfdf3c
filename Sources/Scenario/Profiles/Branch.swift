import Profiles

/// Steps that are taken one after another, and how far that has come.
final class Branch {
  /// A step under way.
  struct Active {
    var step: ProfileStep
    var activity: StepActivity
    var deadline: Duration?
  }

  private struct Frame {
    var steps: [ProfileStep]
    var next = 0
    var roundsLeft = 0
  }

  private var frames: [Frame]
  /// The branch whose `parallel` it belongs to.
  let parent: Branch?
  var active: Active?
  /// Where `wait` and `expect` begin to look.
  var cursor = 0
  var isDone = false
  /// How often it has come to each barrier.
  var arrivals: [String: Int] = [:]

  init(_ steps: [ProfileStep], parent: Branch? = nil) {
    frames = [Frame(steps: steps)]
    self.parent = parent
    cursor = parent?.cursor ?? 0
  }

  /// The next step; nil at the end.
  func next() -> ProfileStep? {
    while var frame = frames.last {
      if frame.next < frame.steps.count {
        let step = frame.steps[frame.next]
        frame.next += 1
        frames[frames.count - 1] = frame
        return step
      }
      if frame.roundsLeft > 0 {
        frame.roundsLeft -= 1
        frame.next = 0
        frames[frames.count - 1] = frame
      } else {
        frames.removeLast()
      }
    }
    return nil
  }

  /// Takes these steps next, so often.
  func push(_ steps: [ProfileStep], times: Int) {
    guard times > 0, !steps.isEmpty else { return }
    frames.append(Frame(steps: steps, roundsLeft: times - 1))
  }

  /// Whether a barrier of that name is still before it.
  func willMeet(barrier name: String) -> Bool {
    frames.contains { frame in
      frame.steps[frame.next...].contains { if case .barrier(let step) = $0.action { step.name == name } else { false } }
    }
  }
}

/// Something that must not happen, until something does.
struct Watch {
  var step: ProfileStep
  var occasion: Occasion
  var until: Occasion?
  var isArmed = true
}

/// A step under way: whether it has ended, and what it comes to when its limit is reached.
struct StepActivity {
  /// nil: it waits for ever.
  var limit: Duration?
  var poll: () -> ProfileCheck.Outcome?
  var late: () -> ProfileCheck.Outcome
  /// How long it may be left alone, though nothing happens: what it does brings no answer that would wake it. nil: until its limit.
  var patience: () -> Duration? = { nil }

  /// It has ended already.
  static func ended(_ outcome: ProfileCheck.Outcome = .passed) -> StepActivity {
    StepActivity(limit: nil, poll: { outcome }, late: { outcome })
  }

  /// It ends when something is so, and else fails.
  static func until(
    _ limit: Duration, else words: @escaping @autoclosure () -> String, _ poll: @escaping () -> ProfileCheck.Outcome?
  ) -> StepActivity {
    StepActivity(limit: limit, poll: poll, late: { .failed(words()) })
  }
}
