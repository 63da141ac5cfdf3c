import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// TS 24.301 §4.4.4.2, §4.4.5, §5.4.3.5 and §7.4 as a walk: every downlink message in every state in every protection is acted on or
/// discarded as the tables below say, which are written from the text; and what is discarded changes nothing.
@Suite struct ProtectionWalkTests {
  // MARK: Messages

  enum Kind: Equatable {
    case attachAccept, attachReject, updateAnswer, serviceAccept, serviceReject, detachAccept, detach, imsiDetach, authentication, identity,
      gutiReallocation, information, status, callNotification, command, notImplemented, esm

    var endsControlPlaneService: Bool {
      switch self {
      case .serviceAccept, .serviceReject, .authentication, .identity, .gutiReallocation, .information, .command: false
      default: true
      }
    }
  }

  struct Row: Sendable {
    var message: NASMessage
    var kind: Kind
    /// The list of §4.4.4.2: processed without integrity protection before the secure exchange.
    var isListed: Bool
    var name: String

    init(_ message: NASMessage, _ kind: Kind, listed: Bool = false, _ note: String = "") {
      self.message = message
      self.kind = kind
      isListed = listed
      name = message.type.name + note
    }
  }

  static func rows(_ bench: Bench) -> [Row] {
    var command = NASMessage(.securityModeCommand)
    command.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 2, integrity: 2))
    command.set(SecurityModeCommand.nasKeySetIdentifier, bench.network.current?.eKSI ?? NASKeySetIdentifier(.native, value: 0))
    command.set(SecurityModeCommand.replayedUESecurityCapabilities, bench.ue.configuration.replayableCapabilities)
    var notification = NASMessage(.csServiceNotification)
    notification.set(CSServiceNotification.pagingIdentity, PagingIdentity(rawValue: 0))
    var status = NASMessage(.esmStatus, procedureTransactionIdentity: 1)
    status.set(ESMStatus.esmCause, .protocolErrorUnspecified)
    var transaction: UInt8 = 1
    if case .registeredInitiated(let attempt) = bench.ue.machine { transaction = attempt.procedureTransactionIdentity }
    var rows = [
      Row(Bench.attachAccept(activation: Bench.activation(transaction: transaction)), .attachAccept),
      Row(Bench.attachReject(.networkFailure), .attachReject, listed: true),
      Row(Bench.attachReject(.notAuthorizedForThisCSG), .attachReject, " #25"), Row(Bench.updateAccept(), .updateAnswer),
      Row(Bench.updateReject(.networkFailure), .updateAnswer, listed: true),
      Row(Bench.updateReject(.notAuthorizedForThisCSG), .updateAnswer, " #25"), Row(NASMessage(.serviceAccept), .serviceAccept),
      Row(Bench.serviceReject(.networkFailure), .serviceReject, listed: true),
      Row(Bench.serviceReject(.notAuthorizedForThisCSG), .serviceReject, " #25"),
      Row(NASMessage(.detachAccept), .detachAccept, listed: true),
      Row(Bench.detachRequest(.reattachRequired), .detach, " (re-attach)"), Row(Bench.detachRequest(.reattachNotRequired), .detach),
      Row(Bench.detachRequest(.reattachNotRequired, cause: .imsiUnknownInHSS), .imsiDetach, " #2"),
      Row(Bench.detachRequest(.imsiDetachByNetwork), .imsiDetach, " (IMSI)"), Row(bench.challenge(eKSI: 2), .authentication, listed: true),
      Row(NASMessage(.authenticationReject), .authentication, listed: true),
      Row(Bench.identityRequest(.imsi), .identity, listed: true, " (IMSI)"),
      Row(Bench.gutiReallocationCommand(Bench.guti), .gutiReallocation),
      Row(Bench.emmInformation("net"), .information), Row(Bench.emmStatus(), .status), Row(notification, .callNotification),
      Row(command, .command), Row(NASMessage(.emm(0x7F)), .notImplemented, " (unknown)"),
      Row(NASMessage(.emm(0x4A)), .notImplemented, " (unknown)"),
      Row(Bench.activation(), .esm), Row(SessionTests.dedicated(), .esm), Row(SessionTests.modification(bearer: 5), .esm),
      Row(SessionTests.deactivation(bearer: 5), .esm), Row(Bench.esmInformationRequest(), .esm), Row(status, .esm),
    ]
    rows += sessionAnswers.map { Row($0, .esm) }
    for type in [IdentityType2.imei, .imeisv, .tmsi] { rows.append(Row(Bench.identityRequest(type), .identity, " (\(type))")) }
    return rows
  }

  /// Answers to transactions of ours, by the identities that ``transactionsUnderWay`` has, and what the network says by itself.
  private static var sessionAnswers: [NASMessage] {
    var connectivity = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: 2)
    connectivity.set(PDNConnectivityReject.esmCause, .requestRejectedUnspecified)
    var disconnection = NASMessage(.pdnDisconnectReject, procedureTransactionIdentity: 5)
    disconnection.set(PDNDisconnectReject.esmCause, .protocolErrorUnspecified)
    var allocation = NASMessage(.bearerResourceAllocationReject, procedureTransactionIdentity: 3)
    allocation.set(BearerResourceAllocationReject.esmCause, .requestRejectedUnspecified)
    var modification = NASMessage(.bearerResourceModificationReject, procedureTransactionIdentity: 4)
    modification.set(BearerResourceModificationReject.esmCause, .requestRejectedUnspecified)
    var notification = NASMessage(.notification, epsBearerIdentity: 5)
    notification.set(ESMNotification.notificationIndicator, NotificationIndicator(rawValue: 1))
    var data = NASMessage(.esmDataTransport, epsBearerIdentity: 5)
    data.set(ESMDataTransport.userDataContainer, UserDataContainer([1]))
    return [connectivity, disconnection, allocation, modification, notification, data]
  }

  // MARK: States

  /// What the text needs to know of a situation. It is said here, not asked of the UE; ``situationsAreAsTold(_:)`` holds the UE to it.
  struct Facts: Sendable {
    var state: EMMState
    var isConnected = true
    /// The exchange of NAS messages is secure.
    var isSecured = false
    /// There is a current context, and the network has the same.
    var hasContext = true
    var bearers: Set<UInt8> = []
    /// Registered for non-EPS services as well.
    var isCombined = false
    var isControlPlaneService = false
    var isCSFallback = false
    /// The UE is to be told of an area, or its update status is not EU1, so that a failed update leaves ATTEMPTING-TO-UPDATE.
    var isUpdateDue = false
    /// The ATTACH ACCEPT of the walk is the one that was answered last; a TRACKING AREA UPDATE ACCEPT since needed no answer.
    var repeatsAttachAccept = false
    /// Transactions of ours.
    var transactions: Set<UInt8> = []

    init(_ state: EMMState, _ change: (inout Facts) -> Void = { _ in }) {
      self.state = state
      change(&self)
    }

    static func unconnected(_ state: EMMState, bearers: Set<UInt8> = [5]) -> Facts {
      Facts(state) {
        $0.isConnected = false
        $0.bearers = bearers
      }
    }

    static func secured(_ state: EMMState, hasContext: Bool = true) -> Facts {
      Facts(state) {
        $0.isSecured = true
        $0.hasContext = hasContext
      }
    }

    static func registered(_ state: EMMState = .registered) -> Facts {
      Facts(state) {
        $0.isSecured = true
        $0.bearers = [5]
        $0.repeatsAttachAccept = true
      }
    }

    /// A procedure of a registered UE that opened its connection.
    static func begun(_ state: EMMState, isSecured: Bool = false, _ change: (inout Facts) -> Void = { _ in }) -> Facts {
      Facts(state) {
        $0.isSecured = isSecured
        $0.bearers = [5]
        change(&$0)
      }
    }
  }

  /// A situation with a connection, or without.
  struct Situation: CustomStringConvertible, Sendable {
    var description: String
    var facts: Facts
    var make: @Sendable () throws -> Bench

    init(_ description: String, _ facts: Facts, _ make: @Sendable @escaping () throws -> Bench) {
      self.description = description
      self.facts = facts
      self.make = make
    }
  }

  static func idle(_ input: UE.Input) throws -> Bench {
    let bench = try ServiceTests.idle()
    bench.give(.campedOn(Bench.area))
    bench.give(input)
    try bench.synchroniseNetwork()
    return bench
  }

  /// The exchange has become secure within a procedure.
  static func secured(_ input: UE.Input) throws -> Bench {
    let bench = try idle(input)
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    try bench.synchroniseNetwork()
    return bench
  }

  /// After a reject, the connection not released yet.
  static func updateRejected(_ cause: EMMCause) throws -> Bench {
    let bench = try secured(.updateTrackingArea(isActive: false))
    bench.deliver(Bench.updateReject(cause), .ciphered)
    return bench
  }

  static func combined() throws -> Bench { try NonEPSServicesTests().combined() }

  static let transactionsUnderWay = Facts.begun(.registered, isSecured: true) {
    $0.repeatsAttachAccept = true
    $0.transactions = [2, 3, 4]
  }

  static let situations: [Situation] = [
    Situation("EMM-NULL, the connection not released yet", .secured(.null)) {
      let bench = Bench()
      try bench.attach()
      bench.give(.detach(switchOff: true))
      return bench
    },
    Situation("EMM-DEREGISTERED.NORMAL-SERVICE", .secured(.deregistered(.normalService))) {
      let bench = Bench()
      try bench.attach()
      bench.give(.detach(switchOff: false))
      bench.deliver(NASMessage(.detachAccept), .ciphered)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-DEREGISTERED.LIMITED-SERVICE", .secured(.deregistered(.limitedService), hasContext: false)) {
      try updateRejected(.trackingAreaNotAllowed)
    },
    Situation("EMM-DEREGISTERED.PLMN-SEARCH", .secured(.deregistered(.plmnSearch), hasContext: false)) {
      try updateRejected(.plmnNotAllowed)
    },
    Situation("EMM-DEREGISTERED.NO-IMSI", .secured(.deregistered(.noIMSI), hasContext: false)) { try updateRejected(.illegalUE) },
    Situation("EMM-DEREGISTERED.ATTACH-NEEDED", .secured(.deregistered(.attachNeeded))) {
      let bench = Bench()
      try bench.attach()
      bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-DEREGISTERED.ATTEMPTING-TO-ATTACH", Facts(.deregistered(.attemptingToAttach))) {
      let bench = try Bench.withStoredContext()
      bench.give(.attach)
      bench.deliver(Bench.attachReject(.networkFailure), .plain)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED-INITIATED, no context", Facts(.registeredInitiated) { $0.hasContext = false }) {
      let bench = Bench()
      bench.give(.attach)
      return bench
    },
    Situation("EMM-REGISTERED-INITIATED, AKA done", Facts(.registeredInitiated) { $0.hasContext = false }) {
      let bench = Bench()
      bench.give(.attach)
      bench.deliver(bench.challenge(), .plain)
      bench.network.pending = nil
      return bench
    },
    Situation("EMM-REGISTERED-INITIATED, under a stored context", Facts(.registeredInitiated)) {
      let bench = try Bench.withStoredContext()
      bench.give(.attach)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED-INITIATED, secured", .secured(.registeredInitiated)) {
      let bench = Bench()
      try bench.secureWhileAttaching()
      return bench
    },
    Situation("EMM-REGISTERED", .registered()) {
      let bench = Bench()
      try bench.attach()
      return bench
    },
    Situation("EMM-REGISTERED, 128-EEA0", .registered()) {
      let bench = Bench()
      try bench.attach(algorithms: NASAlgorithms(ciphering: .eea0, integrity: .eia1))
      return bench
    },
    Situation("EMM-REGISTERED, mapped context", .registered()) {
      let bench = Bench()
      try bench.attachAndHandOver()
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED, transactions under way", transactionsUnderWay) {
      let bench = Bench()
      try bench.attach()
      bench.give(.requestSession(.connect("ims")))
      bench.give(.requestSession(.allocate(linked: 5, SessionTests.flows, EPSQoS(qci: 1))))
      bench.give(.requestSession(.modify(bearer: 5, SessionTests.flows, nil)))
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED, idle", .unconnected(.registered)) { try ServiceTests.idle() },
    Situation("EMM-REGISTERED.PLMN-SEARCH", .registered(.registeredSubstate(.plmnSearch))) {
      let bench = try updateRejected(.roamingNotAllowedInThisTrackingArea)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED.LIMITED-SERVICE", .registered(.registeredSubstate(.limitedService))) {
      let bench = try updateRejected(.noSuitableCellsInTrackingArea)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation("EMM-REGISTERED.ATTEMPTING-TO-UPDATE", .registered(.registeredSubstate(.attemptingToUpdate))) {
      let bench = try updateRejected(.protocolErrorUnspecified)
      try bench.synchroniseNetwork()
      return bench
    },
    Situation(
      "EMM-REGISTERED.IMSI-DETACH-INITIATED",
      Facts.begun(.registeredSubstate(.imsiDetachInitiated), isSecured: true) { $0.isCombined = true }
    ) {
      let bench = try combined()
      _ = try bench.opened(bench.give(.detachFromNonEPSServices))
      return bench
    },
    Situation("EMM-REGISTERED.ATTEMPTING-TO-UPDATE-MM", .registered(.registeredSubstate(.attemptingToUpdateMM))) {
      let bench = Bench { $0.registersForNonEPSServices = true }
      try bench.secureWhileAttaching()
      _ = try bench.opened(bench.deliver(Bench.attachAccept(), .ciphered))
      return bench
    },
    Situation("EMM-REGISTERED.UPDATE-NEEDED", .unconnected(.registeredSubstate(.updateNeeded))) {
      let bench = try idle(.accessBarred)
      bench.give(.updateTrackingArea(isActive: false))
      return bench
    },
    Situation("EMM-REGISTERED.NO-CELL-AVAILABLE", .unconnected(.registeredSubstate(.noCellAvailable))) { try idle(.noCellFound) },
    Situation("EMM-DEREGISTERED.NO-CELL-AVAILABLE", .unconnected(.deregistered(.noCellAvailable), bearers: [])) {
      let bench = try Bench.withStoredContext()
      bench.give(.noCellFound)
      return bench
    },
    Situation("EMM-DEREGISTERED.eCALL-INACTIVE", .unconnected(.deregistered(.eCallInactive), bearers: [])) {
      let bench = Bench { $0.isECallOnly = true }
      return bench
    },
    Situation("EMM-TRACKING-AREA-UPDATING-INITIATED", .begun(.trackingAreaUpdatingInitiated)) {
      try idle(.updateTrackingArea(isActive: false))
    },
    Situation("EMM-TRACKING-AREA-UPDATING-INITIATED, secured", .begun(.trackingAreaUpdatingInitiated, isSecured: true)) {
      try secured(.updateTrackingArea(isActive: false))
    },
    Situation(
      "EMM-TRACKING-AREA-UPDATING-INITIATED, no context",
      .begun(.trackingAreaUpdatingInitiated) {
        $0.hasContext = false
        $0.isUpdateDue = true
      }
    ) {
      let bench = try ServiceTests.idle()
      bench.ue.contexts = SecurityContexts()
      bench.network.current = nil
      bench.give(.enteredFromUTRAN(IdleChangeFromUTRAN(umts: InterSystemTests.umts, mappedGUTI: InterSystemTests.mappedGUTI)))
      return bench
    },
    Situation("EMM-SERVICE-REQUEST-INITIATED", .begun(.serviceRequestInitiated)) { try idle(.requestService) },
    Situation("EMM-SERVICE-REQUEST-INITIATED, secured", .begun(.serviceRequestInitiated, isSecured: true)) { try secured(.requestService) },
    Situation("EMM-SERVICE-REQUEST-INITIATED, CS fallback", .begun(.serviceRequestInitiated) { $0.isCSFallback = true }) {
      try idle(.requestCSFallback(.emergency))
    },
    Situation(
      "EMM-SERVICE-REQUEST-INITIATED, control plane",
      .begun(.serviceRequestInitiated) {
        $0.isControlPlaneService = true
        $0.repeatsAttachAccept = true
      }
    ) {
      try idle(.requestControlPlaneService(paged: false))
    },
    Situation("EMM-DEREGISTERED-INITIATED", .begun(.deregisteredInitiated)) { try idle(.detach(switchOff: false)) },
    Situation("EMM-DEREGISTERED-INITIATED, secured", .begun(.deregisteredInitiated, isSecured: true)) {
      let bench = Bench()
      try bench.attach()
      _ = try bench.opened(bench.give(.detach(switchOff: false)))
      return bench
    },
    Situation("EMM-DEREGISTERED-INITIATED, no context", Facts(.deregisteredInitiated) { $0.hasContext = false }) {
      let bench = Bench()
      bench.give(.attach)
      bench.give(.detach(switchOff: false))
      return bench
    },
  ]

  // MARK: Protections

  enum Protection: CaseIterable {
    case plain, integrity, ciphered, newContext, newContextCiphered
    case badIntegrity, badCiphered, badNewContext, badNewContextCiphered
    case replayedIntegrity, replayedCiphered
    case partiallyCiphered, reserved, serviceRequest

    /// - Returns: nil where there is no such PDU, since nothing was accepted yet.
    func pdu(_ row: Row, _ bench: Bench) -> [UInt8]? {
      func make(_ type: UInt8, bad: Bool = false, count: NASCount? = nil) -> [UInt8] {
        bench.network.pdu(
          row.message, ScriptedNetwork.Protection(headerType: SecurityHeaderType(rawValue: type), count: count, spoilsMAC: bad),
          using: &bench.engine)
      }
      switch self {
      case .plain: return make(0)
      case .integrity: return make(1)
      case .ciphered: return make(2)
      case .newContext: return make(3)
      case .newContextCiphered: return make(4)
      case .badIntegrity: return make(1, bad: true)
      case .badCiphered: return make(2, bad: true)
      case .badNewContext: return make(3, bad: true)
      case .badNewContextCiphered: return make(4, bad: true)
      case .replayedIntegrity: return bench.current?.downlinkNASCount.map { make(1, count: $0) }
      case .replayedCiphered: return bench.current?.downlinkNASCount.map { make(2, count: $0) }
      case .partiallyCiphered: return [0x57] + make(1).dropFirst()
      case .reserved: return [0x97] + make(1).dropFirst()
      case .serviceRequest: return [0xC7] + make(1).dropFirst().prefix(3)
      }
    }
  }

  // MARK: The text

  enum Outcome: Equatable {
    /// Dropped, and nothing changes.
    case dropped
    /// Dropped; the MAC was right, so the COUNT is used (§4.4.3.3).
    case droppedAfterVerification
    /// Handed to its procedure.
    case handed
  }

  /// §4.4.4.2, §4.4.5, §5.4.3.5, §9.3.1.
  static func outcome(_ row: Row, _ protection: Protection, _ facts: Facts) -> Outcome {
    // §5.5.2.2.4 d, e: after a switch-off nothing is answered; without a connection nothing is received.
    guard facts.isConnected, facts.state != .null else { return .dropped }
    let hasContext = facts.hasContext
    let passesUnprotected = row.isListed && !facts.isSecured
    switch protection {
    case .plain, .badIntegrity: return passesUnprotected ? .handed : .dropped
    case .integrity:
      // Once ciphering runs, what is not ciphered is dropped; before that the list counts.
      if passesUnprotected { return .handed }
      return hasContext ? .droppedAfterVerification : .dropped
    case .ciphered:
      guard hasContext else { return .dropped }
      return row.kind == .command ? .droppedAfterVerification : .handed
    case .newContext, .badNewContext: return row.kind == .command ? .handed : .dropped
    // A COUNT that was accepted is none; but before the secure exchange the listed need no MAC, and one that is right under an
    // old COUNT is a replay all the same (§4.4.3.2).
    case .replayedIntegrity, .replayedCiphered: return .dropped
    case .badCiphered, .newContextCiphered, .badNewContextCiphered, .partiallyCiphered, .reserved, .serviceRequest: return .dropped
    }
  }

  /// Whether a message that came as far is acted on in this state, and not ignored or answered with a STATUS.
  static func isActedOn(_ row: Row, _ state: EMMState, isCombined: Bool) -> Bool? {
    enum Group { case deregistered, attaching, registered, updating, serving, detaching }
    let group: Group =
      switch state {
      case .null, .deregistered: .deregistered
      case .registeredInitiated: .attaching
      case .registered, .registeredSubstate: .registered
      case .trackingAreaUpdatingInitiated: .updating
      case .serviceRequestInitiated: .serving
      case .deregisteredInitiated: .detaching
      }
    switch row.kind {
    case .attachReject: return group == .attaching
    // §5.5.1.2.7 c: the one that was answered before is answered again.
    case .attachAccept: return group == .attaching || group == .registered ? nil : false
    case .updateAnswer: return group == .updating
    // §5.6.1.4.2: in EMM-REGISTERED a protocol error, T3449 not running.
    case .serviceAccept: return group == .serving
    case .serviceReject: return group == .serving
    case .detachAccept: return group == .detaching || state == .registeredSubstate(.imsiDetachInitiated)
    case .detach: return group != .deregistered
    // §5.5.1.2.6 g, §5.5.3.2.6 f.
    case .imsiDetach: return group == .registered || group == .serving || group == .detaching
    case .authentication, .command: return group != .deregistered
    // §5.4.4.3: at any time in EMM-CONNECTED.
    case .identity: return true
    // §5.5.3.2.6 g, §5.5.2.2.4 e; an attach gives its GUTI in ATTACH ACCEPT.
    case .gutiReallocation: return group == .registered || group == .serving
    case .information, .status: return group != .detaching
    // §5.5.2.2.4 i.
    case .callNotification: return isCombined && group == .registered && state != .registeredSubstate(.imsiDetachInitiated)
    case .notImplemented: return false
    // What ESM does goes by its own state.
    case .esm: return nil
    }
  }

  static func isAboutProtection(_ reason: DiscardReason) -> Bool {
    switch reason {
    case .noSecurityContext, .integrityCheckFailed, .replayed, .countExhausted, .protectionMissing, .cipheringMissing,
      .securityHeaderTypeNotAllowed, .malformed:
      true
    case .notCompatibleWithState: false
    }
  }

  // MARK: The walk

  @Test func `the walk goes through every state and substate`() throws {
    var all: Set<EMMState> = [
      .null, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated,
    ]
    all.formUnion(EMMState.Deregistered.allCases.map { .deregistered($0) })
    all.formUnion(EMMState.Registered.allCases.filter { $0 != .normalService }.map { .registeredSubstate($0) })
    #expect(all.subtracting(Self.situations.map(\.facts.state)).isEmpty)
  }

  @Test("Situations are what the walk says of them", arguments: situations)
  func situationsAreAsTold(_ situation: Situation) throws {
    let bench = try situation.make()
    let (ue, facts) = (bench.ue, situation.facts)
    #expect(ue.state == facts.state && ue.isConnected == facts.isConnected)
    #expect(ue.activeBearerIdentities == facts.bearers && Set(ue.sessions.transactions.map(\.identity)) == facts.transactions)
    guard facts.isConnected else { return }
    #expect(ue.hasSecureExchange == facts.isSecured && (ue.contexts.current != nil) == facts.hasContext)
    if facts.hasContext { #expect(ue.contexts.current?.kasme == bench.network.current?.kasme) }
    #expect((ue.registration.nonEPS != nil) == facts.isCombined)
    let reason: ServiceReason? = if case .serviceRequestInitiated(let attempt) = ue.machine { attempt.reason } else { nil }
    #expect((reason?.isControlPlane == true) == facts.isControlPlaneService && (reason == .csFallback(.emergency)) == facts.isCSFallback)
    if facts.state == .trackingAreaUpdatingInitiated {
      #expect((ue.needsUpdate || ue.registration.updateStatus != .updated) == facts.isUpdateDue)
    }
  }

  @Test("message × state × protection", arguments: situations)
  func walk(situation: Situation) throws {
    let bench = try situation.make()
    let ue = bench.ue
    let network = bench.network
    for row in Self.rows(bench) {
      for protection in Protection.allCases {
        bench.ue = ue
        bench.network = network
        guard let pdu = protection.pdu(row, bench) else { continue }
        let outputs = bench.deliver(pdu)
        let what = "\(situation): \(row.name), \(protection): \(bench.words(outputs))"
        check(row, protection, situation.facts, before: ue, after: bench.ue, outputs, Comment(rawValue: what))
        guard Self.outcome(row, protection, situation.facts) == .handed else { continue }
        let effect = WalkEffect(of: row, protection, in: situation.facts, algorithms: network.current?.algorithms)
        let sent = outputs.uplinks.map { bench.type(of: $0, under: [ue.contexts.current, bench.ue.contexts.current]) }
        #expect(sent == effect.sent && bench.ue.state == effect.state, "\(what); expected \(effect)")
        guard row.message.type.isSessionAnswer else { continue }
        #expect(Set(bench.ue.sessions.transactions.map(\.identity)) == situation.facts.transactions.subtracting(effect.ends), "\(what)")
      }
    }
  }

  private func check(
    _ row: Row, _ protection: Protection, _ facts: Facts, before: UE, after: UE, _ outputs: [UE.Output], _ what: Comment
  ) {
    let expected = Self.outcome(row, protection, facts)
    let isDropped = outputs.count == 1 && outputs.discards.count == 1
    switch expected {
    case .dropped:
      let isUnchanged = after == before
      #expect(isDropped && isUnchanged, what)
    case .droppedAfterVerification:
      #expect(isDropped && outputs.discards.allSatisfy(Self.isAboutProtection), what)
      var same = before
      same.contexts = after.contexts
      let isOtherwiseSame = after == same
      #expect(isOtherwiseSame && after.contexts.current?.downlinkNASCount != before.contexts.current?.downlinkNASCount, what)
    case .handed:
      #expect(!(isDropped && outputs.discards.allSatisfy(Self.isAboutProtection)), what)
      // §5.6.1.4.2: a protected message of no common procedure first of all ends a CONTROL PLANE SERVICE REQUEST.
      let endsService = protection == .ciphered && row.kind.endsControlPlaneService && facts.isControlPlaneService
      let state = endsService ? EMMState.registered : facts.state
      guard let acts = Self.isActedOn(row, state, isCombined: facts.isCombined) else { return }
      #expect(outputs.discards.isEmpty == acts, what)
      guard !acts else { return }
      guard !endsService else {
        #expect(after.state == .registered && outputs.stopped == [.t3417] && outputs.events == [.serviceEstablished], what)
        return
      }
      // Ignored, or answered with a STATUS: nothing changes but COUNTs and that the exchange has become secure.
      #expect(outputs.started.isEmpty && outputs.stopped.isEmpty && outputs.events.isEmpty, what)
      var same = before
      same.contexts = after.contexts
      same.connection = after.connection
      same.lastSent = after.lastSent
      let isSame = after == same
      #expect(isSame, what)
    }
  }
}
