extension S1APNode {
  /// A value of a named type that stands alone, such as `"SourceeNB-ToTargeteNB-TransparentContainer"`: what ``encoded()`` gives is what
  /// an octet string around it holds.
  ///
  /// - Throws: where a value that `body` writes does not fit the grammar, with its path; `.notInGrammar` for a type that is none.
  public init(_ typeName: String, writing body: (inout S1APWriter) -> Void) throws(S1APError) {
    guard let type = Grammar.shared.type(named: typeName) else { throw S1APError(.notInGrammar, path: typeName, detail: "no such type") }
    var writer = S1APWriter(type: type)
    body(&writer)
    if let failure = writer.failure { throw failure }
    guard writer.nodeCount > 0 else { throw S1APError(.missing, path: typeName, detail: "nothing was written") }
    try self.init(decoding: Encoder.encode(value: writer), as: typeName)
  }
}
