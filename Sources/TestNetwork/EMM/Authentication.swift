import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Authentication (TS 24.301 §5.4.2): state while AUTHENTICATION REQUEST is unanswered.
struct Authentication: Sendable {
  /// What goes on when the UE has proved itself.
  enum Purpose: Sendable, Equatable {
    /// The running attach or detach.
    case procedure
    case command(thenSecurityMode: Bool)
  }
  let subscriber: Int
  let purpose: Purpose
  let vector: HSS.Vector
  /// 0 ... 6.
  let keySetIdentifier: UInt8
  /// SQN was taken from the USIM once already: a second synch failure is final.
  let isResynchronised: Bool
  var transmissions = 1

  var request: NASMessage {
    var message = NASMessage(.authenticationRequest)
    message.set(AuthenticationRequest.nasKeySetIdentifier, NASKeySetIdentifier(.native, value: keySetIdentifier))
    message.set(AuthenticationRequest.authenticationParameterRAND, AuthenticationParameterRAND(vector.rand))
    message.set(AuthenticationRequest.authenticationParameterAUTN, AuthenticationParameterAUTN(vector.autn))
    return message
  }
}

extension MME {
  mutating func authenticate(
    _ index: Int, for purpose: Authentication.Purpose, isResynchronised: Bool = false, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id] else { return }
    guard !isGuest(index) else {
      let why = "authentication: there is no subscription to authenticate with"
      if case .command = purpose { return reportProcedure(why, on: id) }
      return abort(why, on: id, using: &engine)
    }
    let vector = hss.vector(
      for: index, servingNetwork: servingNetwork(connection.trackingArea.plmn.wireOctets), random: &random, using: &engine)
    guard vector.autn.count == 16 else {
      // TUAK with a long MAC: EPS has no room for its AUTN.
      return abort("authentication: an AUTN of \(vector.autn.count) octets does not fit EPS", on: id, using: &engine)
    }
    let authentication = Authentication(
      subscriber: index, purpose: purpose, vector: vector, keySetIdentifier: freshKeySetIdentifier(for: index, on: connection),
      isResynchronised: isResynchronised)
    ues[index].lastKeySetIdentifier = authentication.keySetIdentifier
    connections[id]?.authentication = authentication
    send(authentication.request, on: id, using: &engine)
    if configuration.defects.contains(.contextLostAtAuthentication), ues[index].security.current != nil {
      ues[index].security.deleteCurrent()
      reportContexts(of: index, "AUTHENTICATION REQUEST sent: context deleted (defect)")
    }
    start(.t3460, on: id)
  }

  /// A value that is neither the UE's nor a stored one (§5.4.2.2), going round from the last one given out.
  private func freshKeySetIdentifier(for index: Int, on connection: S1Connection) -> UInt8 {
    if configuration.defects.contains(.eKSIRepeated), let current = ues[index].security.current { return current.keySetIdentifier }
    var taken = [connection.statedKeySetIdentifier, ues[index].security.current?.keySetIdentifier]
    switch ues[index].security.nonCurrent {
    case .partialNative(let partial): taken.append(partial.keySetIdentifier)
    case .fullNative(let native): taken.append(native.context.keySetIdentifier)
    case nil: break
    }
    let last = ues[index].lastKeySetIdentifier
    // At most three of the seven values are taken.
    return (1...7).map { (last + $0) % 7 }.first { !taken.contains($0) } ?? 0
  }

  mutating func authenticationResponse(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let authentication = connections[id]?.authentication else {
      return drop(.notCompatibleWithState("AUTHENTICATION RESPONSE without a request"), on: id)
    }
    let answer: [UInt8]
    do { answer = try message[AuthenticationResponse.authenticationResponseParameter].octets } catch {
      return drop(.malformed(error.description), on: id)
    }
    stop(.t3460, on: id)
    connections[id]?.authentication = nil
    guard answer == authentication.vector.xres else {
      return authenticationFailed("wrong RES", authentication, on: id, using: &engine)
    }
    let index = authentication.subscriber
    bind(id, to: index)
    ues[index].security.authenticated(
      PartialNativeSecurityContext(kasme: authentication.vector.kasme, keySetIdentifier: authentication.keySetIdentifier))
    reportContexts(of: index, "authentication succeeded: partial native context, eKSI \(authentication.keySetIdentifier)")
    switch authentication.purpose {
    case .procedure:
      updateInitial(on: id) { $0.hasFreshKASME = true }
      proceed(id, using: &engine)
    case .command(thenSecurityMode: true): startSecurityMode(on: id, for: .command, using: &engine)
    case .command(thenSecurityMode: false):
      reportProcedure("authentication succeeded", on: id)
      goOn(id, using: &engine)
    }
  }

  mutating func authenticationFailure(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let authentication = connections[id]?.authentication else {
      return drop(.notCompatibleWithState("AUTHENTICATION FAILURE without a request"), on: id)
    }
    let cause: EMMCause
    do { cause = try message[AuthenticationFailure.emmCause] } catch {
      return drop(.malformed(error.description), on: id)
    }
    let auts = (try? message[AuthenticationFailure.authenticationFailureParameter])?.octets
    stop(.t3460, on: id)
    connections[id]?.authentication = nil
    guard cause == .synchFailure, let auts else {
      return authenticationFailed("AUTHENTICATION FAILURE with \(cause)", authentication, on: id, using: &engine)
    }
    guard !authentication.isResynchronised else {
      return rejectAuthentication(on: id, why: "a second synch failure", using: &engine)
    }
    guard hss.resynchronise(authentication.subscriber, rand: authentication.vector.rand, auts: auts, using: &engine) else {
      return rejectAuthentication(on: id, why: "AUTS is not genuine", using: &engine)
    }
    reportProcedure("synch failure: SQN taken from AUTS", on: id)
    authenticate(authentication.subscriber, for: authentication.purpose, isResynchronised: true, on: id, using: &engine)
  }

  /// §5.4.2.5, §5.4.2.7 c, d: where the UE was known by its GUTI alone, its IMSI is asked for before it is rejected.
  private mutating func authenticationFailed(
    _ why: String, _ authentication: Authentication, on id: UInt32, using engine: inout CryptoEngine
  ) {
    discard("authentication with eKSI \(authentication.keySetIdentifier): \(why)", "TS 24.301 §5.4.2.5", ue: authentication.subscriber)
    // §5.4.2.5: an emergency goes on without.
    if admitGuest("IMSI \(name(of: authentication.subscriber))", on: id, using: &engine) { return }
    if case .claimed(_, byGUTI: true) = connections[id]?.subject {
      return identify(.imsi, for: .checkGUTI, on: id, using: &engine)
    }
    rejectAuthentication(on: id, why: why, using: &engine)
  }

  /// AUTHENTICATION REJECT and the end of the connection. A UE deletes its key set at a protected one, so the contexts go
  /// here as well; those of a UE that is only claimed are not this sender's to lose.
  mutating func rejectAuthentication(on id: UInt32, why: String, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    reportProcedure("authentication rejected: \(why)", on: id)
    send(NASMessage(.authenticationReject), on: id, using: &engine)
    if connection.isSecure, let index = connection.subject.verified {
      deregister(index)
      ues[index].security.deleteAll()
      reportContexts(of: index, "AUTHENTICATION REJECT sent protected: contexts deleted")
    }
    release(id, cause: .authenticationFailure)
  }

  mutating func authenticationExpired(_ authentication: Authentication, on id: UInt32, using engine: inout CryptoEngine) {
    guard authentication.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.authentication = nil
      return abort("authentication: AUTHENTICATION REQUEST was not answered", on: id, using: &engine)
    }
    var next = authentication
    next.transmissions += 1
    connections[id]?.authentication = next
    send(next.request, on: id, using: &engine)
    start(.t3460, on: id)
  }
}
