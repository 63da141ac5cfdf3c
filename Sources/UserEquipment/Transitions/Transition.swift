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
  /// Events that a state answers with nothing, with a discard or with a STATUS alone are left out; so is RRC, but for what it tells NAS.
  public static func transitions(using engine: inout CryptoEngine) -> [Transition] {
    let explorer = TransitionExplorer(using: &engine)
    return explorer.explore(using: &engine)
  }
}

/// Drives copies of a UE through states and events.
struct TransitionExplorer {
  let base: UE
  let context: SecurityContext
  let credentials: SubscriberCredentials

  /// A state, as a UE that is in it.
  struct Situation {
    var ue: UE
    var isConnected: Bool
  }

  /// What happens, and the clause that says what follows.
  struct Event {
    var name: String
    var clause: String
    var kind: Kind
    /// Makes the circumstances that the event needs; false in a state where it cannot happen.
    var prepare: (inout UE) -> Bool = { _ in true }

    enum Kind {
      case input(UE.Input)
      /// Protected and ciphered under the context in use, or with the header that only a SECURITY MODE COMMAND has.
      case message(NASMessage)
      /// As it is, before the exchange of a procedure's messages is secure (§4.4.4.2).
      case unprotected(NASMessage)
      case securityModeCommand(NASMessage)
      /// The radio could not deliver a message that the UE sent last: plain; nil for the request of the procedure that runs.
      case lost([UInt8]?, movedTo: TrackingAreaIdentity?)
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
    self.credentials = credentials
    base = UE(
      configuration: UEConfiguration(imsi: credentials.imsi, plmn: plmn), usim: USIM(credentials: credentials),
      contexts: SecurityContexts(current: context), registration: registration)
  }

  func explore(using engine: inout CryptoEngine) -> [Transition] {
    var table: [Transition] = []
    let events = inputs + lostMessages + messages + commonProcedures(using: &engine)
    for situation in situations(using: &engine) {
      for event in events {
        var ue = situation.ue
        guard event.prepare(&ue), let outputs = give(event, to: &ue, using: &engine) else { continue }
        // What does not fit is discarded, with a STATUS or without: no line of the table.
        if outputs.contains(where: { if case .discarded = $0 { true } else { false } }) { continue }
        let actions = outputs.compactMap { words($0, using: &engine) }
        guard ue.state != situation.ue.state || !actions.isEmpty else { continue }
        table.append(
          Transition(
            state: situation.ue.state, isConnected: situation.isConnected, event: event.name, next: ue.state, actions: actions,
            clause: "TS 24.301 \(clause(of: event, in: situation.ue.state))"))
      }
    }
    return table
  }

  /// nil where a message would need a connection that is not there.
  private func give(_ event: Event, to ue: inout UE, using engine: inout CryptoEngine) -> [UE.Output]? {
    var outputs: [UE.Output] = []
    switch event.kind {
    case .input(let input): ue.handle(input, at: .zero, using: &engine, into: &outputs)
    case .message(let message):
      guard ue.isConnected, let pdu = protected(message, as: .integrityProtectedAndCiphered, using: &engine) else { return nil }
      ue.handle(.downlinkNAS(pdu), at: .zero, using: &engine, into: &outputs)
    case .unprotected(let message):
      guard ue.isConnected else { return nil }
      ue.connection = .open
      ue.handle(.downlinkNAS(message.encoded()), at: .zero, using: &engine, into: &outputs)
    case .securityModeCommand(let message):
      guard ue.isConnected, let pdu = protected(message, as: .integrityProtectedNewContext, using: &engine) else { return nil }
      ue.handle(.downlinkNAS(pdu), at: .zero, using: &engine, into: &outputs)
    case .lost(let plain, let area):
      guard ue.isConnected else { return nil }
      let sent = SentMessage(pdu: [0xFF], plain: plain ?? request(of: ue))
      ue.lastSent = sent
      ue.handle(.transmissionFailed(sent.pdu, movedTo: area), at: .zero, using: &engine, into: &outputs)
    }
    return outputs
  }

  /// Empty for SERVICE REQUEST, as everywhere.
  private func request(of ue: UE) -> [UInt8] {
    switch ue.machine {
    case .registeredInitiated(let attempt): attempt.request
    case .trackingAreaUpdatingInitiated(let attempt): attempt.request
    case .deregisteredInitiated(let attempt): attempt.request
    case .registered(let registered): registered.imsiDetach?.request ?? []
    case .null, .deregistered, .serviceRequestInitiated: []
    }
  }

  private func protected(
    _ message: NASMessage, as headerType: SecurityHeaderType, using engine: inout CryptoEngine
  ) -> [UInt8]? {
    var network = networkSide(using: &engine)
    return try? network.protect(message.encoded(), as: headerType, using: &engine)
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
    case .discarded, .state, .event, .radio, .crafted: nil
    }
  }

  private func name(_ octets: [UInt8], using engine: inout CryptoEngine) -> String {
    switch try? NASPDU(parsing: octets, direction: .uplink) {
    case .plain(let message): return message.type.name
    case .serviceRequest: return "SERVICE REQUEST"
    case .protected(let pdu):
      // Integrity protected alone: it can be read whatever the context, a mapped one too.
      if pdu.headerType == .integrityProtected, let message = try? NASMessage(decoding: pdu.payload, direction: .uplink) {
        return message.type.name
      }
      let network = networkSide(using: &engine)
      guard let verified = try? network.verify(pdu, using: &engine),
        let message = try? NASMessage(decoding: verified.octets, direction: .uplink)
      else { return "a protected message" }
      return message.type.name
    case .none: return "an empty message"
    }
  }
}
