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
  ///   - currentID: the context that the UE used before it; `current` is that one, if it is still known.
  ///   - contexts: all that it has.
  mutating func consume(
    _ observation: Observation, currentID: Int?, current: ObservedContext?, isInForce: Bool, hasCollided: Bool,
    unprovable: UnprovableContext.Kind?, isKeyless: Bool, isLive: Bool, release: Int?, contexts: [ObservedContext], showKeys: Bool,
    using engine: inout CryptoEngine
  ) {
    circumstances.current = current
    circumstances.isInForce = isInForce
    circumstances.hasCollided = hasCollided
    circumstances.unprovable = unprovable
    circumstances.isKeyless = isKeyless
    circumstances.isLive = isLive
    circumstances.release = release
    assertions.observe(observation, circumstances, using: &engine)
    if case .procedure(let procedure) = observation.body {
      if let pair = procedure.nextHop {
        genealogy.judge(
          pair, observation, message: procedure.message.title, isFromOtherMME: procedure.isFromOtherMME,
          mayBeLate: procedure.isFromOtherMME && circumstances.running.hasLeftRequest, ledger: &accessStratum,
          contexts: contexts,
          newest: circumstances.running.securityMode?.takesNewKASME == true ? .commanded : .context(current), showKeys: showKeys,
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
    let isMapped = if case .mapped = unprovable { true } else { false }
    circumstances.running.consume(observation, currentID: isMapped ? nil : currentID)
  }

  /// Without the UE's name.
  func collect(into result: inout [Verdict]) {
    genealogy.collect(into: &result)
    assertions.collect(into: &result)
    forwarded.collect(into: &result)
  }

  /// What can be said where no key of the UE is known: from what is plain on S1.
  func collectPlain(into result: inout [Verdict]) {
    genealogy.collectKeyless(into: &result)
    genealogy.reuse.collect(into: &result)
    assertions.collectPlain(into: &result)
  }
}
