import NASCrypto
import NASMessages
import NASSecurity

/// One line of the table of EMM: what a UE in a state does at an event.
public struct Transition: Sendable, Equatable {
  public var state: EMMState
  /// Whether there is a NAS signalling connection (EMM-CONNECTED).
  public var isConnected: Bool
  /// "SERVICE REJECT #9", "T3417 expires", "paging by S-TMSI".
  public var event: String
  public var next: EMMState
  /// "send DETACH ACCEPT", "start T3440", in order.
  public var actions: [String]
  /// Where TS 24.301 says so.
  public var clause: String
}

extension UE {
  /// The table of EMM, made by putting a UE into each state and giving it each event: it is what the code does.
  ///
  /// Events that a state answers with nothing, with a discard or with a STATUS alone are left out.
  public static func transitions(using engine: inout CryptoEngine) -> [Transition] {
    var explorer = TransitionExplorer(using: &engine)
    return explorer.explore(using: &engine)
  }
}

/// Drives copies of a UE through states and events.
struct TransitionExplorer {
  private let base: UE
  private let context: SecurityContext

  /// A situation and how its name is printed.
  private struct Situation {
    var ue: UE
    var isConnected: Bool
  }

  /// What happens, and the clause that says what follows.
  private struct Event {
    var name: String
    var clause: String
    var kind: Kind

    enum Kind {
      case input(UE.Input)
      case message(NASMessage)
    }
  }

  init(using engine: inout CryptoEngine) {
    let plmn = PLMN(0x00, 0xF1, 0x10)
    let kasme = KeyMaterial([UInt8](repeating: 0x11, count: 32))
    let context = SecurityContext(
      kasme: kasme, keySetIdentifier: 1, side: .userEquipment, algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2),
      using: &engine)
    self.context = context
    let area = TrackingAreaIdentity(plmn: plmn, tac: 1)
    var registration = Registration(
      guti: GUTI(plmn: plmn, mmeGroupID: 1, mmeCode: 1, mTMSI: 1), trackingAreas: TAIList(areas: [area]), lastVisitedTrackingArea: area)
    registration.updateStatus = .updated
    registration.t3412 = EMMTimer.t3412.defaultDuration
    let key = KeyMaterial([UInt8](repeating: 0x22, count: 16))
    let credentials = try? SubscriberCredentials(imsi: "001010000000001", k: key, functions: .milenage(opc: key))
    guard let credentials else { preconditionFailure("the credentials of the table are wrong") }
    base = UE(
      configuration: UEConfiguration(imsi: credentials.imsi, plmn: plmn), usim: USIM(credentials: credentials),
      contexts: SecurityContexts(current: context), registration: registration)
  }

  // MARK: States

  private var situations: [Situation] {
    var all: [Situation] = []
    func add(_ machine: UE.Machine, _ connection: UE.Connection, _ change: (inout UE) -> Void = { _ in }) {
      var ue = base
      ue.machine = machine
      ue.connection = connection
      ue.servingTrackingArea = TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 1)
      change(&ue)
      all.append(Situation(ue: ue, isConnected: connection != .idle))
    }
    add(.null, .idle)
    for substate in EMMState.Deregistered.allCases {
      add(.deregistered(substate, attempts: substate == .attemptingToAttach ? 1 : 0), .idle) {
        if substate == .noIMSI { $0.usim.isValid = false }
      }
    }
    add(
      .registeredInitiated(AttachAttempt(number: 1, request: [], procedureTransactionIdentity: 1, rejectedSecurityMode: nil)), .secured)
    let registered = UE.Registered(accept: [], complete: [])
    add(.registered(registered), .secured) { $0.backOff.t3440Runs = true }
    for substate in EMMState.Registered.allCases {
      var other = registered
      other.substate = substate
      if substate == .attemptingToUpdate { other.owedUpdate = EPSUpdateType(.taUpdating) }
      add(.registered(other), .idle) { $0.backOff.t3346Runs = substate == .attemptingToUpdate }
    }
    add(
      .trackingAreaUpdatingInitiated(
        TrackingAreaUpdateAttempt(request: [], type: EPSUpdateType(.taUpdating), fromIdle: true, registered: registered)), .secured)
    add(.serviceRequestInitiated(ServiceAttempt(reason: .userData, registered: registered)), .secured)
    add(.deregisteredInitiated(DetachAttempt(request: [], transmissions: 5, switchOff: false)), .secured)
    return all
  }

  // MARK: Events

  private var events: [Event] {
    let other = TrackingAreaIdentity(plmn: base.configuration.plmn, tac: 2)
    var list: [Event] = [
      Event(name: "power on", clause: "§5.1.3.2.1", kind: .input(.powerOn)),
      Event(name: "attach wanted", clause: "§5.5.1.2.2", kind: .input(.attach)),
      Event(name: "detach wanted", clause: "§5.5.2.2.1", kind: .input(.detach(switchOff: false))),
      Event(name: "switch off", clause: "§5.5.2.2.1", kind: .input(.detach(switchOff: true))),
      Event(name: "user data wait", clause: "§5.6.1.2", kind: .input(.requestService)),
      Event(name: "update wanted", clause: "§5.5.3.2.2", kind: .input(.updateTrackingArea(isActive: false))),
      Event(name: "new tracking area", clause: "§5.5.3.2.2 a", kind: .input(.campedOn(other))),
      Event(name: "paging by S-TMSI", clause: "§5.6.2.2.1", kind: .input(.paged(.sTMSI(mmeCode: 1, mTMSI: 1)))),
      Event(name: "paging by IMSI", clause: "§5.6.2.2.2", kind: .input(.paged(.imsi(base.configuration.imsi)))),
      Event(name: "user plane established", clause: "§5.6.1.4.1", kind: .input(.accessStratumSecured)),
      Event(name: "RRC connection released", clause: "§5.3.1.2", kind: .input(.radioConnectionReleased)),
    ]
    let expiries: [(EMMTimer, String)] = [
      (.t3247, "§5.3.7b"), (.t3346, "§5.3.9"), (.t3402, "§5.5.1.2.6, §5.5.3.2.6"), (.t3410, "§5.5.1.2.6 c"),
      (.t3411, "§5.5.1.2.6, §5.5.3.2.6"), (.t3412, "§5.3.5"), (.t3417, "§5.6.1.6 c"), (.t3421, "§5.5.2.2.4 c"),
      (.t3430, "§5.5.3.2.6 c"), (.t3440, "§5.3.1.2.1"),
    ]
    list += expiries.map { Event(name: "\($0.rawValue) expires", clause: $1, kind: .input(.timerExpired($0))) }
    list += messages
    return list
  }

  private var messages: [Event] {
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
    for cause in [3, 6, 7, 8, 11, 12, 13, 14, 15, 17, 22, 35, 42, 111] as [UInt8] {
      add(.attachReject, " #\(cause)", "§5.5.1.2.5") {
        $0.set(AttachReject.emmCause, EMMCause(rawValue: cause))
        if cause == 22 { $0.set(AttachReject.t3346Value, GPRSTimer(seconds: 60)) }
      }
    }
    add(.trackingAreaUpdateAccept, "", "§5.5.3.2.4") { $0.set(TrackingAreaUpdateAccept.epsUpdateResult, .taUpdated) }
    for cause in [3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 22, 35, 40, 42, 111] as [UInt8] {
      add(.trackingAreaUpdateReject, " #\(cause)", "§5.5.3.2.5") {
        $0.set(TrackingAreaUpdateReject.emmCause, EMMCause(rawValue: cause))
        if cause == 22 { $0.set(TrackingAreaUpdateReject.t3346Value, GPRSTimer(seconds: 60)) }
      }
    }
    add(.serviceAccept, "", "§5.6.1.4")
    for cause in [3, 6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 22, 35, 39, 40, 42] as [UInt8] {
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
    return list
  }

  // MARK: Driving

  mutating func explore(using engine: inout CryptoEngine) -> [Transition] {
    var table: [Transition] = []
    for situation in situations {
      for event in events {
        var ue = situation.ue
        var outputs: [UE.Output] = []
        switch event.kind {
        case .input(let input): ue.handle(input, at: .zero, using: &engine, into: &outputs)
        case .message(let message):
          guard situation.isConnected else { continue }
          var network = networkSide(using: &engine)
          guard let pdu = try? network.protect(message.encoded(), as: .integrityProtectedAndCiphered, using: &engine) else { continue }
          ue.handle(.downlinkNAS(pdu), at: .zero, using: &engine, into: &outputs)
        }
        // What does not fit is discarded, with a STATUS or without: no line of the table.
        if outputs.contains(where: { if case .discarded = $0 { true } else { false } }) { continue }
        let actions = outputs.compactMap { words($0, using: &engine) }
        guard ue.state != situation.ue.state || !actions.isEmpty else { continue }
        table.append(
          Transition(
            state: situation.ue.state, isConnected: situation.isConnected, event: event.name, next: ue.state, actions: actions,
            clause: "TS 24.301 \(event.clause)"))
      }
    }
    return table
  }

  /// The MME's side of the one context there is.
  private func networkSide(using engine: inout CryptoEngine) -> SecurityContext {
    SecurityContext(
      kasme: context.kasme, keySetIdentifier: context.keySetIdentifier, side: .mme, algorithms: context.algorithms, using: &engine)
  }

  private func words(_ output: UE.Output, using engine: inout CryptoEngine) -> String? {
    switch output {
    case .establishConnection(let initial): "establish a connection with \(name(initial.octets, using: &engine))"
    case .uplinkNAS(let octets): "send \(name(octets, using: &engine))"
    case .releaseConnection: "release the connection"
    case .startTimer(let timer, _): "start \(timer.rawValue)"
    case .stopTimer(let timer): "stop \(timer.rawValue)"
    case .startSessionTimer(let timer, _): "start \(timer.kind.rawValue)"
    case .stopSessionTimer(let timer): "stop \(timer.kind.rawValue)"
    case .securityContexts(_, let why): "contexts: \(why)"
    case .keNB: "derive KeNB"
    case .discarded, .state, .event, .radio: nil
    }
  }

  private func name(_ octets: [UInt8], using engine: inout CryptoEngine) -> String {
    switch try? NASPDU(parsing: octets, direction: .uplink) {
    case .plain(let message): return message.type.name
    case .serviceRequest: return "SERVICE REQUEST"
    case .protected(let pdu):
      let network = networkSide(using: &engine)
      guard let verified = try? network.verify(pdu, using: &engine),
        let message = try? NASMessage(decoding: verified.octets, direction: .uplink)
      else { return "a protected message" }
      return message.type.name
    case .none: return "an empty message"
    }
  }
}
