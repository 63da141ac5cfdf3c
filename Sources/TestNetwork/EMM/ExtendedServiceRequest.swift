import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// EXTENDED SERVICE REQUEST (TS 24.301 §5.6.1): CS fallback, or packet services of a UE that cannot use SERVICE REQUEST.
extension MME {
  mutating func extendedServiceRequest(_ received: ReceivedNAS, on id: UInt32, using engine: inout CryptoEngine) {
    let service: ServiceType
    do { service = try received.message[ExtendedServiceRequest.serviceType].interpreted } catch {
      return drop(.malformed(error.description), on: id)
    }
    guard case .verified(let count) = received.protection, let index = connections[id]?.subject.verified else {
      // §4.4.4.3: answered, and nothing changes.
      return rejectService(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    if isIgnoredBesideDetach(.extendedServiceRequest, on: id) { return }
    if case .networkDetach = connections[id]?.specific, service.rawValue < 2 {
      // §5.5.2.3.5 f: CS fallback, no emergency call, of a UE that is being detached from CS services.
      return drop(.notCompatibleWithState("EXTENDED SERVICE REQUEST for CS fallback while DETACH REQUEST is unanswered"), on: id)
    }
    guard beginService(count, "EXTENDED SERVICE REQUEST", index, on: id, using: &engine) else { return }
    if let status = try? received.message[ExtendedServiceRequest.epsBearerContextStatus] {
      synchroniseBearers(of: index, with: status)
    }
    switch service {
    case .packetServicesViaS1: serve(index, on: id, using: &engine)
    default:
      // There is no CS domain to fall back to.
      rejectService(on: id, cause: EMMCause(rawValue: configuration.causeForCSFallback), using: &engine)
    }
  }

  /// What every verified service request begins with: procedures that it collides with end (§5.4.3.7 c), KeNB is to come of its
  /// COUNT, and a UE that is not registered learns so.
  mutating func beginService(
    _ count: NASCount, _ name: String, _ index: Int, on id: UInt32, using engine: inout CryptoEngine
  ) -> Bool {
    // §5.4.4.6 g, §5.4.1.6 f: these go on beside it.
    endProcedures(on: id, "\(name) received", exceptCommanded: [.identification, .reallocation])
    connections[id]?.isSecure = true
    if connections[id]?.contextSetup == S1Connection.ContextSetup.none { connections[id]?.keNBTrigger = count }
    reportContexts(of: index, "\(name) verified")
    guard ues[index].state == .registered, ues[index].bearer != nil else {
      rejectService(on: id, cause: .implicitlyDetached, using: &engine)
      return false
    }
    if let cause = configuration.serviceRejections[self.name(of: index)] {
      rejectService(on: id, cause: EMMCause(rawValue: cause), using: &engine)
      return false
    }
    return true
  }

  /// The user plane: INITIAL CONTEXT SETUP, which is the service request's answer.
  mutating func serve(_ index: Int, on id: UInt32, using engine: inout CryptoEngine) {
    guard connections[id]?.contextSetup == S1Connection.ContextSetup.none else {
      reportProcedure("service request completed: the user plane was up", on: id)
      return runQueue(on: id, using: &engine)
    }
    guard ues[index].bearer != nil else {
      return rejectService(on: id, cause: .noEPSBearerContextActivated, using: &engine)
    }
    connections[id]?.specific = .serviceRequest
    setUpContext(on: id, index, nas: nil, using: &engine)
  }
}
