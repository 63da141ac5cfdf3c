import NASMessages
import Reporting

/// NAS PDUs as JSON values.
enum DecodeNASJSON {
  /// The name in the answer: of the message inside where that can be read.
  static func name(of pdu: NASPDU, _ direction: NASDirection?) -> String {
    switch pdu {
    case .plain(let message): message.type.name
    case .serviceRequest: "SERVICE REQUEST"
    case .protected(let envelope):
      if case .message(let message) = inner(envelope, direction) { message.type.name } else { "SECURITY PROTECTED NAS MESSAGE" }
    }
  }

  /// What is in a protected message.
  enum Inner {
    /// It is not ciphered, or with the null algorithm, which is told by its reading as a message.
    case message(NASMessage)
    case ciphered
    /// It is not ciphered and no message.
    case unreadable(NASDecodingError)
  }

  static func inner(_ envelope: SecurityProtectedNAS, _ direction: NASDirection?) -> Inner {
    if envelope.headerType.isCiphered {
      return NASSummary.readableMessage(in: envelope, direction: direction).map { .message($0) } ?? .ciphered
    }
    do throws(NASDecodingError) {
      return .message(try NASMessage(decoding: envelope.payload, direction: direction))
    } catch {
      return .unreadable(error)
    }
  }

  /// - Returns: the first error of the message.
  static func write(_ pdu: NASPDU, _ direction: NASDirection?, to json: inout JSONWriter) -> DecodeFinding? {
    var finding: DecodeFinding?
    switch pdu {
    case .plain(let message): write(message, within: "", at: 0, to: &json, &finding)
    case .serviceRequest(let request):
      json.object { json in
        json.member("securityHeaderType", 12)
        json.member("ksi", request.ksi)
        json.member("sequenceNumber", request.sequenceNumber5)
        json.member("shortMAC", request.shortMAC)
        if !request.unknownOctets.isEmpty { json.member("unknownOctets", hex: request.unknownOctets) }
      }
    case .protected(let envelope):
      json.object { json in
        json.member("securityHeaderType", envelope.headerType.rawValue)
        json.member("securityHeader", envelope.headerType.description)
        json.member("mac", hex: envelope.octets[1..<5])
        json.member("sequenceNumber", envelope.sequenceNumber)
        json.member("payload", hex: envelope.payload)
        switch inner(envelope, direction) {
        case .message(let message): json.member("message") { write(message, within: "", at: 6, to: &$0, &finding) }
        case .ciphered: break
        case .unreadable(let error):
          let found = DecodeFinding(error, within: "", at: 6)
          json.member("error", found.words)
          finding = found
        }
      }
    }
    return finding
  }

  /// - Parameters:
  ///   - outer: the path down to the message, for errors in it.
  ///   - origin: where it starts.
  private static func write(
    _ message: NASMessage, within outer: String, at origin: Int, to json: inout JSONWriter, _ finding: inout DecodeFinding?
  ) {
    json.object { json in
      json.member("type", message.type.name)
      if message.type.isESM {
        json.member("epsBearerIdentity", message.epsBearerIdentity)
        json.member("procedureTransactionIdentity", message.procedureTransactionIdentity)
      }
      json.member("elements") { json in
        json.array { json in
          for element in message.informationElements(within: outer, at: origin) {
            finding = finding ?? DecodeFinding(element, at: origin)
            write(element, of: message, within: outer, at: origin, to: &json, &finding)
          }
        }
      }
    }
  }

  private static func write(
    _ element: InformationElement, of message: NASMessage, within outer: String, at origin: Int, to json: inout JSONWriter,
    _ finding: inout DecodeFinding?
  ) {
    json.object { json in
      json.member("name", element.name)
      if let identifier = element.identifier { json.member("identifier", identifier) }
      if let format = element.format { json.member("format", format) }
      json.member(element.errorOffset == nil ? "value" : "error", element.value)
      json.member("octets", hex: element.octets)
      if element.verdict != .accepted { json.member("standing", element.verdict.rawValue) }
      if let inner = element.message {
        let path = (outer.isEmpty ? [] : [outer]) + [message.type.name, element.name]
        json.member("message") {
          write(inner, within: path.joined(separator: " / "), at: origin + element.valueOffset, to: &$0, &finding)
        }
      }
    }
  }
}
