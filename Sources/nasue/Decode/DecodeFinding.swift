import NASMessages

extension InformationElement {
  /// What becomes of the element, its value considered.
  var verdict: Standing { errorOffset != nil && standing == .accepted ? .syntacticallyIncorrect : standing }
}

/// An error of a NAS message of which the octets could be told apart: an element of its imperative part, or the message inside its envelope,
/// cannot be read (TS 24.301 §7.5.1).
struct DecodeFinding {
  /// With path and offset.
  var words: String
  /// Octets from the start of the PDU.
  var offset: Int

  init(_ error: NASDecodingError, within outer: String, at origin: Int) {
    words = error.described(within: outer, at: origin)
    offset = origin + error.offset
  }

  /// What is wrong with an element, if that is an error of the message.
  init?(_ element: InformationElement, at origin: Int) {
    guard let error = element.errorOffset, element.identifier == nil else { return nil }
    words = element.value
    offset = origin + error
  }
}
