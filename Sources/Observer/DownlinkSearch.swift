public import NASCrypto
public import NASMessages

/// Why a protected downlink message does not verify under the context in force.
public enum DownlinkExplanation: Sendable {
  /// It verifies under a COUNT far from the expected one.
  case count(UInt32)
  /// It verifies with another integrity algorithm than the one that the context has.
  case integrityAlgorithm(IntegrityAlgorithm)
  /// It verifies under the KASME of another challenge of this UE.
  case otherContext(ObservedContext)
  /// It verifies under the KASME that another serving network's PLMN gives.
  case servingNetwork([UInt8], kasme: KeyMaterial)
}

extension Observer {
  /// Turns of the 8-bit sequence number that are searched for a COUNT: 16,384 messages.
  private static let maximumTurns: UInt32 = 64

  /// Looks for what a downlink message that failed its check was made with instead: COUNTs, integrity algorithms, the other KASMEs of
  /// the UE, other PLMNs; likeliest first, within a fixed budget.
  /// - Parameters:
  ///   - octets: the NAS-PDU.
  ///   - context: the one in force, with its algorithms.
  public func explain(
    downlink octets: [UInt8], ofUE index: Int, context: ObservedContext, using engine: inout CryptoEngine
  ) -> DownlinkExplanation? {
    guard let message = try? SecurityProtectedNAS(parsing: octets), let current = context.algorithms else { return nil }
    var budget = SearchBudget()
    let near = CountEstimation.candidates(next: context.nextDownlinkCount, low: message.sequenceNumber, bits: 8)
    func verifies(_ algorithms: NASAlgorithms, _ count: UInt32, _ engine: inout CryptoEngine) -> Bool {
      budget.take(octets.count) && engine.verifies(message, algorithms: algorithms, count: count, direction: .downlink)
    }
    func variant(_ integrity: IntegrityAlgorithm, _ kasme: KeyMaterial, _ engine: inout CryptoEngine) -> NASAlgorithms {
      NASAlgorithms(ciphering: current.ciphering, integrity: integrity, kasme: kasme, using: &engine)
    }
    for integrity in IntegrityAlgorithm.allCases where integrity != current.integrity {
      let algorithms = variant(integrity, context.kasme, &engine)
      for count in near where verifies(algorithms, count, &engine) { return .integrityAlgorithm(integrity) }
    }
    for other in ues[index].contexts.reversed() where other.id != context.id && other.kasme != context.kasme {
      let own = CountEstimation.candidates(next: other.nextDownlinkCount, low: message.sequenceNumber, bits: 8)
      for integrity in [current.integrity] + IntegrityAlgorithm.allCases.filter({ $0 != current.integrity }) {
        let algorithms = variant(integrity, other.kasme, &engine)
        for count in own + near.filter({ !own.contains($0) }) where verifies(algorithms, count, &engine) { return .otherContext(other) }
      }
    }
    for plmn in plmnsSeen.sorted(by: { $0.lexicographicallyPrecedes($1) }) where plmn != context.servingNetwork {
      guard let kasme = context.kasme(forServingNetwork: plmn, using: &engine) else { continue }
      let algorithms = variant(current.integrity, kasme, &engine)
      for count in near where verifies(algorithms, count, &engine) { return .servingNetwork(plmn, kasme: kasme) }
    }
    for turn in 0..<Self.maximumTurns {
      let count = turn << 8 | UInt32(message.sequenceNumber)
      if verifies(current, count, &engine) { return .count(count) }
    }
    return nil
  }

  /// The ciphering algorithms with which a downlink message reads as a NAS message, other than the one of its context: a short message
  /// reads with a wrong one now and then.
  /// - Parameters:
  ///   - count: the COUNT under which it verifies.
  ///   - candidates: those to try.
  public static func cipherings(
    ofDownlink octets: [UInt8], context: ObservedContext, count: UInt32,
    among candidates: [CipheringAlgorithm] = CipheringAlgorithm.allCases,
    using engine: inout CryptoEngine
  ) -> [CipheringAlgorithm] {
    guard let current = context.algorithms else { return [] }
    return candidates.filter { candidate in
      candidate != current.ciphering
        && read(downlink: octets, context: context, count: count, ciphering: candidate, using: &engine)?.isReadable == true
    }
  }

  /// A downlink message deciphered with some algorithm, if it then reads as one.
  public static func read(
    downlink octets: [UInt8], context: ObservedContext, count: UInt32, ciphering: CipheringAlgorithm, using engine: inout CryptoEngine
  ) -> NASMessage? {
    guard let message = try? SecurityProtectedNAS(parsing: octets), let current = context.algorithms else { return nil }
    let algorithms = NASAlgorithms(ciphering: ciphering, integrity: current.integrity, kasme: context.kasme, using: &engine)
    return try? engine.open(message, algorithms: algorithms, count: count, direction: .downlink)
  }
}

extension NASMessage {
  /// Whether it is of a type that the specification has: noise can look like a message of one that it does not have.
  var isReadable: Bool { isKnown || !type.name.hasPrefix("unknown") }
}
