enum Decoder {
  static func decode(_ octets: [UInt8]) throws(S1APError) -> Tape {
    throw S1APError(.unsupported, detail: "the decoder lands next")
  }
}
enum Encoder {
  static func encode(_ tape: Tape) -> [UInt8] { [] }
}
enum TapeBuilder {
  static func build(_ b: S1APBuilder) throws(S1APError) -> Tape {
    throw S1APError(.unsupported, detail: "the builder lands next")
  }
}
enum TapeEquality {
  static func areEqual(_ a: Tape, _ i: Int, _ b: Tape, _ j: Int) -> Bool { false }
}
extension S1APPDU {
  /// Whether it obeys TS 36.413 beyond the transfer syntax: unknown, missing, repeated and misplaced IEs, in the order of the wire (§10.3).
  public func validate() -> [ProtocolFault] { [] }
}
