import NASCrypto
import NASMessages
import Observer
import S1AP
import Trace

/// `hashmme`: an SMC that answers an ATTACH or TRACKING AREA UPDATE REQUEST that came plain, or failed its check, carries HASHMME over it (TS
/// 24.301 §5.4.3.2, from Rel-14 on), and a right one.
struct HashOfInitialMessage: WireAssertion {
  private var findings = Findings(.hashMME)
  /// The plain request, and whether it was verified.
  @Rare private var request: (plain: [UInt8], name: String, event: Int, isVerified: Bool, connection: KeNBTriggers.Connection)?
  /// Connections on which the UE is proven: what comes unprotected there is discarded (§4.4.4.3).
  private var secured = FewOf<KeNBTriggers.Connection>()

  mutating func observe(
    _ nas: NASObservation, _ observation: Observation, _ circumstances: Circumstances, using engine: inout CryptoEngine
  ) {
    guard nas.direction == .uplink else {
      switch nas.type {
      case NASMessageType.securityModeCommand: command(nas, observation, circumstances.release, using: &engine)
      // What comes after the procedure answers it no more.
      case NASMessageType.attachAccept, NASMessageType.trackingAreaUpdateAccept: request = nil
      default: break
      }
      return
    }
    var isVerified = false
    if case .verified = nas.integrity { isVerified = true }
    if nas.isInitial { secured.remove(observation.connection) }
    guard let message = nas.message, message.type == .attachRequest || message.type == .trackingAreaUpdateRequest else {
      if nas.isInitial { request = nil }
      // The SMC that answered the request is through.
      if isVerified, nas.type == .securityModeComplete { request = nil }
      if isVerified { secured.insert(observation.connection) }
      return
    }
    guard isVerified || !secured.contains(observation.connection) else { return }
    if isVerified { secured.insert(observation.connection) }
    request = (message.encoded(), nas.name, observation.event, isVerified, observation.connection)
  }

  mutating func observe(_ procedure: ProcedureObservation, _ observation: Observation, _ circumstances: Circumstances) {
    // Protection goes on across a handover (§4.4.2.4).
    if procedure.message == .handoverRequestAcknowledge || procedure.message == .pathSwitchRequest, !secured.isEmpty {
      secured.insert(observation.connection)
    }
  }

  mutating func observe(_ observation: Observation, _ circumstances: Circumstances) {
    guard case .connectionReleased(let isLast) = observation.body else { return }
    secured.remove(observation.connection)
    if isLast { secured = FewOf() }
    if isLast || request?.connection == observation.connection { request = nil }
  }

  private mutating func command(_ nas: NASObservation, _ observation: Observation, _ release: Int?, using engine: inout CryptoEngine) {
    guard let request, request.connection == observation.connection, nas.integrity.count != nil, let message = nas.message else { return }
    let sent = (try? message[SecurityModeCommand.hashMME]).flatMap { $0 }
    if sent == nil, request.isVerified { return }
    let right = Array(engine.initialMessageHash(of: request.plain))
    guard let sent else {
      // Networks of releases before 14 have none, and nothing on the wire tells the release.
      if let release, release < 14 { return }
      return findings.find(
        release == nil ? .observed : .misaligned, observation, nas.name,
        .init(
          expected: hex(right), observed: "none", derivation: "\(request.name), frame \(request.event)",
          note: "due from Rel-14 on: the request came without integrity protection that holds"))
    }
    let hash = Sent(right: right, sent: Array(sent.octets), request: request.name, event: request.event, isVerified: request.isVerified)
    if hash.sent == right { return findings.hold(observation, nas.name, .hash(hash)) }
    var all = hash.words
    all.note = "HASHMME is not that of the request"
    findings.find(.misaligned, observation, nas.name, all)
  }

  /// HASHMME as it was sent, and the right one.
  struct Sent: Sendable {
    var right: [UInt8]
    var sent: [UInt8]
    /// Of the request that it is over.
    var request: String
    var event: Int
    var isVerified: Bool

    var words: VerdictWords {
      VerdictWords(
        expected: HashOfInitialMessage.hex(right), observed: HashOfInitialMessage.hex(sent), derivation: "\(request), frame \(event)",
        note: isVerified ? "sent though the request verified" : "")
    }
  }

  private func hex(_ octets: [UInt8]) -> String { Self.hex(octets) }

  private static func hex(_ octets: [UInt8]) -> String { octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  func collect(into result: inout CollectedVerdicts) { findings.collect(into: &result) }
}
