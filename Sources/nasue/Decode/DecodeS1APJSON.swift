import NASMessages
import Reporting
import S1AP

/// What stands in JSON beside the value of an S1AP PDU, which is as JER has it.
enum DecodeS1APJSON {
  /// `,"faults":["INITIAL CONTEXT SETUP REQUEST / …"]`: what TS 36.413 §10.3 finds wrong.
  static func writeFaults(of pdu: S1APPDU, into text: inout [UInt8]) {
    var json = JSONWriter()
    json.array(of: pdu.validate().map(\.description))
    text.append(contentsOf: ",\"faults\":".utf8)
    text.append(contentsOf: json.octets)
  }

  /// `,"nas":[{"path":…,"offset":…,"value":{…}}]`: the NAS messages inside in the order of the wire; `error` in place of `value` where the
  /// octets are none. If there is more in octet strings, `,"nested":[{"path":…,"offset":…,"type":"S1AP-PDU","value":{…}}]`, whose `value` is as
  /// JER has it; the NAS messages inside these stand in `nas`, too.
  static func writeNested(in pdu: S1APPDU, _ direction: NASDirection?, into text: inout [UInt8]) {
    var messages = JSONWriter()
    var others: [[UInt8]] = []
    messages.array { json in collect(pdu, direction, &json, &others) }
    text.append(contentsOf: ",\"nas\":".utf8)
    text.append(contentsOf: messages.octets)
    guard !others.isEmpty else { return }
    text.append(contentsOf: ",\"nested\":[".utf8)
    for (place, other) in others.enumerated() {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      text.append(contentsOf: other)
    }
    text.append(UInt8(ascii: "]"))
  }

  private static func collect(
    _ pdu: S1APPDU, _ direction: NASDirection?, _ messages: inout JSONWriter, _ others: inout [[UInt8]]
  ) {
    for nested in pdu.nestedOctets {
      guard let octets = nested.node.octets, !octets.isEmpty else { continue }
      let head = { (json: inout JSONWriter) in
        json.member("path", nested.node.path)
        json.member("offset", octets.startIndex)
      }
      if let parameters = DecodeNestedValue(nested) {
        var json = JSONWriter()
        json.object { json in
          head(&json)
          json.member("type", parameters.name)
          json.member(parameters.isReadable ? "value" : "error", parameters.words)
        }
        others.append(json.octets)
        continue
      }
      do throws(S1APError) {
        switch nested.contents {
        case .pdu:
          let inner = try S1APPDU(inside: nested.node)
          others.append(
            entry(head, "S1AP-PDU") { text in
              inner.writeJSON(into: &text)
              if inner.hasFaults { writeFaults(of: inner, into: &text) }
            })
          collect(inner, direction, &messages, &others)
        case .value(let typeName):
          let value = try S1APNode(inside: nested.node, as: typeName)
          others.append(entry(head, typeName) { value.writeJSON(into: &$0) })
        case .nas, .nasSecurityParametersFromEUTRA, .nasSecurityParametersToEUTRA:
          messages.object { json in
            head(&json)
            do throws(NASDecodingError) {
              let nas = try NASPDU(parsing: Array(octets), direction: direction ?? DecodeTree.direction(of: nested.message))
              json.member("value") { _ = DecodeNASJSON.write(nas, direction, to: &$0) }
            } catch {
              json.member("error", error.described(within: nested.node.path, at: octets.startIndex))
            }
          }
        }
      } catch {
        var json = JSONWriter()
        json.object { json in
          head(&json)
          json.member("error", error.description)
        }
        others.append(json.octets)
      }
    }
  }

  /// An object whose last member, `value`, is written by `value`, with what stands beside it.
  private static func entry(_ head: (inout JSONWriter) -> Void, _ type: String, value: (inout [UInt8]) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      head(&json)
      json.member("type", type)
    }
    var text = json.octets
    text.removeLast()
    text.append(contentsOf: ",\"value\":".utf8)
    value(&text)
    text.append(UInt8(ascii: "}"))
    return text
  }
}
