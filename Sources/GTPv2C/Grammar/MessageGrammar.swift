/// What a message may hold and what answers it: a table of TS 29.274 §7.
struct MessageGrammar: Sendable {
  struct Row: Sendable {
    var name: String
    var type: ElementType
    var instance: UInt8
    var isMandatory: Bool

    init<V>(_ field: MandatoryElement<V>) {
      (name, type, instance, isMandatory) = (field.name, field.type, field.instance, true)
    }
    init<V>(_ field: OptionalElement<V>) {
      (name, type, instance, isMandatory) = (field.name, field.type, field.instance, false)
    }

    /// The six formats of the MM context, of which one is there (§8.38); see ``GTPv2CMessage/mmContext``.
    static let mmContexts: [Row] = [
      "GSM Key and Triplets", "UMTS Key, Used Cipher and Quintuplets", "GSM Key, Used Cipher and Quintuplets", "UMTS Key and Quintuplets",
      "EPS Security Context, Quadruplets and Quintuplets", "UMTS Key, Quadruplets and Quintuplets",
    ].enumerated().map { mode, name in
      Row(name: "MM Context (\(name))", type: ElementType(rawValue: ElementType.mmContextGSM.rawValue + UInt8(mode)))
    }

    private init(name: String, type: ElementType) {
      (self.name, self.type, instance, isMandatory) = (name, type, 0, false)
    }
  }

  var name: String
  var rows: [Row]
  var answer: GTPv2CMessageType?

  init(_ name: String, answer: GTPv2CMessageType? = nil, _ rows: [Row]) {
    self.name = name
    self.rows = rows
    self.answer = answer
  }

  static let all: [GTPv2CMessageType: MessageGrammar] = [
    .echoRequest: Self("Echo Request", answer: .echoResponse, [.init(Echo.recovery)]),
    .echoResponse: Self("Echo Response", [.init(Echo.recovery)]),
    .versionNotSupportedIndication: Self("Version Not Supported Indication", []),
    .identificationRequest: Self("Identification Request", answer: .identificationResponse, IdentificationRequest.rows),
    .identificationResponse: Self("Identification Response", IdentificationResponse.rows),
    .contextRequest: Self("Context Request", answer: .contextResponse, ContextRequest.rows),
    .contextResponse: Self("Context Response", answer: .contextAcknowledge, ContextResponse.rows),
    .contextAcknowledge: Self("Context Acknowledge", [.init(ContextAcknowledge.cause)]),
    .forwardRelocationRequest: Self("Forward Relocation Request", answer: .forwardRelocationResponse, ForwardRelocationRequest.rows),
    .forwardRelocationResponse: Self("Forward Relocation Response", ForwardRelocationResponse.rows),
    .forwardRelocationCompleteNotification: Self(
      "Forward Relocation Complete Notification", answer: .forwardRelocationCompleteAcknowledge, []),
    .forwardRelocationCompleteAcknowledge: Self("Forward Relocation Complete Acknowledge", [.init(Acknowledgement.cause)]),
    .forwardAccessContextNotification: Self(
      "Forward Access Context Notification", answer: .forwardAccessContextAcknowledge,
      [.init(ForwardAccessContextNotification.container)]),
    .forwardAccessContextAcknowledge: Self("Forward Access Context Acknowledge", [.init(Acknowledgement.cause)]),
    .relocationCancelRequest: Self("Relocation Cancel Request", answer: .relocationCancelResponse, RelocationCancelRequest.rows),
    .relocationCancelResponse: Self("Relocation Cancel Response", [.init(Acknowledgement.cause)]),
  ]
}

/// Echo Request and Response (TS 29.274 §7.1).
public enum Echo {
  public static let recovery = MandatoryElement<NumberOctet>("Recovery", .recovery)
}

/// Messages that say no more than how it went.
public enum Acknowledgement {
  public static let cause = MandatoryElement<ResultCause>("Cause", .cause)
}
