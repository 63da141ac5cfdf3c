import NASCrypto
import NASMessages
import NASSecurity

/// Dedicated bearers that the network asks for while the attach runs (TS 24.301 §5.5.1.2.4).
extension UE {
  /// What waits at most; what comes beyond that is left to T3485 and T3486, which send it again.
  static let maximumKeptRequests = 32

  /// An attach runs, so that this ACTIVATE DEDICATED EPS BEARER CONTEXT REQUEST waits for its end, and so does a MODIFY EPS BEARER CONTEXT
  /// REQUEST of such a bearer, behind it. A repetition keeps the place of the first; another activation takes the place of all that waits
  /// for its EPS bearer identity (§6.4.2.5).
  ///
  /// - Parameter octets: the plain message, with its header.
  mutating func isKeptUntilAttached(_ octets: [UInt8]) -> Bool {
    guard case .registeredInitiated(var attempt) = machine, let first = octets.first else { return false }
    guard !attempt.bearerRequests.contains(octets) else { return true }
    if NASMessageType.ofDownlink(octets) == .modifyEPSBearerContextRequest {
      guard attempt.bearerRequests.contains(where: { $0.first == first }) else { return false }
    } else {
      attempt.bearerRequests.removeAll { $0.first == first }
    }
    if attempt.bearerRequests.count < UE.maximumKeptRequests { attempt.bearerRequests.append(octets) }
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
        let request = try NASMessage(decoding: octets, direction: .downlink)
        if request.type == .modifyEPSBearerContextRequest {
          modificationRequested(request, using: &engine, into: &outputs)
        } else {
          try dedicatedBearerRequested(request, using: &engine, into: &outputs)
        }
      } catch {
        let type = NASMessageType.ofDownlink(octets) ?? .activateDedicatedEPSBearerContextRequest
        discard(.malformed(error.description), type.name, into: &outputs)
        statusAboutUnreadable(octets, error, using: &engine, into: &outputs)
      }
    }
  }
}
