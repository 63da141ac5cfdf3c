import NASMessages
import S1AP

/// UE CONTEXT RELEASE (TS 36.413 §8.3.3), and the end of connections for other reasons.
extension MME {
  /// UE CONTEXT RELEASE COMMAND. What ran over the connection ends; a registered UE is idle from now.
  mutating func release(_ id: UInt32, cause: Cause) {
    guard let connection = connections[id], !connection.isReleasing else { return }
    if connection.handover != nil { abandonTarget(of: id, cause: cause, "connection released") }
    abandonRelocation(of: id)
    endProcedures(on: id, "connection released")
    leave(id)
    connections[id]?.isReleasing = true
    send(.releaseCommand(mme: id, eNB: connection.eNB, cause: cause), to: connection)
    start(.s1Guard, on: id)
  }

  /// The UE's context parts with the connection.
  mutating func leave(_ id: UInt32) {
    guard let index = connections[id]?.subject.verified, ues[index].connection == id else { return }
    ues[index].connection = nil
    connections[id]?.isSecure = false
    reportContexts(of: index, "S1 connection released")
  }

  mutating func releaseComplete(_ pdu: S1APPDU, on association: Int) {
    // §10.6: the last message of a connection; ids that are not known are ignored.
    if let mme = pdu.integer(.mmeUES1APID), departures.contains(DepartedLeg(association: association, mme: mme)),
      connections[mme]?.association != association || connections[mme]?.eNB != pdu.integer(.eNBUES1APID)
    {
      departures.remove(DepartedLeg(association: association, mme: mme))
      return
    }
    guard let mme = pdu.integer(.mmeUES1APID), let connection = connections[mme], connection.association == association,
      pdu.integer(.eNBUES1APID) == connection.eNB
    else { return discard("UE CONTEXT RELEASE COMPLETE for no connection", "TS 36.413 §10.6", association: association) }
    guard connection.isReleasing else { return unexpected(pdu, connection: mme) }
    stop(.s1Guard, on: mme)
    remove(mme)
  }

  /// Forgets a connection, without a message.
  mutating func remove(_ id: UInt32) {
    leave(id)
    abandonRelocation(of: id)
    abandonTarget(of: id, cause: .unspecifiedRadioNetwork, "the connection is gone")
    guard let connection = connections.removeValue(forKey: id) else { return }
    if let teid = connection.arrivalTEID { s10.arrivalOfTEID[teid] = nil }
    switch connection.contextSetup {
    case .requested, .changingKey: sink.append(.stopTimer(MMETimer(.s1Guard, owner: id)))
    case .none, .done: if connection.isReleasing { sink.append(.stopTimer(MMETimer(.s1Guard, owner: id))) }
    }
    let key = ENBIdentifier(association: connection.association, identifier: connection.eNB)
    if connectionOfENB[key] == id { connectionOfENB[key] = nil }
  }

  /// Releases a connection over which nothing runs and which is no registered UE's.
  mutating func releaseIfIdle(_ id: UInt32) {
    guard let connection = connections[id], !connection.isReleasing, connection.specific == nil, connection.commons.isEmpty,
      connection.reallocation == nil
    else { return }
    if connection.isSecure, let index = connection.subject.verified, ues[index].state == .registered { return }
    release(id, cause: .normalRelease)
  }
}
