public import NASMessages

/// One NAS-PDU in a few words: what can be read of it without keys, and what somebody with the keys added.
public struct NASSummary: Sendable, Equatable {
  /// How it travels, TS 24.301 §9.3.1, in the words of a ladder.
  public enum Protection: String, Sendable, Hashable {
    case plain
    case integrity
    case ciphered
    case integrityNewContext = "integrity, new context"
    case cipheredNewContext = "ciphered, new context"
    case partiallyCiphered = "partially ciphered"
    /// SERVICE REQUEST.
    case shortMAC = "short MAC"
    /// Octets that are no NAS-PDU.
    case unreadable
  }

  /// `ATTACH REQUEST`; `ciphered NAS` where nobody could read it.
  public var name: String
  /// The ESM message that it carries, where it can be read.
  public var inner: String?
  /// How it travels.
  public var protection: Protection
  /// As on the wire: 8 bits, 5 of a SERVICE REQUEST; nil for plain messages.
  public var sequenceNumber: UInt8?
  /// The whole COUNT, if known.
  public var count: UInt32?
  /// The key set identifier that the message names, or that it is protected under; 7 is "no key is available".
  public var eKSI: UInt8?
  /// EMM or ESM cause in words, `#20 MAC failure`.
  public var cause: String?
  /// Whether somebody verified its MAC.
  public var isVerified: Bool?

  /// Whether the message inside is still unknown.
  public var isCiphered: Bool { name == Self.cipheredName }

  static let cipheredName = "ciphered NAS"

  /// Reads what can be read without keys. Never fails: octets that are no NAS-PDU are called so.
  public init(of octets: [UInt8], direction: NASDirection) {
    do throws(NASDecodingError) {
      switch try NASPDU(parsing: octets, direction: direction) {
      case .plain(let message):
        self.init(name: message.type.name, protection: .plain)
        read(message)
      case .serviceRequest(let request):
        self.init(name: "SERVICE REQUEST", protection: .shortMAC)
        sequenceNumber = request.sequenceNumber5
        eKSI = request.ksi
      case .protected(let envelope):
        self.init(name: Self.cipheredName, protection: Protection(envelope.headerType))
        sequenceNumber = envelope.sequenceNumber
        if let message = Self.readableMessage(in: envelope, direction: direction) {
          name = message.type.name
          read(message)
        }
      }
    } catch {
      self.init(name: "not a NAS-PDU", protection: .unreadable)
      cause = error.description
    }
  }

  private init(name: String, protection: Protection) {
    self.name = name
    self.protection = protection
  }

  /// The message inside an envelope, if it is there to be read: integrity protected only, or "ciphered" with EEA0. The latter is
  /// believed if the payload is a whole EMM message of a known type, which ciphered octets are about once in 10,000.
  public static func readableMessage(in envelope: SecurityProtectedNAS, direction: NASDirection?) -> NASMessage? {
    guard envelope.headerType.rawValue != SecurityHeaderType.integrityProtectedAndPartiallyCiphered.rawValue,
      let message = try? NASMessage(decoding: envelope.payload, direction: direction)
    else { return nil }
    guard envelope.headerType.isCiphered else { return message }
    return message.isKnown && envelope.payload.first == 0x07 ? message : nil
  }

  private mutating func read(_ message: NASMessage) {
    for element in message.informationElements where element.standing == .accepted {
      if let container = element.message, inner == nil { inner = container.type.name }
      if element.name.hasPrefix("NAS key set identifier"), eKSI == nil { eKSI = Self.keySet(in: message) }
      if element.name == "EMM cause" || element.name == "ESM cause", cause == nil { cause = element.value }
    }
  }

  private static func keySet(in message: NASMessage) -> UInt8? {
    let identifier: NASKeySetIdentifier? =
      switch message.type {
      case .attachRequest: try? message[AttachRequest.nasKeySetIdentifier]
      case .authenticationRequest: try? message[AuthenticationRequest.nasKeySetIdentifier]
      case .securityModeCommand: try? message[SecurityModeCommand.nasKeySetIdentifier]
      case .detachRequestFromUE: try? message[DetachRequestFromUE.nasKeySetIdentifier]
      case .trackingAreaUpdateRequest: try? message[TrackingAreaUpdateRequest.nasKeySetIdentifier]
      default: nil
      }
    return identifier?.value
  }

  /// Adds what a holder of the keys says.
  mutating func add(_ deciphered: DecipheredNAS) {
    name = deciphered.name
    if let message = deciphered.message { read(message) }
    count = deciphered.count ?? count
    eKSI = eKSI ?? deciphered.eKSI
    isVerified = deciphered.isVerified
  }

  /// `ciphered, new context · COUNT 0 · eKSI 0`, or with the sequence number where the COUNT is not known.
  public func details(separator: String = " · ") -> String {
    var parts = [protection.rawValue]
    if let count { parts.append("COUNT \(count)") } else if let sequenceNumber { parts.append("SQN \(sequenceNumber)") }
    if let eKSI { parts.append(eKSI == 7 ? "no key" : "eKSI \(eKSI)") }
    if let cause { parts.append(cause) }
    if isVerified == false { parts.append("MAC wrong") }
    return parts.joined(separator: separator)
  }
}

extension NASSummary.Protection {
  init(_ type: SecurityHeaderType) {
    switch type {
    case .plain: self = .plain
    case .integrityProtected: self = .integrity
    case .integrityProtectedAndCiphered: self = .ciphered
    case .integrityProtectedNewContext: self = .integrityNewContext
    case .integrityProtectedAndCipheredNewContext: self = .cipheredNewContext
    case .integrityProtectedAndPartiallyCiphered: self = .partiallyCiphered
    default: self = type.rawValue >= SecurityHeaderType.serviceRequest.rawValue ? .shortMAC : .unreadable
    }
  }
}
