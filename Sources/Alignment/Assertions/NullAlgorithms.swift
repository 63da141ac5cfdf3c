import NASCrypto
import NASMessages
import Observer
import Trace

/// `null-algorithms`: 128-EIA0 is for emergencies of UEs that are not authenticated, and RLOS (TS 24.301 §4.4.4.1).
struct NullAlgorithms: WireAssertion {
  private var findings = Findings(.nullAlgorithms)
  /// The last ATTACH REQUEST; nil if none was seen.
  private var attach: (isExempt: Bool, event: Int)?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    guard let type = nas.type, type == .attachRequest || type == .securityModeCommand, let message = nas.message else { return }
    switch (nas.direction, type) {
    case (.uplink, .attachRequest):
      guard let type = try? message[AttachRequest.epsAttachType] else { return }
      attach = (type == .epsEmergencyAttach || type == .epsRLOSAttach, observation.event)
    case (.downlink, .securityModeCommand):
      guard let selected = try? message[SecurityModeCommand.selectedNASSecurityAlgorithms] else { return }
      guard selected.integrity == IntegrityAlgorithm.eia0.rawValue else {
        return findings.hold(observation, nas.name, .integrity(selected.integrity))
      }
      guard let attach else {
        return findings.find(
          .unobserved, observation, nas.name,
          .init(observed: "128-EIA0", note: "no ATTACH REQUEST was seen that would tell whether it is an emergency"))
      }
      if attach.isExempt { return findings.hold(observation, nas.name, .init(observed: "128-EIA0 for an emergency or RLOS attach")) }
      findings.find(
        .misaligned, observation, nas.name,
        .init(
          expected: "an integrity algorithm other than 128-EIA0", observed: "128-EIA0",
          note: "the attach of frame \(attach.event) is none for an emergency or RLOS"))
    default: break
    }
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
