import NASMessages

/// What the network may say that is no common procedure.
extension TransitionExplorer {
  var messages: [Event] {
    var list: [Event] = []
    func add(_ type: NASMessageType, _ note: String = "", _ clause: String, _ fill: (inout NASMessage) -> Void = { _ in }) {
      var message = NASMessage(type)
      fill(&message)
      list.append(Event(name: type.name + note, clause: clause, kind: .message(message)))
    }
    add(.attachAccept, "", "§5.5.1.2.4") {
      var activation = NASMessage(.activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: 1, epsBearerIdentity: 5)
      activation.set(ActivateDefaultEPSBearerContextRequest.epsQoS, EPSQoS(qci: 9))
      activation.set(ActivateDefaultEPSBearerContextRequest.accessPointName, "internet")
      activation.set(ActivateDefaultEPSBearerContextRequest.pdnAddress, .ipv4(0x0A00_0001))
      $0.set(AttachAccept.epsAttachResult, .epsOnly)
      $0.set(AttachAccept.t3412Value, GPRSTimer(seconds: 3240))
      $0.set(AttachAccept.taiList, TAIList(areas: [TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 1)]))
      $0.set(AttachAccept.esmMessageContainer, ESMMessageContainer(activation))
    }
    for cause in [3, 6, 7, 8, 11, 12, 13, 14, 15, 17, 22, 25, 31, 35, 42, 95, 96, 97, 99, 111] as [UInt8] {
      add(.attachReject, " #\(cause)", "§5.5.1.2.5") {
        $0.set(AttachReject.emmCause, EMMCause(rawValue: cause))
        if cause == 22 { $0.set(AttachReject.t3346Value, GPRSTimer(seconds: 60)) }
      }
    }
    add(.trackingAreaUpdateAccept, "", "§5.5.3.2.4") { $0.set(TrackingAreaUpdateAccept.epsUpdateResult, .taUpdated) }
    // Of a combined one, the part for non-EPS services having failed.
    var forEPSOnly = NASMessage(.trackingAreaUpdateAccept)
    forEPSOnly.set(TrackingAreaUpdateAccept.epsUpdateResult, .taUpdated)
    forEPSOnly.set(TrackingAreaUpdateAccept.emmCause, .networkFailure)
    list.append(
      Event(
        name: "TRACKING AREA UPDATE ACCEPT (for EPS services only, #17)", clause: "§5.5.3.3.4.3", kind: .message(forEPSOnly)
      ) {
        guard case .trackingAreaUpdatingInitiated(var attempt) = $0.machine else { return false }
        attempt.type = EPSUpdateType(.combinedTALAUpdating)
        $0.configuration.registersForNonEPSServices = true
        $0.machine = .trackingAreaUpdatingInitiated(attempt)
        return true
      })
    for cause in [3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 22, 25, 31, 35, 40, 42, 95, 96, 97, 99, 111] as [UInt8] {
      add(.trackingAreaUpdateReject, " #\(cause)", "§5.5.3.2.5") {
        $0.set(TrackingAreaUpdateReject.emmCause, EMMCause(rawValue: cause))
        if cause == 22 { $0.set(TrackingAreaUpdateReject.t3346Value, GPRSTimer(seconds: 60)) }
      }
    }
    add(.serviceAccept, "", "§5.6.1.4")
    for cause in [3, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 22, 25, 31, 35, 39, 40, 42, 111] as [UInt8] {
      add(.serviceReject, " #\(cause)", "§5.6.1.5") {
        $0.set(ServiceReject.emmCause, EMMCause(rawValue: cause))
        if cause == 22 { $0.set(ServiceReject.t3346Value, GPRSTimer(seconds: 60)) }
        if cause == 39 { $0.set(ServiceReject.t3442Value, GPRSTimer(seconds: 60)) }
      }
    }
    add(.detachAccept, "", "§5.5.2.2.2")
    for (type, note) in [
      (DetachType.reattachRequired, " (re-attach required)"), (.reattachNotRequired, " (re-attach not required)"),
      (.imsiDetachByNetwork, " (IMSI detach)"),
    ] {
      add(.detachRequestFromNetwork, note, "§5.5.2.3.2") { $0.set(DetachRequestFromNetwork.detachType, type) }
    }
    add(.authenticationReject, "", "§5.4.2.5")
    return list + unprotected(list)
  }

  /// Those of them that a UE whose procedure waits for its answer reads without integrity protection as well (§4.4.4.2): what they do then is
  /// not always the same (§5.3.7b).
  private func unprotected(_ messages: [Event]) -> [Event] {
    messages.compactMap { event in
      guard case .message(let message) = event.kind, UE.isAcceptedWithoutIntegrity(message) else { return nil }
      let parts = event.name.split(separator: " #", maxSplits: 1).map(String.init)
      let cause = parts.count == 2 ? " #\(parts[1])" : ""
      return Event(
        name: "\(parts[0]) without integrity protection\(cause)", clause: "§4.4.4.2, §5.3.7b, \(event.clause)", kind: .unprotected(message)
      ) {
        switch $0.machine {
        case .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: true
        case .null, .deregistered, .registered: false
        }
      }
    }
  }
}
