import NASCrypto
import NASMessages
import NASSecurity

/// Dedicated bearers that the network asks for while the attach runs (TS 24.301 §5.5.1.2.4).
extension UE {
  /// An attach runs, so that this ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST waits for its end. Of those for one EPS bearer identity, the
  /// repeated ones of T3485 among them, the last one counts.
  ///
  /// - Parameter octets: the plain message, not empty.
  mutating func isKeptUntilAttached(_ octets: [UInt8]) -> Bool {
    guard case .registeredInitiated(var attempt) = machine else { return false }
    attempt.bearerRequests.removeAll { $0.first == octets.first }
    attempt.bearerRequests.append(octets)
    machine = .registeredInitiated(attempt)
    return true
  }

  /// The network ends an EPS bearer whose request waits: there is nothing to accept any more.
  mutating func forgetKept(_ bearer: UInt8) {
    guard case .registeredInitiated(var attempt) = machine, !attempt.bearerRequests.isEmpty else { return }
    attempt.bearerRequests.removeAll { ($0.first ?? 0) >> 4 == bearer }
    machine = .registeredInitiated(attempt)
  }

  /// The attach is complete, and ATTACH COMPLETE sent.
  mutating func answer(_ requests: [[UInt8]], using engine: inout CryptoEngine, into outputs: inout [Output]) {
    for octets in requests where connection != .idle {
      do {
        try dedicatedBearerRequested(NASMessage(decoding: octets, direction: .downlink), using: &engine, into: &outputs)
      } catch {
        discard(.malformed(error.description), NASMessageType.activateDedicatedEPSBearerContextRequest.name, into: &outputs)
        statusAboutUnreadable(octets, error, using: &engine, into: &outputs)
      }
    }
  }
}
