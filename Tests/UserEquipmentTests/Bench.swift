import NASMessages
import NASSecurity
import Testing

@testable import NASCrypto
@testable import UserEquipment

/// A UE and the network it talks to on one bench.
final class Bench {
  var engine = CryptoEngine(cachedKeys: 64)
  var ue: UE
  var network: ScriptedNetwork
  /// Who looks at each step of the UE, where somebody does.
  var keys: KeyAudit?
  var uplinks: UplinkAudit?

  static let plmn = PLMN(mcc: "001", mnc: "01")!
  static let imsi = "001010123456780"
  static let guti = GUTI(plmn: plmn, mmeGroupID: 0x8001, mmeCode: 1, mTMSI: 0xC000_0001)
  static let area = TrackingAreaIdentity(plmn: plmn, tac: 7)

  static func credentials(k: String = "00112233445566778899aabbccddeeff", imsi: String = imsi) -> SubscriberCredentials {
    try! SubscriberCredentials(
      imsi: imsi, k: KeyMaterial(hex: k)!, functions: .milenage(opc: KeyMaterial(hex: "63bfa50ee6523365ff14c1f45f88737d")!), sqn: 0x20)
  }

  /// - Parameter powersOn: leaves EMM-NULL.
  init(
    contexts: SecurityContexts = SecurityContexts(), registration: Registration = Registration(), imsi: String = Bench.imsi,
    networkKey: String = "00112233445566778899aabbccddeeff", capability: UENetworkCapability = UEConfiguration.ordinaryCapability,
    transfersESMInformationProtected: Bool = false, powersOn: Bool = true, configuration change: (inout UEConfiguration) -> Void = { _ in }
  ) {
    var configuration = UEConfiguration(
      imsi: imsi, networkCapability: capability, plmn: Bench.plmn, accessPointName: "internet",
      transfersESMInformationProtected: transfersESMInformationProtected)
    change(&configuration)
    ue = UE(
      configuration: configuration, usim: USIM(credentials: Bench.credentials(imsi: imsi)), contexts: contexts, registration: registration)
    network = ScriptedNetwork(credentials: Bench.credentials(k: networkKey, imsi: imsi), plmn: Bench.plmn)
    if powersOn { give(.powerOn) }
  }

  // MARK: Input

  @discardableResult
  func give(_ input: UE.Input) -> [UE.Output] {
    var outputs: [UE.Output] = []
    guard let keys, let uplinks else {
      ue.handle(input, at: .zero, using: &engine, into: &outputs)
      return outputs
    }
    let before = ue
    engine.derivations = []
    ue.handle(input, at: .zero, using: &engine, into: &outputs)
    keys.look(at: engine.derivations ?? [], from: before, to: ue, outputs)
    engine.derivations = nil
    uplinks.look(
      from: before, to: ue, outputs, isTakenBack: input == .radioConnectionFailed || input == .connectionRefused)
    return outputs
  }

  /// Delivers octets.
  @discardableResult
  func deliver(_ octets: [UInt8]) -> [UE.Output] { give(.downlinkNAS(octets)) }

  /// Delivers a message of the network.
  @discardableResult
  func deliver(_ message: NASMessage, _ protection: ScriptedNetwork.Protection) -> [UE.Output] {
    deliver(network.pdu(message, protection, using: &engine))
  }

  /// Delivers octets as a message of the network.
  @discardableResult
  func deliver(_ octets: [UInt8], _ protection: ScriptedNetwork.Protection) -> [UE.Output] {
    deliver(network.pdu(octets, protection, using: &engine))
  }

  // MARK: Building

  func challenge(eKSI: UInt8 = 0, rand: [UInt8]? = nil, sqn: UInt64? = nil, amf: UInt16? = nil) -> NASMessage {
    network.challenge(eKSI: eKSI, rand: rand, sqn: sqn, amf: amf, using: &engine)
  }

  /// SECURITY MODE COMMAND; `change` may spoil it.
  func securityModeCommand(_ change: (inout ScriptedNetwork.Command) -> Void = { _ in }) -> [UInt8] {
    var command = ScriptedNetwork.Command(capabilities: ue.configuration.replayableCapabilities)
    change(&command)
    return network.command(command, using: &engine)
  }

  static func identityRequest(_ type: IdentityType2) -> NASMessage {
    var request = NASMessage(.identityRequest)
    request.set(IdentityRequest.identityType, type)
    return request
  }

  static func attachReject(_ cause: EMMCause, esm: ESMCause? = nil) -> NASMessage {
    var reject = NASMessage(.attachReject)
    reject.set(AttachReject.emmCause, cause)
    if let esm {
      var inner = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: 1)
      inner.set(PDNConnectivityReject.esmCause, esm)
      reject.set(AttachReject.esmMessageContainer, ESMMessageContainer(inner))
    }
    return reject
  }

  static func activation(transaction: UInt8 = 1, bearer: UInt8 = 5) -> NASMessage {
    var activation = NASMessage(
      .activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    activation.set(ActivateDefaultEPSBearerContextRequest.epsQoS, EPSQoS(qci: 9))
    activation.set(ActivateDefaultEPSBearerContextRequest.accessPointName, "internet")
    activation.set(ActivateDefaultEPSBearerContextRequest.pdnAddress, .ipv4(0x0A00_0001))
    return activation
  }

  static func attachAccept(guti: GUTI? = Bench.guti, activation: NASMessage = Bench.activation()) -> NASMessage {
    var accept = NASMessage(.attachAccept)
    accept.set(AttachAccept.epsAttachResult, .epsOnly)
    accept.set(AttachAccept.t3412Value, GPRSTimer(seconds: 3240))
    accept.set(AttachAccept.taiList, TAIList(areas: [Bench.area]))
    accept.set(AttachAccept.esmMessageContainer, ESMMessageContainer(activation))
    if let guti { accept.set(AttachAccept.guti, .guti(guti)) }
    return accept
  }

  static func detachRequest(_ type: DetachType, cause: EMMCause? = nil) -> NASMessage {
    var request = NASMessage(.detachRequestFromNetwork)
    request.set(DetachRequestFromNetwork.detachType, type)
    request.set(DetachRequestFromNetwork.emmCause, cause)
    return request
  }

  static func gutiReallocationCommand(_ guti: GUTI, areas: [TrackingAreaIdentity]? = nil) -> NASMessage {
    var command = NASMessage(.gutiReallocationCommand)
    command.set(GUTIReallocationCommand.guti, .guti(guti))
    command.set(GUTIReallocationCommand.taiList, areas.map { TAIList(areas: $0) })
    return command
  }

  static func serviceReject(_ cause: EMMCause, t3346: GPRSTimer? = nil, t3442: GPRSTimer? = nil) -> NASMessage {
    var reject = NASMessage(.serviceReject)
    reject.set(ServiceReject.emmCause, cause)
    reject.set(ServiceReject.t3346Value, t3346)
    reject.set(ServiceReject.t3442Value, t3442)
    return reject
  }

  static func updateAccept(
    guti: GUTI? = nil, areas: [TrackingAreaIdentity]? = nil, active: Set<UInt8>? = nil, result: EPSUpdateResult = .taUpdated
  ) -> NASMessage {
    var accept = NASMessage(.trackingAreaUpdateAccept)
    accept.set(TrackingAreaUpdateAccept.epsUpdateResult, result)
    accept.set(TrackingAreaUpdateAccept.guti, guti.map(EPSMobileIdentity.guti))
    accept.set(TrackingAreaUpdateAccept.taiList, areas.map { TAIList(areas: $0) })
    accept.set(TrackingAreaUpdateAccept.epsBearerContextStatus, active.map { EPSBearerContextStatus(active: $0) })
    return accept
  }

  static func updateReject(_ cause: EMMCause, t3346: GPRSTimer? = nil) -> NASMessage {
    var reject = NASMessage(.trackingAreaUpdateReject)
    reject.set(TrackingAreaUpdateReject.emmCause, cause)
    reject.set(TrackingAreaUpdateReject.t3346Value, t3346)
    return reject
  }

  static let otherArea = TrackingAreaIdentity(plmn: plmn, tac: 8)

  static func emmStatus(_ cause: EMMCause = .protocolErrorUnspecified) -> NASMessage {
    var status = NASMessage(.emmStatus)
    status.set(EMMStatus.emmCause, cause)
    return status
  }

  static func emmInformation(_ name: String) -> NASMessage {
    var information = NASMessage(.emmInformation)
    information.set(EMMInformation.fullNameForNetwork, NetworkName(name))
    return information
  }

  static func esmInformationRequest(transaction: UInt8 = 1, bearer: UInt8 = 0) -> NASMessage {
    NASMessage(.esmInformationRequest, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
  }

  // MARK: Ways to a state

  /// EMM-REGISTERED-INITIATED, AKA and SMC done.
  func secureWhileAttaching(algorithms: NASAlgorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2), eKSI: UInt8 = 0) throws {
    if case .deregistered = ue.state { give(.attach) }
    deliver(challenge(eKSI: eKSI), ue.hasSecureExchange ? .ciphered : .plain)
    let outputs = deliver(securityModeCommand { $0.algorithms = algorithms })
    _ = try opened(outputs).last
    #expect(ue.hasSecureExchange)
  }

  /// EMM-REGISTERED on a secured connection.
  func attach(algorithms: NASAlgorithms = NASAlgorithms(ciphering: .eea2, integrity: .eia2), eKSI: UInt8 = 0) throws {
    try secureWhileAttaching(algorithms: algorithms, eKSI: eKSI)
    let outputs = deliver(Bench.attachAccept(), .ciphered)
    _ = try opened(outputs)
    #expect(ue.state == .registered)
  }

  /// EMM-REGISTERED in EMM-IDLE.
  func attachAndRelease() throws {
    try attach()
    give(.radioConnectionReleased)
  }

  // MARK: Output

  /// The uplink messages among `outputs`, opened by the network.
  func opened(_ outputs: [UE.Output]) throws -> [ScriptedNetwork.Opened] {
    try outputs.compactMap { output in
      switch output {
      case .uplinkNAS(let octets): try network.open(octets, using: &engine)
      case .establishConnection(let initial): try network.open(initial.octets, using: &engine)
      default: nil
      }
    }
  }

  /// Outputs in words, messages opened: "send SECURITY MODE COMPLETE/4", "start T3410", …
  func words(_ outputs: [UE.Output]) -> [String] {
    outputs.map { output in
      switch output {
      case .establishConnection(let initial): "establish with " + name(initial.octets)
      case .uplinkNAS(let octets): "send " + name(octets)
      case .crafted(let initial, _): "send a tester's " + name(initial.octets)
      case .releaseConnection: "release"
      case .startTimer(let timer, _): "start \(timer.rawValue)"
      case .stopTimer(let timer): "stop \(timer.rawValue)"
      case .startSessionTimer(let timer, _): "start \(timer.kind.rawValue)"
      case .stopSessionTimer(let timer): "stop \(timer.kind.rawValue)"
      case .securityContexts: "contexts"
      case .keNB(_, let count): "KeNB from COUNT \(count)"
      case .discarded(let reason, _): "discard: \(reason)"
      case .state(let state): state.description
      case .event(let event): "event: \(event)"
      case .radio(let action): "radio: \(action)"
      }
    }
  }

  private func name(_ octets: [UInt8]) -> String {
    if octets.first == 0xC7 {
      return (try? network.openServiceRequest(octets, using: &engine)) == nil ? "a forged SERVICE REQUEST" : "SERVICE REQUEST"
    }
    do {
      let opened = try network.open(octets, using: &engine)
      return "\(opened.message.type.name)/\(opened.headerType.rawValue)"
    } catch { return "something that does not open: \(error)" }
  }
}

// MARK: Assertions

extension Bench {
  /// `outputs` hold exactly one uplink message, of this type and security header type.
  @discardableResult
  func assertSends(
    _ outputs: [UE.Output], _ type: NASMessageType, header: SecurityHeaderType, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> NASMessage {
    let sent = try opened(outputs)
    #expect(sent.map(\.message.type) == [type], "\(words(outputs.filter { !$0.isUplink }))", sourceLocation: sourceLocation)
    let only = try #require(sent.first, sourceLocation: sourceLocation)
    #expect(only.headerType == header, sourceLocation: sourceLocation)
    return only.message
  }

  /// Delivered octets are dropped for `reason` (any, if nil) and nothing else happens: no output but the log line, and the
  /// whole UE is as before.
  ///
  /// - Parameter verified: the MAC was right, so the COUNT (§4.4.3.3), the kept network's included, and nothing but it moves.
  func assertDiscards(
    _ octets: [UInt8], _ reason: DiscardReason? = nil, verified: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var before = ue
    let outputs = deliver(octets)
    guard outputs.count == 1, case .discarded(let given, _) = outputs[0] else {
      Issue.record("not just discarded: \(words(outputs))", sourceLocation: sourceLocation)
      return
    }
    if let reason { #expect(given == reason, sourceLocation: sourceLocation) }
    if verified { before.contexts = ue.contexts }
    #expect(ue == before, "the UE changed though it discarded the message", sourceLocation: sourceLocation)
  }

  func assertDiscards(
    _ message: NASMessage, _ protection: ScriptedNetwork.Protection, _ reason: DiscardReason? = nil, verified: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    assertDiscards(network.pdu(message, protection, using: &engine), reason, verified: verified, sourceLocation: sourceLocation)
  }
}

extension ForbiddenAreas {
  /// Those of both lists.
  var trackingAreas: [TrackingAreaIdentity] { Purpose.allCases.flatMap { trackingAreas(for: $0) } }
}

extension UE.Output {
  var isUplink: Bool {
    switch self {
    case .uplinkNAS, .establishConnection: true
    default: false
    }
  }
}

extension [UE.Output] {
  var events: [UE.Event] { compactMap { if case .event(let event) = $0 { event } else { nil } } }
  var discards: [DiscardReason] { compactMap { if case .discarded(let reason, _) = $0 { reason } else { nil } } }
  var started: [EMMTimer] { compactMap { if case .startTimer(let timer, _) = $0 { timer } else { nil } } }
  var stopped: [EMMTimer] { compactMap { if case .stopTimer(let timer) = $0 { timer } else { nil } } }
  var keNBs: [KeyMaterial] { compactMap { if case .keNB(let key, _) = $0 { key } else { nil } } }
  var uplinks: [[UInt8]] {
    compactMap {
      switch $0 {
      case .uplinkNAS(let octets): octets
      case .establishConnection(let initial): initial.octets
      default: nil
      }
    }
  }
  func contains(timer: EMMTimer, after duration: Duration) -> Bool { contains(.startTimer(timer, after: duration)) }
}
