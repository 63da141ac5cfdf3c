/// Who sends a message. It matters for the one type octet that names two messages, DETACH REQUEST.
public enum NASDirection: UInt8, Sendable {
  case uplink, downlink
}

/// A plain EMM or ESM message, TS 24.301 §8.
///
/// The octets are kept as they came, with a note of where each element lies; values are read when asked for. So a
/// decoded message encodes to the same octets, unknown and repeated elements and spare bits included, and decoding
/// allocates nothing.
///
/// ```swift
/// let request = try NASMessage(decoding: octets)
/// let identity = try request[AttachRequest.epsMobileIdentity]
/// var reject = NASMessage(.attachReject)
/// reject.set(AttachReject.emmCause, .illegalUE)
/// ```
public struct NASMessage: Sendable {
  /// The whole message, header included.
  public internal(set) var octets: ArraySlice<UInt8>
  public let type: NASMessageType
  var slots: ElementSlots

  // MARK: Building

  /// A message with its header and no elements. Mandatory elements that are never set are missing in the encoding.
  ///
  /// - Parameters:
  ///   - procedureTransactionIdentity: ESM only.
  ///   - epsBearerIdentity: ESM only, 0 to 15.
  public init(_ type: NASMessageType, procedureTransactionIdentity: UInt8 = 0, epsBearerIdentity: UInt8 = 0) {
    precondition(epsBearerIdentity < 16, "EPS bearer identity is 4 bits")
    self.type = type
    slots = ElementSlots()
    var header: [UInt8] = []
    header.reserveCapacity(64)
    if type.isESM {
      header.append(epsBearerIdentity << 4 | type.protocolDiscriminator.rawValue)
      header.append(procedureTransactionIdentity)
    } else {
      header.append(type.protocolDiscriminator.rawValue)
    }
    header.append(type.octet)
    octets = header[...]
  }

  /// More octets than this are refused; no lower layer of EPS carries them.
  public static let longest = 65_535

  // MARK: Header

  /// Whether the message has a table here (TS 24.301 §7.4: otherwise cause #97).
  public var isKnown: Bool { LayoutIndex.shared.layout(of: type) != nil }

  /// ESM: EPS bearer identity, 0 to 15. EMM: 0.
  public var epsBearerIdentity: UInt8 {
    get { type.isESM ? octets[octets.startIndex] >> 4 : 0 }
    set {
      precondition(type.isESM && newValue < 16, "an ESM message has an EPS bearer identity of 4 bits")
      octets[octets.startIndex] = newValue << 4 | octets[octets.startIndex] & 0x0F
    }
  }

  /// ESM: procedure transaction identity. EMM: 0.
  public var procedureTransactionIdentity: UInt8 {
    get { type.isESM ? octets[octets.startIndex + 1] : 0 }
    set {
      precondition(type.isESM, "only ESM messages have a procedure transaction identity")
      octets[octets.startIndex + 1] = newValue
    }
  }

  // MARK: Encoding

  /// The message as octets.
  public func encoded() -> [UInt8] { Array(octets) }

  /// Appends the message.
  public func encode(into output: inout [UInt8]) { output.append(contentsOf: octets) }
}

extension NASMessage: Equatable {
  /// Two messages are equal when they have the same type and the same octets.
  public static func == (left: NASMessage, right: NASMessage) -> Bool {
    left.type == right.type && left.octets == right.octets
  }
}

extension NASMessage: CustomStringConvertible {
  public var description: String { type.name }
}
