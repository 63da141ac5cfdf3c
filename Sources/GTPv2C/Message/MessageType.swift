/// The type of a GTPv2-C message (TS 29.274 §6.1, table 6.1-1).
public struct GTPv2CMessageType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let echoRequest = Self(rawValue: 1)
  public static let echoResponse = Self(rawValue: 2)
  public static let versionNotSupportedIndication = Self(rawValue: 3)
  public static let identificationRequest = Self(rawValue: 128)
  public static let identificationResponse = Self(rawValue: 129)
  public static let contextRequest = Self(rawValue: 130)
  public static let contextResponse = Self(rawValue: 131)
  public static let contextAcknowledge = Self(rawValue: 132)
  public static let forwardRelocationRequest = Self(rawValue: 133)
  public static let forwardRelocationResponse = Self(rawValue: 134)
  public static let forwardRelocationCompleteNotification = Self(rawValue: 135)
  public static let forwardRelocationCompleteAcknowledge = Self(rawValue: 136)
  public static let forwardAccessContextNotification = Self(rawValue: 137)
  public static let forwardAccessContextAcknowledge = Self(rawValue: 138)
  public static let relocationCancelRequest = Self(rawValue: 139)
  public static let relocationCancelResponse = Self(rawValue: 140)

  /// The table of this type; nil for types outside the subset.
  var grammar: MessageGrammar? { MessageGrammar.all[self] }

  /// As TS 29.274 writes it.
  public var name: String { grammar?.name ?? "GTPv2-C message \(rawValue)" }

  /// "FORWARD RELOCATION REQUEST", as S1AP's messages are written.
  public var title: String { name.uppercased() }

  /// The message that answers this one (for Context Response its acknowledge); nil where none does.
  public var answer: GTPv2CMessageType? { grammar?.answer }

  /// A message that waits for an answer: it is sent again until one comes (TS 29.274 §7.6).
  public var isRequest: Bool { answer != nil }

  public var description: String { name }
}
