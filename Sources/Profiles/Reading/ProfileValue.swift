/// A value of a profile that has the shape it should have, and where it stands.
public struct ProfileValue: Sendable {
  enum Content: Sendable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case duration(Duration)
    case message(MessageName)
    case octets([UInt8])
    case list([ProfileValue])
    case map([(key: String, place: ProfilePlace, value: ProfileValue)])
    case steps([ProfileStep])
  }

  var place: ProfilePlace
  var content: Content

  /// The value of a key; nil where it is not there.
  subscript(_ key: String) -> ProfileValue? { entries.first { $0.key == key }?.value }

  var text: String? { if case .text(let text) = content { text } else { nil } }
  // Inlined twice into one initialiser it ends Swift 6.3.1 ("outside of lifetime use" in CopyPropagation).
  @inline(never)
  var integer: Int? { if case .integer(let number) = content { number } else { nil } }
  var boolean: Bool? { if case .boolean(let flag) = content { flag } else { nil } }
  var duration: Duration? { if case .duration(let duration) = content { duration } else { nil } }
  var message: MessageName? { if case .message(let message) = content { message } else { nil } }
  var octets: [UInt8]? { if case .octets(let octets) = content { octets } else { nil } }
  var steps: [ProfileStep]? { if case .steps(let steps) = content { steps } else { nil } }
  /// Empty where it is no list.
  var elements: [ProfileValue] { if case .list(let values) = content { values } else { [] } }
  /// Empty where it is no mapping.
  var entries: [(key: String, place: ProfilePlace, value: ProfileValue)] { if case .map(let entries) = content { entries } else { [] } }
  /// The texts of a list, or the one text.
  var texts: [String] { text.map { [$0] } ?? elements.compactMap(\.text) }
}
