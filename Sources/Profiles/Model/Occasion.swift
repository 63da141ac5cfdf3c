/// Something that happens: what is waited for, and until when something must not happen.
public enum Occasion: Sendable, Equatable, CustomStringConvertible {
  case message(MessagePattern)
  case event(Event, ue: String?)
  /// A rule of message control was released.
  case released(String)

  /// Events that have a name of their own.
  public enum Event: String, Sendable, CaseIterable {
    case attached
    case attachFailed = "attach failed"
    case detached
    case connected
    case idle
    case serviceEstablished = "service established"
    case serviceFailed = "service failed"
    case updated
    case updateFailed = "update failed"
    case handoverComplete = "handover complete"
    case handoverFailed = "handover failed"
    case rekeyed = "re-keyed"
    case pagingHeard = "paging heard"
    /// For what must not happen until the end.
    case never

    /// For the manual.
    public var meaning: String {
      switch self {
      case .attached: "the UE has attached"
      case .attachFailed: "its attach failed"
      case .detached: "it was detached, by whomever"
      case .connected: "it has a NAS signalling connection"
      case .idle: "it has none"
      case .serviceEstablished: "the bearers for user data came up"
      case .serviceFailed: "a service request failed"
      case .updated: "a tracking area update was accepted"
      case .updateFailed: "a tracking area update failed"
      case .handoverComplete: "HANDOVER NOTIFY or PATH SWITCH REQUEST ACKNOWLEDGE passed"
      case .handoverFailed: "HANDOVER PREPARATION FAILURE, HANDOVER CANCEL or PATH SWITCH REQUEST FAILURE passed"
      case .rekeyed: "UE CONTEXT MODIFICATION RESPONSE passed"
      case .pagingHeard: "PAGING passed"
      case .never: "nothing: as `until`, the end of the profile"
      }
    }
  }

  public var description: String {
    switch self {
    case .message(let pattern): pattern.description
    case .event(let event, let ue): event.rawValue + (ue.map { " of \($0)" } ?? "")
    case .released(let name): "release of \(name)"
    }
  }

  static let fields: [Shape.Field] =
    MessagePattern.fields + [
      .init("event", .word(Event.allCases.map(\.rawValue), "an event that has a name")),
      .init("released", .reference(.control, "a rule that holds messages, when it is released")),
    ]

  /// A single value is the name of an event or of a message.
  static func shape(_ words: String, and more: [Shape.Field] = []) -> Shape {
    .either(
      [
        .spelled(
          "^(\((Event.allCases.map(\.rawValue) + MessageName.spellings).joined(separator: "|")))$",
          "an event (\(Event.allCases.map(\.rawValue).joined(separator: ", "))) or a message"), .map(fields + more, words),
      ], words)
  }

  init(_ value: ProfileValue) throws(ProfileError) {
    if let text = value.text {
      if let event = Event(rawValue: text) {
        self = .event(event, ue: nil)
      } else if let message = MessageName(text) {
        self = .message(MessagePattern(message))
      } else {
        throw .unknown(
          text, at: value.place, expected: "an event or a message",
          among: Event.allCases.map(\.rawValue) + MessageName.all.map(\.title))
      }
      return
    }
    let messages = ["uplink", "downlink", "message"]
    try value.allowOne(of: [["released"], ["ue"]])
    try value.allowOne(of: [["released"], ["event"], messages + ["cell", "protection", "with"]])
    if let name = value["released"]?.text {
      self = .released(name)
    } else if let event = value["event"]?.text.flatMap({ Event(rawValue: $0) }) {
      self = .event(event, ue: value["ue"]?.text)
    } else {
      self = .message(try MessagePattern(value))
    }
  }
}
