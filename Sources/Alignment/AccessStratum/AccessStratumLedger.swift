import NASCrypto
import Observer
import S1AP
import Trace

/// The AS keys of one UE as its eNBs get them: the chain in force, the one that a key under way will start, the pairs sent.
struct AccessStratumLedger: Sendable {
  struct SentPair: Sendable {
    var event: Int
    var message: String
    var connection: KeNBTriggers.Connection
    var chainingCount: UInt8
    var key: KeyMaterial
  }

  static let maximumSent = 64

  /// Nil while no key for the eNB was seen, or none that is understood.
  private(set) var chain: AccessStratumChain?
  /// Of a key that the eNB has not confirmed yet.
  private(set) var pending: AccessStratumChain?
  private var pendingConnection: KeNBTriggers.Connection?
  /// Why there is no chain.
  private(set) var absence = "no key for an eNB was seen before"
  private(set) var sent: [SentPair] = []
  /// The first octets of each key of `sent`, which tell almost every other key from it.
  private var sentBeginnings: [UInt64] = []
  /// HANDOVER REQUIREDs and PATH SWITCH REQUESTs of which no pair was seen: the MME may have made a step for each. One that was refused counts
  /// too: the step comes with the request (TS 33.401 §7.2.8.4.2), and S1 does not show whether what refused it came before.
  private(set) var attempts: UInt32 = 0

  /// A key for the eNB.
  /// - Parameter new: the chain over it; nil where it is not known what it follows from.
  mutating func key(_ new: AccessStratumChain?, why: String, on connection: KeNBTriggers.Connection) {
    pending = new
    pendingConnection = connection
    if new == nil { absence = why }
    // The first key of a connection is in force at once: there is none before it.
    if chain == nil { commit() }
  }

  private mutating func commit() {
    chain = pending
    pending = nil
    pendingConnection = nil
    attempts = 0
  }

  mutating func consume(_ observation: Observation) {
    switch observation.body {
    case .procedure(let procedure):
      switch procedure.message {
      case .initialContextSetupResponse, .ueContextModificationResponse:
        if pendingConnection == observation.connection { commit() }
      case .initialContextSetupFailure, .ueContextModificationFailure:
        if pendingConnection == observation.connection { (pending, pendingConnection) = (nil, nil) }
      case .handoverRequired, .pathSwitchRequest: attempts += 1
      default: break
      }
    case .connectionReleased(isLast: true):
      chain = nil
      pending = nil
      pendingConnection = nil
      attempts = 0
      absence = "no key for an eNB was seen since the UE was idle"
    // The UE has left the eNB that was to take it, and it has not said that it did.
    case .connectionReleased(isLast: false):
      if pendingConnection == observation.connection { (pending, pendingConnection) = (nil, nil) }
    default: break
    }
  }

  /// The chains that a pair sent next may be of, the likeliest first: one step, and one more for each attempt of which no pair was seen.
  func due(using engine: inout CryptoEngine) -> [AccessStratumChain] {
    guard var next = chain else { return [] }
    var result: [AccessStratumChain] = []
    for _ in 0..<max(1, min(attempts, 16)) {
      next.step(using: &engine)
      result.append(next)
    }
    return result
  }

  /// Moves the chain to where the MME is.
  mutating func move(to moved: AccessStratumChain) {
    chain = moved
    attempts = 0
  }

  /// A pair of the chain that a key under way is to start was sent.
  mutating func movePending(to moved: AccessStratumChain) { pending = moved }

  mutating func record(_ pair: SentPair) {
    if sent.count >= Self.maximumSent {
      sent.removeFirst()
      sentBeginnings.removeFirst()
    }
    sent.append(pair)
    sentBeginnings.append(Self.beginning(of: pair.key))
  }

  /// Whether a key that was sent to the eNB on this connection has no answer yet.
  func awaitsAnswer(on connection: KeNBTriggers.Connection) -> Bool { pending != nil && pendingConnection == connection }

  /// The pair that this key was sent in last.
  func sent(_ key: KeyMaterial) -> SentPair? {
    let beginning = Self.beginning(of: key)
    for position in sentBeginnings.indices.reversed() where sentBeginnings[position] == beginning && sent[position].key == key {
      return sent[position]
    }
    return nil
  }

  private static func beginning(of key: KeyMaterial) -> UInt64 {
    key.withUnsafeBytes { $0.count >= 8 ? $0.loadUnaligned(as: UInt64.self) : 0 }
  }
}
