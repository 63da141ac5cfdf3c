import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// §5.4.3.3, §5.4.3.5: a message with security header type 3 came.
  mutating func securityModeCommanded(_ pdu: SecurityProtectedNAS, using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let name = NASMessageType.securityModeCommand.name
    switch machine {
    case .null, .deregistered:
      return discard(.notCompatibleWithState("no EMM procedure is running in \(state)"), name, into: &outputs)
    case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: break
    }
    var circumstances = SecurityModeCircumstances(
      expectedCapabilities: configuration.replayableCapabilities,
      expectedAdditionalCapability: configuration.additionalSecurityCapability, initialMessage: initialMessageUnderWay)
    circumstances.comparesCapabilities = !configuration.deviations.contains(.acceptReplayedCapabilitiesMismatch)
    if case .trackingAreaUpdatingInitiated(let attempt) = machine, let mapping = attempt.mapping {
      circumstances.mapping = (mapping.umts, mapping.nonceUE)
      circumstances.usedNonces = mapping.usedNonces
    }
    // Drawn on a copy: what is discarded or rejected changes nothing.
    var drawn = random
    if isInEmergency {
      circumstances.nullIntegrityAllowed = true
      circumstances.localKASME = KeyMaterial(drawn.octets(32))
    }
    switch contexts.evaluateSecurityModeCommand(pdu, circumstances: circumstances, using: &engine) {
    case .discard(let reason):
      discard(reason, name, into: &outputs)
    case .reject(let cause, let reason):
      forgetChallenge(into: &outputs)
      var reject = NASMessage(.securityModeReject)
      reject.set(SecurityModeReject.emmCause, cause)
      if case .registeredInitiated(var attempt) = machine {
        attempt.rejectedSecurityMode = .securityModeRejected(cause, reason: reason)
        machine = .registeredInitiated(attempt)
      }
      // Under the context in use before the command, if any; else plain (§5.4.3.5).
      send(reject.encoded(), using: &engine, into: &outputs)
    case .complete(let acceptance):
      if acceptance.context.algorithms == .null { random = drawn }
      complete(acceptance, using: &engine, into: &outputs)
    }
  }

  private mutating func complete(
    _ acceptance: SecurityModeOutcome.Acceptance, using engine: inout CryptoEngine, into outputs: inout [Output]
  ) {
    var complete = NASMessage(.securityModeComplete)
    if acceptance.imeisvRequested { complete.set(SecurityModeComplete.imeisv, .imeisv(configuration.imeisv)) }
    if acceptance.radioCapabilityIDRequested { complete.set(SecurityModeComplete.ueRadioCapabilityID, applicableRadioCapabilityID) }
    if acceptance.replaysInitialMessage, let initial = initialMessageUnderWay {
      complete.set(SecurityModeComplete.replayedNASMessageContainer, ReplayedNASMessageContainer(initial))
    }
    var context = acceptance.context
    if configuration.deviations.contains(.silentOnSecurityModeCommand) {
      return discard(.notCompatibleWithState("not answered: silent-on-smc"), NASMessageType.securityModeCommand.name, into: &outputs)
    }
    if configuration.deviations.contains(.resetUplinkCountOnEverySecurityModeCommand) { context.restartUplinkCount() }
    guard context.counts.nextToSend != nil else { return countExhausted(into: &outputs) }
    contexts.take(context)
    if let nonce = acceptance.nonceMME, case .trackingAreaUpdatingInitiated(var attempt) = machine {
      attempt.mapping?.usedNonces.append(nonce)
      machine = .trackingAreaUpdatingInitiated(attempt)
    }
    connection = .secured
    if case .registeredInitiated(var attempt) = machine {
      attempt.rejectedSecurityMode = nil
      machine = .registeredInitiated(attempt)
    }
    forgetChallenge(into: &outputs)
    if isInEmergency, authentication.consecutiveFailures > 0 {
      // §5.4.2.7: for an emergency the command says that the network passed.
      stop(.t3418, .t3420, into: &outputs)
      authentication = AuthenticationProgress()
      restartProcedureTimer(into: &outputs)
    }
    sendSecurityModeComplete(complete.encoded(), using: &engine, into: &outputs)
    rekeyAtOnce(using: &engine, into: &outputs)
    if configuration.deviations.contains(.answerSecurityModeCommandTwice) {
      let again = contexts.withCurrent {
        try? $0.protect(complete.encoded(), as: .integrityProtectedAndCipheredNewContext, using: &engine)
      }
      if let again { outputs.append(.uplinkNAS(again)) }
    }
    controlPlaneServiceAnswered(by: .securityModeCommand, into: &outputs)
    outputs.append(
      .securityContexts(
        contexts, why: acceptance.isFirstUse ? "SMC took a new KASME into use" : "SMC on the context already held"))
  }

  /// Under the context just taken into use; KeNB comes from its COUNT (TS 33.401 §7.2.6.1, §7.2.9.2).
  mutating func sendSecurityModeComplete(_ complete: [UInt8], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    let protected = contexts.withCurrent { context -> ([UInt8], KeNBTrigger)? in
      guard let count = context.counts.nextToSend,
        let pdu = try? context.protect(complete, as: .integrityProtectedAndCipheredNewContext, using: &engine)
      else { return nil }
      return (pdu, KeNBTrigger(kasme: context.kasme, count: count))
    }
    guard let (pdu, trigger) = protected else { return countExhausted(into: &outputs) }
    keNBTrigger = trigger
    lastSent = SentMessage(pdu: pdu, plain: complete)
    outputs.append(.uplinkNAS(pdu))
  }

  /// The plain initial message of the procedure that runs: what HASHMME is over.
  private var initialMessageUnderWay: [UInt8]? {
    switch machine {
    case .registeredInitiated(let attempt): attempt.request
    case .trackingAreaUpdatingInitiated(let attempt): attempt.request
    case .null, .deregistered, .registered, .serviceRequestInitiated, .deregisteredInitiated: nil
    }
  }
}
