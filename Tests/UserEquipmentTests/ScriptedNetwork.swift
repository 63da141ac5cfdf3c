import NASCrypto
import NASMessages
import NASSecurity

/// The network side of one UE, under the test's hand: it makes any downlink message in any protection, right or forged, and
/// opens what the UE sends. It keeps no state machine; what it remembers are keys and COUNTs.
struct ScriptedNetwork {
  let credentials: SubscriberCredentials
  let plmn: PLMN
  var home: HomeSequenceNumbers
  var random = SeededRandom(seed: 1)
  /// The context both sides use once an SMC took one into use.
  var current: SecurityContext?
  /// What the last AKA gave.
  var pending: PartialNativeSecurityContext?
  var lastVector: AuthenticationVector?

  /// How a downlink PDU is made.
  struct Protection {
    var headerType: SecurityHeaderType
    /// nil: the next one, which then counts as used.
    var count: NASCount?
    var spoilsMAC = false

    static let plain = Protection(headerType: .plain)
    static let integrity = Protection(headerType: .integrityProtected)
    static let ciphered = Protection(headerType: .integrityProtectedAndCiphered)
    static func forged(_ type: SecurityHeaderType = .integrityProtectedAndCiphered) -> Protection {
      Protection(headerType: type, spoilsMAC: true)
    }
  }

  init(credentials: SubscriberCredentials, plmn: PLMN) {
    self.credentials = credentials
    self.plmn = plmn
    home = HomeSequenceNumbers(last: credentials.sqn)
  }

  // MARK: Downlink

  /// `message` as a PDU under the current context, or plain.
  mutating func pdu(_ message: NASMessage, _ protection: Protection, using engine: inout CryptoEngine) -> [UInt8] {
    pdu(message.encoded(), protection, using: &engine)
  }

  mutating func pdu(_ octets: [UInt8], _ protection: Protection, using engine: inout CryptoEngine) -> [UInt8] {
    guard protection.headerType != .plain else { return octets }
    var context = current ?? ScriptedNetwork.foreignContext(using: &engine)
    var pdu: [UInt8]
    if let count = protection.count {
      pdu = context.seal(octets, as: protection.headerType, count: count, using: &engine)
    } else if protection.spoilsMAC, let next = context.counts.nextToSend {
      // A forger uses up no COUNT of ours.
      pdu = context.seal(octets, as: protection.headerType, count: next, using: &engine)
    } else {
      pdu = (try? context.protect(octets, as: protection.headerType, using: &engine)) ?? []
    }
    if protection.spoilsMAC, !pdu.isEmpty { pdu[3] ^= 0x10 }
    if current != nil { current = context }
    return pdu
  }

  /// A context the UE knows nothing of.
  static func foreignContext(using engine: inout CryptoEngine) -> SecurityContext {
    SecurityContext(
      kasme: KeyMaterial([UInt8](repeating: 0x5A, count: 32)), keySetIdentifier: 5, side: .mme,
      algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2), using: &engine)
  }

  // MARK: Authentication

  /// AUTHENTICATION REQUEST with a fresh vector; ``pending`` becomes what the AKA gives.
  mutating func challenge(
    eKSI: UInt8 = 0, rand: [UInt8]? = nil, sqn: UInt64? = nil, amf: UInt16? = nil, using engine: inout CryptoEngine
  ) -> NASMessage {
    let vector = engine.authenticationVector(
      for: credentials, sqn: sqn ?? home.next(), rand: rand ?? random.octets(16), amf: amf)
    lastVector = vector
    if eKSI < 7 {
      pending = PartialNativeSecurityContext(
        kasme: engine.deriveKASME(ck: vector.ck, ik: vector.ik, servingNetwork: plmn.wireOctets, sqnXorAK: vector.sqnXorAK),
        keySetIdentifier: eKSI)
    }
    return ScriptedNetwork.authenticationRequest(vector, eKSI: eKSI)
  }

  static func authenticationRequest(_ vector: AuthenticationVector, eKSI: UInt8) -> NASMessage {
    var request = NASMessage(.authenticationRequest)
    request.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: eKSI))
    request.set(AuthenticationRequest.authenticationParameterRAND, AuthenticationParameterRAND(vector.rand))
    request.set(AuthenticationRequest.authenticationParameterAUTN, AuthenticationParameterAUTN(vector.autn))
    return request
  }

  // MARK: Security mode

  /// What may be wrong or special in a SECURITY MODE COMMAND.
  struct Command {
    var algorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2)
    /// Raw octet of the algorithms, if not those.
    var algorithmOctet: UInt8?
    var eKSI: NASKeySetIdentifier?
    var capabilities: UESecurityCapability
    var hash: [UInt8]?
    var requestsIMEISV = false
    var headerType = SecurityHeaderType.integrityProtectedNewContext
    var spoilsMAC = false
    var count: NASCount?
  }

  func message(_ command: Command, eKSI: NASKeySetIdentifier) -> NASMessage {
    var message = NASMessage(.securityModeCommand)
    message.set(
      SecurityModeCommand.selectedNASSecurityAlgorithms,
      NASSecurityAlgorithms(
        ciphering: command.algorithmOctet.map { $0 >> 4 & 7 } ?? command.algorithms.ciphering.rawValue,
        integrity: command.algorithmOctet.map { $0 & 7 } ?? command.algorithms.integrity.rawValue))
    message.set(SecurityModeCommand.nasKeySetIdentifier, command.eKSI ?? eKSI)
    message.set(SecurityModeCommand.replayedUESecurityCapabilities, command.capabilities)
    if command.requestsIMEISV { message.set(SecurityModeCommand.imeisvRequest, .requested) }
    if let hash = command.hash { message.set(SecurityModeCommand.hashMME, HashMME(hash)) }
    return message
  }

  /// SECURITY MODE COMMAND that takes ``pending`` into use, or else changes the current context. The network's own context
  /// becomes that of the command.
  mutating func command(_ command: Command, using engine: inout CryptoEngine) -> [UInt8] {
    var context: SecurityContext
    if let pending {
      context = SecurityContext(taking: pending, side: .mme, algorithms: command.algorithms, using: &engine)
      self.pending = nil
    } else if var changed = current {
      changed.select(command.algorithms, using: &engine)
      context = changed
    } else {
      context = ScriptedNetwork.foreignContext(using: &engine)
    }
    let octets = message(command, eKSI: context.eKSI).encoded()
    var pdu: [UInt8]
    if let count = command.count {
      pdu = context.seal(octets, as: command.headerType, count: count, using: &engine)
    } else {
      pdu = (try? context.protect(octets, as: command.headerType, using: &engine)) ?? []
    }
    if command.spoilsMAC, !pdu.isEmpty { pdu[2] ^= 1 }
    current = context
    return pdu
  }

  // MARK: Uplink

  /// An uplink message, opened.
  struct Opened: Equatable {
    var message: NASMessage
    var headerType: SecurityHeaderType
    /// nil for a plain message.
    var count: NASCount?
  }

  /// Checks a SERVICE REQUEST under the current context, whose COUNT moves on.
  mutating func openServiceRequest(_ octets: [UInt8], using engine: inout CryptoEngine) throws -> NASCount {
    guard case .serviceRequest(let request) = try NASPDU(parsing: octets, direction: .uplink) else {
      throw DiscardReason.securityHeaderTypeNotAllowed(octets[0] >> 4)
    }
    guard var context = current, context.keySetIdentifier == request.ksi else { throw DiscardReason.noSecurityContext }
    let count = try context.verify(request, using: &engine)
    context.accept(serviceRequestCount: count)
    current = context
    return count
  }

  /// Opens an uplink PDU under the current context, whose COUNT moves on.
  ///
  /// - Throws: why it cannot be opened.
  mutating func open(_ octets: [UInt8], using engine: inout CryptoEngine) throws -> Opened {
    switch try NASPDU(parsing: octets, direction: .uplink) {
    case .plain(let message): return Opened(message: message, headerType: .plain)
    case .serviceRequest: throw DiscardReason.securityHeaderTypeNotAllowed(12)
    case .protected(let pdu):
      guard current != nil else { throw DiscardReason.noSecurityContext }
      guard let verified = try current?.unprotect(pdu, using: &engine) else { throw DiscardReason.noSecurityContext }
      return Opened(
        message: try NASMessage(decoding: verified.octets, direction: .uplink), headerType: pdu.headerType, count: verified.count)
    }
  }
}
