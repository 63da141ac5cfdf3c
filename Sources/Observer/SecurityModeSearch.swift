public import NASCrypto
import NASMessages

/// Why a SECURITY MODE COMMAND does not verify under the KASME of its challenge.
public enum SecurityModeExplanation: Sendable {
  /// It verifies under the KASME that another serving network's PLMN gives.
  case servingNetwork([UInt8], kasme: KeyMaterial)
  /// It verifies with another integrity algorithm than the one it selects.
  case integrityAlgorithm(IntegrityAlgorithm)
  /// It verifies under a COUNT far from the expected one.
  case count(UInt32)
}

extension Observer {
  /// COUNTs searched beyond those that have a name.
  private static let maximumCount: UInt32 = 4096

  /// Looks for what a SECURITY MODE COMMAND that failed its check was made with instead, within a fixed budget.
  /// - Parameter octets: the NAS-PDU.
  public func explain(
    securityModeCommand octets: [UInt8], context: ObservedContext, using engine: inout CryptoEngine
  )
    -> SecurityModeExplanation?
  {
    guard let command = try? SecurityProtectedNAS(parsing: octets),
      let message = try? NASMessage(decoding: command.payload, direction: .downlink),
      let selected = try? message[SecurityModeCommand.selectedNASSecurityAlgorithms],
      let ciphering = CipheringAlgorithm(rawValue: selected.ciphering), let integrity = IntegrityAlgorithm(rawValue: selected.integrity)
    else { return nil }
    var budget = SearchBudget()
    func verifies(_ algorithms: NASAlgorithms, _ count: UInt32, _ engine: inout CryptoEngine) -> Bool {
      budget.take(octets.count) && engine.verifies(command, algorithms: algorithms, count: count, direction: .downlink)
    }
    let counts = CountEstimation.candidates(next: context.nextDownlinkCount, low: command.sequenceNumber, bits: 8)
    for plmn in plmnsSeen.sorted(by: { $0.lexicographicallyPrecedes($1) }) where plmn != context.servingNetwork {
      guard let kasme = context.kasme(forServingNetwork: plmn, using: &engine) else { continue }
      let algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity, kasme: kasme, using: &engine)
      for count in counts where verifies(algorithms, count, &engine) {
        return .servingNetwork(plmn, kasme: kasme)
      }
    }
    for other in IntegrityAlgorithm.allCases where other != integrity {
      let algorithms = NASAlgorithms(ciphering: ciphering, integrity: other, kasme: context.kasme, using: &engine)
      for count in counts where verifies(algorithms, count, &engine) {
        return .integrityAlgorithm(other)
      }
    }
    let algorithms = NASAlgorithms(ciphering: ciphering, integrity: integrity, kasme: context.kasme, using: &engine)
    for count in 0..<Self.maximumCount where verifies(algorithms, count, &engine) {
      return .count(count)
    }
    return nil
  }
}
