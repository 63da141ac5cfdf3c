import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `protection-by-state`: once the secure exchange of NAS messages is established the network sends nothing plain (TS 24.301 §4.4.4.1); header
/// type 3 is SECURITY MODE COMMAND's alone (§9.3.1); ATTACH ACCEPT and TRACKING AREA UPDATE ACCEPT are ciphered (§4.4.5).
struct ProtectionByState: WireAssertion {
  private var findings = Findings(.protectionByState)
  /// Connections on which an uplink message has verified, and of these those on which a ciphered downlink message has.
  private var uplinkProven = FewOf<KeNBTriggers.Connection>()
  private var established = FewOf<KeNBTriggers.Connection>()
  /// Of these, those on which the UE then said in the clear that it has no key.
  private var disowned = FewByKey<KeNBTriggers.Connection, (message: String, event: Int)>()
  private var requests = UnprovenRequests()
  /// A SECURITY MODE COMPLETE whose header type is not its own, and whether its context was in use before.
  @Rare private var improper: (observation: Observation, header: SecurityHeaderType, wasInUse: Bool)?
  /// The context of the last message that verified and is not of an SMC.
  private var contextInUse: Int?

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    let connection = observation.connection
    if let request = requests.observe(nas, observation) { granted(request, observation) }
    judgeImproper(nas, observation, circumstances)
    if nas.integrity.count != nil, !nas.header.isNewContext, nas.type != .securityModeComplete { contextInUse = nas.context?.id }
    guard nas.direction == .uplink else { return downlink(nas, observation, circumstances) }
    if nas.isInitial {
      if established.count > 256 { (established, uplinkProven) = (FewOf(), FewOf()) }
      established.remove(connection)
      uplinkProven.remove(connection)
    }
    if nas.integrity == .plain, established.contains(connection), nas.namedKeySet?.value == 7 {
      disowned[connection] = (nas.name, observation.event)
    }
    guard case .verified = nas.integrity else { return }
    disowned[connection] = nil
    uplinkProven.insert(connection)
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    // It goes on across a handover (§4.4.2.4).
    guard procedure.message == .handoverRequestAcknowledge || procedure.message == .pathSwitchRequest, !established.isEmpty else { return }
    established.insert(observation.connection)
    uplinkProven.insert(observation.connection)
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    let connection = observation.connection
    switch observation.body {
    case .keNB(let key):
      if let found = improper, found.observation.connection == connection { acceptedImproper(found, observation, key.carrier.rawValue) }
      improper = nil
    case .connectionReleased(let isLast):
      requests.released(observation, isLast: isLast)
      improper = nil
      established.remove(connection)
      uplinkProven.remove(connection)
      disowned[connection] = nil
      if isLast { (established, uplinkProven, disowned) = (FewOf(), FewOf(), FewByKey()) }
    default: break
    }
  }

  /// A plain request did what it asked for.
  private mutating func granted(_ request: UnprovenRequests.Request, _ observation: Observation) {
    guard case .nas(let nas) = observation.body, request.integrity == .plain else { return }
    findings.find(
      .misaligned, observation, nas.name,
      .init(
        expected: "no answer to \(request.name)", observed: nas.name,
        note:
          "\(request.name) of frame \(request.event) came plain after the secure exchange of NAS messages was established, and was granted"
      ))
  }

  /// SECURITY MODE COMPLETE has header type 4 (TS 24.301 §5.4.3.3); with another the network drops it and repeats its command.
  private mutating func judgeImproper(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    guard nas.direction == .downlink else {
      if nas.type == .securityModeComplete {
        guard case .verified = nas.integrity else { return }
        let isProper = nas.header == .integrityProtectedAndCipheredNewContext || circumstances.hasCollided
        improper = isProper ? nil : (observation, nas.header, nas.context?.id == contextInUse)
      } else if improper != nil, nas.isInitial || nas.type.map(NASLedger.abortsSecurityMode) == true {
        // A request that the network aborts the SMC for (§5.4.3.7 c): what comes then is its answer.
        improper = nil
      }
      return
    }
    guard let found = improper, found.observation.connection == observation.connection, nas.integrity.count != nil else { return }
    // What goes on under a context in use anyway proves nothing.
    if nas.header != .integrityProtectedNewContext, !found.wasInUse, case .nas(let complete) = found.observation.body,
      complete.context?.id == nas.context?.id
    {
      acceptedImproper(found, observation, nas.name)
    }
    improper = nil
  }

  private mutating func acceptedImproper(
    _ found: (observation: Observation, header: SecurityHeaderType, wasInUse: Bool), _ observation: Observation, _ message: String
  ) {
    findings.find(
      .misaligned, observation, message,
      .init(
        expected: "SECURITY MODE COMPLETE is dropped and the command repeated", observed: message,
        note: "SECURITY MODE COMPLETE of frame \(found.observation.event) has security header type \(found.header.rawValue), and was taken")
    )
  }

  private mutating func downlink(_ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances) {
    let connection = observation.connection
    if nas.header == .plain {
      guard established.contains(connection), nas.message != nil else { return }
      if let claim = disowned[connection] {
        return findings.find(
          .warning, observation, nas.name,
          .init(
            expected: "protected and ciphered", observed: "plain",
            note:
              "it answers \(claim.message) of frame \(claim.event), plain and without a key, which was to be discarded (TS 24.301 §4.4.4.3)"
          ))
      }
      return findings.find(
        .misaligned, observation, nas.name,
        .init(expected: "protected and ciphered", observed: "plain", note: "after the secure exchange of NAS messages was established"))
    }
    guard nas.integrity.count != nil else { return }
    if nas.header == .integrityProtectedNewContext {
      if nas.type == .securityModeCommand {
        return findings.hold(observation, nas.name, .header(nas.header))
      }
      return findings.find(
        .misaligned, observation, nas.name,
        .init(expected: "SECURITY MODE COMMAND", observed: nas.name, note: "security header type 3 on another message"))
    }
    if nas.header.isCiphered, uplinkProven.contains(connection) { established.insert(connection) }
    if nas.type == .attachAccept || nas.type == .trackingAreaUpdateAccept, nas.header != .integrityProtectedAndCiphered {
      return findings.find(
        .misaligned, observation, nas.name,
        .init(expected: "integrity protected and ciphered", observed: "\(nas.header)", note: "not ciphered"))
    }
    findings.hold(observation, nas.name, .header(nas.header))
  }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
