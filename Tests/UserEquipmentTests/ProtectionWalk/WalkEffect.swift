import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// What a message does that came as far as its procedure: the table of the walk, written from TS 24.301 §5.4 to §5.6, §6.4, §6.7 and §7.
struct WalkEffect: CustomStringConvertible {
  /// What the UE sends, in order.
  var sent: [NASMessageType]
  var state: EMMState
  /// Transactions of ours that it ends.
  var ends: Set<UInt8> = []

  var description: String { "\(sent.map(\.name)), \(state)" }

  /// - Parameters:
  ///   - facts: what the walk says of the situation; the UE is not asked.
  ///   - algorithms: what the network protects under.
  init(
    of row: ProtectionWalkTests.Row, _ protection: ProtectionWalkTests.Protection, in facts: ProtectionWalkTests.Facts,
    algorithms: NASAlgorithms?
  ) {
    let isProven = facts.hasContext && (protection == .ciphered || protection == .integrity)
    let isSecured = protection == .ciphered || facts.isSecured
    let endsService = protection == .ciphered && row.kind.endsControlPlaneService && facts.isControlPlaneService
    let before = endsService ? EMMState.registered : facts.state
    let isDetaching = before == .deregisteredInitiated
    sent = []
    state = before
    guard ProtectionWalkTests.isActedOn(row, before, isCombined: facts.isCombined) != false else {
      // §7.4: EMM STATUS where the text does not say "ignored"; never without protection.
      if isSecured, !WalkEffect.isIgnored(row.kind, before) { sent = [.emmStatus] }
      return
    }
    switch row.kind {
    case .attachAccept:
      if before == .registeredInitiated {
        (sent, state) = ([.attachComplete], .registered)
      } else {
        // §5.5.1.2.7 c: the very same once more, else §7.4.
        sent = facts.repeatsAttachAccept ? [.attachComplete] : isSecured ? [.emmStatus] : []
      }
    case .attachReject: state = .deregistered(.attemptingToAttach)
    case .updateAnswer:
      if row.message.type == .trackingAreaUpdateAccept {
        state = .registered
      } else {
        // §5.5.3.2.6: the first attempt, in an area of ours and with EU1: EMM-REGISTERED.
        state = facts.isUpdateDue ? .registeredSubstate(.attemptingToUpdate) : .registered
      }
    case .serviceAccept: if facts.isControlPlaneService { state = .registered }
    case .serviceReject:
      // §5.6.1.6 e: a CS fallback that ends so leaves EU2 without a timer (§5.2.3.2 k).
      state = facts.isCSFallback ? .trackingAreaUpdatingInitiated : .registered
      if facts.isCSFallback { sent = [.trackingAreaUpdateRequest] }
    case .detachAccept: state = isDetaching ? .deregistered(.normalService) : .registered
    case .detach:
      sent = [.detachAccept]
      if row.message.isReattachRequired {
        state = isDetaching ? .deregistered(.normalService) : .deregistered(.attachNeeded)
        // §5.5.1.2.6 g: the attach is aborted, and begun anew over a connection of its own.
        if before == .registeredInitiated { (sent, state) = ([.detachAccept, .attachRequest], .registeredInitiated) }
      } else {
        state = .deregistered(.attemptingToAttach)
      }
    case .imsiDetach:
      sent = [.detachAccept]
      if before == .registeredSubstate(.imsiDetachInitiated), row.message.isIMSIDetach { state = .registered }
    case .authentication:
      if row.message.type == .authenticationRequest {
        sent = [.authenticationResponse]
      } else {
        // §5.4.2.5: under protection the USIM is invalid; without, T3247 (item 1 a: another area).
        state = .deregistered(isProven ? .noIMSI : .limitedService)
      }
    case .command:
      // The command selects 128-EEA2 and 128-EIA2: the MAC is right where the network uses those.
      let isRight = protection == .newContext && facts.hasContext && algorithms == NASAlgorithms(ciphering: .eea2, integrity: .eia2)
      sent = [isRight ? .securityModeComplete : .securityModeReject]
      // §5.6.1.4.2.
      if isRight, facts.isControlPlaneService { state = .registered }
    case .identity: sent = [.identityResponse]
    case .gutiReallocation: sent = [.gutiReallocationComplete]
    case .information, .status, .notImplemented: break
    case .callNotification: (sent, state) = ([.extendedServiceRequest], .serviceRequestInitiated)
    case .esm:
      sent = WalkEffect.answer(to: row.message, before, facts)
      // §7.3.1 a to d: another's is ignored.
      if row.message.type.isSessionAnswer { ends = facts.transactions.intersection([row.message.procedureTransactionIdentity]) }
      if row.message.type == .deactivateEPSBearerContextRequest, facts.bearers == [row.message.epsBearerIdentity] {
        switch before {
        case .deregisteredInitiated: break
        // §5.5.3.2.6 m: after the update.
        case .trackingAreaUpdatingInitiated: sent = []
        // §5.2.3.2.2 allows no detach with the network: a local one, and the attach over a connection of its own.
        case .registeredSubstate(.attemptingToUpdate): (sent, state) = ([.attachRequest], .registeredInitiated)
        // §6.4.4.4 a: the last PDN connection.
        default: (sent, state) = ([.detachRequestFromUE], .deregisteredInitiated)
        }
      }
    }
  }

  /// "Shall be ignored": §5.5.1.2.6 g, §5.5.2.2.4 e and i, §5.5.3.2.6 f and g. A command that belongs to no procedure is not even verified.
  private static func isIgnored(_ kind: ProtectionWalkTests.Kind, _ state: EMMState) -> Bool {
    switch kind {
    case .imsiDetach: state == .registeredInitiated || state == .trackingAreaUpdatingInitiated
    case .gutiReallocation: state == .trackingAreaUpdatingInitiated || state == .deregisteredInitiated
    case .information, .status: state == .deregisteredInitiated
    case .command: true
    case .callNotification: state == .deregisteredInitiated || state == .registeredSubstate(.imsiDetachInitiated)
    default: false
    }
  }

  /// §6.4.1.4, §6.4.2.3, §6.4.3.3, §6.4.4.3, §6.6.2, §6.6.4, §6.7, §7.3: by the bearers there are.
  private static func answer(to message: NASMessage, _ state: EMMState, _ facts: ProtectionWalkTests.Facts) -> [NASMessageType] {
    let hasBearer = facts.bearers.contains(5)
    switch message.type {
    case .activateDefaultEPSBearerContextRequest: return [.activateDefaultEPSBearerContextReject]
    case .activateDedicatedEPSBearerContextRequest:
      // §5.5.1.2.4: behind ATTACH COMPLETE.
      if state == .registeredInitiated { return [] }
      return [hasBearer ? .activateDedicatedEPSBearerContextAccept : .activateDedicatedEPSBearerContextReject]
    case .modifyEPSBearerContextRequest: return [hasBearer ? .modifyEPSBearerContextAccept : .modifyEPSBearerContextReject]
    case .deactivateEPSBearerContextRequest: return [.deactivateEPSBearerContextAccept]
    case .esmInformationRequest: return [.esmStatus]
    // §7.3.2 f, k: #43 of a bearer that is not there.
    case .notification, .esmDataTransport: return hasBearer ? [] : [.esmStatus]
    default: return []
    }
  }
}

extension NASMessage {
  fileprivate var isReattachRequired: Bool {
    (try? self[DetachRequestFromNetwork.detachType])?.kind == DetachType.reattachRequired.kind
  }

  fileprivate var isIMSIDetach: Bool {
    (try? self[DetachRequestFromNetwork.detachType])?.kind == DetachType.imsiDetachByNetwork.kind
  }
}

extension NASMessageType {
  /// A rejection of what the UE asked of ESM.
  var isSessionAnswer: Bool {
    let rejects: [NASMessageType] = [
      .pdnConnectivityReject, .pdnDisconnectReject, .bearerResourceAllocationReject, .bearerResourceModificationReject,
    ]
    return rejects.contains(self)
  }
}

extension Bench {
  /// The type of an uplink message, whatever context it is under: the octets say it, or an MME with one of these contexts opens it.
  func type(of octets: [UInt8], under contexts: [NASSecurity.SecurityContext?]) -> NASMessageType {
    guard let pdu = try? NASPDU(parsing: octets, direction: .uplink) else { return .emm(0) }
    switch pdu {
    case .plain(let message): return message.type
    case .serviceRequest: return .emm(0)
    case .protected(let protected):
      for context in contexts.compactMap({ $0 }) {
        // The COUNT is one of the last that the UE used, or of those that it used next.
        let next = context.counts.nextToSend?.value ?? 0
        for count in (next > 4 ? next - 4 : 0)...(next + 4) {
          var twin = NASSecurity.SecurityContext(
            kasme: context.kasme, type: context.type, keySetIdentifier: context.keySetIdentifier, side: .mme,
            algorithms: context.algorithms, counts: NASCountPair(largestAccepted: count == 0 ? nil : NASCount(count - 1)), using: &engine)
          guard let opened = try? twin.unprotect(protected, using: &engine), opened.count.value == count,
            let message = try? NASMessage(decoding: opened.octets, direction: .uplink)
          else { continue }
          return message.type
        }
      }
      return .emm(0)
    }
  }
}
