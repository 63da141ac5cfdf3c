public import Alignment

extension KeyChains {
  /// `partsAt` is the position in both lists, from 0, of the first step that is not the same; null without a derivation of what was sent.
  func write(to json: inout JSONWriter) {
    func write(_ steps: [Step], to json: inout JSONWriter) {
      json.array { json in
        for step in steps {
          json.object { json in
            json.member("name", step.name)
            json.member("key", step.key)
            json.member("from", step.origin)
          }
        }
      }
    }
    json.object { json in
      json.member("expected") { write(expected, to: &$0) }
      json.member("sent") { write(sent, to: &$0) }
      json.name("partsAt")
      if let parting { json.number(parting) } else { json.literal("null") }
    }
  }
}

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
      json.name("chains")
      if let chains { chains.write(to: &json) } else { json.literal("null") }
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
