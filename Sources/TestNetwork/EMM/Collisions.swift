import NASCrypto
import NASMessages
import NASSecurity

/// A request of the UE meets a procedure of the network: which of them goes on where the text says so by name. What it does not name
/// ends with the request (`endProcedures`).
extension MME {
  /// §5.5.2.3.5 d, e, f: while the network's detach takes the UE out of EPS services, the UE's requests are ignored; a detach that has the
  /// UE attach again gives way to that attach.
  mutating func isIgnoredBesideDetach(_ request: NASMessageType, on id: UInt32) -> Bool {
    guard case .networkDetach(let detach) = connections[id]?.specific, detach.endsEPSServices else { return false }
    if request == .attachRequest, detach.type == .reattachRequired { return false }
    drop(.notCompatibleWithState("\(request.name) while DETACH REQUEST is unanswered"), on: id)
    return true
  }

  /// §5.4.4.6 e, f, g: an identification that was begun for its own sake goes on beside the UE's request.
  mutating func endProcedures(on id: UInt32, _ why: String, exceptCommanded kept: CommandedProcedures) {
    let identification = kept.contains(.identification) ? connections[id]?.identification : nil
    let reallocation = kept.contains(.reallocation) ? connections[id]?.reallocation : nil
    if identification?.purpose == .command { connections[id]?.identification = nil }
    if reallocation != nil { connections[id]?.reallocation = nil }
    endProcedures(on: id, why)
    if identification?.purpose == .command { connections[id]?.identification = identification }
    if let reallocation { connections[id]?.reallocation = reallocation }
  }

  /// §5.5.3.2.7 g, §5.4.4.6 e: a DETACH REQUEST of a UE that is not switched off waits for the update, or for the identification, that runs.
  ///
  /// - Returns: false where there is nothing to wait for.
  mutating func postponesDetach(_ type: DetachType, on id: UInt32) -> Bool {
    guard let connection = connections[id], !type.isSwitchOff else { return false }
    if case .trackingAreaUpdate(var update) = connection.specific {
      update.detach = type
      connections[id]?.specific = .trackingAreaUpdate(update)
      reportProcedure("DETACH REQUEST: after the tracking area update", on: id)
      return true
    }
    guard connection.identification?.purpose == .command else { return false }
    endProcedures(on: id, "DETACH REQUEST received", exceptCommanded: .identification)
    connections[id]?.specific = .detachByUE(type)
    reportProcedure("DETACH REQUEST: after the identification", on: id)
    return true
  }
}

/// Procedures of the network that may go on beside a request of the UE.
struct CommandedProcedures: OptionSet, Sendable {
  let rawValue: UInt8
  static let identification = CommandedProcedures(rawValue: 1)
  static let reallocation = CommandedProcedures(rawValue: 2)
}
