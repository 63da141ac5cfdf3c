extension S1APPDU {
  /// Writes what is inside a NAS message, or another value of NAS, behind the line that has its octets: what it is and where, how deep it
  /// stands, and the text to append to.
  public typealias NestedTree = (_ nested: NestedOctets, _ depth: Int, _ text: inout [UInt8]) -> Void

  /// Appends the PDU as a tree for people, UTF-8: every value in the order of the wire a line, `  name: value  (meaning)`. Containers and open
  /// types are not lines of their own; an IE's line has its criticality and the octets of its value. S1AP values in octet strings
  /// (``NestedContents``) are written behind these, with the faults of a whole PDU.
  ///
  /// - Parameter nas: what follows the line of a NAS message, or of another value that the NAS codec reads.
  public func writeTree(into buffer: inout [UInt8], nas: @escaping NestedTree = { _, _, _ in }) {
    var writer = TreeWriter(tape, nas: nas)
    writer.pdu(self, depth: 0)
    writer.text.copy(to: &buffer)
  }

  /// The PDU in JER (X.697): `{"initiatingMessage":{"procedureCode":9,"criticality":"reject","value":{…}}}`. Octets are hexadecimal;
  /// what the grammar does not have is hexadecimal whole.
  public func json() -> String {
    var writer = JERWriter(tape)
    writer.pdu()
    return writer.text.string()
  }

  /// ``json()`` as UTF-8.
  public func jsonOctets() -> [UInt8] {
    var writer = JERWriter(tape)
    writer.pdu()
    return writer.text.array()
  }

  /// Appends ``json()`` as UTF-8, for streams: the buffer's storage is used again.
  public func writeJSON(into buffer: inout [UInt8]) {
    var writer = JERWriter(tape)
    writer.pdu()
    writer.text.copy(to: &buffer)
  }
}

extension S1APNode {
  /// This value in JER, as in ``S1APPDU/json()``.
  public func json() -> String {
    var writer = JERWriter(tape)
    _ = writer.value(index)
    return writer.text.string()
  }

  /// Appends ``json()`` as UTF-8.
  public func writeJSON(into buffer: inout [UInt8]) {
    var writer = JERWriter(tape)
    _ = writer.value(index)
    writer.text.copy(to: &buffer)
  }
}
