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
  @usableFromInline let received: ArraySlice<UInt8>
  /// The octets of a message that is built element after element, while it is short: without any allocation.
  @usableFromInline var scratch: InlineArray<128, UInt8>
  /// The octets of a message that is built or was changed, and zeros after them to write on; empty while ``scratch`` will do.
  @usableFromInline var built: [UInt8]
  /// Whether the octets are in ``scratch``.
  @usableFromInline var isInScratch: Bool
  /// How many octets of ``scratch`` or ``built`` are the message's; 0: it is as it was received.
  @usableFromInline var used: Int
  public let type: NASMessageType
  /// The table, looked up when asked for.
  var layout: LayoutReference { LayoutIndex.shared.reference(of: type) }
  @usableFromInline var slots: ElementSlots

  /// The whole message, header included.
  ///
  /// Of a message under construction this makes a copy each time.
  public var octets: ArraySlice<UInt8> { used == 0 ? received : isInScratch ? scratchOctets[...] : built[..<used] }

  private var scratchOctets: [UInt8] { Self.scratchOctets(scratch, used) }

  /// Before a change: the octets in an array of their own, and nothing else in it. ``used`` is right again after
  /// ``noteChange()``.
  mutating func makeChangeable() {
    if used == 0 {
      built = Array(received)
    } else if isInScratch {
      built = scratchOctets
      isInScratch = false
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
  @inlinable
  public init(_ type: NASMessageType, procedureTransactionIdentity: UInt8 = 0, epsBearerIdentity: UInt8 = 0) {
    precondition(epsBearerIdentity < 16, "EPS bearer identity is 4 bits")
    // Everything is made before `self`, so that nothing is copied out of a half-made message.
    var octets = InlineArray<128, UInt8>(repeating: 0)
    octets[0] = type.protocolDiscriminator.rawValue | (type.isESM ? epsBearerIdentity << 4 : 0)
    if type.isESM { octets[1] = procedureTransactionIdentity }
    octets[type.isESM ? 2 : 1] = type.octet
    received = []
    built = []
    scratch = octets
    isInScratch = true
    used = type.isESM ? 3 : 2
    self.type = type
    slots = ElementSlots()
  }

  /// More octets than this are refused; no lower layer of EPS carries them.
  @inlinable public static var longest: Int { 65_535 }

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

  // Inlined where they are used, and no more of the message is named than what is needed: passing it on would copy all of it.

  /// The message as octets.
  @inlinable
  @inline(__always)
  public borrowing func encoded() -> [UInt8] {
    isInScratch ? Self.scratchOctets(scratch, used) : Self.keptOctets(received, built, used)
  }

  /// Appends the message; allocates only what `output` has no capacity for.
  @inlinable
  @inline(__always)
  public borrowing func encode(into output: inout [UInt8]) {
    if isInScratch {
      Self.append(scratch, used, to: &output)
    } else {
      output.append(contentsOf: Self.keptOctets(received, built, used))
    }
  }

  @inlinable
  @inline(__always)
  static func scratchOctets(_ scratch: InlineArray<128, UInt8>, _ used: Int) -> [UInt8] {
    scratch.span.withUnsafeBufferPointer { [UInt8](UnsafeBufferPointer(rebasing: $0[..<used])) }
  }

  @inlinable
  @inline(__always)
  static func append(_ scratch: InlineArray<128, UInt8>, _ used: Int, to output: inout [UInt8]) {
    scratch.span.withUnsafeBufferPointer { output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[..<used])) }
  }

  @usableFromInline
  @inline(never)
  static func keptOctets(_ received: ArraySlice<UInt8>, _ built: [UInt8], _ used: Int) -> [UInt8] {
    Array(used == 0 ? received : built[..<used])
  }
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
