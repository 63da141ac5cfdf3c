import NASCrypto
import NASMessages

/// What a UE knows when a SECURITY MODE COMMAND arrives, beside its contexts (TS 24.301 §5.4.3.3).
public struct SecurityModeCircumstances: Sendable {
  /// What the MME must replay: built from the capabilities *last* sent.
  public var expectedCapabilities: UESecurityCapability
  /// The UE additional security capability last sent; nil if none was. What the MME replays of it must be the same.
  public var expectedAdditionalCapability: UEAdditionalSecurityCapability?
  /// A PDN connection for emergency services is established or being established, or access is for RLOS: the only
  /// case in which 128-EIA0 may be taken into use.
  public var nullIntegrityAllowed: Bool
  /// The plain initial message (ATTACH REQUEST, TRACKING AREA UPDATE REQUEST) of the procedure that is running, whose
  /// hash the MME may send back as HASHMME.
  public var initialMessage: [UInt8]?
  /// The UMTS keys and the nonce sent, while an idle mode change from UTRAN or GERAN runs: what a mapped context is made of.
  public var mapping: (umts: UMTSSecurityContext, nonceUE: UInt32)?
  /// The nonces of the MME that made mapped contexts of it which were taken into use: the keys of none of them come back with COUNTs of zero.
  public var usedNonces: [UInt32] = []
  /// False for a UE that is told to deviate: the replayed capabilities are not looked at.
  public var comparesCapabilities = true
  /// A KASME made up for an emergency; needed where ``nullIntegrityAllowed``.
  public var localKASME: KeyMaterial?

  public init(
    expectedCapabilities: UESecurityCapability, expectedAdditionalCapability: UEAdditionalSecurityCapability? = nil,
    nullIntegrityAllowed: Bool = false, initialMessage: [UInt8]? = nil
  ) {
    self.expectedCapabilities = expectedCapabilities
    self.expectedAdditionalCapability = expectedAdditionalCapability
    self.nullIntegrityAllowed = nullIntegrityAllowed
    self.initialMessage = initialMessage
  }
}

/// The UE's answer to a SECURITY MODE COMMAND.
public enum SecurityModeOutcome: Sendable {
  /// Take the context into use and send SECURITY MODE COMPLETE under it.
  case complete(Acceptance)
  /// Send SECURITY MODE REJECT under the previous context; the reason is for the log.
  case reject(EMMCause, reason: String)
  /// Drop it; nothing changes.
  case discard(DiscardReason)

  /// What an accepted SECURITY MODE COMMAND brings.
  public struct Acceptance: Sendable {
    /// The context to take into use, with the COUNTs it has after the command was accepted.
    public var context: SecurityContext
    /// It took a partial native context into use for the first time, so its uplink COUNT starts at zero.
    public var isFirstUse: Bool
    /// IMEISV is to be put into SECURITY MODE COMPLETE.
    public var imeisvRequested: Bool
    /// The UE radio capability ID is.
    public var radioCapabilityIDRequested: Bool
    /// HASHMME differs from our own hash: the whole initial message goes into the Replayed NAS message container.
    public var replaysInitialMessage: Bool
    /// The nonce of the MME, where a mapped context was made of it.
    public var nonceMME: UInt32?
  }
}

extension SecurityContexts {
  /// Judges a SECURITY MODE COMMAND on copies of the contexts (TS 24.301 §5.4.3.3, §5.4.3.5); changes nothing.
  public func evaluateSecurityModeCommand(
    _ pdu: SecurityProtectedNAS, circumstances: SecurityModeCircumstances, using engine: inout CryptoEngine
  ) -> SecurityModeOutcome {
    guard pdu.headerType == .integrityProtectedNewContext else {
      return .discard(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue))
    }
    // The command is never ciphered, so what it asks for can be read before its MAC is checked; nothing of it is
    // acted on before that.
    let fields: SecurityModeCommandFields
    do {
      let message = try NASMessage(decoding: pdu.payload, direction: .downlink)
      // The header type is SECURITY MODE COMMAND's alone (§9.3.1).
      guard message.type == .securityModeCommand else {
        return .discard(.securityHeaderTypeNotAllowed(pdu.headerType.rawValue))
      }
      fields = try SecurityModeCommandFields(message)
    } catch {
      return .discard(.malformed(error.description))
    }
    guard let algorithms = fields.algorithms else {
      return .reject(.securityModeRejectedUnspecified, reason: "an algorithm identity that is reserved was selected")
    }
    guard var trial = candidate(for: fields, algorithms: algorithms, circumstances, using: &engine) else {
      return .reject(.securityModeRejectedUnspecified, reason: "no security context for eKSI \(fields.eKSI)")
    }
    let verified: IntegrityVerified
    do { verified = try trial.context.verify(pdu, using: &engine) } catch {
      if case .replayed = error { return .discard(error) }
      // §5.4.3.3 a: the KSI of a new mapped context is that of the source system, and the current mapped one may have it too.
      guard trial.nonceUE == nil, let mapped = mappedCandidate(for: fields, algorithms: algorithms, circumstances, using: &engine),
        let again = try? mapped.context.verify(pdu, using: &engine)
      else { return .reject(.securityModeRejectedUnspecified, reason: error.description) }
      trial = mapped
      verified = again
    }
    if let sent = trial.nonceUE, fields.replayedNonceUE != sent {
      return .reject(.securityModeRejectedUnspecified, reason: "the replayed nonce of the UE is not the one sent")
    }
    guard fields.replayedCapabilities == circumstances.expectedCapabilities || !circumstances.comparesCapabilities else {
      return .reject(
        .ueSecurityCapabilitiesMismatch,
        reason: "replayed UE security capabilities \(fields.replayedCapabilities), sent were \(circumstances.expectedCapabilities)")
    }
    if circumstances.comparesCapabilities, let additional = fields.replayedAdditionalCapability,
      additional != circumstances.expectedAdditionalCapability
    {
      let sent = circumstances.expectedAdditionalCapability.map(\.description) ?? "none"
      return .reject(
        .ueSecurityCapabilitiesMismatch,
        reason: "replayed UE additional security capability \(additional), sent was \(sent)")
    }
    // What nobody can be without need not have been told.
    let isNullForEmergency = circumstances.nullIntegrityAllowed && algorithms == .null
    guard
      isNullForEmergency
        || circumstances.expectedCapabilities.eea & 0x80 >> algorithms.ciphering.rawValue != 0
          && circumstances.expectedCapabilities.eia & 0x80 >> algorithms.integrity.rawValue != 0
    else {
      return .reject(.ueSecurityCapabilitiesMismatch, reason: "\(algorithms) was selected, which the UE does not support")
    }
    if algorithms.integrity == .eia0 && !circumstances.nullIntegrityAllowed {
      return .reject(.securityModeRejectedUnspecified, reason: "128-EIA0 without a PDN connection for emergency services")
    }
    var taken = trial.context
    taken.accept(verified)
    let hashDiffers: Bool
    if let hash = fields.hashMME, let initial = circumstances.initialMessage {
      hashDiffers = hash != engine.initialMessageHash(of: initial)
    } else {
      hashDiffers = false
    }
    return .complete(
      .init(
        context: taken, isFirstUse: trial.isFirstUse, imeisvRequested: fields.imeisvRequested,
        radioCapabilityIDRequested: fields.radioCapabilityIDRequested, replaysInitialMessage: hashDiffers,
        nonceMME: trial.nonceUE == nil ? nil : fields.nonceMME))
  }

  /// A context to try a command with.
  private struct Candidate {
    var context: SecurityContext
    var isFirstUse = false
    /// The nonce we sent, where the context is made of it.
    var nonceUE: UInt32?
  }

  /// The context that the eKSI names, as it would be with the selected algorithms: a copy to try.
  private func candidate(
    for fields: SecurityModeCommandFields, algorithms: NASAlgorithms, _ circumstances: SecurityModeCircumstances,
    using engine: inout CryptoEngine
  ) -> Candidate? {
    let eKSI = fields.eKSI
    if circumstances.nullIntegrityAllowed, algorithms == .null, eKSI == NASKeySetIdentifier(.native, value: 0),
      let kasme = circumstances.localKASME
    {
      // §5.4.3.2: KSI 000 with the null algorithms names no context that was authenticated, but one over a KASME made up locally.
      if let current, current.eKSI == eKSI, current.algorithms == .null { return Candidate(context: current) }
      return Candidate(context: .nullForEmergency(localKASME: kasme, side: .userEquipment, using: &engine), isFirstUse: true)
    }
    switch nonCurrent {
    case .partialNative(let partial) where partial.eKSI == eKSI:
      return Candidate(
        context: SecurityContext(taking: partial, side: .userEquipment, algorithms: algorithms, using: &engine), isFirstUse: true)
    case .fullNative(let native) where native.context.eKSI == eKSI:
      var woken = native.context
      woken.select(algorithms, using: &engine)
      return Candidate(context: woken)
    case .partialNative, .fullNative, .none: break
    }
    if var current = self.current, current.eKSI == eKSI {
      current.select(algorithms, using: &engine)
      return Candidate(context: current)
    }
    return mappedCandidate(for: fields, algorithms: algorithms, circumstances, using: &engine)
  }

  /// The context of both nonces, while an idle mode change runs.
  private func mappedCandidate(
    for fields: SecurityModeCommandFields, algorithms: NASAlgorithms, _ circumstances: SecurityModeCircumstances,
    using engine: inout CryptoEngine
  ) -> Candidate? {
    let eKSI = fields.eKSI
    guard eKSI.typeOfSecurityContext == .mapped, eKSI.value < 7, let mapping = circumstances.mapping, let nonceMME = fields.nonceMME,
      !circumstances.usedNonces.contains(nonceMME)
    else { return nil }
    let mapped = SecurityContext(
      mapping: mapping.umts, nonceUE: mapping.nonceUE, nonceMME: nonceMME, keySetIdentifier: eKSI.value, side: .userEquipment,
      algorithms: algorithms, using: &engine)
    return Candidate(context: mapped, isFirstUse: true, nonceUE: mapping.nonceUE)
  }
}

/// The fields of a SECURITY MODE COMMAND as values (TS 24.301 §8.2.20).
private struct SecurityModeCommandFields {
  var eKSI: NASKeySetIdentifier
  /// nil when an identity is one of the reserved ones.
  var algorithms: NASAlgorithms?
  var replayedCapabilities: UESecurityCapability
  var replayedAdditionalCapability: UEAdditionalSecurityCapability?
  var imeisvRequested: Bool
  var radioCapabilityIDRequested: Bool
  var hashMME: [UInt8]?
  var replayedNonceUE: UInt32?
  var nonceMME: UInt32?

  init(_ message: NASMessage) throws(NASDecodingError) {
    eKSI = try message[SecurityModeCommand.nasKeySetIdentifier]
    let selected = try message[SecurityModeCommand.selectedNASSecurityAlgorithms]
    if let ciphering = CipheringAlgorithm(rawValue: selected.ciphering), let integrity = IntegrityAlgorithm(rawValue: selected.integrity) {
      algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity)
    }
    replayedCapabilities = try message[SecurityModeCommand.replayedUESecurityCapabilities]
    // Optional elements that are syntactically incorrect count as absent (§7.7.1).
    replayedAdditionalCapability = try? message[SecurityModeCommand.replayedUEAdditionalSecurityCapability]
    imeisvRequested = (try? message[SecurityModeCommand.imeisvRequest]).map { $0.rawValue & 0x07 } == 1
    radioCapabilityIDRequested = (try? message[SecurityModeCommand.ueRadioCapabilityIDRequest])?.isRequested ?? false
    replayedNonceUE = (try? message[SecurityModeCommand.replayedNonceUE])?.value
    nonceMME = (try? message[SecurityModeCommand.nonceMME])?.value
    hashMME = (try? message[SecurityModeCommand.hashMME])?.octets
  }
}
