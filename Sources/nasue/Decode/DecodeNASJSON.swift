import NASMessages
import Reporting

/// NAS PDUs as JSON values.
enum DecodeNASJSON {
  /// The name in the answer: of the message inside where that can be read.
  static func name(of pdu: NASPDU, _ direction: NASDirection?) -> String {
    switch pdu {
    case .plain(let message): message.type.name
    case .serviceRequest: "SERVICE REQUEST"
    case .protected(let envelope): inner(envelope, direction)?.type.name ?? "SECURITY PROTECTED NAS MESSAGE"
    }
  }

  /// The message in a protected one, if it is not ciphered (or with the null algorithm, which is told by its reading as a message).
  static func inner(_ envelope: SecurityProtectedNAS, _ direction: NASDirection?) -> NASMessage? {
    NASSummary.readableMessage(in: envelope, direction: direction)
  }

  static func write(_ pdu: NASPDU, _ direction: NASDirection?, to json: inout JSONWriter) {
    switch pdu {
    case .plain(let message): write(message, to: &json)
    case .serviceRequest(let request):
      json.object { json in
        json.member("securityHeaderType", 12)
        json.member("ksi", request.ksi)
        json.member("sequenceNumber", request.sequenceNumber5)
        json.member("shortMAC", request.shortMAC)
      }
    case .protected(let envelope):
      json.object { json in
        json.member("securityHeaderType", envelope.headerType.rawValue)
        json.member("securityHeader", envelope.headerType.description)
        json.member("mac", hex: envelope.octets[1..<5])
        json.member("sequenceNumber", envelope.sequenceNumber)
        json.member("payload", hex: envelope.payload)
        if let message = inner(envelope, direction) { json.member("message") { write(message, to: &$0) } }
      }
    }
  }

  private static func write(_ message: NASMessage, to json: inout JSONWriter) {
    json.object { json in
      json.member("type", message.type.name)
      if message.type.isESM {
        json.member("epsBearerIdentity", message.epsBearerIdentity)
        json.member("procedureTransactionIdentity", message.procedureTransactionIdentity)
      }
      json.member("elements") { json in
        json.array { json in
          for element in message.informationElements { write(element, to: &json) }
        }
      }
    }
  }

  private static func write(_ element: InformationElement, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", element.name)
      if let identifier = element.identifier { json.member("identifier", identifier) }
      if let format = element.format { json.member("format", format) }
      json.member("value", element.value)
      json.member("octets", hex: element.octets)
      if element.standing != .accepted { json.member("standing", element.standing.rawValue) }
      if let inner = element.message { json.member("message") { write(inner, to: &$0) } }
    }
  }
}
