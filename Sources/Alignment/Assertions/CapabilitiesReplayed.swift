import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `capabilities-replayed`: SECURITY MODE COMMAND replays the UE's security capabilities, octet for octet what the rules make of what the UE sent
/// last (TS 24.301 §5.4.3.2); the eNBs get the same algorithms at every INITIAL CONTEXT SETUP, HANDOVER REQUEST and, if present, PATH SWITCH
/// REQUEST ACKNOWLEDGE (TS 33.401 §7.2.4.2).
struct CapabilitiesReplayed: WireAssertion {
  /// EEA1 to EEA3, EIA1 to EIA3: other bits are reserved.
  private static let assigned: UInt16 = 0xe000

  private var findings = Findings(.capabilitiesReplayed)
  private var network: UENetworkCapability?
  private var mobileStation: MSNetworkCapability?
  /// The request that they came in, and its event.
  private var source: (message: String, event: Int) = ("", 0)
  /// A request that came unprotected and after a verified one: whether the network believes it is its own affair.
  private var isClaim = false
  @Rare private var claim: (UENetworkCapability, MSNetworkCapability?)?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    if nas.direction == .uplink {
      uplink(nas, observation)
    } else if nas.type == .securityModeCommand {
      command(nas, observation, isPlain: circumstances.isKeyless)
    }
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    if procedure.direction == .downlink { accessStratum(procedure, observation) }
  }

  private mutating func uplink(_ nas: NASObservation, _ observation: Observation) {
    guard let message = nas.message else { return }
    let capability: UENetworkCapability?
    let other: MSNetworkCapability?
    switch message.type {
    case .attachRequest:
      capability = try? message[AttachRequest.ueNetworkCapability]
      other = try? message[AttachRequest.msNetworkCapability]
    case .trackingAreaUpdateRequest:
      capability = try? message[TrackingAreaUpdateRequest.ueNetworkCapability]
      other = try? message[TrackingAreaUpdateRequest.msNetworkCapability]
    default: return
    }
    guard let capability else { return }
    if network != nil, nas.integrity.count == nil {
      // Not verified, and other ones are known: until the SMC tells, either may be the network's.
      claim = (capability, other)
    } else {
      network = capability
      mobileStation = other
      claim = nil
    }
    source = (nas.name, observation.event)
  }

  /// - Parameter isPlain: no key is known that would tell whether the command is genuine; on S1 it is the MME's.
  private mutating func command(_ nas: NASObservation, _ observation: Observation, isPlain: Bool) {
    guard let network, nas.integrity.count != nil || (isPlain && nas.integrity == .unverifiable), let message = nas.message,
      let replayed = try? message[SecurityModeCommand.replayedUESecurityCapabilities]
    else { return }
    var right = UESecurityCapability(replaying: network, mobileStation)
    if let claim {
      let claimed = UESecurityCapability(replaying: claim.0, claim.1)
      if claimed == replayed {
        (self.network, self.mobileStation, self.claim) = (claim.0, claim.1, nil)
        right = claimed
      }
    }
    let words = Replay(right: right.octets, sent: replayed.octets, source: source)
    if right == replayed { return findings.hold(observation, nas.name, .replay(words)) }
    var all = words.words
    all.note = "what the UE can: \(right); replayed: \(replayed)"
    findings.find(.misaligned, observation, nas.name, all)
  }

  private mutating func accessStratum(_ procedure: ProcedureObservation, _ observation: Observation) {
    guard let network, let sent = procedure.capabilities else { return }
    switch procedure.message {
    case .initialContextSetupRequest, .handoverRequest, .pathSwitchRequestAcknowledge, .ueContextModificationRequest: break
    default: return
    }
    func maps(_ capability: UENetworkCapability) -> (UInt16, UInt16) {
      (UInt16(capability.eea & 0x7f) << 9 & Self.assigned, UInt16(capability.eia & 0x7f) << 9 & Self.assigned)
    }
    let observed = (sent.encryption & Self.assigned, sent.integrity & Self.assigned)
    let right = maps(network)
    let words = Told(right: right, sent: (sent.encryption, sent.integrity), source: source)
    if right == observed || claim.map({ maps($0.0) == observed }) == true {
      return findings.hold(observation, procedure.message.title, .capabilities(words))
    }
    let candidates = [network] + (claim.map { [$0.0] } ?? [])
    // 128-EEA3 and 128-EIA3 have their bits since Rel-11.
    if candidates.contains(where: { maps($0).0 & 0xc000 == observed.0 && maps($0).1 & 0xc000 == observed.1 }) {
      var less = words.words
      less.note = "the eNB is not told of 128-EEA3 and 128-EIA3, which the UE has: a network of before Rel-11, or one that bids down"
      return findings.find(.warning, observation, procedure.message.title, less)
    }
    var all = words.words
    all.note = "UE Security Capabilities for the eNB are not those that the UE sent"
    findings.find(.misaligned, observation, procedure.message.title, all)
  }

  /// What was replayed, and what is right.
  struct Replay: Sendable {
    var right: [UInt8]
    var sent: [UInt8]
    var source: (message: String, event: Int)

    var words: VerdictWords { VerdictWords(expected: hex(right), observed: hex(sent), derivation: text(source)) }

    private func hex(_ octets: [UInt8]) -> String {
      octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
  }

  /// What an eNB was told, and what is right.
  struct Told: Sendable {
    var right: (UInt16, UInt16)
    var sent: (UInt16, UInt16)
    var source: (message: String, event: Int)

    var words: VerdictWords {
      VerdictWords(
        expected: "EEA \(bits(right.0)), EIA \(bits(right.1))", observed: "EEA \(bits(sent.0)), EIA \(bits(sent.1))",
        derivation: text(source))
    }
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}

private func text(_ source: (message: String, event: Int)) -> String { "\(source.message), frame \(source.event)" }

private func bits(_ map: UInt16) -> String {
  "0x" + String(repeating: "0", count: 4 - String(map, radix: 16).count) + String(map, radix: 16)
}
