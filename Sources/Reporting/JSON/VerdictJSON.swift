public import Alignment

extension Verdict {
  /// One JSON object with the keys that command-line.md promises, all of them always there; `frame` is null without evidence.
  public func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("slug", slug)
      json.member("verdict", verdict.rawValue)
      json.member("rules") { $0.array(of: rules) }
      json.member("ue", ue)
      json.member("clause", clause)
      json.member("message", message)
      json.name("frame")
      if let frame { json.number(frame) } else { json.literal("null") }
      json.member("expected", expected)
      json.member("observed", observed)
      json.member("derivation", derivation)
      json.member("note", note)
      json.member("deviations") { $0.array(of: deviations) }
    }
  }

  /// The object as one line, with its line end.
  public var jsonLine: String {
    var json = JSONWriter(reserving: 512)
    write(to: &json)
    json.endLine()
    return json.text
  }
}
