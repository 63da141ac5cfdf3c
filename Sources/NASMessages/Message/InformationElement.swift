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
  /// Where the value part starts in the message, in octets.
  public var valueOffset: Int { Int(valueStart) }
  // A message of 64 KiB has ten thousands of elements: what is small is kept small.
  private let valueStart: UInt32
  private let errorStart: Int32
  /// Whether the element counts, and why not.
  public let standing: Standing
  /// The value in words, or what is wrong with it.
  public let value: String
  /// Where in the message an error of the value is, in octets; `nil` where the value can be read. ``value`` has its words. It is an error of
  /// the message in an element of the imperative part (TS 24.301 §7.5.1 c), else the element counts as absent (§7.7.1). ``standing`` tells what
  /// the message's table says alone.
  public var errorOffset: Int? { errorStart < 0 ? nil : Int(errorStart) }
  /// The message inside, where the element carries one that can be read.
  public let message: NASMessage?

  init(
    name: String, identifier: UInt8?, format: String?, range: Range<Int>, octets: ArraySlice<UInt8>, valueOffset: Int, standing: Standing,
    value: String, error: NASDecodingError?, message: NASMessage?
  ) {
    self.name = name
    self.identifier = identifier
    self.format = format
    self.range = range
    self.octets = octets
    valueStart = UInt32(clamping: valueOffset)
    errorStart = error.map { Int32(clamping: max($0.offset, 0)) } ?? -1
    self.standing = standing
    self.value = value
    self.message = message
  }
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
      name: name, identifier: nil, format: "V", range: offset..<offset + 1, octets: octets[start...start], valueOffset: offset,
      standing: .accepted, value: value, error: nil, message: nil)
  }

  /// Every element in the order of the wire: what counts, and what is only kept.
  public var informationElements: [InformationElement] { informationElements(within: "", at: 0) }

  /// The same for a message that was inside of something else, which the errors in it then tell.
  ///
  /// - Parameters:
  ///   - outer: the path down to the message, not the message itself.
  ///   - origin: where the message starts, in octets from the start of what `outer` starts with.
  public func informationElements(within outer: @autoclosure () -> String, at origin: Int) -> [InformationElement] {
    guard let layout = layout.pointee else {
      let range = min(type.headerLength, octets.count)..<octets.count
      let body = octets[(octets.startIndex + range.lowerBound)...]
      guard !range.isEmpty else { return [] }
      return [
        InformationElement(
          name: "unknown elements", identifier: nil, format: nil, range: range, octets: body, valueOffset: range.lowerBound,
          standing: .unknown, value: hexString(body), error: nil, message: nil)
      ]
    }
    return (0..<slots.count).map { element(slots[$0], layout, outer, origin) }
  }

  private func element(
    _ slot: ElementSlot, _ layout: MessageLayout, _ outer: () -> String, _ origin: Int
  ) -> InformationElement {
    let start = octets.startIndex
    let value = octets[start + slot.value.lowerBound..<start + slot.value.upperBound]
    let standing = InformationElement.Standing(slot.standing)
    guard slot.row != MessageLayout.unknown else {
      let identifier = slot.element.isEmpty ? nil : octets[start + slot.element.lowerBound]
      return InformationElement(
        name: "unknown element", identifier: identifier, format: nil, range: slot.element, octets: value, valueOffset: slot.offset,
        standing: standing, value: hexString(value), error: nil, message: nil)
    }
    let row = MessageTable.all[layout.table].rows[Int(slot.row)]
    let part = part(slot, layout.rows[Int(slot.row)].kind, row.name)
    var text: String
    var inner: NASMessage?
    var fault: NASDecodingError?
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
          let path = [outer(), type.name, row.label].filter { !$0.isEmpty }.joined(separator: " / ")
          text += " (no message: \(error.described(within: path, at: origin + slot.offset)))"
        }
      }
    } catch {
      text = error.described(within: outer(), at: origin)
      fault = error
    }
    return InformationElement(
      name: row.label, identifier: row.identifier, format: row.format.notation, range: slot.element, octets: value,
      valueOffset: slot.offset, standing: standing, value: text, error: fault, message: inner)
  }
}
