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
  /// The octets of a message that was read and not changed since; else empty.
  let received: ArraySlice<UInt8>
  /// The octets of a message that is built element after element, while it is short: without any allocation.
  var scratch: InlineArray<128, UInt8>
  /// The octets of a message that is built or was changed, and zeros after them to write on; empty while ``scratch`` will do.
  var built: [UInt8]
  /// How many octets of ``scratch`` or ``built`` are the message's; 0: it is as it was received.
  var used: Int
  public let type: NASMessageType
  let layout: LayoutReference
  var slots: ElementSlots

  /// The whole message, header included.
  ///
  /// Of a message under construction this makes a copy each time.
  public var octets: ArraySlice<UInt8> { used == 0 ? received : built.isEmpty ? scratchOctets[...] : built[..<used] }

  private var scratchOctets: [UInt8] {
    let used = used
    return withUnsafeBytes(of: scratch) { [UInt8](UnsafeRawBufferPointer(rebasing: $0[..<used])) }
  }

  /// Before a change: the octets in an array of their own, and nothing else in it. ``used`` is right again after
  /// ``noteChange()``.
  mutating func makeChangeable() {
    if used == 0 {
      built = Array(received)
    } else if built.isEmpty {
      built = scratchOctets
    } else if used < built.count {
      built.removeSubrange(used...)
    }
  }

  mutating func noteChange() {
    used = built.count
    slots.findLastRow()
  }

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
    layout = LayoutIndex.shared.reference(of: type)
    received = []
    built = []
    scratch = .init(repeating: 0)
    used = type.headerLength
    scratch[0] = type.protocolDiscriminator.rawValue
    scratch[used - 1] = type.octet
    if type.isESM {
      scratch[0] |= epsBearerIdentity << 4
      scratch[1] = procedureTransactionIdentity
    }
  }

  /// More octets than this are refused; no lower layer of EPS carries them.
  public static let longest = 65_535

  // MARK: Header

  /// Whether the message has a table here (TS 24.301 §7.4: otherwise cause #97).
  public var isKnown: Bool { layout.pointee != nil }

  /// ESM: EPS bearer identity, 0 to 15. EMM: 0.
  public var epsBearerIdentity: UInt8 {
    get { type.isESM ? octets[octets.startIndex] >> 4 : 0 }
    set {
      precondition(type.isESM && newValue < 16, "an ESM message has an EPS bearer identity of 4 bits")
      makeChangeable()
      built[0] = newValue << 4 | built[0] & 0x0F
      noteChange()
    }
  }

  /// ESM: procedure transaction identity. EMM: 0.
  public var procedureTransactionIdentity: UInt8 {
    get { type.isESM ? octets[octets.startIndex + 1] : 0 }
    set {
      precondition(type.isESM, "only ESM messages have a procedure transaction identity")
      makeChangeable()
      built[1] = newValue
      noteChange()
    }
  }

  // MARK: Encoding

  /// The message as octets.
  public func encoded() -> [UInt8] { used > 0 && built.isEmpty ? scratchOctets : Array(octets) }

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
