/// One element of a message as a line of a decode tree.
public struct InformationElement: Sendable {
  /// How TS 24.301 §7.5 to §7.7 treat the element.
  public enum Standing: String, Sendable {
    case accepted
    case unknown
    case repeated
    case outOfSequence = "out of sequence"
    case syntacticallyIncorrect = "syntactically incorrect"
    case forced
  }

  /// The specification's name, or "unknown element".
  public let name: String
  /// The identifier octet ("9-" elements: the digit in bits 5 to 8), `nil` in the imperative part.
  public let identifier: UInt8?
  /// "V", "TLV", …; `nil` for unknown elements.
  public let format: String?
  /// Octets of the element in the message, identifier and length included. Two half octets have the same range.
  public let range: Range<Int>
  /// The value part.
  public let octets: ArraySlice<UInt8>
  public let standing: Standing
  /// The value in words, or what is wrong with it.
  public let value: String
  /// The message inside, where the element carries one that can be read.
  public let message: NASMessage?
}

/// A value that carries a NAS message.
protocol MessageContainer: InformationElementValue {
  /// The message inside.
  func message() throws(NASDecodingError) -> NASMessage
}

extension NASMessage {
  /// Every element in the order of the wire: what counts, and what is only kept.
  public var informationElements: [InformationElement] {
    guard let layout = LayoutIndex.shared.layout(of: type) else {
      let range = min(type.headerLength, octets.count)..<octets.count
      let body = octets[(octets.startIndex + range.lowerBound)...]
      guard !range.isEmpty else { return [] }
      return [
        InformationElement(
          name: "unknown elements", identifier: nil, format: nil, range: range, octets: body, standing: .unknown,
          value: hexString(body), message: nil)
      ]
    }
    return (0..<slots.count).map { element(slots[$0], layout) }
  }

  private func element(_ slot: ElementSlot, _ layout: MessageLayout) -> InformationElement {
    let start = octets.startIndex
    let value = octets[start + slot.value.lowerBound..<start + slot.value.upperBound]
    let standing: InformationElement.Standing =
      switch slot.standing {
      case .accepted: .accepted
      case .unknown: .unknown
      case .repeated: .repeated
      case .outOfSequence: .outOfSequence
      case .syntacticallyIncorrect: .syntacticallyIncorrect
      case .forced: .forced
      }
    guard slot.row != MessageLayout.unknown else {
      let identifier = slot.element.isEmpty ? nil : octets[start + slot.element.lowerBound]
      return InformationElement(
        name: "unknown element", identifier: identifier, format: nil, range: slot.element, octets: value, standing: standing,
        value: hexString(value), message: nil)
    }
    let row = MessageTable.all[layout.table].rows[Int(slot.row)]
    let part = part(slot, layout.rows[Int(slot.row)].kind, row.name)
    var text: String
    var inner: NASMessage?
    do throws(NASDecodingError) {
      let read = try row.valueType.init(decoding: part)
      text = read.description
      if let container = read as? any MessageContainer { inner = try? container.message() }
    } catch {
      text = error.description
    }
    return InformationElement(
      name: row.label, identifier: row.identifier, format: row.format.notation, range: slot.element, octets: value,
      standing: standing, value: text, message: inner)
  }
}
