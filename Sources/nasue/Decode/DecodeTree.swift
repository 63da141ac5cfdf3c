import NASMessages
import Reporting
import S1AP

/// PDUs as trees for people: field, value, meaning, octets; a line each, deeper ones indented.
enum DecodeTree {
  /// Where a NAS message lies, for errors in it: the path down to it, worked out when it is needed, and its first octet.
  private struct Place {
    var path: () -> String = { "" }
    var origin = 0

    func inside(_ name: @escaping @autoclosure () -> String, at offset: Int) -> Place {
      Place(path: { [path(), name()].filter { !$0.isEmpty }.joined(separator: " / ") }, origin: origin + offset)
    }
  }

  static func write(_ pdu: S1APPDU, to output: inout DecodeOutput) {
    pdu.writeTree(into: &output.octets) { nested, depth, text in
      guard let octets = nested.node.octets else { return }
      if let parameters = DecodeNestedValue(nested) {
        return line(depth, parameters.isReadable ? parameters.name : "not decoded as NAS", parameters.words, to: &text)
      }
      let place = Place(path: { nested.node.path }, origin: octets.startIndex)
      self.nested(octets, direction(of: nested.message), place, depth: depth, to: &text)
    }
    // What §10.3 finds wrong is told below the tree, which has it as it came.
    guard pdu.hasFaults else { return }
    for fault in pdu.validate() { output.append("  fault: \(fault)\n") }
  }

  /// - Returns: the first error of the message.
  static func write(_ pdu: NASPDU, _ octets: [UInt8], direction: NASDirection?, to output: inout DecodeOutput) -> DecodeFinding? {
    var finding: DecodeFinding?
    write(pdu, octets.count, direction, Place(), depth: 0, to: &output.octets, &finding)
    return finding
  }

  private static func nested(
    _ octets: ArraySlice<UInt8>, _ direction: NASDirection?, _ place: Place, depth: Int, to text: inout [UInt8]
  ) {
    do throws(NASDecodingError) {
      var finding: DecodeFinding?
      write(try NASPDU(parsing: Array(octets), direction: direction), octets.count, direction, place, depth: depth, to: &text, &finding)
    } catch {
      line(depth, "not decoded as NAS", error.described(within: place.path(), at: place.origin), to: &text)
    }
  }

  private static func write(
    _ pdu: NASPDU, _ size: Int, _ direction: NASDirection?, _ place: Place, depth: Int, to text: inout [UInt8],
    _ finding: inout DecodeFinding?
  ) {
    switch pdu {
    case .plain(let message):
      line(depth, "\(message.type.name) (NAS, \(size) octets)", "", to: &text)
      write(message, place, depth: depth + 1, to: &text, &finding)
    case .serviceRequest(let request):
      line(depth, "SERVICE REQUEST (NAS, \(size) octets)", "", to: &text)
      line(depth + 1, "KSI", "\(request.ksi)", to: &text)
      line(depth + 1, "Sequence number (5 bits)", "\(request.sequenceNumber5)", to: &text)
      line(depth + 1, "Message authentication code (short)", hexadecimal: pdu.encoded().dropFirst(2).prefix(2), to: &text)
      if !request.unknownOctets.isEmpty { line(depth + 1, "Unknown, ignored", hexadecimal: request.unknownOctets, to: &text) }
    case .protected(let envelope):
      line(depth, "Security protected NAS message (NAS, \(size) octets)", "", to: &text)
      line(depth + 1, "Security header type", "\(envelope.headerType.rawValue)", envelope.headerType.description, to: &text)
      line(depth + 1, "Message authentication code", hexadecimal: envelope.octets[1..<5], to: &text)
      line(depth + 1, "Sequence number", "\(envelope.sequenceNumber)", to: &text)
      switch DecodeNASJSON.inner(envelope, direction) {
      case .message(let message):
        let how = envelope.headerType.isCiphered ? ", reads as plain: null ciphering" : ""
        line(depth + 1, "\(message.type.name) (\(envelope.payload.count) octets\(how))", "", to: &text)
        write(message, Place(path: place.path, origin: place.origin + 6), depth: depth + 2, to: &text, &finding)
      case .ciphered: line(depth + 1, "Ciphered NAS message", hexadecimal: envelope.payload, to: &text)
      case .unreadable(let error):
        line(depth + 1, "NAS message, not decoded", hexadecimal: envelope.payload, to: &text)
        let found = DecodeFinding(error, within: place.path(), at: place.origin + 6)
        line(depth + 1, "not decoded as NAS", found.words, to: &text)
        finding = finding ?? found
      }
    }
  }

  private static func write(
    _ message: NASMessage, _ place: Place, depth: Int, to text: inout [UInt8], _ finding: inout DecodeFinding?
  ) {
    if message.type.isESM {
      line(depth, "EPS bearer identity", "\(message.epsBearerIdentity)", to: &text)
      line(depth, "Procedure transaction identity", "\(message.procedureTransactionIdentity)", to: &text)
    }
    for element in message.informationElements(within: place.path(), at: place.origin) {
      finding = finding ?? DecodeFinding(element, at: place.origin)
      indent(depth, &text)
      text.append(contentsOf: element.name.utf8)
      if let identifier = element.identifier {
        text.append(contentsOf: " [".utf8)
        text.appendHexadecimal(CollectionOfOne(identifier))
        text.append(contentsOf: "]".utf8)
      }
      let value = element.value
      if !value.isEmpty {
        text.append(contentsOf: ": ".utf8)
        append(printable: value, to: &text)
      }
      // Values without a meaning of their own are their octets.
      let showsOctets = !element.octets.isEmpty && !isHexadecimal(value, of: element.octets)
      let verdict = element.verdict
      if showsOctets || verdict != .accepted {
        text.append(contentsOf: "  (".utf8)
        if showsOctets { text.appendHexadecimal(element.octets) }
        if verdict != .accepted {
          if showsOctets { text.append(contentsOf: ", ".utf8) }
          text.append(contentsOf: verdict.rawValue.utf8)
        }
        text.append(contentsOf: ")".utf8)
      }
      text.append(0x0A)
      if let inner = element.message {
        let type = message.type
        write(inner, place.inside("\(type.name) / \(element.name)", at: element.valueOffset), depth: depth + 1, to: &text, &finding)
      }
    }
  }

  // MARK: Lines

  private static func indent(_ depth: Int, _ text: inout [UInt8]) { text.append(contentsOf: repeatElement(0x20, count: 2 * depth)) }

  /// `  name: value  (meaning)`.
  private static func line(_ depth: Int, _ name: String, _ value: String, _ meaning: String = "", to text: inout [UInt8]) {
    indent(depth, &text)
    append(printable: name, to: &text)
    if !value.isEmpty {
      text.append(contentsOf: ": ".utf8)
      append(printable: value, to: &text)
    }
    if !meaning.isEmpty {
      text.append(contentsOf: "  (".utf8)
      append(printable: meaning, to: &text)
      text.append(contentsOf: ")".utf8)
    }
    text.append(0x0A)
  }

  private static func line(_ depth: Int, _ name: String, hexadecimal octets: some Collection<UInt8>, to text: inout [UInt8]) {
    indent(depth, &text)
    text.append(contentsOf: name.utf8)
    if !octets.isEmpty {
      text.append(contentsOf: ": ".utf8)
      text.appendHexadecimal(octets)
    }
    text.append(0x0A)
  }

  /// A peer's text: what could steer a terminal is replaced. Nearly every text is ASCII and needs nothing.
  private static func append(printable value: String, to text: inout [UInt8]) {
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
      text.append(contentsOf: value.utf8)
    } else {
      text.append(contentsOf: value.printable.utf8)
    }
  }

  /// Whether the text is just those octets in hexadecimal.
  private static func isHexadecimal(_ text: String, of octets: ArraySlice<UInt8>) -> Bool {
    let digits = text.utf8
    guard digits.count == 2 * octets.count else { return false }
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
    var at = digits.startIndex
    for octet in octets {
      guard digits[at] == digit(octet >> 4) else { return false }
      at = digits.index(after: at)
      guard digits[at] == digit(octet & 15) else { return false }
      at = digits.index(after: at)
    }
    return true
  }

  /// Who sent the NAS message in an S1AP message.
  static func direction(of message: S1APMessage) -> NASDirection? {
    switch message {
    case .initialUEMessage, .uplinkNASTransport: .uplink
    case .downlinkNASTransport, .initialContextSetupRequest, .eRABSetupRequest, .eRABModifyRequest, .eRABReleaseCommand,
      .nasNonDeliveryIndication:
      .downlink
    default: nil
    }
  }
}
