public import Alignment
public import Observer
public import Trace

/// Everything that a report file tells of one run: a fold over its trace, and the verdicts at its end. No I/O: the files' texts are
/// returned.
///
/// ```swift
/// var report = RunReport(title: "nasue attach")
/// report.consume(event)
/// report.finish(verdicts: engine.verdicts())
/// write(report.text(as: .html))
/// ```
public struct RunReport: Sendable {
  /// A line of the table at the head: `IMSI`, `001010123456780`.
  public struct Fact: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `nasue attach`.
  public var title: String
  /// The table at the head.
  public var facts: [Fact]
  /// What eNBs and MMEs are called.
  public var names: TraceLog.Names
  /// Slugs that fail the run when they stay unobserved.
  public var required: Set<String>
  /// What ended the run before its end, in one line; empty if nothing did. It fails the run.
  public var failure = ""
  /// As of the last ``finish(verdicts:)``.
  public private(set) var verdicts: [Verdict] = []
  /// In order, up to the maximum.
  public private(set) var events: [EventSummary] = []
  /// Events beyond `maximumEvents`, which are counted and not shown.
  public private(set) var omittedEvents = 0
  /// The latest word of each entity on each of its contexts, in the order in which they first appeared.
  public private(set) var contexts: [SecurityContextReport] = []
  /// The time of the last event.
  public private(set) var duration: Duration = .zero
  /// For the time line of the HTML report.
  private(set) var timeline: Timeline
  let showKeys: Bool

  private let maximumEvents: Int
  private static let maximumContexts = 1_000
  private var summarizer: EventSummarizer

  /// - Parameters:
  ///   - maximumEvents: how many events are kept, from the start; the rest is only counted.
  ///   - showKeys: keys themselves instead of their fingerprints.
  public init(
    title: String, facts: [Fact] = [], names: TraceLog.Names = TraceLog.Names(), required: Set<String> = [], showKeys: Bool = false,
    maximumEvents: Int = 10_000
  ) {
    self.title = title
    self.facts = facts
    self.names = names
    self.required = required
    self.showKeys = showKeys
    self.maximumEvents = maximumEvents
    summarizer = EventSummarizer(showKeys: showKeys)
    timeline = Timeline(showKeys: showKeys)
  }

  /// Takes the next event of the trace, and what an onlooker with the keys says of it.
  /// - Parameter namesUEs: a message's UE is the onlooker's word, where the event itself does not say it.
  public mutating func consume(_ event: TraceEvent, observations: [Observation], namesUEs: Bool = true) {
    timeline.consume(event, observations)
    consume(
      event, deciphered: DecipheredNAS(of: event.index, in: observations),
      ue: namesUEs ? observations.first { $0.ue != nil }?.ue?.label : nil)
  }

  /// Takes the next event of the trace, and what a holder of the keys says of its NAS message.
  /// - Parameter ue: whose event it is, where that is known and the event itself does not say so.
  public mutating func consume(_ event: TraceEvent, deciphered: DecipheredNAS? = nil, ue: String? = nil) {
    duration = max(duration, event.time)
    if case .securityContext(let report) = event.body { keep(report) }
    var summaries = summarizer.consume(event, deciphered: deciphered)
    if let ue {
      for position in summaries.indices where summaries[position].index == event.index && summaries[position].ue == nil {
        summaries[position].ue = ue
      }
    }
    keep(summaries)
  }

  /// Takes the verdicts and whatever was held back. May be called again later, with the verdicts of then.
  public mutating func finish(verdicts: [Verdict]) {
    keep(summarizer.finish())
    self.verdicts = verdicts
  }

  /// Forgets what passed, and keeps what was found.
  mutating func leaveEventsOut() {
    omittedEvents += events.count
    events = []
    timeline = Timeline(showKeys: showKeys)
  }

  /// The whole file.
  public func text(as format: ReportFormat) -> String {
    switch format {
    case .html: html()
    case .junit: junit()
    case .json: json()
    case .jsonl: jsonLines()
    }
  }

  var scoreboard: Scoreboard { Scoreboard(verdicts, required: required) }
  var isPassed: Bool { failure.isEmpty && scoreboard.isPassed }

  private mutating func keep(_ summaries: [EventSummary]) {
    for summary in summaries {
      if events.count < maximumEvents { events.append(summary) } else { omittedEvents += 1 }
    }
  }

  private mutating func keep(_ report: SecurityContextReport) {
    if let place = contexts.firstIndex(where: { $0.owner == report.owner && $0.imsi == report.imsi && $0.eKSI == report.eKSI }) {
      contexts[place] = report
    } else if contexts.count < Self.maximumContexts {
      contexts.append(report)
    }
  }
}
