import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// The states of the walk, and what the text needs to know of each.
extension ProtectionWalkTests {
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
}
