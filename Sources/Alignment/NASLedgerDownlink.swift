import NASCrypto
import NASMessages
import Observer
import Trace

/// What the network sends: its values, and what contradicts the UE's.
extension NASLedger {
  mutating func downlink(_ nas: NASObservation, _ observation: Observation, using engine: inout CryptoEngine) {
    unprovable.downlink(nas, isTold: isTold, frame: observation.event)
    if case .untold = unprovable.kind { noteUnexplained(at: observation.event) }
    if nas.header == .integrityProtectedNewContext {
      triggers.commanded(on: observation.connection, event: observation.event)
      if offeredID == nil { hasCollided = hasOpenRequest }
    } else if nas.type.map(Self.answersRequest) == true {
      hasOpenRequest = false
    }
    switch nas.integrity {
    case .plain, .unverifiable: return
    case .failed:
      // What explains it is searched for by the engine, which has all keys.
      return
    case .stale(let count):
      guard let context = nas.context, !staysOnEarlier(context, nas, count, observation) else { return }
      repeated(nas, count, context, observation)
    case .verified(let count):
      guard let context = nas.context, let algorithms = context.algorithms, !staysOnEarlier(context, nas, count, observation) else {
        return
      }
      add(context, event: observation.event)
      func evidence(_ value: AlignedValue) -> Evidence { Evidence(value: value, message: nas.name, frame: observation.event) }
      // Where it reads with an algorithm from before as well, it does not tell which one is in force.
      let others = otherCipherings(of: context.id)
      let isDeciphered =
        nas.isDeciphered == true
        && (others.isEmpty
          || Observer.cipherings(ofDownlink: nas.octets, context: context, count: count, among: others, using: &engine).isEmpty)
      let isOfContextInUse = context.id == currentID
      with(context.id) { ledger in
        _ = ledger.downlinkMessages.record(count, nas.octets, nas.digest)
        if nas.type != .securityModeCommand, nas.isDeciphered == true || !nas.header.isCiphered {
          ledger.isTakenByNetwork = true
          if let taken = ledger.algorithms.taken {
            ledger.algorithms.show(
              integrity: algorithms.integrity == taken.integrity,
              ciphering: isDeciphered && algorithms.ciphering == taken.ciphering)
          }
        }
        ledger.network[.kasme] = evidence(.key(context.kasme))
        let integrity = evidence(.integrity(algorithms.integrity))
        if nas.type == .securityModeCommand, isOfContextInUse, ledger.ue[.integrityAlgorithm].map({ $0.value != integrity.value }) == true {
          ledger.namedIntegrity = integrity
        } else {
          ledger.network[.integrityAlgorithm] = integrity
        }
        ledger.network[.downlinkCount] = evidence(.nextCount(context.nextDownlinkCount))
        ledger.reception.sent(nas, count: count, event: observation.event)
        if isDeciphered { ledger.network[.cipheringAlgorithm] = evidence(.ciphering(algorithms.ciphering)) }
        if nas.type == .securityModeCommand, let keySet = try? nas.message?[SecurityModeCommand.nasKeySetIdentifier] {
          ledger.network[.eKSI] = evidence(.eKSI(keySet.value))
          if keySet.value != context.eKSI || keySet.typeOfSecurityContext != .native {
            ledger.contradict(
              .eKSI,
              Comparison(
                expected: .eKSI(context.eKSI), observed: .words(keySet.description), message: nas.name, frame: observation.event,
                note: "SECURITY MODE COMMAND names another key set than the challenge whose KASME it verifies under"))
          }
        }
        ledger.reports.advance(to: context)
        ledger.selfCheck.advance(to: context)
      }
    }
  }

  private static func answersRequest(_ type: NASMessageType) -> Bool {
    switch type {
    case .attachAccept, .attachReject, .trackingAreaUpdateAccept, .trackingAreaUpdateReject, .serviceAccept, .serviceReject, .detachAccept:
      true
    default: false
    }
  }

  /// A message under a context that the UE has left is evidence on the one that it uses: the network has not left it, unless that
  /// message was under way when SECURITY MODE COMPLETE was, which takes no two seconds.
  private mutating func staysOnEarlier(
    _ context: ObservedContext, _ nas: NASObservation, _ count: UInt32, _ observation: Observation
  ) -> Bool {
    // A command is a proposal to change.
    guard nas.header != .integrityProtectedNewContext, context.id != currentID, context.id != offeredID, let position = position(currentID),
      self.position(context.id) != nil
    else {
      return false
    }
    var earlier: OctetsDigest?
    with(context.id) { earlier = $0.downlinkMessages.record(count, nas.octets, nas.digest) }
    if earlier == nas.digest { return true }
    let ledger = contexts[position]
    let comparison = Comparison(
      expected: .key(ledger.context.kasme), observed: .key(context.kasme), message: nas.name, frame: observation.event,
      note: "sent under the UE's earlier context, eKSI \(context.eKSI)")
    if ledger.isOpen {
      contexts[position].collision = comparison
    } else if ledger.isTakenByNetwork || observation.time - ledger.takenAt > .seconds(2) {
      contexts[position].contradict(.kasme, comparison)
    } else if ledger.crossing == nil {
      contexts[position].crossing = comparison
    }
    return true
  }

  /// A COUNT that the UE has passed: another message under a used COUNT is the network's fault; the same octets again are a replay or a
  /// retransmission that took no COUNT of its own, and cannot be told apart here.
  private mutating func repeated(_ nas: NASObservation, _ count: UInt32, _ context: ObservedContext, _ observation: Observation) {
    with(context.id) { ledger in
      let earlier = ledger.downlinkMessages.record(count, nas.octets, nas.digest)
      guard earlier != nas.digest else { return }
      ledger.contradict(
        .downlinkCount,
        Comparison(
          expected: .words("\(context.nextDownlinkCount) or more"), observed: .count(count), message: nas.name, frame: observation.event,
          note: earlier == nil ? "the COUNT went back" : "another message had this COUNT"))
    }
  }
}
