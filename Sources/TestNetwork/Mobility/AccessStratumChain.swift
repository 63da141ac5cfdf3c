import GTPv2C
import NASCrypto
import NASSecurity
import S1AP

/// The MME's side of a UE's AS key chain (TS 33.401 §7.2.8.4): the KASME that it hangs on and the last NH derived of it.
///
/// It is kept apart from the NAS contexts: an SMC that takes a new KASME into use leaves it as it is, until an eNB has taken a KeNB of
/// the new one (§7.2.10).
struct AccessStratumChain: Sendable, Equatable {
  let kasme: KeyMaterial
  /// KSI_ASME of that KASME.
  let keySetIdentifier: UInt8
  /// The first KeNB, from which NH₁ comes; nil for a chain that began at another MME.
  let keNB: KeyMaterial?
  private(set) var nextHop: KeyMaterial
  /// NCC of `nextHop`, 0 to 7.
  private(set) var chainingCount: UInt8 = 1

  /// {NH₁, 1}, which the MME keeps to itself (§7.2.8.4.1).
  init(kasme: KeyMaterial, keySetIdentifier: UInt8, keNB: KeyMaterial, using engine: inout CryptoEngine) {
    self.kasme = kasme
    self.keySetIdentifier = keySetIdentifier
    self.keNB = keNB
    nextHop = engine.deriveNextHop(kasme: kasme, syncInput: keNB)
  }

  /// A chain that another MME hands over, with its last pair (§7.2.8.4.3).
  init(kasme: KeyMaterial, keySetIdentifier: UInt8, continuing pair: MMContext.NextHop) {
    self.kasme = kasme
    self.keySetIdentifier = keySetIdentifier
    keNB = nil
    nextHop = KeyMaterial(pair.key)
    chainingCount = pair.chainingCount & 7
  }

  /// The next pair. It is not undone if the handover comes to nothing: that target knows it.
  mutating func step(under other: KeyMaterial? = nil, using engine: inout CryptoEngine) {
    nextHop = engine.deriveNextHop(kasme: other ?? kasme, syncInput: nextHop)
    chainingCount = (chainingCount + 1) & 7
  }
}

extension MME {
  /// {NH, NCC} for HANDOVER REQUEST or PATH SWITCH REQUEST ACKNOWLEDGE: stepped first, then sent. nil where there is no chain.
  mutating func nextPair(on id: UInt32, using engine: inout CryptoEngine) -> S1AP.SecurityContext? {
    guard let connection = connections[id], var chain = connection.chain else { return nil }
    if let wrong = defectivePair(&chain, connection, using: &engine) {
      connections[id]?.chain = chain
      return wrong
    }
    chain.step(using: &engine)
    connections[id]?.chain = chain
    return chain.pair
  }

  /// What a defect sends in its place (concurrency-rules.md, `nh-genealogy`).
  private func defectivePair(
    _ chain: inout AccessStratumChain, _ connection: S1Connection, using engine: inout CryptoEngine
  ) -> S1AP.SecurityContext? {
    let defects = configuration.defects
    if defects.contains(.oldASChainUntilRekey), let newest = newestKASME(connection), newest != chain.kasme {
      chain.step(under: newest, using: &engine)
      return chain.pair
    }
    if defects.contains(.nhZero) { return .init(nextHopChainingCount: 0, nextHop: [UInt8](repeating: 0, count: 32)) }
    if defects.contains(.keNBAsNH), let keNB = chain.keNB { return .init(nextHopChainingCount: 0, nextHop: keNB.octets) }
    if defects.contains(.nhFirstPair), !connection.hasSentPair { return chain.pair }
    if defects.contains(.nhStale), connection.hasSentPair { return chain.pair }
    if defects.contains(.nhSkip) {
      chain.step(using: &engine)
      chain.step(using: &engine)
      return chain.pair
    }
    if defects.contains(.nccStuck) {
      let count = chain.chainingCount
      chain.step(using: &engine)
      return .init(nextHopChainingCount: count, nextHop: chain.pair.nextHop)
    }
    if defects.contains(.nhTruncated) {
      chain.step(using: &engine)
      var pair = chain.pair
      pair.nextHop = Array(pair.nextHop.prefix(1)) + [UInt8](repeating: 0, count: 31)
      return pair
    }
    return nil
  }

  /// The KASME of the SMC that runs, or else the one that NAS uses.
  private func newestKASME(_ connection: S1Connection) -> KeyMaterial? {
    switch connection.securityMode?.basis {
    case .partial(let context), .waking(let context): return context.kasme
    case .current, nil: return connection.subject.verified.flatMap { ues[$0].security.current?.kasme }
    }
  }
}

extension AccessStratumChain {
  var pair: S1AP.SecurityContext {
    S1AP.SecurityContext(nextHopChainingCount: chainingCount, nextHop: nextHop.withUnsafeBytes { Array($0) })
  }
}
