import NASCrypto
import NASMessages
import Observer
import Trace

/// What the UE sends: its values, the context it uses, the message that a KeNB follows from.
extension NASLedger {
  mutating func uplink(_ nas: NASObservation, _ observation: Observation) {
    if nas.isInitial { triggers.open(observation.connection, .opened(by: nas.name)) }
    if case .failed = nas.integrity, nas.serviceRequest == nil {
      uplinkFails = true
      if isTesters { hasLostCount = true }
      if isTold { noteUnexplained(at: observation.event) }
    }
    unprovable.uplink(nas)
    if unprovable.kind != nil { with(currentID) { $0.reports.left() } }
    if case .stale(let count) = nas.integrity, let context = nas.context { usedTwice(nas, count, context, observation) }
    if case .stale(let count) = nas.integrity, let context = nas.context { overtaken(nas, count, context, observation) }
    guard case .verified(let count) = nas.integrity, let context = nas.context, let algorithms = context.algorithms else {
      if nas.isInitial {
        triggers.open(observation.connection, .openedUnproven(by: nas.name))
      }
      return
    }
    (uplinkFails, hasLostCount) = (false, false)
    if nas.isInitial || nas.type.map(Self.abortsSecurityMode) == true {
      hasOpenRequest = nas.serviceRequest == nil
      if let offeredID, context.id != offeredID { hasCollided = true }
    }
    // A COMPLETE that is not on the wire may not have reached the network, and one with another header type is dropped (§5.4.3.7, §5.4.3.3).
    if context.id == offeredID, nas.header != .integrityProtectedAndCipheredNewContext { hasCollided = true }
    if nas.type == .attachComplete { hasAttached = true }
    add(context, event: observation.event)
    with(context.id) { ledger in
      ledger.take(algorithms, count: count)
      ledger.uplinkConnection = observation.connection
      ledger.hasLostConnection = false
      _ = ledger.uplinkMessages.record(count, nas.octets, nas.digest)
    }
    if isTesters, !nas.hasFittingHeader {
      with(context.id) { $0.unfit = ($0.unfit?.upperBound == count ? $0.unfit?.lowerBound ?? count : count)..<count + 1 }
    }
    let place = (message: nas.name, frame: observation.event)
    let isMeant = isTesters
    func evidence(_ value: AlignedValue) -> Evidence { Evidence(value: value, message: place.message, frame: place.frame) }
    with(context.id) { ledger in
      ledger.ue[.kasme] = evidence(.key(context.kasme))
      ledger.ue[.integrityAlgorithm] = evidence(.integrity(algorithms.integrity))
      ledger.ue[.uplinkCount] = evidence(.nextCount(context.nextUplinkCount))
      if nas.isDeciphered == true { ledger.ue[.cipheringAlgorithm] = evidence(.ciphering(algorithms.ciphering)) }
      if nas.isDeciphered == false {
        ledger.contradict(
          .cipheringAlgorithm,
          ofUE: Comparison(
            expected: .words("not readable when deciphered with it"), observed: .ciphering(algorithms.ciphering), message: nas.name,
            frame: observation.event, note: "the UE ciphered the message with another algorithm"))
      }
      if nas.type == .securityModeComplete || ledger.ue[.eKSI] == nil { ledger.ue[.eKSI] = evidence(.eKSI(context.eKSI)) }
      ledger.reception.received(nas, takesContext: !ledger.isTaken, event: observation.event)
      ledger.isTaken = true
      if let named = nas.namedKeySet?.value, named != context.eKSI, named != 7, !isMeant {
        ledger.contradict(
          .eKSI,
          ofUE: Comparison(
            expected: .eKSI(named), observed: .eKSI(context.eKSI), message: nas.name, frame: observation.event,
            note: "the UE names another key set than the one its message verifies under"))
      }
      ledger.reports.advance(to: context)
      ledger.selfCheck.advance(to: context)
    }
    if uplinkUses.count >= 64 { uplinkUses.removeFirst() }
    uplinkUses.append(UplinkUse(contextID: context.id, count: count, message: nas.name))
    let begins = nas.isInitial || triggers.beginsAnew(nas.type, on: observation.connection)
    if nas.type == .securityModeComplete || (begins && Self.triggersKeNB(nas)) {
      let trigger = Trigger(
        context: context, count: count, message: nas.name, event: observation.event,
        isSecurityModeComplete: nas.type == .securityModeComplete)
      triggers.take(trigger, isInitial: nas.isInitial, on: observation.connection)
    }
  }

  /// SECURITY MODE COMPLETE behind a later message of the UE, or again on another connection than before: whichever the network takes is the
  /// one that KeNB follows from, and it has no use for the others.
  private mutating func overtaken(_ nas: NASObservation, _ count: UInt32, _ context: ObservedContext, _ observation: Observation) {
    guard nas.header == .integrityProtectedAndCipheredNewContext, nas.type == .securityModeComplete, context.id == currentID,
      let position = position(context.id)
    else { return }
    let trigger = Trigger(
      context: context, count: count, message: nas.name, event: observation.event, isSecurityModeComplete: true)
    switch contexts[position].uplinkMessages.message(count) {
    case nil:
      // Of a context that the network has, a later message stepped its COUNT: then it drops this one.
      guard !contexts[position].isTakenByNetwork else { return }
      with(context.id) { _ = $0.uplinkMessages.record(count, nas.octets, nas.digest) }
      triggers.take(trigger, isInitial: false, on: observation.connection)
    case nas.digest?: triggers.takeAgain(trigger, on: observation.connection)
    case _?: return
    }
  }

  /// TS 24.301 §5.4.3.7 c: what the network aborts an SMC for.
  static func abortsSecurityMode(_ type: NASMessageType) -> Bool {
    switch type {
    case .attachRequest, .trackingAreaUpdateRequest, .extendedServiceRequest, .controlPlaneServiceRequest, .detachRequestFromUE: true
    default: false
    }
  }

  private static func triggersKeNB(_ nas: NASObservation) -> Bool {
    if nas.serviceRequest != nil { return true }
    switch nas.type {
    case NASMessageType.attachRequest, NASMessageType.trackingAreaUpdateRequest, NASMessageType.extendedServiceRequest,
      NASMessageType.controlPlaneServiceRequest:
      return true
    default: return false
    }
  }

  /// Whether these octets came under this COUNT before.
  func hasSeen(_ digest: OctetsDigest, _ count: UInt32, under id: Int) -> Bool {
    position(id).map { contexts[$0].uplinkMessages.message(count) == digest } ?? false
  }

  /// Only who has the keys makes another message under a used COUNT with a right MAC: the UE. The same octets again are a replay.
  private mutating func usedTwice(_ nas: NASObservation, _ count: UInt32, _ context: ObservedContext, _ observation: Observation) {
    guard !isTesters else { return }
    with(context.id) { ledger in
      guard let earlier = ledger.uplinkMessages.message(count), earlier != nas.digest else { return }
      ledger.contradict(
        .uplinkCount,
        ofUE: Comparison(
          expected: .count(count), observed: .words("\(context.nextUplinkCount) or more"), message: nas.name, frame: observation.event,
          note: "the UE used this COUNT for another message before"))
    }
  }
}

extension NASObservation {
  /// Whether its security header type is one that such a message of a UE has (TS 24.301 §9.3.1).
  fileprivate var hasFittingHeader: Bool {
    switch header {
    case .integrityProtected, .integrityProtectedAndCiphered, .serviceRequest: true
    case .integrityProtectedAndCipheredNewContext: type == .securityModeComplete
    case .integrityProtectedAndPartiallyCiphered: type == .controlPlaneServiceRequest
    default: false
    }
  }
}
