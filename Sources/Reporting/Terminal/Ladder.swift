import NASCrypto
public import Trace

/// The ladder of messages for people, line by line as they pass: a fold, without I/O.
///
/// ```
///      0.000500  │── ATTACH REQUEST ─────────────▶│  plain · no key                          │
///      0.000510  │                                │── INITIAL UE MESSAGE ──────────────────▶│  ATTACH REQUEST
/// ```
///
/// A UE's NAS messages are drawn between UE and eNB where the trace has them there, else beside the S1AP message that carries them.
public struct Ladder: Sendable {
  /// Which of the timers' events are shown.
  public enum Timers: Sendable, Hashable {
    case none, expired, all
  }

  /// Colours, characters, width.
  public var style: TerminalStyle
  /// What eNBs and MMEs are called.
  public var names: TraceLog.Names
  /// Which of the timers' events are shown.
  public var timers: Timers
  private var summarizer: EventSummarizer
  private var hasRadioPoint = false
  private var ues: Set<String> = []
  private var legs: Set<S1Leg> = []
  private var hasHeader = false

  private static let timeWidth = 12
  private static let radioWidth = 30
  private static let s1Width = 43

  /// - Parameters:
  ///   - showKeys: keys themselves instead of their fingerprints.
  public init(
    style: TerminalStyle = TerminalStyle(), names: TraceLog.Names = TraceLog.Names(), timers: Timers = .expired, showKeys: Bool = false
  ) {
    self.style = style
    self.names = names
    self.timers = timers
    summarizer = EventSummarizer(showKeys: showKeys)
  }

  /// - Parameters:
  ///   - deciphered: the Observer's word on the NAS message in the event, if it has one.
  /// - Returns: what to print now: lines with their line ends, or nothing yet.
  public mutating func consume(_ event: TraceEvent, deciphered: DecipheredNAS? = nil) -> String {
    lines(summarizer.consume(event, deciphered: deciphered))
  }

  /// The lines that were held back for a name to become known. Call it at the end, and when nothing has come for a while.
  public mutating func finish() -> String { lines(summarizer.finish()) }

  private mutating func lines(_ summaries: [EventSummary]) -> String {
    var text = ""
    for summary in summaries {
      for line in lines(summary) {
        if !hasHeader {
          hasHeader = true
          text += style.paint(header, .bold) + "\n"
        }
        text += line + "\n"
      }
    }
    return text
  }

  private var header: String {
    " ".padded(to: Self.timeWidth) + "UE".padded(to: Self.radioWidth + 1) + "eNB".padded(to: Self.s1Width + 1) + "MME"
  }

  private mutating func lines(_ summary: EventSummary) -> [String] {
    if let leg = summary.leg { legs.insert(leg) }
    if let ue = summary.ue { ues.insert(ue) }
    switch summary.kind {
    case .s1ap: return [s1apLine(summary)]
    case .nas:
      hasRadioPoint = true
      return [nasLine(summary)]
    case .timer:
      let isShown = timers == .all || timers == .expired && summary.title.hasSuffix("expired")
      return isShown ? remark(summary, .yellow) : []
    case .discard: return remark(summary, .red)
    case .association: return remark(summary, summary.detail.isEmpty ? .dim : .yellow)
    case .state: return remark(summary, .green)
    case .securityContext, .keNB: return remark(summary, .blue)
    case .note: return remark(summary, .none)
    case .gtp: return remark(summary, .blue)
    }
  }

  private func time(_ summary: EventSummary) -> String {
    style.paint(summary.timeText.leftPadded(to: Self.timeWidth - 2), .dim) + "  "
  }

  private func nasLine(_ summary: EventSummary) -> String {
    let arrow = style.arrow(summary.title.printable, width: Self.radioWidth, rightwards: summary.direction == .uplink)
    var details = summary.nas?.details(separator: style.separator) ?? ""
    if let inner = summary.nas?.inner { details += style.separator + inner }
    if ues.count > 1, let ue = summary.ue { details = ue + style.separator + details }
    let bar = style.lifeline
    let beside = style.fit(details.printable, to: Self.s1Width - 3).padded(to: Self.s1Width - 2)
    return time(summary) + bar + paint(arrow, summary) + bar + "  " + style.paint(beside, .dim) + bar
  }

  private func s1apLine(_ summary: EventSummary) -> String {
    let arrow = style.arrow(
      summary.title.printable + place(summary), width: Self.s1Width, rightwards: summary.direction == .uplink)
    let bar = style.lifeline
    var left = ""
    if !hasRadioPoint, let nas = summary.nas {
      left = " " + style.fit(nas.details(separator: style.separator).printable, to: Self.radioWidth - 2)
    }
    var right = summary.nas?.name ?? ""
    if !hasRadioPoint, let inner = summary.nas?.inner { right += " + \(inner)" }
    if !summary.detail.isEmpty { right += (right.isEmpty ? "" : style.separator) + summary.detail }
    let rest = style.width - Self.timeWidth - 3 - Self.radioWidth - Self.s1Width - 2
    right = style.fit(right.printable, to: rest)
    return time(summary) + bar + style.paint(left.padded(to: Self.radioWidth), .dim) + bar + paint(arrow, summary) + bar
      + (right.isEmpty ? "" : "  " + right)
  }

  /// Which eNB or MME, where the trace has several.
  private func place(_ summary: EventSummary) -> String {
    guard legs.count > 1, let leg = summary.leg else { return "" }
    var parts: [String] = []
    if Set(legs.map(\.eNB)).count > 1 { parts.append(names.eNB(leg.eNB)) }
    if Set(legs.map(\.mme)).count > 1 { parts.append(names.mme(leg.mme)) }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ").printable))"
  }

  private func paint(_ arrow: String, _ summary: EventSummary) -> String {
    if summary.nas?.isVerified == false || summary.nas?.protection == .unreadable { return style.paint(arrow, .red) }
    return style.paint(arrow, summary.direction == .uplink ? .blue : .green)
  }

  /// What is no message: a sentence over the whole width, its further lines indented.
  private func remark(_ summary: EventSummary, _ paint: TerminalStyle.Paint) -> [String] {
    if summary.kind == .gtp { return remark("\(path(summary))\(summary.title)", summary, paint) }
    var text = summary.owner.isEmpty ? "" : owner(summary) + (summary.kind == .discard ? " " : ": ")
    text += summary.title
    if let leg = summary.leg { text += " (\(names(leg)))" }
    if summary.kind == .association, !summary.detail.isEmpty { text += ": \(summary.detail)" }
    if !summary.clause.isEmpty { text += " (\(summary.clause))" }
    return remark(text, summary, paint)
  }

  /// `MME 0 → MME 1: `.
  private func path(_ summary: EventSummary) -> String {
    guard let source = summary.ownerNumber, let target = summary.targetNumber else { return "" }
    return "\(names.mme(source)) \(style.unicode ? "→" : "->") \(names.mme(target)): "
  }

  private func remark(_ words: String, _ summary: EventSummary, _ paint: TerminalStyle.Paint) -> [String] {
    let text = summary.kind == .gtp && !summary.detail.isEmpty ? words + style.separator + summary.detail : words
    let bullet = style.unicode ? "• " : "* "
    let wrapped = style.wrap(text.printable, to: style.width - Self.timeWidth - 2)
    return wrapped.enumerated().map { number, line in
      number == 0
        ? time(summary) + style.paint(bullet + line, paint)
        : String(repeating: " ", count: Self.timeWidth + 2) + style.paint(line, paint)
    }
  }

  private func owner(_ summary: EventSummary) -> String {
    guard let ue = summary.ue, summary.lane != .ue, ues.count > 1 else { return summary.owner }
    return "\(summary.owner), UE \(ue)"
  }
}
