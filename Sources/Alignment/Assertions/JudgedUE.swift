import NASCrypto
import Observer
import S1AP

/// Everything that is judged of one UE from the wire beside its NAS contexts: what runs, its AS keys, the assertions on both.
struct JudgedUE: Sendable {
  /// Kept, and changed in place: what runs is the larger part of it.
  private var circumstances = Circumstances()
  var accessStratum = AccessStratumLedger()
  private(set) var genealogy = NextHopGenealogy()
  var assertions = WireAssertions()
  var forwarded = ForwardedContexts()
  /// The last FORWARD RELOCATION REQUEST, to tell one that is sent again.
  var relocationRequest: [UInt8]?

  var running: RunningProcedures { circumstances.running }

  /// Takes an observation after the NAS ledger has.
  /// - Parameters:
  ///   - standing: of that ledger.
  ///   - observer: who knows the contexts that the UE has.
  mutating func consume(
    _ observation: Observation, _ standing: NASLedger.Standing, of observer: Observer, ue index: Int, isLive: Bool, release: Int?,
    showKeys: Bool, using engine: inout CryptoEngine
  ) {
    observer.update(&circumstances.current, to: standing.currentID, ofUE: index)
    circumstances.isInForce = standing.isInForce
    circumstances.hasCollided = standing.hasCollided
    circumstances.unprovable = standing.unprovable
    circumstances.isKeyless = !observer.hasKey(ofUE: index)
    circumstances.isLive = isLive
    circumstances.release = release
    assertions.observe(observation, circumstances, using: &engine)
    circumstances.follow(observation)
    if case .procedure(let procedure) = observation.body {
      if let pair = procedure.nextHop {
        genealogy.judge(
          pair, observation, message: procedure.message.title, isFromOtherMME: procedure.isFromOtherMME,
          mayBeLate: procedure.isFromOtherMME && circumstances.running.hasLeftRequest, ledger: &accessStratum,
          contexts: observer.ues[index].contexts,
          newest: circumstances.running.securityMode?.takesNewKASME == true ? .commanded : .context(circumstances.current),
          showKeys: showKeys,
          using: &engine)
      }
      switch procedure.message {
      case .initialContextSetupResponse, .ueContextModificationResponse:
        if accessStratum.awaitsAnswer(on: observation.connection) { genealogy.answered(observation, isRefused: false) }
      case .initialContextSetupFailure, .ueContextModificationFailure:
        if accessStratum.awaitsAnswer(on: observation.connection) { genealogy.answered(observation, isRefused: true) }
      default: break
      }
      if procedure.message == .pathSwitchRequestFailure { genealogy.refused(observation, accessStratum, circumstances.running) }
    }
    accessStratum.consume(observation)
    // With a mapped context in use every native one is another: its KASME follows from other keys.
    let isMapped = if case .mapped = standing.unprovable { true } else { false }
    circumstances.running.consume(observation, currentID: isMapped ? nil : standing.currentID)
  }

  /// Without the UE's name.
  func collect(into result: inout CollectedVerdicts) {
    genealogy.collect(into: &result)
    assertions.collect(into: &result)
    forwarded.collect(into: &result)
  }

  /// What can be said where no key of the UE is known: from what is plain on S1.
  func collectPlain(into result: inout CollectedVerdicts) {
    genealogy.collectKeyless(into: &result)
    genealogy.reuse.collect(into: &result)
    assertions.collectPlain(into: &result)
  }
}
