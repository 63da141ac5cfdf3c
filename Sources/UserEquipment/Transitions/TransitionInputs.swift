import NASCrypto
import NASMessages
import NASSecurity

/// What happens at the UE's own side: its user, its lower layers, its timers.
extension TransitionExplorer {
  var inputs: [Event] {
    var list = wishes + otherSystems + cells
    list += [
      Event(name: "new tracking area", clause: "§5.5.3.2.2 a", kind: .input(.campedOn(otherArea))),
      Event(name: "paging by S-TMSI", clause: "§5.6.2.2.1", kind: .input(.paged(.sTMSI(mmeCode: 1, mTMSI: 1)))),
      Event(name: "paging by IMSI", clause: "§5.6.2.2.2", kind: .input(.paged(.imsi(base.configuration.imsi)))),
      Event(name: "user plane established", clause: "§5.6.1.4.1", kind: .input(.accessStratumSecured)),
      Event(name: "RRC connection released", clause: "§5.3.1.2", kind: .input(.radioConnectionReleased)),
      Event(
        name: "RRC connection could not be made", clause: "§5.5.1.2.6 b, §5.5.3.2.6 b, §5.6.1.6 b, §5.5.2.2.4 b",
        kind: .input(.radioConnectionFailed)
      ) {
        guard $0.connection != .idle else { return false }
        if case .registered(let registered) = $0.machine, registered.imsiDetach == nil { return false }
        $0.connection = .open
        return true
      },
    ]
    return list + expiries
  }

  private var otherArea: TrackingAreaIdentity { TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 2) }

  /// What a user or an application wants.
  private var wishes: [Event] {
    let isRegisteredForNonEPS: (inout UE) -> Bool = {
      $0.registration.nonEPS = .init()
      return true
    }
    var data = NASMessage(.esmDataTransport, procedureTransactionIdentity: 0, epsBearerIdentity: 5)
    data.set(ESMDataTransport.userDataContainer, UserDataContainer([1]))
    return [
      Event(name: "power on", clause: "§5.1.3.2.1", kind: .input(.powerOn)),
      Event(name: "attach wanted", clause: "§5.5.1.2.2", kind: .input(.attach)),
      Event(name: "detach wanted", clause: "§5.5.2.2.1, §5.2.2.4", kind: .input(.detach(switchOff: false))),
      Event(name: "switch off", clause: "§5.5.2.2.1", kind: .input(.detach(switchOff: true))),
      Event(
        name: "detach from non-EPS services wanted", clause: "§5.5.2.2.1, §5.5.2.2.3", kind: .input(.detachFromNonEPSServices),
        prepare: isRegisteredForNonEPS),
      Event(name: "user data wait", clause: "§5.6.1.2", kind: .input(.requestService)),
      Event(
        name: "call wanted (CS fallback)", clause: "§5.6.1.2.1 d", kind: .input(.requestCSFallback(.originating)),
        prepare: isRegisteredForNonEPS),
      Event(name: "emergency call wanted (CS fallback)", clause: "§5.6.1.2.1 d", kind: .input(.requestCSFallback(.emergency))),
      Event(name: "control plane data wait", clause: "§5.6.1.2.2", kind: .input(.sendOverControlPlane(.esm(data.encoded())))),
      Event(
        name: "paging, control plane optimization used", clause: "§5.6.1.2.2", kind: .input(.requestControlPlaneService(paged: true))),
      Event(name: "update wanted", clause: "§5.5.3.2.2", kind: .input(.updateTrackingArea(isActive: false))),
      Event(name: "PDN connection wanted", clause: "§6.5.1.2", kind: .input(.requestSession(.connect(nil)))),
      Event(name: "PDN connection for emergencies wanted", clause: "§6.5.1.2", kind: .input(.requestSession(.connectForEmergency))),
    ]
  }

  /// Cells that come and go, and whether they let the UE in.
  private var cells: [Event] {
    let isIdle: (inout UE) -> Bool = { $0.connection == .idle }
    return [
      Event(name: "coverage lost, PLMN search", clause: "§5.1.3.2.3, §5.1.3.2.4", kind: .input(.coverageLost)),
      Event(name: "no cell found", clause: "§5.1.3.2.3, §5.1.3.2.4", kind: .input(.noCellFound)),
      Event(
        name: "cell found in the same tracking area", clause: "§5.2.2.3, §5.2.3.2",
        kind: .input(.campedOn(TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 1)))),
      Event(
        name: "cell found in a forbidden tracking area", clause: "§5.1.3.2.3, §5.1.3.2.4",
        kind: .input(.campedOn(TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 3)))
      ) {
        $0.forbidden.insert(TrackingAreaIdentity(plmn: $0.configuration.plmn, tac: 3), isProven: true)
        return true
      },
      Event(
        name: "attach wanted, access barred", clause: "§5.5.1.2.6 a", kind: .input(.attach)
      ) {
        $0.circumstances.isAccessBarred = true
        return true
      },
      Event(name: "update wanted, access barred", clause: "§5.5.3.2.6 a", kind: .input(.updateTrackingArea(isActive: false))) {
        $0.circumstances.isAccessBarred = true
        return $0.connection == .idle
      },
      Event(name: "access granted", clause: "§5.2.2.3, §5.2.3.2", kind: .input(.accessGranted)) {
        $0.circumstances.isAccessBarred = true
        return isIdle(&$0)
      },
      Event(name: "eCall over IMS wanted (eCall only mode)", clause: "§5.2.2.3", kind: .input(.startECall(.overIMS))) {
        $0.configuration.isECallOnly = true
        return true
      },
    ]
  }

  /// Changes from and to UTRAN, GERAN and N1 mode.
  private var otherSystems: [Event] {
    let key = KeyMaterial([UInt8](repeating: 0x33, count: 16))
    let umts = UMTSSecurityContext(ck: key, ik: key, keySetIdentifier: 2)
    let fiveG = FiveGSecurityContext(
      kamf: KeyMaterial([UInt8](repeating: 0x44, count: 32)), keySetIdentifier: 3, uplinkNASCount: NASCount(4),
      downlinkNASCount: NASCount(4), algorithms: context.algorithms)
    let mapped = GUTI(plmn: base.configuration.plmn, mmeGroupID: 1, mmeCode: 2, mTMSI: 3)
    let container = NASSecurityParametersToEUTRA(
      nonceMME: 5, ciphering: context.algorithms.ciphering.rawValue, integrity: context.algorithms.integrity.rawValue,
      keySetIdentifier: NASKeySetIdentifier(.mapped, value: 2))
    return [
      Event(
        name: "idle mode change from UTRAN or GERAN", clause: "§4.4.2.3, §5.5.3.2.2",
        kind: .input(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: umts, mappedGUTI: mapped)))),
      Event(
        name: "idle mode change from N1 mode", clause: "§4.4.2.3, §5.5.3.2.2",
        kind: .input(.enteredFromN1(IdleChangeFromN1(context: fiveG, mappedGUTI: mapped)))),
      Event(
        name: "handover from UTRAN or GERAN", clause: "§4.4.2.2, §5.5.3.2.2", kind: .input(.handedOver(.fromUTRAN(umts, container)))),
      Event(
        name: "handover from N1 mode", clause: "§4.4.2.3, §5.5.3.2.2",
        kind: .input(.handedOver(.fromN1(fiveG, containerCount: NASCount(5))))),
      Event(name: "change to UTRAN or GERAN complete", clause: "§5.6.1.4.1, §4.4.3.1", kind: .input(.leftForOtherSystem)),
    ]
  }

  private var expiries: [Event] {
    func event(_ timer: EMMTimer, _ clause: String, _ prepare: @escaping (inout UE) -> Bool = { _ in true }) -> Event {
      Event(name: "\(timer.rawValue) expires", clause: clause, kind: .input(.timerExpired(timer)), prepare: prepare)
    }
    func call(_ call: CSFallback) -> (inout UE) -> Bool {
      {
        guard case .serviceRequestInitiated(var attempt) = $0.machine else { return false }
        attempt.reason = .csFallback(call)
        $0.machine = .serviceRequestInitiated(attempt)
        return true
      }
    }
    func isLastOfECall(_ timer: EMMTimer) -> (inout UE) -> Bool {
      {
        $0.configuration.isECallOnly = true
        $0.circumstances.eCall[timer] = true
        return true
      }
    }
    let challengeFailed: (inout UE) -> Bool = {
      $0.authentication.consecutiveFailures = 1
      return $0.connection != .idle
    }
    return [
      event(.forbiddenAreas, "§5.3.2") {
        guard $0.connection == .idle else { return false }
        $0.forbidden.insert(TrackingAreaIdentity(plmn: $0.configuration.plmn, tac: 1), isProven: true)
        return true
      },
      event(.t3247, "§5.3.7b"),
      event(.t3325, "§5.6.1.6 c") {
        $0.backOff.t3325Runs = true
        guard case .registered(var registered) = $0.machine, registered.substate == .normalService else { return false }
        registered.wantsService = true
        $0.machine = .registered(registered)
        return true
      },
      event(.t3346, "§5.3.9"), event(.t3402, "§5.5.1.2.6, §5.5.3.2.6"), event(.t3410, "§5.5.1.2.6 c"),
      event(.t3411, "§5.5.1.2.6, §5.5.3.2.6"), event(.t3412, "§5.3.5"), event(.t3417, "§5.6.1.6 c"),
      event(.t3417ext, "§5.6.1.6 d", call(.originating)), event(.t3417extMT, "§5.6.1.6 d", call(.terminating(accepted: true))),
      event(.t3418, "§5.4.2.7", challengeFailed), event(.t3420, "§5.4.2.7", challengeFailed),
      event(.t3421, "§5.5.2.2.4 c"), event(.t3430, "§5.5.3.2.6 c"),
      event(.t3440, "§5.3.1.2.1") {
        switch $0.machine {
        case .registered, .deregistered: break
        case .null, .registeredInitiated, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: return false
        }
        guard $0.connection != .idle else { return false }
        $0.backOff.t3440Runs = true
        return true
      },
      event(.t3444, "§5.5.4", isLastOfECall(.t3444)), event(.t3445, "§5.5.4", isLastOfECall(.t3445)),
    ]
  }

  /// Messages of the UE that the radio did not deliver, in the states in which they are sent; in the tracking area where the UE was, and
  /// after a handover to one that is none of its own.
  var lostMessages: [Event] {
    var list: [Event] = []
    func add(_ name: String, _ message: NASMessage?, _ clause: String, in isSentIn: @escaping (UE.Machine) -> Bool) {
      for (area, note) in [(nil, ""), (otherArea, ", outside the TAI list")] {
        list.append(
          Event(name: "\(name) not delivered\(note)", clause: clause, kind: .lost(message?.encoded(), movedTo: area)) {
            isSentIn($0.machine)
          })
      }
    }
    func isRegistered(_ machine: UE.Machine) -> Bool { if case .registered(let all) = machine { all.imsiDetach == nil } else { false } }
    func hasCommonProcedures(_ machine: UE.Machine) -> Bool {
      switch machine {
      case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated: true
      case .null, .deregistered, .deregisteredInitiated: false
      }
    }
    var disconnect = NASMessage(.pdnDisconnectRequest, procedureTransactionIdentity: 2, epsBearerIdentity: 0)
    disconnect.set(PDNDisconnectRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: 5))
    add("ATTACH REQUEST", nil, "§5.5.1.2.6 h") { if case .registeredInitiated = $0 { true } else { false } }
    add("ATTACH COMPLETE", template(.attachComplete), "§5.5.1.2.6 i", in: isRegistered)
    add("TRACKING AREA UPDATE REQUEST", nil, "§5.5.3.2.6 h") {
      if case .trackingAreaUpdatingInitiated = $0 { true } else { false }
    }
    add("TRACKING AREA UPDATE COMPLETE", NASMessage(.trackingAreaUpdateComplete), "§5.5.3.2.6 i, j", in: isRegistered)
    add("SERVICE REQUEST", nil, "§5.6.1.6 i, j") { if case .serviceRequestInitiated = $0 { true } else { false } }
    add("DETACH REQUEST", nil, "§5.5.2.2.4 g, h") {
      switch $0 {
      case .deregisteredInitiated: true
      case .registered(let registered): registered.imsiDetach != nil
      default: false
      }
    }
    add("AUTHENTICATION RESPONSE", template(.authenticationResponse), "§5.4.2.7 g, h, i", in: hasCommonProcedures)
    add("SECURITY MODE COMPLETE", NASMessage(.securityModeComplete), "§5.4.3.6", in: hasCommonProcedures)
    add("IDENTITY RESPONSE", template(.identityResponse), "§5.4.4.5", in: hasCommonProcedures)
    add("GUTI REALLOCATION COMPLETE", NASMessage(.gutiReallocationComplete), "§5.4.1.5", in: isRegistered)
    add("PDN DISCONNECT REQUEST", disconnect, "§6.3.3", in: isRegistered)
    return list
  }

  /// A message with what it must have.
  private func template(_ type: NASMessageType) -> NASMessage {
    var message = NASMessage(type)
    switch type {
    case .attachComplete:
      let accept = NASMessage(.activateDefaultEPSBearerContextAccept, procedureTransactionIdentity: 0, epsBearerIdentity: 5)
      message.set(AttachComplete.esmMessageContainer, ESMMessageContainer(accept.encoded()))
    case .authenticationResponse:
      message.set(
        AuthenticationResponse.authenticationResponseParameter, AuthenticationResponseParameter([UInt8](repeating: 1, count: 8)))
    case .identityResponse: message.set(IdentityResponse.mobileIdentity, .imsi(base.configuration.imsi))
    default: break
    }
    return message
  }
}
