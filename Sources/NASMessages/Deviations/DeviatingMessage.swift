/// A message that may break any rule: for sending what should not be sent.
///
/// It starts from a proper message, or from nothing, and is then changed piece by piece: elements left out, repeated, moved, given
/// any octets and any length; header fields forced; octets put in anywhere. ``encoded()`` gives what came of it.
///
/// ```swift
/// var request = DeviatingMessage(attachRequest)
/// request.omit(AttachRequest.ueNetworkCapability)             // a missing mandatory element
/// request.repeatElement(AttachRequest.drxParameter)           // twice
/// request.move(AttachRequest.oldGUTIType, to: 0)              // out of order
/// request.forceLength(of: AttachRequest.epsMobileIdentity, 200)
/// request.messageType = 0x7F
/// ```
///
/// Nothing here traps but what cannot be meant: a field that is in no table of the message, an element that is not there.
public struct DeviatingMessage: Sendable {
  /// One element, or octets between elements.
  public struct Element: Sendable, Equatable {
    /// The line of the table; `nil`: octets that are no element of the message.
    public let index: Int?
    /// Of an element with an identifier: any octet; of half-octet elements only bits 5 to 8 count.
    public var identifier: UInt8?
    /// How the element is written; any may be forced.
    public var format: InformationElementFormat
    /// The value; a half octet in bits 1 to 4 of one octet.
    public var value: [UInt8]
    /// What the length octets say; `nil`: the length of the value.
    public var forcedLength: Int?

    /// Octets as they are.
    init(raw: [UInt8]) {
      index = nil
      identifier = nil
      format = .v
      value = raw
    }

    init(index: Int?, identifier: UInt8?, format: InformationElementFormat, value: [UInt8]) {
      self.index = index
      self.identifier = identifier
      self.format = format
      self.value = value
    }

    fileprivate func encode(into octets: inout [UInt8]) {
      let length = forcedLength ?? value.count
      switch format {
      case .halfOctet: octets.append((value.first ?? 0) & 0x0F)
      case .v: octets += value
      case .lv: octets += [UInt8(truncatingIfNeeded: length)] + value
      case .lvE: octets += [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + value
      // An identifier alone may be given a value all the same.
      case .t, .tv: octets += [identifier ?? 0] + value
      case .tvHalfOctet: octets.append((identifier ?? 0) & 0xF0 | (value.first ?? 0) & 0x0F)
      case .tlv: octets += [identifier ?? 0, UInt8(truncatingIfNeeded: length)] + value
      case .tlvE:
        octets += [identifier ?? 0, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + value
      }
    }
  }

  // MARK: The header

  /// Bits 1 to 4 of the first octet, 0 to 15.
  public var protocolDiscriminator: UInt8
  /// Bits 5 to 8 of the first octet, 0 to 15: security header type (EMM) or EPS bearer identity (ESM).
  public var highHalf: UInt8
  /// ESM: procedure transaction identity. `nil`: the octet is not there, as in EMM; set, it is there in EMM too.
  public var procedureTransactionIdentity: UInt8?
  /// `nil`: the octet is not there.
  public var messageType: UInt8?

  /// The elements in the order in which they are sent.
  public var elements: [Element]

  private let layout: LayoutReference

  /// A message of this type without elements.
  public init(_ type: NASMessageType, procedureTransactionIdentity: UInt8 = 0, epsBearerIdentity: UInt8 = 0) {
    self.init(
      NASMessage(type, procedureTransactionIdentity: procedureTransactionIdentity, epsBearerIdentity: epsBearerIdentity))
  }

  /// What is in a message, elements that do not count included.
  public init(_ message: NASMessage) {
    layout = message.layout
    let table = message.layout.pointee.map { MessageTable.all[$0.table].rows } ?? []
    let octets = message.octets
    protocolDiscriminator = (octets.first ?? 0) & 0x0F
    highHalf = (octets.first ?? 0) >> 4
    procedureTransactionIdentity = message.type.isESM ? message.procedureTransactionIdentity : nil
    messageType = message.type.octet
    elements = []
    for slot in message.slotList {
      let value = Array(octets[octets.startIndex + slot.value.lowerBound..<octets.startIndex + slot.value.upperBound])
      guard slot.row < table.count else {
        elements.append(
          Element(raw: Array(octets[octets.startIndex + slot.element.lowerBound..<octets.startIndex + slot.element.upperBound])))
        continue
      }
      let row = table[Int(slot.row)]
      // Half octets stand beside each other in one octet; the order of the table says which is which.
      let isHigh = row.format == .halfOctet && Self.isSecondHalf(Int(slot.row), table)
      var element = Element(
        index: row.index, identifier: row.identifier, format: row.format,
        value: isHigh ? [(value.first ?? 0) >> 4] : row.format == .halfOctet ? [(value.first ?? 0) & 0x0F] : value)
      if slot.standing == .syntacticallyIncorrect, slot.value.upperBound == octets.count {
        // Perhaps cut short: as it is.
        element = Element(
          raw: Array(octets[octets.startIndex + slot.element.lowerBound..<octets.startIndex + slot.element.upperBound]))
      }
      elements.append(element)
    }
    if message.layout.pointee == nil { elements = [Element(raw: Array(octets.dropFirst(message.type.headerLength)))] }
  }

  /// Whether a field is one of this message's table.
  func owns(_ row: InformationElementRow) -> Bool { layout.line(of: row) != nil }

  private static func isSecondHalf(_ index: Int, _ table: [InformationElementRow]) -> Bool {
    table[..<index].reversed().prefix { $0.format == .halfOctet }.count % 2 == 1
  }

  // MARK: Encoding

  /// The message as octets, whatever it has become.
  public func encoded() -> [UInt8] {
    var octets = [highHalf << 4 | protocolDiscriminator & 0x0F]
    if let procedureTransactionIdentity { octets.append(procedureTransactionIdentity) }
    if let messageType { octets.append(messageType) }
    var at = 0
    while at < elements.count {
      let element = elements[at]
      at += 1
      // Two half octets in a row share an octet, the first in bits 1 to 4. One that stands alone has an octet to itself.
      if element.format == .halfOctet, at < elements.count, elements[at].format == .halfOctet {
        octets.append((element.value.first ?? 0) & 0x0F | (elements[at].value.first ?? 0) << 4)
        at += 1
      } else {
        element.encode(into: &octets)
      }
    }
    return octets
  }
}

extension NASMessage {
  /// The slots in the order of the wire.
  var slotList: [ElementSlot] { (0..<slots.count).map { slots[$0] } }
}
