import Alignment
import Reporting

/// The verdicts on a capture as they are printed: all of them up to a number; of more only what is not as it should be, and how many others
/// there were. Which of the two it is shows with the verdict that is one too many, so those before it wait for that.
struct VerdictList {
  let limit: Int
  let format: OutputArguments.Format
  let text: VerdictLines
  private var count = 0
  private var left = 0
  private var waiting: [Verdict] = []

  init(limit: Int, format: OutputArguments.Format, text: VerdictLines) {
    self.limit = limit
    self.format = format
    self.text = text
  }

  /// Whether it may be printed: the others can be left out unread.
  func wants(_ verdict: Verdict) -> Bool { wantsMore || isAlwaysListed(verdict) }

  /// Whether any verdict may be printed, whatever it says.
  var wantsMore: Bool { format == .json || count < limit }

  private func isAlwaysListed(_ verdict: Verdict) -> Bool { verdict.verdict == .misaligned || verdict.verdict == .warning }

  /// - Parameter number: of verdicts that are not printed.
  mutating func leaveOut(_ number: Int) {
    guard number > 0 else { return }
    startLeavingOut()
    count += number
    left += number
  }

  mutating func take(_ verdict: Verdict) {
    switch format {
    case .json: StandardStream.output.write(verdict.jsonLine)
    case .text:
      if limit == .max { return StandardStream.output.write(text.text(of: verdict)) }
      guard count >= limit else {
        count += 1
        return waiting.append(verdict)
      }
      guard isAlwaysListed(verdict) else { return leaveOut(1) }
      startLeavingOut()
      count += 1
      StandardStream.output.write(text.text(of: verdict))
    }
  }

  /// There are too many to list all.
  private mutating func startLeavingOut() {
    guard !waiting.isEmpty else { return }
    let all = waiting
    waiting = []
    for verdict in all {
      if isAlwaysListed(verdict) { StandardStream.output.write(text.text(of: verdict)) } else { left += 1 }
    }
  }

  mutating func finish() {
    for verdict in waiting { StandardStream.output.write(text.text(of: verdict)) }
    waiting = []
    guard left > 0 else { return }
    StandardStream.output.write("\(left) verdicts not listed: aligned, observed or undecided (--verbose lists them)\n")
  }
}
