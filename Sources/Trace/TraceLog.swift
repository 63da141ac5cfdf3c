/// The ordered log of one run, or of one capture.
///
/// What is kept is a policy: everything (a run's report), or the last events of a window (a load run). Indices go on
/// counting when old events are dropped.
public struct TraceLog: Sendable {
  /// Names of the numbered ends of legs: addresses of a capture, names of configured nodes.
  public struct Names: Sendable, Equatable {
    public var eNBs: [Int: String] = [:]
    public var mmes: [Int: String] = [:]

    public init() {}

    public func eNB(_ number: Int) -> String { eNBs[number] ?? "eNB \(number)" }
    public func mme(_ number: Int) -> String { mmes[number] ?? "MME \(number)" }
    public func callAsFunction(_ leg: S1Leg) -> String { "\(eNB(leg.eNB)) – \(mme(leg.mme))" }
  }

  public enum Retention: Sendable, Equatable {
    case everything
    /// The last events, at least this many.
    case last(Int)
  }

  public private(set) var events: [TraceEvent] = []
  public var names = Names()
  public let retention: Retention
  private var nextIndex = 0

  public init(retention: Retention = .everything) {
    self.retention = retention
  }

  /// How many events there have been, kept or not.
  public var count: Int { nextIndex }

  /// Adds an event and gives it its index.
  /// - Returns: the event as logged, to be given to the folds.
  @discardableResult
  public mutating func append(time: Duration, body: TraceEvent.Body) -> TraceEvent {
    let event = TraceEvent(index: nextIndex, time: time, body: body)
    nextIndex += 1
    events.append(event)
    if case .last(let window) = retention, events.count > 2 * max(window, 64) {
      events.removeFirst(events.count - window)
    }
    return event
  }
}
