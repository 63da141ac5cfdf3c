import NASCrypto
import NASMessages
import Observer

/// Which downlink messages the UE has proven to have taken: those that an uplink message of its answers.
///
/// Where the same message was sent more than once before the answer, the answer proves the first of them: nobody on the wire can tell
/// which one reached the UE, and that it accepted this COUNT or a larger one holds for each.
struct ReceptionProof: Sendable {
  struct Sent: Sendable {
    var count: UInt32
    var name: String
    var type: NASMessageType
    var bearer: UInt8
    var event: Int
  }

  struct Proof: Sendable {
    var sent: Sent
    /// The answer.
    var message: String
    var event: Int
  }

  private static let maximumOpen = 32

  /// The largest COUNT proven.
  private(set) var proof: Proof?
  /// Protected downlink messages that an answer may still come to, oldest first.
  private var open: [Sent] = []

  /// The COUNT of the UE's next downlink message, as far as is proven.
  var next: UInt32? { proof.map { $0.sent.count + 1 } }

  mutating func sent(_ nas: NASObservation, count: UInt32, event: Int) {
    guard let message = nas.message, Self.hasAnswer(message.type) else { return }
    if open.count >= Self.maximumOpen { open.removeFirst() }
    open.append(Sent(count: count, name: nas.name, type: message.type, bearer: message.epsBearerIdentity, event: event))
  }

  /// A verified uplink message under the same context.
  /// - Parameter takesContext: it is the first that the UE protects with what SECURITY MODE COMMAND offered, whatever it says.
  mutating func received(_ nas: NASObservation, takesContext: Bool, event: Int) {
    guard !open.isEmpty else { return }
    let answered =
      nas.message.flatMap { message in open.firstIndex { Self.answers(message, $0) } }
      ?? (takesContext ? open.firstIndex { $0.type == .securityModeCommand } : nil)
    guard let answered else { return }
    let sent = open.remove(at: answered)
    if sent.count >= next ?? 0 { proof = Proof(sent: sent, message: nas.name, event: event) }
  }

  private static func hasAnswer(_ type: NASMessageType) -> Bool {
    switch type {
    case .securityModeCommand, .attachAccept, .authenticationRequest, .identityRequest, .trackingAreaUpdateAccept,
      .gutiReallocationCommand, .detachRequestFromNetwork, .esmInformationRequest, .activateDefaultEPSBearerContextRequest,
      .activateDedicatedEPSBearerContextRequest, .modifyEPSBearerContextRequest, .deactivateEPSBearerContextRequest:
      true
    default: false
    }
  }

  private static func answers(_ message: NASMessage, _ sent: Sent) -> Bool {
    switch (sent.type, message.type) {
    case (.securityModeCommand, .securityModeComplete), (.attachAccept, .attachComplete),
      (.authenticationRequest, .authenticationResponse), (.authenticationRequest, .authenticationFailure),
      (.identityRequest, .identityResponse), (.trackingAreaUpdateAccept, .trackingAreaUpdateComplete),
      (.gutiReallocationCommand, .gutiReallocationComplete), (.detachRequestFromNetwork, .detachAccept),
      (.esmInformationRequest, .esmInformationResponse):
      true
    case (.activateDefaultEPSBearerContextRequest, .activateDefaultEPSBearerContextAccept),
      (.activateDefaultEPSBearerContextRequest, .activateDefaultEPSBearerContextReject),
      (.activateDedicatedEPSBearerContextRequest, .activateDedicatedEPSBearerContextAccept),
      (.activateDedicatedEPSBearerContextRequest, .activateDedicatedEPSBearerContextReject),
      (.modifyEPSBearerContextRequest, .modifyEPSBearerContextAccept), (.modifyEPSBearerContextRequest, .modifyEPSBearerContextReject),
      (.deactivateEPSBearerContextRequest, .deactivateEPSBearerContextAccept):
      message.epsBearerIdentity == sent.bearer
    default: false
    }
  }
}
