import NASCrypto
import NASMessages
import Trace

/// Identities, AKA and SECURITY MODE CONTROL: what makes and changes contexts.
extension Observer {
  /// How many subscribers are tried to find whose a challenge is when nothing names the UE.
  private static let maximumSubscribersTried = 1000

  /// What a readable message changes in what is known.
  /// - Parameter isTrusted: it verified, or came where a network acts on unprotected messages too.
  /// - Returns: the UE it belongs to now.
  mutating func act(
    on message: NASMessage, _ direction: LinkDirection, isTrusted: Bool, ue index: Int, _ place: Place,
    using engine: inout CryptoEngine, into observations: inout [Observation]
  ) -> Int {
    switch (direction, message.type) {
    case (.downlink, .authenticationRequest):
      return challenge(message, isTrusted: isTrusted, ue: index, place, using: &engine, into: &observations)
    case (.uplink, .authenticationResponse):
      if let response = try? message[AuthenticationResponse.authenticationResponseParameter],
        let context = ues[index].contexts.max(by: { $0.challengeEvent < $1.challengeEvent })
      {
        // Where K is not known, nothing says that it is wrong.
        let isCorrect = context.isTold || response.octets == context.expectedResponse
        observe(.challengeAnswered(context: context.id, isCorrect: isCorrect), place, index, into: &observations)
      }
    case (.uplink, .identityResponse) where isTrusted:
      if case .imsi(let imsi)? = try? message[IdentityResponse.mobileIdentity] { return identified(index, imsi, place) }
    case (.uplink, .attachRequest) where isTrusted:
      if case .imsi(let imsi)? = try? message[AttachRequest.epsMobileIdentity] { return identified(index, imsi, place) }
    case (.uplink, .securityModeReject) where isTrusted:
      withdrawOffer(of: index, place, into: &observations)
    case (.uplink, .attachComplete) where isTrusted, (.uplink, .trackingAreaUpdateComplete) where isTrusted,
      (.uplink, .gutiReallocationComplete) where isTrusted:
      identities.confirm(index)
    case (.downlink, .attachAccept) where isTrusted:
      if case .guti(let guti)? = try? message[AttachAccept.guti] { assign(guti, to: index) }
    case (.downlink, .trackingAreaUpdateAccept) where isTrusted:
      if case .guti(let guti)? = try? message[TrackingAreaUpdateAccept.guti] { assign(guti, to: index) }
    case (.downlink, .gutiReallocationCommand) where isTrusted:
      if case .guti(let guti)? = try? message[GUTIReallocationCommand.guti] { assign(guti, to: index) }
    default: break
    }
    return index
  }

  /// An IMSI for a UE: gives it its name, or finds that it is one already known, whose this connection then is.
  private mutating func identified(_ index: Int, _ imsi: String, _ place: Place) -> Int {
    guard ues[index].imsi != imsi else { return index }
    guard let owner = ue(imsi: imsi, else: ues[index].imsi == nil ? index : nil) else { return index }
    guard owner != index else { return index }
    if ues[index].imsi == nil, let guti = ues[index].guti { assign(guti, to: owner) }
    if ues[owner].servingNetwork != ues[index].servingNetwork, !ues[index].servingNetwork.isEmpty {
      ues[owner].servingNetwork = ues[index].servingNetwork
    }
    bind(owner, place)
    return owner
  }

  // MARK: AKA

  /// A challenge. Networks send it plain on a secured connection too (Open5GS does), so there it is followed if it is one that the
  /// holder of K made and that had not been used for a context before; it names no UE there.
  private mutating func challenge(
    _ message: NASMessage, isTrusted: Bool, ue anonymous: Int, _ place: Place, using engine: inout CryptoEngine,
    into observations: inout [Observation]
  ) -> Int {
    guard let rand = try? message[AuthenticationRequest.authenticationParameterRAND].octets,
      let autn = try? message[AuthenticationRequest.authenticationParameterAUTN].octets,
      let keySet = try? message[AuthenticationRequest.nasKeySetIdentifier]
    else { return anonymous }
    var index = anonymous
    if isTrusted, ues[index].imsi == nil, let owner = subscriber(challengedBy: rand, autn, using: &engine) {
      index = identified(index, owner, place)
    }
    guard let credentials = ues[index].imsi.flatMap({ subscribers[$0] }) else {
      if !kasmes.isEmpty {
        toldChallenge(rand: rand, eKSI: keySet.value, ue: index, place, into: &observations)
      }
      return index
    }
    guard ues[index].servingNetwork.count == 3,
      let opened = engine.openChallenge(rand: rand, autn: autn, credentials: credentials)
    else { return index }
    let servingNetwork = ues[index].servingNetwork
    if !isTrusted {
      let wasUsed = ues[index].contexts.contains { $0.isFull && $0.rand == rand && $0.sqnXorAK == opened.result.sqnXorAK }
      guard opened.isVerified, !wasUsed else { return index }
    }
    // The same RAND and key set again is a retransmission: the partial context stays the one it was.
    if var known = ues[index].contexts.last(where: { $0.rand == rand && $0.eKSI == keySet.value && $0.servingNetwork == servingNetwork }),
      !known.isFull
    {
      known.challengeEvent = place.event
      ues[index].store(known)
      observe(.challenge(known), place, index, into: &observations)
      return index
    }
    let kasme = engine.deriveKASME(
      ck: opened.result.ck, ik: opened.result.ik, servingNetwork: servingNetwork, sqnXorAK: opened.result.sqnXorAK)
    let context = ObservedContext(
      id: nextContextID, eKSI: keySet.value, servingNetwork: servingNetwork, kasme: kasme, rand: rand, challengeEvent: place.event,
      isNetworkAuthenticated: opened.isVerified, expectedResponse: opened.result.res, ck: opened.result.ck, ik: opened.result.ik,
      sqnXorAK: opened.result.sqnXorAK)
    nextContextID += 1
    add(context, to: index)
    observe(.challenge(context), place, index, into: &observations)
    return index
  }

  /// The one subscriber under whose K the challenge authenticates the network.
  private func subscriber(challengedBy rand: [UInt8], _ autn: [UInt8], using engine: inout CryptoEngine) -> String? {
    guard subscribers.count <= Self.maximumSubscribersTried else { return nil }
    var found: String?
    for (imsi, credentials) in subscribers {
      guard engine.openChallenge(rand: rand, autn: autn, credentials: credentials)?.isVerified == true else { continue }
      // Subscribers that share a K cannot be told apart by it.
      if found != nil { return nil }
      found = imsi
    }
    return found
  }

  // MARK: SECURITY MODE CONTROL

  mutating func followSecurityModeCommand(
    _ command: SecurityProtectedNAS, _ start: NASReading, ue index: Int, _ place: Place, using engine: inout CryptoEngine,
    into observations: inout [Observation]
  ) -> Int {
    var observation = start
    do throws(NASDecodingError) {
      observation.message = try NASMessage(decoding: command.payload, direction: .downlink)
    } catch {
      observation.error = error
    }
    var offered: ObservedContext?
    if let message = observation.message, message.type == .securityModeCommand,
      let selected = try? message[SecurityModeCommand.selectedNASSecurityAlgorithms],
      let keySet = try? message[SecurityModeCommand.nasKeySetIdentifier],
      let ciphering = CipheringAlgorithm(rawValue: selected.ciphering), let integrity = IntegrityAlgorithm(rawValue: selected.integrity)
    {
      offered = match(command, eKSI: keySet.value, ciphering, integrity, ues[index], &observation, using: &engine)
    } else {
      observation.integrity = .unverifiable
    }
    let withdrawn = ues[index].offer
    if let offered {
      ues[index].offer = offered
      // Of a context in use the COUNT is used up, whatever becomes of the command.
      if var known = ues[index].context(offered.id), known.isFull {
        known.largestDownlinkCount = offered.largestDownlinkCount
        ues[index].store(known)
      }
    }
    observe(.nas(NASObservation(observation)), place, index, into: &observations)
    if let offered {
      if let withdrawn, withdrawn.id != offered.id { observe(.offerWithdrawn(context: withdrawn.id), place, index, into: &observations) }
      observe(.contextOffered(offered), place, index, into: &observations)
    }
    return index
  }

  /// Which context an SMC is protected with: first those that its eKSI names, newest first, then the others.
  private func match(
    _ command: SecurityProtectedNAS, eKSI: UInt8, _ ciphering: CipheringAlgorithm, _ integrity: IntegrityAlgorithm, _ ue: ObservedUE,
    _ observation: inout NASReading, using engine: inout CryptoEngine
  ) -> ObservedContext? {
    // A repeated SMC goes on from the first one.
    let known = ue.contexts.reversed().map { context in ue.offer.flatMap { $0.id == context.id ? $0 : nil } ?? context }
    guard !known.isEmpty else {
      observation.integrity = .unverifiable
      return nil
    }
    for context in known.filter({ $0.eKSI == eKSI }) + known.filter({ $0.eKSI != eKSI }) {
      let algorithms: NASAlgorithms
      if let same = context.algorithms, same.ciphering == ciphering, same.integrity == integrity {
        algorithms = same
      } else {
        algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity, kasme: context.kasme, using: &engine)
      }
      let next = context.nextDownlinkCount
      for count in CountEstimation.candidates(next: next, low: command.sequenceNumber, bits: 8)
      where engine.verifies(command, algorithms: algorithms, count: count, direction: .downlink) {
        var offered = context
        offered.algorithms = algorithms
        observation.integrity = count >= next ? .verified(count: count) : .stale(count: count)
        if count >= next { offered.largestDownlinkCount = count }
        observation.context = offered
        // A UE takes no COUNT twice (TS 24.301 §4.4.3.2), so a replayed command offers nothing.
        return count >= next ? offered : nil
      }
    }
    let expected = known.first { $0.eKSI == eKSI } ?? known[0]
    observation.integrity = .failed(
      expectedCount: CountEstimation.estimate(next: expected.nextDownlinkCount, low: command.sequenceNumber, bits: 8)
        ?? expected.nextDownlinkCount)
    return nil
  }

  private mutating func withdrawOffer(of index: Int, _ place: Place, into observations: inout [Observation]) {
    guard let offer = ues[index].offer else { return }
    ues[index].offer = nil
    // What was offered of the context in use was sent under a COUNT of it all the same.
    if var current = ues[index].current, current.id == offer.id, let count = offer.largestDownlinkCount {
      current.largestDownlinkCount = max(current.largestDownlinkCount ?? 0, count)
      ues[index].store(current)
    }
    observe(.offerWithdrawn(context: offer.id), place, index, into: &observations)
  }
}
