import NASMessages
import Reporting
import S1AP

/// PDUs as trees for people: field, value, meaning, octets; a line each, deeper ones indented.
enum DecodeTree {
  static func write(_ pdu: S1APPDU, _ octets: [UInt8], to output: inout DecodeOutput) {
    let direction = Self.direction(of: pdu)
    let size = "S1AP \(pdu.name), \(octets.count) octets"
    pdu.walk { line in
      var meaning = line.depth == 0 ? "\(size), \(line.meaning)" : line.meaning
      if !line.octets.isEmpty { meaning += (meaning.isEmpty ? "" : "; ") + line.octets }
      write(depth: line.depth, line.name, line.value, meaning, to: &output)
      guard line.name.lowercased() == "nas-pdu", let octets = Self.octets(of: line.value) else { return }
      nested(octets, direction, depth: line.depth + 1, to: &output)
    }
  }

  static func write(_ pdu: NASPDU, _ octets: [UInt8], direction: NASDirection?, to output: inout DecodeOutput) {
    write(pdu, octets, direction, depth: 0, to: &output)
  }

  private static func nested(_ octets: [UInt8], _ direction: NASDirection?, depth: Int, to output: inout DecodeOutput) {
    do throws(NASDecodingError) {
      write(try NASPDU(parsing: octets, direction: direction), octets, direction, depth: depth, to: &output)
    } catch {
      write(depth: depth, "not decoded as NAS", error.description, "", to: &output)
    }
  }

  private static func write(
    _ pdu: NASPDU, _ octets: [UInt8], _ direction: NASDirection?, depth: Int, to output: inout DecodeOutput
  ) {
    let size = "NAS, \(octets.count) octets"
    switch pdu {
    case .plain(let message):
      write(depth: depth, "\(message.type.name) (\(size))", "", "", to: &output)
      write(message, depth: depth + 1, to: &output)
    case .serviceRequest(let request):
      write(depth: depth, "SERVICE REQUEST (\(size))", "", "", to: &output)
      write(depth: depth + 1, "KSI", "\(request.ksi)", "", to: &output)
      write(depth: depth + 1, "Sequence number (5 bits)", "\(request.sequenceNumber5)", "", to: &output)
      write(depth: depth + 1, "Message authentication code (short)", hexadecimal(octets.dropFirst(2).prefix(2)), "", to: &output)
    case .protected(let envelope):
      write(depth: depth, "Security protected NAS message (\(size))", "", "", to: &output)
      write(depth: depth + 1, "Security header type", "\(envelope.headerType.rawValue)", envelope.headerType.description, to: &output)
      write(depth: depth + 1, "Message authentication code", hexadecimal(envelope.octets[1..<5]), "", to: &output)
      write(depth: depth + 1, "Sequence number", "\(envelope.sequenceNumber)", "", to: &output)
      if let message = DecodeNASJSON.inner(envelope, direction) {
        let how = envelope.headerType.isCiphered ? ", reads as plain: null ciphering" : ""
        write(depth: depth + 1, "\(message.type.name) (\(envelope.payload.count) octets\(how))", "", "", to: &output)
        write(message, depth: depth + 2, to: &output)
      } else {
        let what = envelope.headerType.isCiphered ? "Ciphered NAS message" : "NAS message, not decoded"
        write(depth: depth + 1, what, hexadecimal(envelope.payload), "", to: &output)
      }
    }
  }

  private static func write(_ message: NASMessage, depth: Int, to output: inout DecodeOutput) {
    if message.type.isESM {
      write(depth: depth, "EPS bearer identity", "\(message.epsBearerIdentity)", "", to: &output)
      write(depth: depth, "Procedure transaction identity", "\(message.procedureTransactionIdentity)", "", to: &output)
    }
    for element in message.informationElements {
      var name = element.name
      if let identifier = element.identifier { name += " [\(hexadecimal([identifier]))]" }
      let octets = hexadecimal(element.octets)
      // Values without a meaning of their own are their octets.
      var meaning = element.value == octets ? "" : octets
      if element.standing != .accepted { meaning += (meaning.isEmpty ? "" : ", ") + element.standing.rawValue }
      write(depth: depth, name, element.value, meaning, to: &output)
      if let inner = element.message { write(inner, depth: depth + 1, to: &output) }
    }
  }

  /// `  name: value  (meaning or octets)`.
  private static func write(depth: Int, _ name: String, _ value: String, _ meaning: String, to output: inout DecodeOutput) {
    output.octets.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    output.append(name.printable)
    if !value.isEmpty {
      output.append(": " as StaticString)
      output.append(value.printable)
    }
    if !meaning.isEmpty {
      output.append("  (" as StaticString)
      output.append(meaning.printable)
      output.append(")" as StaticString)
    }
    output.append("\n" as StaticString)
  }

  /// Who sent the NAS message in an S1AP message.
  private static func direction(of pdu: S1APPDU) -> NASDirection? {
    switch pdu.message {
    case .initialUEMessage, .uplinkNASTransport: .uplink
    case .downlinkNASTransport, .initialContextSetupRequest, .eRABSetupRequest, .eRABModifyRequest, .eRABReleaseCommand,
      .nasNonDeliveryIndication:
      .downlink
    default: nil
    }
  }

  private static func hexadecimal(_ octets: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.appendHexadecimal(octets)
    return String(decoding: text, as: UTF8.self)
  }

  private static func octets(of hexadecimal: String) -> [UInt8]? {
    let digits = Array(hexadecimal.utf8)
    var octets: [UInt8] = []
    let fault = digits.withUnsafeBufferPointer { DecodeHexadecimal.parse($0, into: &octets) }
    return fault == nil && !octets.isEmpty ? octets : nil
  }
}
