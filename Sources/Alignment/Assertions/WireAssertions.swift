import NASCrypto
import Observer
import S1AP

/// The assertions of one UE that ask for nothing but what is observed and how things stand.
struct WireAssertions: Sendable {
  private var rekeyOrder = RekeySMCOrder()
  private var rekeyOwed = RekeyOwed()
  private var owedCommand = SMCOwedAfterNonDelivery()
  private var counts = CountPerTransmission()
  private var acceptance = AcceptanceOfUplink()
  private var eKSI = EKSIConsistent()
  private var protection = ProtectionByState()
  private var capabilities = CapabilitiesReplayed()
  private var hash = HashOfInitialMessage()
  private var nullAlgorithms = NullAlgorithms()
  var relocation = Relocation()
  private var contextInForce = ContextInForce()
  private var chainingCounts = ChainingCountOrder()

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine) {
    switch observation.body {
    case .nas(let nas):
      rekeyOrder.observe(nas, observation, circumstances, using: &engine)
      rekeyOwed.observe(nas, observation, circumstances, using: &engine)
      owedCommand.observe(nas, observation, circumstances, using: &engine)
      counts.observe(nas, observation, circumstances, using: &engine)
      acceptance.observe(nas, observation, circumstances, using: &engine)
      eKSI.observe(nas, observation, circumstances, using: &engine)
      protection.observe(nas, observation, circumstances, using: &engine)
      capabilities.observe(nas, observation, circumstances, using: &engine)
      hash.observe(nas, observation, circumstances, using: &engine)
      nullAlgorithms.observe(nas, observation, circumstances, using: &engine)
      relocation.observe(nas, observation, circumstances, using: &engine)
      contextInForce.observe(nas, observation, circumstances, using: &engine)
    case .procedure(let procedure):
      rekeyOwed.observe(procedure, observation, circumstances)
      owedCommand.observe(procedure, observation, circumstances)
      counts.observe(procedure, observation, circumstances)
      acceptance.observe(procedure, observation, circumstances)
      protection.observe(procedure, observation, circumstances)
      capabilities.observe(procedure, observation, circumstances)
      hash.observe(procedure, observation, circumstances)
      relocation.observe(procedure, observation, circumstances)
      contextInForce.observe(procedure, observation, circumstances)
      if circumstances.isKeyless { chainingCounts.observe(procedure, observation, circumstances) }
    case .keNB, .challenge, .challengeAnswered, .contextOffered, .offerWithdrawn, .contextTakenIntoUse, .connectionReleased,
      .connectionLeft,
      .undecodable:
      rekeyOrder.observe(observation, circumstances)
      rekeyOwed.observe(observation, circumstances)
      owedCommand.observe(observation, circumstances)
      acceptance.observe(observation, circumstances)
      eKSI.observe(observation, circumstances)
      protection.observe(observation, circumstances)
      hash.observe(observation, circumstances)
      relocation.observe(observation, circumstances)
      contextInForce.observe(observation, circumstances)
      if circumstances.isKeyless { chainingCounts.observe(observation, circumstances) }
    }
  }

  /// Without the UE's name.
  func collect(into result: inout CollectedVerdicts) {
    rekeyOrder.collect(into: &result)
    rekeyOwed.collect(into: &result)
    owedCommand.collect(into: &result)
    counts.collect(into: &result)
    acceptance.collect(into: &result)
    eKSI.collect(into: &result)
    protection.collect(into: &result)
    capabilities.collect(into: &result)
    hash.collect(into: &result)
    nullAlgorithms.collect(into: &result)
    relocation.collect(into: &result)
    contextInForce.collect(into: &result)
  }

  /// What can be said where no key of the UE is known: from what is plain on S1.
  func collectPlain(into result: inout CollectedVerdicts) {
    chainingCounts.collect(into: &result)
    rekeyOrder.collect(into: &result)
    eKSI.collect(into: &result)
    capabilities.collect(into: &result)
    nullAlgorithms.collect(into: &result)
  }
}
