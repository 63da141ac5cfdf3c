import NASCrypto
import NASMessages

/// The downlink NAS messages of a connection that went out last, and which of them a handover took with it.
struct SentMessages: Sendable {
  private struct Lost: Sendable {
    var message: NASMessage
    /// Where the UE was; nil where nobody knows any more.
    var trackingArea: MMEConfiguration.TrackingArea?
  }

  private var recent: [(octets: [UInt8], message: NASMessage)] = []
  private var lostOnes: [Lost] = []
  private static let limit = 8

  mutating func append(_ message: NASMessage, as octets: [UInt8]) {
    if recent.count == SentMessages.limit { recent.removeFirst() }
    recent.append((octets, message))
  }

  /// - Returns: false of a message that nobody remembers, or that is known to be lost.
  @discardableResult
  mutating func lost(_ octets: [UInt8], in area: MMEConfiguration.TrackingArea?) -> Bool {
    guard let index = recent.firstIndex(where: { $0.octets == octets }) else { return false }
    lostOnes.append(Lost(message: recent.remove(at: index).message, trackingArea: area))
    return true
  }

  /// What is to be sent again after a handover, each once (TS 24.301 §5.4.1.4 and its kin, §6.3.3).
  ///
  /// - Parameter isInList: the UE is in one of its tracking areas, or where it was.
  mutating func takeLost(isInList: Bool, now area: MMEConfiguration.TrackingArea) -> [NASMessage] {
    defer { lostOnes = [] }
    return lostOnes.filter {
      switch $0.message.type {
      // Within one tracking area (§5.5.3.2.7).
      case .trackingAreaUpdateAccept, .trackingAreaUpdateReject: $0.trackingArea == area
      default: isInList
      }
    }.map(\.message)
  }
}

extension MME {
  /// A handover is over that took NAS messages with it: within this MME and into the UE's TAI list, or in vain. They go out again, each
  /// with the next COUNT; a message of a procedure that has ended meanwhile does not.
  mutating func repeatLost(on id: UInt32, afterSuccess succeeded: Bool, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    let isInList = connection.subject.verified.map { ues[$0].trackingAreas.contains(connection.trackingArea) } ?? false
    guard
      let messages = connections[id]?.sentMessages.takeLost(isInList: isInList || !succeeded, now: connection.trackingArea)
    else { return }
    for message in messages {
      switch connection.supervision(of: message) {
      case .timer(let kind, let instance): expired(MMETimer(kind, owner: id, instance: instance), using: &engine)
      case .ended: break
      case .none: send(message, on: id, using: &engine)
      }
    }
  }
}

/// What becomes of a lost message.
private enum Supervision {
  /// It is of a procedure under way: sent again as at the expiry of its timer, which starts anew.
  case timer(MMETimer.Kind, instance: UInt8)
  case ended
  /// Nothing waits for an answer to it.
  case none
}

extension S1Connection {
  fileprivate func supervision(of message: NASMessage) -> Supervision {
    func running(_ isRunning: Bool, _ kind: MMETimer.Kind, _ instance: UInt8 = 0) -> Supervision {
      isRunning ? .timer(kind, instance: instance) : .ended
    }
    switch message.type {
    case .authenticationRequest: return running(authentication != nil, .t3460)
    case .identityRequest: return running(identification != nil, .t3470)
    case .esmInformationRequest: return running(esmInformation != nil, .t3489)
    case .gutiReallocationCommand: return running(reallocation != nil, .t3450, MMETimer.reallocation)
    case .attachAccept: if case .attach = specific { return .timer(.t3450, instance: 0) } else { return .ended }
    case .trackingAreaUpdateAccept: if case .trackingAreaUpdate = specific { return .timer(.t3450, instance: 0) } else { return .none }
    case .detachRequestFromNetwork: if case .networkDetach = specific { return .timer(.t3422, instance: 0) } else { return .ended }
    case .activateDefaultEPSBearerContextRequest, .activateDedicatedEPSBearerContextRequest, .modifyEPSBearerContextRequest,
      .deactivateEPSBearerContextRequest:
      guard let procedure = bearerProcedure(message.epsBearerIdentity), procedure.request == message else { return .ended }
      return .timer(procedure.kind.timer, instance: message.epsBearerIdentity)
    default: return .none
    }
  }
}
