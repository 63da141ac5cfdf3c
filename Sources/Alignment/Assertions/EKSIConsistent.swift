import NASCrypto
import NASMessages
import Observer
import Trace

/// `eksi-consistent`: the eKSI of an AKA differs from the one that the UE named and from that of the context in use (TS 24.301 §5.4.2.4), and
/// the SMC that takes the AKA's context into use names it.
struct EKSIConsistent: WireAssertion {
  private var findings = Findings(.eKSIConsistent)
  /// What the initial message of a connection named, and whether it verified.
  private var stated = FewByKey<KeNBTriggers.Connection, (eKSI: UInt8, message: String, isVerified: Bool)>()
  private var lastChallenge: [UInt8]?
  @Rare private var unknownKeySet: Observation?
  /// eKSI of the last challenge of a UE whose keys are not known.
  private var plainKeySet: UInt8?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    guard nas.direction == .uplink else {
      switch nas.type {
      case NASMessageType.authenticationRequest where circumstances.isKeyless: plainChallenge(nas, observation, circumstances)
      case NASMessageType.securityModeCommand where circumstances.isKeyless: plainCommand(nas, observation)
      case NASMessageType.securityModeCommand: command(nas, observation)
      default: break
      }
      return
    }
    guard nas.isInitial else { return }
    if stated.count > 64 { stated.removeAll() }
    stated[observation.connection] = nil
    unknownKeySet = nil
    guard let named = nas.namedKeySet, named.value < 7, named.typeOfSecurityContext == .native else { return }
    stated[observation.connection] = (named.value, nas.name, nas.integrity.count != nil)
    if case .verified = nas.integrity, let context = nas.context, context.eKSI != named.value { unknownKeySet = observation }
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    switch observation.body {
    case .challenge(let context): challenge(context.eKSI, context.rand, context.id, observation, circumstances)
    case .keNB(let key):
      guard let unknown = unknownKeySet, unknown.connection == observation.connection else { return }
      unknownKeySet = nil
      findings.find(
        .misaligned, observation, key.carrier.rawValue,
        .init(
          expected: "not accepted", observed: "a key for the eNB",
          note: "the message of frame \(unknown.event) verifies and names a key set that its context does not have"))
    // What the initial message named counts during its procedure (§5.4.2.2); with another context in use that is over.
    case .contextTakenIntoUse(let context, _):
      if let named = stated[observation.connection], named.eKSI != context.eKSI { stated[observation.connection] = nil }
    case .connectionReleased: stated[observation.connection] = nil
    default: break
    }
  }

  /// Of a UE whose keys are not known.
  private mutating func plainChallenge(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard let rand = try? nas.message?[AuthenticationRequest.authenticationParameterRAND].octets,
      let keySet = try? nas.message?[AuthenticationRequest.nasKeySetIdentifier]
    else { return }
    plainKeySet = keySet.value
    challenge(keySet.value, rand, nil, observation, circumstances)
  }

  /// The SMC after a challenge names its key set, or is one for a context from before, of which nothing is known.
  private mutating func plainCommand(_ nas: NASObservation, _ observation: Observation) {
    guard let challenged = plainKeySet, let named = try? nas.message?[SecurityModeCommand.nasKeySetIdentifier],
      named.typeOfSecurityContext == .native, named.value == challenged
    else { return }
    findings.hold(
      observation, nas.name,
      .init(expected: String(challenged), observed: String(named.value), note: "no key is known that would show whose KASME protects it"))
  }

  private mutating func challenge(
    _ eKSI: UInt8, _ rand: [UInt8], _ id: Int?, _ observation: Observation, _ circumstances: Circumstances
  ) {
    // The same challenge again keeps its eKSI.
    guard rand != lastChallenge else { return }
    lastChallenge = rand
    let name = NASMessageType.authenticationRequest.name
    func words() -> Findings.Words {
      Findings.Words(expected: "another eKSI", observed: String(eKSI), derivation: "RAND \(rand.prefix(4).map { hex($0) }.joined())…")
    }
    if let named = stated[observation.connection], named.eKSI == eKSI {
      var all = words()
      all.note = "\(named.message) of this connection named the same" + (named.isVerified ? "" : ", which nothing proves that the UE has")
      return findings.find(named.isVerified ? .misaligned : .warning, observation, name, all)
    }
    // In use on this connection, so the network has it too.
    if let current = circumstances.current, current.isFull, current.eKSI == eKSI, current.id != id,
      circumstances.isInForce, circumstances.running.isActive(on: observation.connection)
    {
      var all = words()
      all.note = "the context in use has the same"
      return findings.find(.misaligned, observation, name, all)
    }
    findings.hold(observation, name, .keySet(eKSI))
  }

  private mutating func command(_ nas: NASObservation, _ observation: Observation) {
    guard case .verified = nas.integrity, let context = nas.context, let named = try? nas.message?[SecurityModeCommand.nasKeySetIdentifier]
    else { return }
    if named.value == context.eKSI, named.typeOfSecurityContext == .native {
      return findings.hold(observation, nas.name, .keySetOfCommand(named, context))
    }
    var all = Self.words(named, context)
    all.note = "the command verifies under the KASME of another key set than it names"
    findings.find(.misaligned, observation, nas.name, all)
  }

  static func words(_ named: NASKeySetIdentifier, _ context: ObservedContext) -> VerdictWords {
    let isNative = named.typeOfSecurityContext == .native
    return VerdictWords(
      expected: String(context.eKSI), observed: isNative ? String(named.value) : "\(named)", derivation: context.derivation)
  }

  private func hex(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
