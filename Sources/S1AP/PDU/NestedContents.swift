/// What an octet string of S1AP holds, where TS 36.413 says so and it is read here or by the NAS codec.
public enum NestedContents: Sendable, Equatable {
  /// A NAS message (NAS-PDU, §9.2.3.5).
  case nas
  /// The value part of NAS security parameters from E-UTRA (§9.2.3.30; TS 24.301 §9.9.2.6).
  case nasSecurityParametersFromEUTRA
  /// The value part of NAS security parameters to E-UTRA (§9.2.3.31; TS 24.301 §9.9.2.7).
  case nasSecurityParametersToEUTRA
  /// A whole S1AP PDU: S1-Message of REROUTE NAS REQUEST (§9.1.7.5).
  case pdu
  /// A value of this type of S1AP: the containers between eNBs (§9.2.1.7, §9.2.1.8).
  case value(typeName: String)

  /// Readers refuse what lies deeper: an S1AP PDU in an S1AP PDU in an S1AP PDU is nothing that TS 36.413 has a use for.
  static let deepest = 3

  /// Whether a message may hold S1AP values in its octet strings: those of handover preparation, handover resource allocation and REROUTE
  /// NAS REQUEST do.
  static func mayBeS1AP(inPDU node: TapeNode) -> Bool {
    guard node.type == Grammar.opaqueType else { return false }
    let procedure = node.low & 0xff
    return procedure < 2 || procedure == UInt32(S1APMessage.rerouteNASRequest.procedure.rawValue)
  }
}

/// An octet string that holds something else.
public struct NestedOctets: Sendable {
  /// The string; of an IE the value inside.
  public let node: S1APNode
  /// What is in it.
  public let contents: NestedContents
  /// The message that it is a part of.
  public let message: S1APMessage
}

/// The octet strings of a PDU that hold something else.
public struct NestedOctetsList: Sequence, IteratorProtocol, Sendable {
  fileprivate let reader: NestedContentsReader
  fileprivate let count: Int
  private var index = 0

  fileprivate init(reader: NestedContentsReader, count: Int) {
    self.reader = reader
    self.count = count
  }

  public mutating func next() -> NestedOctets? {
    while index + 1 < count {
      index += 1
      if let nested = reader.nested(at: index) { return nested }
    }
    return nil
  }
}

extension S1APPDU {
  /// The octet strings that hold something else, in the order of the wire; those in nested PDUs not among them.
  public var nestedOctets: NestedOctetsList { NestedOctetsList(reader: NestedContentsReader(self), count: tape.count) }

  /// Reads the PDU that an octet string holds. Its octets are those of the PDU around, not copied; its values tell their
  /// ``S1APNode/path`` and ``S1APNode/offset`` from the outermost PDU on.
  ///
  /// Throws as ``init(decoding:)`` does, and `unsupported` where the string lies in the third PDU already.
  public init(inside node: S1APNode) throws(S1APError) {
    self.init(tape: try Decoder.decode(inside: node.place(), as: nil))
  }
}

extension S1APNode {
  /// Reads the value of a named type that an octet string holds, as ``S1APPDU/init(inside:)`` reads a PDU.
  public init(inside node: S1APNode, as typeName: String) throws(S1APError) {
    self.init(tape: try Decoder.decode(inside: node.place(), as: typeName), index: 0)
  }

  fileprivate func place() throws(S1APError) -> TapePlace {
    let inner = value
    guard let octets = inner.octets, !inner.here.flags.contains(.inline) else { throw wrongKind("an octet string") }
    let place = TapePlace(tape, inner.index, octets.startIndex..<octets.endIndex)
    guard place.depth <= NestedContents.deepest else {
      throw S1APError(.unsupported, offset: octets.startIndex, path: path, detail: "nested too deep to be read")
    }
    guard place.room >= TapePlace.least else {
      throw S1APError(.unsupported, offset: octets.startIndex, path: path, detail: "nested in too few octets to be read")
    }
    return place
  }
}

/// Tells of the values of one PDU what they hold.
struct NestedContentsReader: Sendable {
  private static let nasPDU = Grammar.shared.type(named: "NAS-PDU")
  private static let fromEUTRAN = Grammar.shared.type(named: "NASSecurityParametersfromE-UTRAN")
  private static let toEUTRAN = Grammar.shared.type(named: "NASSecurityParameterstoE-UTRAN")
  private static let sourceToTarget = Grammar.shared.type(named: "Source-ToTarget-TransparentContainer")
  private static let targetToSource = Grammar.shared.type(named: "Target-ToSource-TransparentContainer")
  private static let s1Message = ProtocolIEID(named: "S1-Message")?.rawValue
  private static let sourceContainer = NestedContents.value(typeName: "SourceeNB-ToTargeteNB-TransparentContainer")
  private static let targetContainer = NestedContents.value(typeName: "TargeteNB-ToSourceeNB-TransparentContainer")

  private let tape: Tape
  private let grammar = Grammar.shared
  /// nil in a value that stands alone, which holds nothing of the kind.
  private let message: S1APMessage?

  init(_ pdu: S1APPDU) {
    tape = pdu.tape
    message = pdu.message
  }

  /// Of a PDU or of a value that stands alone.
  init(_ tape: Tape) {
    self.tape = tape
    message = tape.nodes[0].type == Grammar.opaqueType ? S1APPDU(tape: tape).message : nil
  }

  /// What the value there holds, nil for none of it.
  @inline(__always)
  func nested(at index: Int) -> NestedOctets? {
    let node = tape.nodes[index]
    guard grammar.types[Int(node.type)].kind == .octets, !node.flags.contains(.opaque), node.high > 0 else { return nil }
    return string(at: index, node)
  }

  private func string(at index: Int, _ node: TapeNode) -> NestedOctets? {
    guard let message, let contents = contents(of: node.type, at: index) else { return nil }
    return NestedOctets(node: S1APNode(tape: tape, index: index), contents: contents, message: message)
  }

  private func contents(of type: UInt16, at index: Int) -> NestedContents? {
    switch type {
    case Self.nasPDU: return .nas
    case Self.fromEUTRAN: return .nasSecurityParametersFromEUTRA
    case Self.toEUTRAN: return .nasSecurityParametersToEUTRA
    case Self.sourceToTarget:
      // Coded as the target's system has it (§8.4.1.2): of E-UTRAN where the handover ends there.
      return isHandover(["intralte", "utrantolte", "gerantolte", "fivegs-to-eps"], identity(around: index)) ? Self.sourceContainer : nil
    case Self.targetToSource:
      if message == .handoverRequestAcknowledge { return Self.targetContainer }
      return isHandover(["intralte"], identity(around: index)) ? Self.targetContainer : nil
    default: return identity(around: index) == Self.s1Message ? .pdu : nil
    }
  }

  /// Of the IE that the value is, nil if it is a part of one.
  private func identity(around index: Int) -> UInt16? {
    let field = tape.nodes[index - 1]
    guard index > 1, grammar.types[Int(field.type)].kind == .field else { return nil }
    return field.identity
  }

  /// The containers of the second domain (SRVCC) are never those of E-UTRAN.
  private func isHandover(_ types: [String], _ identity: UInt16?) -> Bool {
    guard
      identity == ProtocolIEID.sourceToTargetTransparentContainer.rawValue
        || identity == ProtocolIEID.targetToSourceTransparentContainer.rawValue
    else { return false }
    return S1APPDU(tape: tape)[.handoverType]?.enumeratedName.map { types.contains($0) } ?? false
  }
}
