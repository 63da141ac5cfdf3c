import Profiles
import Reporting

/// The JSON Schema (2020-12) of profiles, made of the tables that parse them.
enum ProfileSchema {
  static var text: String {
    var json = JSONWriter()
    json.object { json in
      json.member("$schema", "https://json-schema.org/draft/2020-12/schema")
      json.member("title", "nasue profile")
      json.member("not") { json in json.object { json in json.member("required") { $0.array(of: ["ue", "ues"]) } } }
      write(members: .map(Profile.fields, "profile"), to: &json)
      json.member("$defs") { json in
        json.object { json in
          json.member("message") { json in
            json.object { json in
              json.member("type", "string")
              json.member("description", "a NAS or S1AP message, by the name of TS 24.301 or TS 36.413")
              json.member("enum") { $0.array(of: MessageName.spellings) }
            }
          }
          json.member("step") { writeStep(to: &$0) }
        }
      }
    }
    json.endLine()
    return json.text
  }

  private static func writeStep(to json: inout JSONWriter) {
    json.object { json in
      json.member("anyOf") { json in
        json.array { json in
          json.object { json in
            json.member("enum") { $0.array(of: StepKind.all.filter { !$0.needsArguments }.map(\.name)) }
          }
          for kind in StepKind.all {
            guard let arguments = kind.arguments else { continue }
            json.object { json in
              json.member("type", "object")
              json.member("description", kind.summary)
              json.member("properties") { json in
                json.object { json in
                  json.member(kind.name) { json in
                    guard !kind.needsArguments else { return write(arguments, to: &json) }
                    // Nothing behind the colon.
                    json.object { json in
                      json.member("anyOf") { json in
                        json.array { json in
                          write(arguments, to: &json)
                          json.object { $0.member("type", "null") }
                        }
                      }
                    }
                  }
                }
              }
              json.member("required") { $0.array(of: [kind.name]) }
              json.name("additionalProperties")
              json.literal("false")
            }
          }
        }
      }
    }
  }

  private static func writeText(_ pattern: String, to json: inout JSONWriter) {
    json.member("type", "string")
    json.member("pattern", pattern)
  }

  private static func write(_ shape: Shape, to json: inout JSONWriter) {
    json.object { write(members: shape, to: &$0) }
  }

  private static func write(members shape: Shape, to json: inout JSONWriter) {
    json.member("description", shape.words)
    switch shape {
    case .text, .reference, .definition: json.member("type") { $0.array(of: ["string", "integer"]) }
    case .spelled(let pattern, _):
      // Digits may be written as a number; a parameter may stand anywhere.
      json.member("type") { $0.array(of: ["string", "integer"]) }
      json.member("pattern", "\(pattern)|\\$\\{")
    case .integer(let range, _):
      // A parameter may stand in its place.
      json.member("anyOf") { json in
        json.array { json in
          json.object { json in
            json.member("type", "integer")
            json.member("minimum", range.lowerBound)
            json.member("maximum", range.upperBound)
          }
          json.object { writeText("^0[xX][0-9a-fA-F]+$|\\$\\{", to: &$0) }
        }
      }
    case .boolean:
      json.member("anyOf") { json in
        json.array { json in
          json.object { $0.member("type", "boolean") }
          json.object { writeText("^\\$\\{", to: &$0) }
        }
      }
    case .duration: writeText("^[0-9.]+(ms|s|min)$|\\$\\{", to: &json)
    case .word(let words, _):
      json.member("anyOf") { json in
        json.array { json in
          json.object { json in json.member("enum") { $0.array(of: words) } }
          json.object { writeText("\\$\\{", to: &$0) }
        }
      }
    case .message:
      json.member("anyOf") { json in
        json.array { json in
          json.object { $0.member("$ref", "#/$defs/message") }
          json.object { writeText("\\$\\{", to: &$0) }
        }
      }
    case .octets: json.member("type") { $0.array(of: ["string", "integer"]) }
    case .list(let element, let least, _):
      json.member("type", "array")
      json.member("minItems", least)
      json.member("items") { write(element, to: &$0) }
    case .map(let fields, _):
      json.member("type", "object")
      json.member("properties") { json in
        json.object { json in
          for field in fields { json.member(field.name) { write(field.shape, to: &$0) } }
        }
      }
      let required = fields.filter(\.isRequired).map(\.name)
      if !required.isEmpty { json.member("required") { $0.array(of: required) } }
      json.name("additionalProperties")
      json.literal("false")
    case .named(_, let value, _):
      json.member("type", "object")
      json.member("additionalProperties") { write(value, to: &$0) }
    case .pairs: json.member("type", "object")
    case .either(let shapes, _):
      json.member("anyOf") { json in
        json.array { json in
          for shape in shapes { write(shape, to: &json) }
        }
      }
    case .steps:
      json.member("type", "array")
      json.member("minItems", 1)
      json.member("items") { json in json.object { $0.member("$ref", "#/$defs/step") } }
    }
  }
}
