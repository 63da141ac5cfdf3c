import Capture
import Foundation
import NASCrypto
import NASMessages
import S1AP
import Trace

/// nas-corpus write PCAP JSONL: the corpus as a capture file, and a line per message with what should be read from it.
/// nas-corpus reencode: reads lines "up|down HEX" and prints for each "= HEX" from decoding and building anew, or "! REASON".
@main
struct NASCorpus {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "write" where arguments.count == 3: try write(pcap: arguments[1], facts: arguments[2])
    case "reencode" where arguments.count == 1: reencode()
    default:
      FileHandle.standardError.write(Data("usage: nas-corpus write PCAP JSONL | nas-corpus reencode\n".utf8))
      exit(2)
    }
  }

  private static func write(pcap: String, facts: String) throws {
    var writer = CaptureWriter(format: .pcap)
    var lines = ""
    for (index, specimen) in Corpus().specimens.enumerated() {
      let octets = specimen.message.encoded()
      let decoded = try NASMessage(decoding: octets, direction: specimen.direction)
      guard decoded.informationElements.allSatisfy({ $0.standing == .accepted }), try rebuilt(decoded) == octets else {
        throw Failure(text: "\(specimen.message.type), \(specimen.title): not read back as it was written")
      }
      let direction: LinkDirection = specimen.direction == .uplink ? .uplink : .downlink
      // A plain ESM message has no place of its own on the way: it is protected, or in an EMM message.
      let nas =
        decoded.type.isESM
        ? SecurityProtectedNAS(headerType: .integrityProtected, mac: 0xDEAD_BEEF, sequenceNumber: 5, payload: octets).octets : octets
      let pdu = try wrapped(nas, direction)
      writer.consume(
        TraceEvent(
          index: index, time: .milliseconds(index),
          body: .s1ap(S1Leg(eNB: 0, mme: 0), direction, stream: 1, octets: pdu)))
      lines += "{\"frame\":\(index + 1),\"direction\":\"\(direction == .uplink ? "up" : "down")\",\"type\":\"\(decoded.type)\","
      lines += "\"title\":\"\(specimen.title)\",\"hex\":\"\(hex(octets))\",\"facts\":\(Facts(decoded, specimen.direction).json),"
      lines += "\"words\":\(words(of: decoded))}\n"
    }
    try Data(writer.octets).write(to: URL(fileURLWithPath: pcap))
    try Data(lines.utf8).write(to: URL(fileURLWithPath: facts))
  }

  /// The elements and their values in words, for whoever reads a difference.
  private static func words(of message: NASMessage) -> String {
    let all = message.informationElements.map { "\($0.name): \($0.value)" }.joined(separator: " | ")
    return "\"" + all.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ") + "\""
  }

  private static func wrapped(_ nas: [UInt8], _ direction: LinkDirection) throws -> [UInt8] {
    var builder = S1APBuilder(direction == .uplink ? .uplinkNASTransport : .downlinkNASTransport)
    builder.add(.mmeUES1APID, .integer(1))
    builder.add(.eNBUES1APID, .integer(1))
    builder.add(.nasPDU, .octets(nas))
    if direction == .uplink, let plmn = PLMNIdentity("00101") {
      builder.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: 0x19B01))
      builder.add(.tai, TAI(plmn: plmn, tac: 7))
    }
    return try builder.encoded()
  }

  private static func reencode() {
    while let line = readLine() {
      let part = line.split(separator: " ")
      guard part.count == 2 else { continue }
      do throws(NASDecodingError) {
        let message = try NASMessage(decoding: octets(part[1]), direction: part[0] == "up" ? .uplink : .downlink)
        print("= " + hex(try rebuilt(message)))
      } catch {
        print("! \(error)")
      }
    }
  }

  private static func hex(_ octets: [UInt8]) -> String { octets.map { String(format: "%02x", $0) }.joined() }

  private static func octets(_ hex: Substring) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

struct Failure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
