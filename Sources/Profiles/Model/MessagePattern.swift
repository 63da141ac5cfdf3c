public import NASCrypto

/// Which messages are meant: those that have everything that is asked for.
public struct MessagePattern: Sendable, Equatable, CustomStringConvertible {
  /// What a field of a message must be.
  public struct Predicate: Sendable, Equatable {
    /// The field's name, in lower case: `emm cause`, `ncc`.
    public var field: String
    /// A text that the field's value must contain, or be where it is a number.
    public var value: String
    public var place: ProfilePlace
  }

  public var direction: LinkDirection?
  public var message: MessageName
  /// By name; nil: the step's UE, or any.
  public var ue: String?
  /// The cell whose eNB's S1 leg it is on.
  public var cell: String?
  /// How a NAS message is protected.
  public var protection: Protection?
  public var predicates: [Predicate] = []

  public enum Protection: String, Sendable, CaseIterable {
    case plain
    case integrity
    case ciphered
    case newContext = "new context"
  }

  public var description: String {
    let way =
      switch direction {
      case .uplink: "uplink "
      case .downlink: "downlink "
      case nil: ""
      }
    let place = cell.map { " in cell \($0)" } ?? ""
    let with = predicates.isEmpty ? "" : " with " + predicates.map { "\($0.field) \($0.value)" }.joined(separator: ", ")
    return way + message.title + (ue.map { " of \($0)" } ?? "") + place + with
  }

  static let fields: [Shape.Field] = [
    .init("uplink", .message("a message towards the MME")),
    .init("downlink", .message("a message from the MME")),
    .init("message", .message("a message of either direction")),
    .init("ue", .reference(.ue, "whose message it is")),
    .init("cell", .reference(.cell, "the cell whose eNB's S1 connection it is on")),
    .init("protection", .word(Protection.allCases.map(\.rawValue), "how the NAS message is protected")),
    .init("with", .pairs("fields of the message and what they must hold, such as EMM cause: 11")),
  ]

  /// - Throws: where none or more than one of `uplink`, `downlink`, `message` is there.
  init(_ value: ProfileValue) throws(ProfileError) {
    if let message = value.message {
      self.message = message
      return
    }
    let named: [(LinkDirection?, String)] = [(.uplink, "uplink"), (.downlink, "downlink"), (nil, "message")]
    let found = named.compactMap { direction, key in value[key]?.message.map { (direction, $0) } }
    guard let first = found.first, found.count == 1 else {
      throw ProfileError(value.place, "expected one of uplink, downlink, message" + (found.count > 1 ? ", found \(found.count)" : ""))
    }
    switch first.1.kind {
    case .nas: break
    case .serviceRequest, .s1ap:
      if let entry = value.entries.first(where: { $0.key == "protection" }) {
        throw ProfileError(entry.place, "protection: \(first.1) is not protected so; expected it beside a NAS message")
      }
    case .s10:
      for key in ["ue", "cell", "protection", "with"] {
        guard let entry = value.entries.first(where: { $0.key == key }) else { continue }
        throw ProfileError(entry.place, "\(key): \(first.1) passes between MMEs, where it is not looked at; expected nothing beside it")
      }
    }
    direction = first.0
    message = first.1
    ue = value["ue"]?.text
    cell = value["cell"]?.text
    protection = value["protection"]?.text.flatMap { Protection(rawValue: $0) }
    predicates = (value["with"]?.entries ?? []).map { Predicate(field: $0.key.lowercased(), value: $0.value.text ?? "", place: $0.place) }
    if let direction, !MessageDirections.allow(message, direction) {
      throw ProfileError(value.place, "\(message) never goes \(direction == .uplink ? "uplink" : "downlink")")
    }
    let known = FieldNames.names(in: message)
    for predicate in predicates where !known.contains(predicate.field) {
      throw .unknown(predicate.field, at: predicate.place, expected: "a field of \(message)", among: known, listing: .max)
    }
    for predicate in predicates {
      guard let words = FieldNames.words(of: predicate.field, in: message), !words.allow(predicate.value) else { continue }
      throw .unknown(predicate.value, at: predicate.place, expected: "what \(predicate.field) can be", among: words.words, listing: 8)
    }
  }

  /// A message of either direction, whoever's it is.
  public init(_ message: MessageName) { self.message = message }
}
