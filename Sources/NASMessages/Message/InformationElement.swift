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

    init(_ standing: ElementSlot.Standing) {
      self =
        switch standing {
        case .accepted: .accepted
        case .unknown: .unknown
        case .repeated: .repeated
        case .outOfSequence: .outOfSequence
        case .syntacticallyIncorrect: .syntacticallyIncorrect
        case .forced: .forced
        }
    }
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
  /// Whether the element counts, and why not.
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
  /// Whether the specification has such a message inside. That also bounds how deep a decode tree can go: no message that
  /// may be carried carries one of its own kind.
  func mayCarry(_ type: NASMessageType) -> Bool
}

extension NASMessage {
  /// The elements of the header, TS 24.301 §9.1: what comes before ``informationElements``.
  public var header: [InformationElement] {
    let first = octets[octets.startIndex]
    let discriminator = type.isESM ? "EPS session management messages" : "EPS mobility management messages"
    let high =
      type.isESM
      ? headerElement("EPS bearer identity", 0, "\(first >> 4)")
      : headerElement("Security header type", 0, SecurityHeaderType(rawValue: first >> 4).description)
    var elements = [headerElement("Protocol discriminator", 0, discriminator), high]
    if type.isESM { elements.append(headerElement("Procedure transaction identity", 1, "\(procedureTransactionIdentity)")) }
    return elements + [headerElement("Message type", type.headerLength - 1, type.name)]
  }

  private func headerElement(_ name: String, _ offset: Int, _ value: String) -> InformationElement {
    let start = octets.startIndex + offset
    return InformationElement(
      name: name, identifier: nil, format: "V", range: offset..<offset + 1, octets: octets[start...start], standing: .accepted,
      value: value, message: nil)
  }

  /// Every element in the order of the wire: what counts, and what is only kept.
  public var informationElements: [InformationElement] {
    guard let layout = layout.pointee else {
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
    let standing = InformationElement.Standing(slot.standing)
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
      // The one value whose words depend on who sends it.
      if let detach = read as? DetachType { text = detach.description(from: type.isNetworkVariant ? .downlink : .uplink) }
      if let container = read as? any MessageContainer {
        do throws(NASDecodingError) {
          let message = try container.message()
          if container.mayCarry(message.type) { inner = message }
        } catch {
          // Where the message inside begins is not where the element's octets are counted from; so both are said.
          text += " (no message: \(error))"
        }
      }
    } catch {
      text = error.description
    }
    return InformationElement(
      name: row.label, identifier: row.identifier, format: row.format.notation, range: slot.element, octets: value,
      standing: standing, value: text, message: inner)
  }
}
