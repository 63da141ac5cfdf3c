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
    var writer = TreeWriter(tape, appendingTo: buffer, nas: nas)
    buffer = []
    writer.pdu(self, depth: 0)
    buffer = writer.text
  }

  /// The PDU in JER (X.697): `{"initiatingMessage":{"procedureCode":9,"criticality":"reject","value":{…}}}`. Octets are hexadecimal;
  /// what the grammar does not have is hexadecimal whole.
  public func json() -> String {
    String(decoding: jsonOctets(), as: UTF8.self)
  }

  /// ``json()`` as UTF-8.
  public func jsonOctets() -> [UInt8] {
    var writer = JERWriter(tape)
    writer.pdu()
    return writer.text
  }

  /// Appends ``json()`` as UTF-8, for streams: the buffer's storage is used again.
  public func writeJSON(into buffer: inout [UInt8]) {
    var writer = JERWriter(tape, appendingTo: buffer)
    buffer = []
    writer.pdu()
    buffer = writer.text
  }
}

extension S1APNode {
  /// This value in JER, as in ``S1APPDU/json()``.
  public func json() -> String {
    var writer = JERWriter(tape)
    _ = writer.value(index)
    return String(decoding: writer.text, as: UTF8.self)
  }

  /// Appends ``json()`` as UTF-8.
  public func writeJSON(into buffer: inout [UInt8]) {
    var writer = JERWriter(tape, appendingTo: buffer)
    buffer = []
    _ = writer.value(index)
    buffer = writer.text
  }
}
