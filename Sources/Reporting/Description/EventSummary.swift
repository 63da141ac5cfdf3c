public import NASCrypto
public import Trace

/// One trace event as every report shows it: the ladder, the HTML diagram and the JSON lines are drawn from this alone.
public struct EventSummary: Sendable, Equatable {
  /// The lifelines.
  public enum Lane: Int, Sendable, Hashable, CaseIterable {
    case ue, eNB, mme
  }

  /// What happened, by the name that the JSON lines have for it.
  public enum Kind: String, Sendable, Hashable {
    case s1ap, nas, gtp, association, discard, timer, securityContext, keNB, state, note
  }

  /// The event's index in the trace, from 0: `frame` in JSON and verdicts.
  public var index: Int
  /// Since the start of the trace.
  public var time: Duration
  /// What happened.
  public var kind: Kind
  /// Whose lifeline: of a message the sender's; nil for notes.
  public var lane: Lane?
  /// S1AP and NAS messages.
  public var direction: LinkDirection?
  /// S1AP messages and associations.
  public var leg: S1Leg?
  /// SCTP stream, of S1AP messages.
  public var stream: UInt16?
  /// Name of the UE, where the event tells it.
  public var ue: String?
  /// Who says it, for what is not a message: `UE 001010123456780`, `MME 0`.
  public var owner: String = ""
  /// Which eNB or MME says it.
  public var ownerNumber: Int?
  /// Of GTPv2-C messages: the node that it goes to.
  public var targetNumber: Int?
  /// The message's name, or a sentence.
  public var title: String
  /// The NAS message, or the first one inside an S1AP message.
  public var nas: NASSummary?
  /// S1AP cause, `nas: detach`; reason of a discard.
  public var detail: String = ""
  /// The clause that a discard rests on; empty elsewhere.
  public var clause: String = ""
  /// The message's octets; nil where they hold keys in clear that the report is not to show.
  public var octets: [UInt8]?
  /// How many octets the message has, shown or not.
  public var octetCount: Int = 0

  init(_ event: TraceEvent, kind: Kind, title: String) {
    index = event.index
    time = event.time
    self.kind = kind
    self.title = title
  }

  /// Whether something crossed a reference point: S1AP, NAS, or GTPv2-C.
  public var isMessage: Bool { kind == .s1ap || kind == .nas || kind == .gtp }

  /// Seconds with six decimals: `12.000345`.
  public var timeText: String { Self.text(of: time) }

  static func text(of time: Duration) -> String {
    let (seconds, attoseconds) = time.components
    let micros = String(abs(attoseconds) / 1_000_000_000_000)
    let sign = seconds < 0 || attoseconds < 0 ? "-" : ""
    return "\(sign)\(abs(seconds))." + String(repeating: "0", count: 6 - micros.count) + micros
  }
}
