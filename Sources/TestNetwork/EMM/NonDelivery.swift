import NASCrypto
import NASMessages
import S1AP

/// NAS NON DELIVERY INDICATION (TS 36.413 §8.6.2.4): a downlink NAS message did not get to the UE.
extension MME {
  /// A message lost to a handover is sent again when that is over, with a COUNT of its own; other losses are failures of the lower
  /// layers, which end an SMC (TS 24.301 §5.4.3.7 a, e). An SMC that was ordered starts again when the UE is back.
  mutating func nonDelivery(_ pdu: S1APPDU, on id: UInt32, using engine: inout CryptoEngine) {
    guard let connection = connections[id] else { return }
    let cause = pdu.cause
    discard(
      "a downlink NAS message was not delivered: \(cause.map { "\($0)" } ?? "no cause")", "TS 36.413 §8.6.2.4",
      association: connection.association, ue: connection.subject.index)
    guard let lost = pdu.octets(.nasPDU) else { return }
    guard let control = connection.securityMode, lost == control.octets else {
      if cause?.isHandover == true { connections[id]?.sentMessages.lost(lost, in: connection.trackingArea) }
      return
    }
    if cause?.isHandover == true {
      if endsWaitingRelocation(id, using: &engine) { return }
      connections[id]?.securityMode?.isOwed = true
      return reportProcedure("security mode control: lost to a handover, to be sent again after it", on: id)
    }
    stop(.t3460, on: id, instance: MMETimer.securityMode)
    connections[id]?.securityMode = nil
    reportContexts(of: control.subscriber, "SECURITY MODE COMMAND not delivered: contexts as before")
    switch control.purpose {
    case .procedure: abort("security mode control: SECURITY MODE COMMAND was not delivered", on: id, using: &engine)
    case .command:
      reportProcedure("security mode control: SECURITY MODE COMMAND was not delivered, again when the UE is back", on: id)
      if ues[control.subscriber].queue.count < configuration.maximumQueuedCommands, let order = control.order {
        ues[control.subscriber].queue.insert(order, at: 0)
      }
      release(id, cause: cause ?? .radioConnectionWithUELost)
    }
  }

  /// From the leg that the UE has left meanwhile: nothing orders two associations, so HANDOVER NOTIFY or PATH SWITCH REQUEST may
  /// come before it. The handover is over, and what it took with it goes out at once (TS 24.301 §5.4.3.7 e).
  ///
  /// - Returns: false where the leg is the UE's own, or none that it left.
  mutating func takesLateNonDelivery(_ pdu: S1APPDU, on association: Int, using engine: inout CryptoEngine) -> Bool {
    guard let id = pdu.integer(.mmeUES1APID), let connection = connections[id], !connection.isReleasing, connection.handover == nil,
      connection.association != association || connection.eNB != pdu.integer(.eNBUES1APID),
      departures.contains(DepartedLeg(association: association, mme: id)) || isLeftOverX2(pdu, on: association, connection),
      pdu.cause?.isHandover == true,
      let lost = pdu.octets(.nasPDU)
    else { return false }
    if let control = connection.securityMode, lost == control.octets {
      connections[id]?.securityMode?.isOwed = true
      reportProcedure("security mode control: lost to the handover that is over", on: id)
      sendOwedSecurityModeCommand(afterHandoverOf: id, using: &engine)
      return true
    }
    guard connections[id]?.sentMessages.lost(lost, in: nil) == true else { return false }
    repeatLost(on: id, afterSuccess: true, using: &engine)
    return true
  }

  private func isLeftOverX2(_ pdu: S1APPDU, on association: Int, _ connection: S1Connection) -> Bool {
    guard let eNB = pdu.integer(.eNBUES1APID) else { return false }
    return connection.leftOverX2 == ENBIdentifier(association: association, identifier: eNB)
  }

  /// The handover that took a SECURITY MODE COMMAND with it is over, in the same MME and the UE's TAI list, or has failed: the command
  /// goes out again, with the next downlink COUNT (TS 24.301 §5.4.3.7 e). Nothing happens where none is owed.
  mutating func sendOwedSecurityModeCommand(afterHandoverOf id: UInt32, succeeded: Bool = true, using engine: inout CryptoEngine) {
    guard let connection = connections[id], !configuration.defects.contains(.noSMCAfterNonDelivery) else { return }
    let isInList = connection.subject.verified.map { ues[$0].trackingAreas.contains(connection.trackingArea) } ?? false
    if isInList || !succeeded { sendOwedSecurityModeCommand(on: id, using: &engine) }
  }

  private mutating func sendOwedSecurityModeCommand(on id: UInt32, using engine: inout CryptoEngine) {
    guard var control = connections[id]?.securityMode, control.isOwed else { return }
    control.isOwed = false
    transmit(control, on: id, using: &engine)
  }
}

extension Cause {
  /// Says that a handover is on (TS 36.413 §9.2.1.3).
  fileprivate var isHandover: Bool {
    [
      Cause(.radioNetwork, "s1-intra-system-handover-triggered"), Cause(.radioNetwork, "s1-inter-system-handover-triggered"),
      Cause(.radioNetwork, "x2-handover-triggered"),
    ].contains(self)
  }
}
