import NASCrypto
import NASMessages
import Observer
import Trace

/// A context in use of which K and the wire prove nothing: under 128-EIA0 each side invents its own KASME and no MAC tells a COUNT (TS
/// 24.301 §5.4.3.2, §5.4.3.3); a mapped one follows from keys that crossed other interfaces than S1 (§4.4.2.2).
struct UnprovableContext: Sendable {
  enum Kind: Sendable, Equatable {
    /// 128-EIA0; the ciphering algorithm that goes with it, 128-EEA0.
    case null(eKSI: UInt8, ciphering: UInt8)
    case mapped(eKSI: UInt8)
    /// One whose KASME is not among those that were told, of a UE whose K is not known.
    case untold(eKSI: UInt8)

    var reason: String {
      switch self {
      case .null:
        "128-EIA0 of an emergency or RLOS attach: UE and network each invent a KASME, and no MAC shows a COUNT (TS 24.301 §5.4.3.3)"
      case .mapped: "a mapped context: its KASME follows from keys of UTRAN, GERAN or 5GS that crossed no S1 (TS 24.301 §4.4.2.2)"
      case .untold: "no KASME that is told explains its SECURITY MODE COMMAND, and K is not known"
      }
    }

    /// Nothing can decide it, or nothing did.
    var outcome: Verdict.Outcome { if case .null = self { .notApplicable } else { .unobserved } }
  }

  private(set) var kind: Kind?
  private(set) var frame = 0
  private(set) var message = ""
  /// Reports that name other algorithms, or another eKSI, than the SECURITY MODE COMMAND with 128-EIA0.
  private(set) var mismatches = ByAttribute<Comparison>()
  private(set) var agreements = ByAttribute<Comparison>()

  /// A context that can be followed is in use, or about to be.
  mutating func end() { if kind != nil { self = UnprovableContext() } }

  /// - Parameter isTold: the UE's KASMEs are told, perhaps not all.
  mutating func downlink(_ nas: NASObservation, isTold: Bool, frame: Int) {
    guard nas.header == .integrityProtectedNewContext, nas.integrity.count == nil, let command = nas.message,
      command.type == .securityModeCommand, let keySet = try? command[SecurityModeCommand.nasKeySetIdentifier],
      let selected = try? command[SecurityModeCommand.selectedNASSecurityAlgorithms]
    else { return }
    if selected.integrity == IntegrityAlgorithm.eia0.rawValue {
      start(.null(eKSI: keySet.value, ciphering: selected.ciphering), nas, frame)
    } else if keySet.typeOfSecurityContext == .mapped {
      start(.mapped(eKSI: keySet.value), nas, frame)
    } else if isTold {
      start(.untold(eKSI: keySet.value), nas, frame)
    }
  }

  mutating func uplink(_ nas: NASObservation) {
    if nas.integrity.count != nil { return end() }
    guard let keySet = nas.namedKeySet, keySet.typeOfSecurityContext == .mapped, keySet.value < 7 else { return }
    start(.mapped(eKSI: keySet.value), nas, 0)
  }

  private mutating func start(_ new: Kind, _ nas: NASObservation, _ frame: Int) {
    if kind != new { self = UnprovableContext() }
    kind = new
    message = nas.name
    self.frame = frame
  }

  /// Compares a report with what can be known, if the report is on this context.
  mutating func compare(_ report: SecurityContextReport, role: ReportComparison.Role, frame: Int) -> Bool {
    guard case .null(let eKSI, let ciphering) = kind, report.integrityAlgorithm == .eia0 else {
      // Nor is a native one that takes its place, where the challenge came ciphered under it.
      if case .mapped = kind { return true }
      return false
    }
    guard role == .network else { return true }
    func decide(_ attribute: NASContextAttribute, _ expected: AlignedValue, _ observed: AlignedValue) {
      let pair = Comparison(expected: expected, observed: observed, message: "report: \(report.cause)", frame: frame)
      if expected == observed { agreements[attribute] = pair } else if mismatches[attribute] == nil { mismatches[attribute] = pair }
    }
    decide(.eKSI, .eKSI(eKSI), .eKSI(report.eKSI))
    if let expected = CipheringAlgorithm(rawValue: ciphering), let said = report.cipheringAlgorithm {
      decide(.cipheringAlgorithm, .ciphering(expected), .ciphering(said))
    }
    decide(.integrityAlgorithm, .integrity(.eia0), .integrity(.eia0))
    return true
  }
}

extension NASObservation {
  /// The key set that an initial message names.
  var namedKeySet: NASKeySetIdentifier? {
    guard let message else { return serviceRequest.map { NASKeySetIdentifier(.native, value: $0.ksi) } }
    switch message.type {
    case .attachRequest: return try? message[AttachRequest.nasKeySetIdentifier]
    case .trackingAreaUpdateRequest: return try? message[TrackingAreaUpdateRequest.nasKeySetIdentifier]
    case .detachRequestFromUE: return try? message[DetachRequestFromUE.nasKeySetIdentifier]
    default: return nil
    }
  }
}
