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
  /// octets are none.
  static func writeNAS(in pdu: S1APPDU, _ direction: NASDirection?, into text: inout [UInt8]) {
    var json = JSONWriter()
    json.array { json in
      for node in pdu.nasPDUs {
        guard let octets = node.octets, !octets.isEmpty else { continue }
        json.object { json in
          json.member("path", node.path)
          json.member("offset", octets.startIndex)
          do throws(NASDecodingError) {
            let nas = try NASPDU(parsing: Array(octets), direction: direction ?? DecodeTree.direction(of: pdu))
            json.member("value") { _ = DecodeNASJSON.write(nas, direction, to: &$0) }
          } catch {
            json.member("error", error.described(within: node.path, at: octets.startIndex))
          }
        }
      }
    }
    text.append(contentsOf: ",\"nas\":".utf8)
    text.append(contentsOf: json.octets)
  }
}
