import NASCrypto
import NASMessages
import RadioAccess
import Testing
import TestNetwork
import Trace
import UserEquipment

@testable import Alignment
@testable import Observer
@testable import Scenario

/// Faults put into the ledgers themselves: they show as `self-check`, and no peer is blamed for them.
@Suite("Faults seeded into the ledgers")
struct SelfCheckSeedingTests {
  enum Fault: String, CaseIterable {
    // NAS ledger.
    case kasmeOfChallenge, kasmeInUse, nasKeys, eKSI, uplinkCountAhead, uplinkCountFarAhead, downlinkCountAhead, subscriberKey
    // AS ledger.
    case triggerCount, chainKASME, chainKeNB, chainNextHop, chainIndex

    var isOfAccessStratum: Bool { rawValue.hasPrefix("chain") }
  }

  /// An attach, a handover, a new context, a handover, idle and back, a handover; and where in the events the attach has ended.
  private static let run: (events: [TraceEvent], attached: Int) = {
    let network = MobileWorld(keepsEvents: true)
    network.settle()
    let attached = network.events.count
    network.handover(to: 1, .s1)
    network.network(.authenticate())
    network.network(.reallocateGUTI)
    network.handover(to: 2, .x2)
    network.idle()
    network.serviceRequest()
    network.network(.emmInformation)
    network.handover(to: 0, .s1)
    network.trackingAreaUpdate()
    network.wait(.seconds(5))
    return (network.events.enumerated().map { TraceEvent(index: $0, time: $1.time, body: $1.body) }, attached)
  }()

  private static let wrong = KeyMaterial([UInt8](repeating: 0x5a, count: 32))

  /// Puts the fault in, where what it is a fault of is there by now.
  private func seed(_ fault: Fault, _ alignment: inout AlignmentEngine, isAttached: Bool, _ crypto: inout CryptoEngine) -> Bool {
    guard let index = alignment.observer.ues.indices.first else { return false }
    if fault == .kasmeOfChallenge {
      guard var context = alignment.observer.ues[index].contexts.last else { return false }
      context.kasme = Self.wrong
      alignment.observer.ues[index].store(context)
      return true
    }
    if fault == .triggerCount {
      // Of SECURITY MODE COMPLETE, before the key that follows from it.
      let connection = KeNBTriggers.Connection(leg: S1Leg(eNB: 0, mme: 0), eNBUES1APID: 1)
      guard case .success(var trigger)? = alignment.ledgers[index]?.trigger(on: connection) else { return false }
      trigger.count += 1
      alignment.ledgers[index]?.triggers.take(trigger, isInitial: true, on: connection)
      return true
    }
    guard isAttached, var context = alignment.observer.ues[index].current, let algorithms = context.algorithms else { return false }
    switch fault {
    case .kasmeInUse:
      context.kasme = Self.wrong
      context.algorithms = NASAlgorithms(
        ciphering: algorithms.ciphering, integrity: algorithms.integrity, kasme: Self.wrong, using: &crypto)
    case .nasKeys:
      context.algorithms = NASAlgorithms(
        ciphering: algorithms.ciphering, integrity: algorithms.integrity, kasme: Self.wrong, using: &crypto)
    case .eKSI: context.eKSI = (context.eKSI + 3) % 7
    case .uplinkCountAhead: context.nextUplinkCount += 3
    case .uplinkCountFarAhead: context.nextUplinkCount += 0x400
    case .downlinkCountAhead: context.largestDownlinkCount = (context.largestDownlinkCount ?? 0) + 3
    case .kasmeOfChallenge, .subscriberKey, .triggerCount: return true
    case .chainKASME, .chainKeNB, .chainNextHop, .chainIndex:
      guard let chain = alignment.judged[index]?.accessStratum.chain else { return false }
      var root = NASLedger.Trigger(context: context, count: chain.count, message: chain.trigger, event: chain.event)
      var keNB = chain.keNB
      if fault == .chainKASME { root.context.kasme = Self.wrong }
      if fault == .chainKeNB { keNB = Self.wrong }
      var other = AccessStratumChain(root, keNB: keNB, event: chain.event, using: &crypto)
      if fault == .chainNextHop { other.nextHop = Self.wrong }
      if fault == .chainIndex { other.index += 1 }
      alignment.judged[index]?.accessStratum.move(to: other)
      return true
    }
    alignment.observer.ues[index].store(context)
    return true
  }

  private func verdicts(_ fault: Fault?) throws -> [Verdict] {
    var subscriber = Worlds.credentials()
    if fault == .subscriberKey {
      subscriber = try SubscriberCredentials(
        imsi: subscriber.imsi, k: KeyMaterial([UInt8](repeating: 0x77, count: 16)), functions: subscriber.functions)
    }
    var alignment = AlignmentEngine(subscribers: [subscriber])
    var crypto = CryptoEngine()
    var isSeeded = fault == nil || fault == .subscriberKey
    for event in Self.run.events {
      alignment.consume(event, using: &crypto)
      if let fault, !isSeeded { isSeeded = seed(fault, &alignment, isAttached: event.index >= Self.run.attached, &crypto) }
    }
    #expect(isSeeded)
    return alignment.verdicts()
  }

  @Test func `without a fault everything is aligned, self-check too`() throws {
    let found = try verdicts(nil)
    #expect(found.filter { $0.verdict == .misaligned } == [])
    #expect(found.first { $0.slug == "self-check" }?.verdict == .aligned)
  }

  @Test(arguments: Fault.allCases)
  func `a fault of the ledger misaligns self-check and blames nobody`(fault: Fault) throws {
    let found = try verdicts(fault)
    #expect(found.filter { $0.verdict == .misaligned }.map(\.slug) == ["self-check"], "\(found.filter { $0.verdict == .misaligned })")
    // What would have been said of the peer is there, and says why it counts for nothing.
    if fault.isOfAccessStratum {
      #expect(found.contains { $0.slug == "nh-genealogy" && $0.verdict == .unobserved && $0.note.contains("withheld, since self-check") })
    }
  }
}
