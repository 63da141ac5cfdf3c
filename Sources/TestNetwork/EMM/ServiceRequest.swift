import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Service request (TS 24.301 §5.6.1): an idle UE comes back under its current context.
extension MME {
  /// A request that does not verify is answered by SERVICE REJECT #9 and changes nothing (§4.4.4.3).
  mutating func serviceRequest(_ request: ServiceRequest, mTMSI: UInt32?, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    guard connection.subject == .unknown, connection.specific == nil, connection.commons.isEmpty else {
      return drop(.notCompatibleWithState("SERVICE REQUEST on a connection that is in use"), on: id)
    }
    guard let index = mTMSI.flatMap({ ueOfTMSI[$0] }) else {
      discard("SERVICE REQUEST: the S-TMSI is no UE's", "TS 24.301 §5.6.1.5", association: connection.association)
      return rejectService(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    let count: NASCount
    do {
      count = try verify(request, ofUE: index, using: &engine)
    } catch {
      discard("SERVICE REQUEST: \(error)", "TS 24.301 §4.4.4.3", association: connection.association, ue: index)
      return rejectService(on: id, cause: .ueIdentityCannotBeDerivedByTheNetwork, using: &engine)
    }
    ues[index].security.withCurrent { $0.accept(serviceRequestCount: count) }
    bind(id, to: index)
    guard beginService(count, "SERVICE REQUEST", index, on: id, using: &engine) else { return }
    serve(index, on: id, using: &engine)
  }

  mutating func rejectService(on id: UInt32, cause: EMMCause, using engine: inout CryptoEngine) {
    var reject = NASMessage(.serviceReject)
    reject.set(ServiceReject.emmCause, cause)
    if cause == .congestion { reject.set(ServiceReject.t3346Value, GPRSTimer(minutes: configuration.t3346Minutes)) }
    if cause == .csServiceTemporarilyNotAvailable { reject.set(ServiceReject.t3442Value, GPRSTimer(minutes: configuration.t3442Minutes)) }
    send(reject, on: id, using: &engine)
    reportProcedure("service request rejected: \(cause)", on: id)
    // A UE whose user plane is up keeps it, where the service alone is refused and not the UE.
    if connections[id]?.contextSetup == .done, !cause.deregisters { return runQueue(on: id, using: &engine) }
    if let connection = connections[id], connection.isSecure, let index = connection.subject.verified, cause.deregisters,
      ues[index].state != .deregistered
    {
      deregister(index)
    }
    release(id, cause: .normalRelease)
  }
}
