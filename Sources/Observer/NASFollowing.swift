import NASCrypto
import NASMessages
import Trace

/// NAS: which context and COUNT a message was sent under, and what it says.
extension Observer {
  /// How many contexts are tried to find whose a message is when nothing names its UE.
  private static let maximumProofs = 256

  /// What a context and a COUNT were found to be for one protected message.
  struct Match {
    var context: ObservedContext
    var count: UInt32
    var isFresh: Bool
    var isOffer: Bool
  }

  /// Follows one NAS-PDU of a UE.
  /// - Returns: the UE it turned out to belong to: an anonymous one may prove to be known.
  @discardableResult
  mutating func followNAS(
    _ octets: [UInt8], _ direction: LinkDirection, isInitial: Bool = false, ue index: Int, _ place: Place,
    using engine: inout CryptoEngine, into observations: inout [Observation]
  ) -> Int {
    let sender: NASDirection = direction == .uplink ? .uplink : .downlink
    var observation = NASReading(
      direction: direction, header: SecurityHeaderType(rawValue: (octets.first ?? 0) >> 4), isInitial: isInitial, integrity: .plain,
      octets: octets)
    var taken: (context: ObservedContext, replaced: Int?)?
    do throws(NASDecodingError) {
      switch try NASPDU(parsing: octets, direction: sender) {
      case .plain(let message):
        // The first octet of an ESM message holds its bearer identity, not a header type.
        observation.header = .plain
        observation.message = message
      case .serviceRequest(let request):
        observation.serviceRequest = request
        taken = follow(request, ue: index, &observation, using: &engine)
      case .protected(let protected):
        if direction == .downlink, protected.headerType == .integrityProtectedNewContext {
          return followSecurityModeCommand(protected, observation, ue: index, place, using: &engine, into: &observations)
        }
        taken = follow(protected, ue: index, &observation, using: &engine)
      }
    } catch {
      observation.error = error
    }
    let nas = NASObservation(observation)
    observe(.nas(nas), place, index, into: &observations)
    if let taken {
      observe(.contextTakenIntoUse(taken.context, replacing: taken.replaced), place, index, into: &observations)
    }
    if direction == .uplink, case .verified = nas.integrity { connections.markSecured(leg: place.leg, eNB: place.eNBUES1APID) }
    guard let message = nas.message else { return index }
    // After secure exchange of NAS messages the MME discards what does not verify (TS 24.301 §4.4.4.3); so does who looks on.
    let isTrusted =
      if case .verified = nas.integrity { true } else { !connections.isSecured(leg: place.leg, eNB: place.eNBUES1APID) }
    return act(on: message, direction, isTrusted: isTrusted, ue: index, place, using: &engine, into: &observations)
  }

  // MARK: Protected messages

  private mutating func follow(
    _ message: SecurityProtectedNAS, ue index: Int, _ observation: inout NASReading, using engine: inout CryptoEngine
  ) -> (ObservedContext, Int?)? {
    let direction = observation.direction
    let found = match(ue: index, direction, low: message.sequenceNumber, bits: 8, offerFirst: message.headerType.isNewContext) {
      algorithms, count in
      engine.verifies(message, algorithms: algorithms, count: count, direction: direction)
    }
    let match = found.map {
      ues[index].offer != nil && isUplinkOfOffer($0, message, direction, ues[index], using: &engine) ? offered($0, ues[index]) : $0
    }
    guard let match, let algorithms = match.context.algorithms else {
      observation.integrity = missing(ues[index], direction, low: message.sequenceNumber, bits: 8)
      // What is not ciphered can be read though nothing vouches for it.
      if !message.headerType.isCiphered {
        observation.message = try? NASMessage(decoding: message.payload, direction: direction == .uplink ? .uplink : .downlink)
      }
      return nil
    }
    do throws(NASDecodingError) {
      let opened = try engine.open(message, algorithms: algorithms, count: match.count, direction: direction)
      observation.message = opened
      // Of a type that the specification does not have: noise that looks like a header, or a type of a later release.
      if message.headerType.isCiphered, opened.isReadable { observation.isDeciphered = true }
    } catch {
      observation.error = error
      let octets = engine.decipher(message, algorithms: algorithms, count: match.count, direction: direction)
      // One that begins as a message does is malformed rather than noise.
      if message.headerType.isCiphered, !Self.beginsAsMessage(octets) { observation.isDeciphered = false }
    }
    return commit(match, direction, ue: index, &observation)
  }

  /// An SMC that changes the ciphering alone: the MAC does not tell whether the UE has taken it, where COMPLETE was lost on the radio.
  private func isUplinkOfOffer(
    _ match: Match, _ message: SecurityProtectedNAS, _ direction: LinkDirection, _ ue: ObservedUE, using engine: inout CryptoEngine
  ) -> Bool {
    guard direction == .uplink, message.headerType.isCiphered, !match.isOffer, match.isFresh, let offer = ue.offer,
      offer.id == match.context.id, let now = match.context.algorithms, let then = offer.algorithms, now.integrity == then.integrity,
      now.ciphering != then.ciphering
    else { return false }
    func reads(_ algorithms: NASAlgorithms) -> Bool {
      (try? engine.open(message, algorithms: algorithms, count: match.count, direction: .uplink))?.isReadable == true
    }
    return !reads(now) && reads(then)
  }

  private func offered(_ match: Match, _ ue: ObservedUE) -> Match {
    guard let offer = ue.offer else { return match }
    return Match(context: offer, count: match.count, isFresh: match.isFresh, isOffer: true)
  }

  private static func beginsAsMessage(_ octets: ArraySlice<UInt8>) -> Bool {
    let head = Array(octets.prefix(3))
    guard head.count >= 2 else { return false }
    if head[0] == 0x07 { return true }
    return head[0] & 15 == 2 && head.count == 3 && !NASMessageType.esm(head[2]).name.hasPrefix("unknown")
  }

  private mutating func follow(
    _ request: ServiceRequest, ue index: Int, _ observation: inout NASReading, using engine: inout CryptoEngine
  ) -> (ObservedContext, Int?)? {
    let match = match(ue: index, .uplink, low: request.sequenceNumber5, bits: 5, offerFirst: false) { algorithms, count in
      engine.verifies(request, algorithms: algorithms, count: count)
    }
    guard let match else {
      observation.integrity = missing(ues[index], .uplink, low: request.sequenceNumber5, bits: 5)
      return nil
    }
    return commit(match, .uplink, ue: index, &observation)
  }

  /// Finds the context and COUNT under which a message verifies: every context with the COUNT that a receiver would estimate first,
  /// then the other COUNTs that have a name.
  private func match(
    ue index: Int, _ direction: LinkDirection, low: UInt8, bits: UInt32, offerFirst: Bool,
    verifies: (NASAlgorithms, UInt32) -> Bool
  ) -> Match? {
    func next(_ context: ObservedContext) -> UInt32 { direction == .uplink ? context.nextUplinkCount : context.nextDownlinkCount }
    func likeliest(_ context: ObservedContext, _ isOffer: Bool) -> Match? {
      guard let algorithms = context.algorithms else { return nil }
      let next = next(context)
      let count = CountEstimation.likeliest(next: next, low: low, bits: bits)
      return count.flatMap { verifies(algorithms, $0) ? Match(context: context, count: $0, isFresh: $0 >= next, isOffer: isOffer) : nil }
    }
    let current = ues[index].current
    let offer = ues[index].offer
    if offerFirst, let match = offer.flatMap({ likeliest($0, true) }) { return match }
    if let match = current.flatMap({ likeliest($0, false) }) { return match }
    if !offerFirst, let match = offer.flatMap({ likeliest($0, true) }) { return match }
    let others = ues[index].contexts.reversed().filter { $0.id != current?.id }
    for context in others { if let match = likeliest(context, false) { return match } }
    var order = others.map { (context: $0, isOffer: false) }
    if let offer, !offerFirst { order.insert((offer, true), at: 0) }
    if let current { order.insert((current, false), at: 0) }
    if let offer, offerFirst { order.insert((offer, true), at: 0) }
    for (context, isOffer) in order {
      guard let algorithms = context.algorithms else { continue }
      let next = next(context)
      // A short MAC of 16 bits vouches for one or two guesses, not for a search.
      for count in CountEstimation.candidates(next: next, low: low, bits: bits).prefix(bits == 8 ? 5 : 2).dropFirst()
      where verifies(algorithms, count) {
        return Match(context: context, count: count, isFresh: count >= next, isOffer: isOffer)
      }
    }
    return nil
  }

  private func missing(_ ue: ObservedUE, _ direction: LinkDirection, low: UInt8, bits: UInt32) -> NASObservation.Integrity {
    guard let context = ue.current ?? ue.offer ?? ue.contexts.last(where: \.isFull) else { return .unverifiable }
    let next = direction == .uplink ? context.nextUplinkCount : context.nextDownlinkCount
    return .failed(expectedCount: CountEstimation.estimate(next: next, low: low, bits: bits) ?? next)
  }

  /// Counts a verified COUNT; an uplink one also tells which context the UE uses.
  private mutating func commit(
    _ match: Match, _ direction: LinkDirection, ue index: Int, _ observation: inout NASReading
  )
    -> (ObservedContext, Int?)?
  {
    var context = match.context
    observation.integrity = match.isFresh ? .verified(count: match.count) : .stale(count: match.count)
    if match.isFresh {
      switch direction {
      case .uplink: context.nextUplinkCount = match.count + 1
      case .downlink: context.largestDownlinkCount = match.count
      }
    }
    observation.context = context
    guard match.isFresh else { return nil }
    if match.isOffer && direction == .downlink {
      ues[index].offer = context
      return nil
    }
    // An SMC that changes the current context goes on with its COUNTs.
    if !match.isOffer, var offer = ues[index].offer, offer.id == context.id {
      offer.nextUplinkCount = max(offer.nextUplinkCount, context.nextUplinkCount)
      // The command itself counts, though the message that crossed it is one under the algorithms before.
      if let count = context.largestDownlinkCount { offer.largestDownlinkCount = max(offer.largestDownlinkCount ?? 0, count) }
      ues[index].offer = offer
    }
    let previous = ues[index].currentContext
    if direction == .uplink {
      if match.isOffer { ues[index].offer = nil }
      ues[index].currentContext = context.id
    }
    ues[index].store(context)
    return direction == .uplink && (match.isOffer || previous != context.id) ? (context, previous) : nil
  }

  /// Whose a message is when no identity tells: the UE under one of whose contexts it verifies.
  func prove(_ octets: ArraySlice<UInt8>, _ direction: LinkDirection, using engine: inout CryptoEngine) -> Int? {
    guard case .protected(let message)? = try? NASPDU(parsing: Array(octets), direction: direction == .uplink ? .uplink : .downlink) else {
      return nil
    }
    var tried = 0
    for index in keyed.reversed() {
      let ue = ues[index]
      for context in [ue.offer].compactMap({ $0 }) + ue.contexts.reversed() {
        guard let algorithms = context.algorithms else { continue }
        tried += 1
        guard tried <= Self.maximumProofs else { return nil }
        let next = direction == .uplink ? context.nextUplinkCount : context.nextDownlinkCount
        guard let count = CountEstimation.estimate(next: next, low: message.sequenceNumber, bits: 8) else { continue }
        if engine.verifies(message, algorithms: algorithms, count: count, direction: direction) { return ue.index }
      }
    }
    return nil
  }
}
