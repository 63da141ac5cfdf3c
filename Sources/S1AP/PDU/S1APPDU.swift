/// One S1AP PDU: decoded from octets or made by ``S1APBuilder``. A value; copies share their storage.
///
/// Everything received is kept, known or not (IEs, extension additions, alternatives, whole procedures), and is written back by ``encoded()``.
public struct S1APPDU: Sendable, Equatable {
  let tape: Tape

  init(tape: Tape) { self.tape = tape }

  /// Reads one PDU (TS 36.413 §9.3, aligned PER). The octets are kept, not copied.
  ///
  /// What the grammar cannot read throws with the offset and the field; what it can read but the procedure forbids (missing or
  /// unknown IEs, wrong order) does not: ``validate()`` finds that.
  public init(decoding octets: [UInt8]) throws(S1APError) {
    self.tape = try Decoder.decode(octets)
  }

  /// The PDU in aligned PER: the same octets that it was decoded from, if those were what X.691 prescribes.
  public func encoded() throws(S1APError) -> [UInt8] {
    Encoder.encode(tape)
  }

  /// Which message it is, known or not.
  public var message: S1APMessage { S1APMessage(procedure: procedureCode, kind: kind) }

  public var kind: PDUKind { PDUKind(rawValue: UInt8(truncatingIfNeeded: tape.nodes[0].low >> 8)) ?? .initiatingMessage }

  /// As received, known or not.
  public var procedureCode: ProcedureCode { ProcedureCode(UInt8(truncatingIfNeeded: tape.nodes[0].low)) }

  /// As received.
  public var criticality: Criticality {
    Criticality(rawValue: UInt8(truncatingIfNeeded: tape.nodes[0].low >> 16)) ?? .reject
  }

  /// `"InitialContextSetupRequest"`.
  public var name: String { message.name }

  /// The message itself: a sequence whose `protocolIEs` are the IEs; opaque octets for an unknown procedure.
  public var root: S1APNode { S1APNode(tape: tape, index: 1) }

  /// The value of the first IE with that identity; nil if there is none.
  public subscript(_ id: ProtocolIEID) -> S1APNode? { root[id] }

  /// Its IEs in the order of the wire, each with ``S1APNode/identity``, ``S1APNode/criticality`` and ``S1APNode/value``.
  public var informationElements: S1APNodeList {
    // By place and not by name, as every message is asked.
    if tape.count > 2, tape.nodes[2].slot == 0, Grammar.shared.beginsWithContainer(tape.nodes[1].type) {
      return S1APNodeList(tape: tape, start: 3, end: 2 + Int(tape.nodes[2].span))
    }
    return root["protocolIEs"]?.elements ?? S1APNodeList()
  }

  /// The contents of a message that the tables do not have, nil for one that they have.
  public var opaque: ArraySlice<UInt8>? { root.isOpaque ? root.octets : nil }

  /// Equal in every value, whatever octets they came from.
  public static func == (left: S1APPDU, right: S1APPDU) -> Bool {
    left.tape === right.tape || (left.tape.nodes[0].low == right.tape.nodes[0].low && left.root == right.root)
  }
}
