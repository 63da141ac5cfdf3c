import NASCrypto
import Observer
import Testing
import Trace

@testable import Alignment

/// The verdicts on a sketched trace that are on NAS contexts, on keys, and on ourselves.
func verdicts(
  _ network: borrowing SketchedNetwork, subscribers: [SubscriberCredentials]? = nil, required: Set<String> = [], showKeys: Bool = false
) -> [Verdict] {
  allVerdicts(network, subscribers: subscribers, required: required, showKeys: showKeys).filter {
    ["nas-context", "kenb-explained", "self-check"].contains($0.assertion) || required.contains($0.slug)
  }
}

/// The verdicts on a sketched trace; judged apart from where it is followed they are the same.
func allVerdicts(
  _ network: borrowing SketchedNetwork, subscribers: [SubscriberCredentials]? = nil, required: Set<String> = [], showKeys: Bool = false
) -> [Verdict] {
  var engine = AlignmentEngine(subscribers: subscribers ?? [network.subscriber], required: required, showKeys: showKeys)
  var crypto = CryptoEngine()
  var apart = engine
  var following = BatchingObserver(apart.observer)
  var batch = ObservedBatch()
  for event in network.log.events {
    engine.consume(event, using: &crypto)
    following.consume(event, using: &crypto, into: &batch)
    guard event.index % 3 == 0 else { continue }
    apart.consume(&batch, using: &crypto)
    batch.removeAll()
  }
  following.finish(into: &batch)
  apart.consume(&batch, using: &crypto)
  let result = engine.verdicts()
  #expect(apart.verdicts() == result)
  if required.isEmpty { expectCounted(engine, result) }
  return result
}

/// Where the aligned ones are counted and not made, all others are what they are.
private func expectCounted(_ engine: AlignmentEngine, _ verdicts: [Verdict]) {
  let found = engine.verdictsBesideAligned(ofUEs: engine.uesWithVerdicts[...])
  #expect(found.verdicts == verdicts.filter { $0.verdict != .aligned })
  #expect(found.aligned == verdicts.count { $0.verdict == .aligned })
}

/// Slugs of the misaligned verdicts.
func misaligned(_ verdicts: [Verdict]) -> [String] { verdicts.filter { $0.verdict == .misaligned }.map(\.slug) }

let allAttributes = NASContextAttribute.allCases.map(\.slug)
