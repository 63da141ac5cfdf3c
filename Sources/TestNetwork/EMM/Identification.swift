import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// Identification (TS 24.301 §5.4.4): state while IDENTITY REQUEST is unanswered.
struct Identification: Sendable {
  /// Why it was asked, so what follows the answer.
  enum Purpose: Sendable, Equatable {
    /// The running procedure cannot go on without the IMSI.
    case whoIsIt
    /// Authentication of a UE known by GUTI failed: did the GUTI point at another subscriber (§5.4.2.7 c, d)?
    case checkGUTI
    case command
  }
  let purpose: Purpose
  let type: IdentityType2
  var transmissions = 1

  var request: NASMessage {
    var message = NASMessage(.identityRequest)
    message.set(IdentityRequest.identityType, type)
    return message
  }
}

extension MME {
  mutating func identify(_ type: IdentityType2, for purpose: Identification.Purpose, on id: UInt32, using engine: inout CryptoEngine) {
    let identification = Identification(purpose: purpose, type: type)
    connections[id]?.identification = identification
    send(identification.request, on: id, using: &engine)
    start(.t3470, on: id)
  }

  mutating func identityResponse(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let identification = connections[id]?.identification else {
      return drop(.notCompatibleWithState("IDENTITY RESPONSE without a request"), on: id)
    }
    let identity: MobileIdentity
    do { identity = try message[IdentityResponse.mobileIdentity] } catch {
      return drop(.malformed(error.description), on: id)
    }
    switch (identification.type, identity) {
    case (.imsi, .imsi), (.imei, .imei), (.imeisv, .imeisv), (.tmsi, .tmsi): break
    case (_, .noIdentity) where identification.purpose == .command: break
    default: return drop(.notCompatibleWithState("IDENTITY RESPONSE with an identity that was not asked for"), on: id)
    }
    stop(.t3470, on: id)
    connections[id]?.identification = nil
    switch identification.purpose {
    case .command:
      reportProcedure("identification: \(identity)", on: id)
      goOn(id, using: &engine)
    case .whoIsIt, .checkGUTI:
      guard case .imsi(let imsi) = identity else { return }
      identified(imsi, purpose: identification.purpose, on: id, using: &engine)
    }
  }

  private mutating func identified(
    _ imsi: String, purpose: Identification.Purpose, on id: UInt32, using engine: inout CryptoEngine
  ) {
    guard let index = hss.index(of: imsi) else { return unknownSubscriber(imsi, on: id, using: &engine) }
    let before = connections[id]?.subject.index
    connections[id]?.subject = .claimed(index, byGUTI: false)
    if purpose == .checkGUTI, before == index {
      return rejectAuthentication(on: id, why: "the GUTI was the subscriber's and authentication failed", using: &engine)
    }
    proceed(id, using: &engine)
  }

  /// An IMSI that the HSS does not have.
  mutating func unknownSubscriber(_ imsi: String, on id: UInt32, using engine: inout CryptoEngine) {
    discard("IMSI \(imsi) is unknown in the HSS", "TS 24.301 §5.5.1.2.5", association: connections[id]?.association)
    if admitGuest("IMSI \(imsi)", on: id, using: &engine) { return }
    reject(cause: EMMCause(rawValue: configuration.causeForUnknownIMSI), on: id, using: &engine)
  }

  mutating func identificationExpired(_ identification: Identification, on id: UInt32, using engine: inout CryptoEngine) {
    guard identification.transmissions <= configuration.timers.retransmissions else {
      connections[id]?.identification = nil
      let why = "identification: IDENTITY REQUEST was not answered"
      let leavesRestAlone =
        switch connections[id]?.specific {
        // A DETACH REQUEST that waits is responded to in the end (§5.4.4.6 e).
        case nil, .detachByUE: identification.purpose == .command
        case .attach, .trackingAreaUpdate, .serviceRequest, .networkDetach: false
        }
      guard leavesRestAlone else { return abort(why, on: id, using: &engine) }
      // Nothing but itself is aborted (§5.4.4.6 b), and a registered UE keeps its connection.
      reportProcedure(why, on: id)
      return goOn(id, using: &engine)
    }
    var next = identification
    next.transmissions += 1
    connections[id]?.identification = next
    send(next.request, on: id, using: &engine)
    start(.t3470, on: id)
  }
}
