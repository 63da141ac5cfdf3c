import NASCrypto
import S1AP
import Trace

/// Handover, path switch, and the ends of procedures that carry keys: which S1 connections are the UE's, and when.
extension Observer {
  /// - Returns: false for a message that is followed elsewhere.
  mutating func followProcedure(
    _ message: S1APMessage, _ reading: S1APReading, _ place: Place, into observations: inout [Observation]
  ) -> Bool {
    guard let procedure = reading.contents.procedure, message.isFollowedProcedure else { return false }
    switch message {
    case .handoverRequired:
      guard let ue = connectedUE(place) else { return true }
      connections.endPreparations(of: ue)
      connections.prepareHandover(of: ue, mme: place.leg.mme, container: reading.contents.container ?? [])
      observe(.procedure(procedure), place, ue, into: &observations)
    case .handoverRequest:
      // From UTRAN or GERAN nobody has asked for it over S1.
      guard !reading.contents.isFromOtherSystem else { return true }
      // The container passes through MMEs unchanged, so it tells whose handover this is, at another MME too.
      guard let found = connections.handover(mme: place.leg.mme, container: reading.contents.container, mmeUES1APID: place.mmeUES1APID)
      else {
        return true
      }
      bind(found.ue, place)
      let isOne = isOneMME(found.source, place.leg.mme)
      observe(
        .procedure(isOne ? procedure : procedure.fromOtherMME), place, found.ue, into: &observations)
    case .handoverRequestAcknowledge:
      guard let ue = connectedUE(place) else { return true }
      bind(ue, place)
      // Protection goes on across S1-to-S1 handover (TS 24.301 §4.4.2.4).
      if connections.isSecured(ue) { connections.markSecured(leg: place.leg, eNB: place.eNBUES1APID) }
      observe(.procedure(procedure), place, ue, into: &observations)
    case .handoverNotify:
      guard let ue = connectedUE(place) else { return true }
      noteServingNetwork(reading, of: ue)
      observe(.procedure(procedure), place, ue, into: &observations)
    case .pathSwitchRequest:
      guard let source = reading.contents.sourceMMEUES1APID, let ue = connections.ue(leg: place.leg, eNB: nil, mme: source) else {
        return true
      }
      let isSecured = connections.isSecured(ue)
      let isNew = !connections.isKnown(leg: place.leg, eNB: place.eNBUES1APID)
      bind(ue, place)
      connections.bind(ue, leg: place.leg, eNB: place.eNBUES1APID, mme: source)
      if isNew { connections.setAskedFor(true, leg: place.leg, eNB: place.eNBUES1APID) }
      if isSecured { connections.markSecured(leg: place.leg, eNB: place.eNBUES1APID) }
      noteServingNetwork(reading, of: ue)
      observe(.procedure(procedure), place, ue, into: &observations)
    case .pathSwitchRequestAcknowledge:
      guard let ue = connectedUE(place) else { return true }
      // The source eNB is told over X2, and never says anything of this UE over S1 again.
      let left = connections.leaveOthers(of: ue, leg: place.leg, eNB: place.eNBUES1APID)
      bind(ue, place)
      connections.setAskedFor(false, leg: place.leg, eNB: place.eNBUES1APID)
      observe(.procedure(procedure), place, ue, into: &observations)
      for connection in left {
        var source = place
        (source.leg, source.eNBUES1APID) = (connection.leg, connection.eNBUES1APID)
        observe(.connectionLeft, source, ue, into: &observations)
      }
    case .ueContextReleaseCommand:
      guard let identities = reading.contents.named else { return true }
      var named = place
      switch identities {
      case .pair(let mme, let eNB): (named.mmeUES1APID, named.eNBUES1APID) = (UInt64(mme), UInt64(eNB))
      case .mme(let mme): named.mmeUES1APID = UInt64(mme)
      }
      if let ue = connectedUE(named) { observe(.procedure(procedure), named, ue, into: &observations) }
    case .initialContextSetupResponse, .initialContextSetupFailure, .ueContextModificationResponse, .ueContextModificationFailure,
      .handoverCommand, .handoverPreparationFailure, .handoverFailure, .handoverCancel, .handoverCancelAcknowledge,
      .ueContextReleaseRequest:
      guard let ue = connectedUE(place) else { return true }
      switch message {
      case .handoverCommand, .handoverPreparationFailure, .handoverCancel: connections.endPreparations(of: ue)
      default: break
      }
      let taken = takeCount(for: reading.contents.securityParameters, of: ue)
      observe(.procedure(taken.map(procedure.taking) ?? procedure), place, ue, into: &observations)
    case .pathSwitchRequestFailure:
      guard let ue = connectedUE(place) else { return true }
      observe(.procedure(procedure), place, ue, into: &observations)
      // The connection that was asked for does not come into being. One that was there before, and was asked for once more, stays.
      if connections.isAskedFor(leg: place.leg, eNB: place.eNBUES1APID),
        let released = connections.release(leg: place.leg, eNB: place.eNBUES1APID, mme: place.mmeUES1APID)
      {
        observe(released, place, into: &observations)
      }
    case .nasNonDeliveryIndication:
      // It carries a message back that had been sent downlink; its COUNT is used already.
      if let ue = connectedUE(place) { observe(.procedure(procedure), place, ue, into: &observations) }
    default: return false
    }
    return true
  }

  /// CK' and IK' of a handover to UTRAN or GERAN use a downlink COUNT up, of which HANDOVER COMMAND has four bits (TS 24.301 §4.4.3.1,
  /// TS 33.401 §9.2.1). One that is far from the next is not taken for it.
  private mutating func takeCount(for parameters: [UInt8]?, of ue: Int) -> ProcedureObservation.TakenCount? {
    guard let parameters, let first = parameters.first, var context = ues[ue].current, context.isFull else { return nil }
    let next = context.nextDownlinkCount
    let estimate = CountEstimation.estimate(next: next, low: first & 15, bits: 4)
    guard let count = estimate, count < next + 8 else { return .init(context: context, count: nil, parameters: parameters) }
    context.largestDownlinkCount = count
    ues[ue].store(context)
    return .init(context: context, count: count, parameters: parameters)
  }

  /// Whether two ends of associations are one MME: by number, or by the GUMMEIs that they said to serve.
  private func isOneMME(_ one: Int, _ other: Int) -> Bool {
    guard one != other else { return true }
    guard let served = servedGUMMEIs[one], !served.isEmpty else { return false }
    return servedGUMMEIs[other] == served
  }
}
