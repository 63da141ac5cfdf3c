import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// The substates of TS 24.301 §5.1.3.2.3 and §5.1.3.2.4: each by its name, a way into it and a way out; cells that come and go, and access
/// that is barred.
@Suite struct SubstateTests {
  static let forbidden = TrackingAreaIdentity(plmn: Bench.plmn, tac: 99)

  private func camping(_ change: (inout UEConfiguration) -> Void = { _ in }) -> Bench {
    let bench = Bench(configuration: change)
    bench.give(.campedOn(Bench.area))
    return bench
  }

  private func registered(_ change: (inout UEConfiguration) -> Void = { _ in }) throws -> Bench {
    let bench = camping(change)
    try bench.attachAndRelease()
    return bench
  }

  // MARK: Names

  /// A way into each substate.
  static let deregistered: [(EMMState.Deregistered, String)] = [
    (.normalService, "NORMAL-SERVICE"), (.limitedService, "LIMITED-SERVICE"), (.attemptingToAttach, "ATTEMPTING-TO-ATTACH"),
    (.plmnSearch, "PLMN-SEARCH"), (.noIMSI, "NO-IMSI"), (.attachNeeded, "ATTACH-NEEDED"), (.noCellAvailable, "NO-CELL-AVAILABLE"),
    (.eCallInactive, "eCALL-INACTIVE"),
  ]

  @Test func `no substate of EMM-DEREGISTERED is missing, and each can be reached`() throws {
    #expect(Set(Self.deregistered.map(\.0)) == Set(EMMState.Deregistered.allCases) && Self.deregistered.count == 8)
    for (substate, name) in Self.deregistered {
      let bench = camping { $0.isECallOnly = substate == .eCallInactive }
      switch substate {
      case .normalService, .eCallInactive: break
      case .limitedService:
        bench.ue.forbidden.insert(Self.forbidden, isProven: true)
        bench.give(.campedOn(Self.forbidden))
      case .attemptingToAttach:
        bench.give(.attach)
        bench.give(.radioConnectionReleased)
      case .plmnSearch: bench.give(.coverageLost)
      case .noIMSI:
        try bench.secureWhileAttaching()
        bench.deliver(Bench.attachReject(.illegalUE), .ciphered)
        bench.give(.radioConnectionReleased)
      case .attachNeeded:
        bench.give(.accessBarred)
        bench.give(.attach)
      case .noCellAvailable:
        bench.give(.coverageLost)
        bench.give(.noCellFound)
      }
      #expect(bench.ue.state == .deregistered(substate) && bench.ue.state.description == "EMM-DEREGISTERED.\(name)")
    }
  }

  static let registered: [(EMMState.Registered, String)] = [
    (.normalService, "NORMAL-SERVICE"), (.attemptingToUpdate, "ATTEMPTING-TO-UPDATE"), (.limitedService, "LIMITED-SERVICE"),
    (.plmnSearch, "PLMN-SEARCH"), (.updateNeeded, "UPDATE-NEEDED"), (.noCellAvailable, "NO-CELL-AVAILABLE"),
    (.attemptingToUpdateMM, "ATTEMPTING-TO-UPDATE-MM"), (.imsiDetachInitiated, "IMSI-DETACH-INITIATED"),
  ]

  @Test func `no substate of EMM-REGISTERED is missing, and each can be reached`() throws {
    #expect(Set(Self.registered.map(\.0)) == Set(EMMState.Registered.allCases) && Self.registered.count == 8)
    for (substate, name) in Self.registered {
      var bench: Bench
      switch substate {
      case .attemptingToUpdateMM:
        bench = camping { $0.registersForNonEPSServices = true }
        try bench.secureWhileAttaching()
        bench.deliver(Bench.attachAccept(), .ciphered)
      default: bench = try registered()
      }
      switch substate {
      case .normalService, .attemptingToUpdateMM: break
      case .attemptingToUpdate:
        bench.give(.campedOn(Bench.otherArea))
        bench.give(.radioConnectionReleased)
      case .limitedService:
        bench.ue.forbidden.insert(Self.forbidden, isProven: true)
        bench.give(.campedOn(Self.forbidden))
      case .plmnSearch: bench.give(.coverageLost)
      case .updateNeeded:
        bench.give(.accessBarred)
        bench.give(.updateTrackingArea(isActive: false))
      case .noCellAvailable: bench.give(.noCellFound)
      case .imsiDetachInitiated:
        bench.ue.registration.nonEPS = .init()
        bench.give(.detachFromNonEPSServices)
      }
      let shown = substate == .normalService ? EMMState.registered : .registeredSubstate(substate)
      #expect(bench.ue.state == shown, "\(name)")
      #expect(bench.ue.state.description == (substate == .normalService ? "EMM-REGISTERED" : "EMM-REGISTERED.\(name)"))
    }
  }

  @Test func `the table of transitions knows every substate, and a way into it`() {
    var engine = CryptoEngine()
    let table = UE.transitions(using: &engine)
    for substate in EMMState.Deregistered.allCases {
      #expect(table.contains { $0.state == .deregistered(substate) }, "\(substate)")
      #expect(table.contains { $0.next == .deregistered(substate) && $0.state != $0.next }, "into \(substate)")
    }
    for substate in EMMState.Registered.allCases where substate != .normalService {
      #expect(table.contains { $0.state == .registeredSubstate(substate) }, "\(substate)")
      #expect(table.contains { $0.next == .registeredSubstate(substate) && $0.state != $0.next }, "\(substate)")
    }
  }

  // MARK: Coverage, EMM-DEREGISTERED

  @Test func `power-on without a cell is a PLMN search, then no cell; a cell makes it normal service (§5.2.2.2.1)`() {
    let bench = Bench(powersOn: false)
    bench.give(.coverageLost)
    bench.give(.powerOn)
    #expect(bench.ue.state == .deregistered(.plmnSearch))
    #expect(bench.give(.noCellFound) == [.state(.deregistered(.noCellAvailable))])
    #expect(bench.give(.campedOn(Bench.area)) == [.state(.deregistered(.normalService))])
  }

  @Test func `an attach wanted without a cell begins when one is found`() throws {
    let bench = camping()
    bench.give(.noCellFound)
    #expect(bench.give(.attach).events == [.attachFailed(.noCell)])
    #expect(bench.ue.state == .deregistered(.noCellAvailable))
    let outputs = bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .registeredInitiated && outputs.uplinks.count == 1)
  }

  @Test func `T3411 that runs on through a gap of coverage ends as ever; one that ended in it lets the attach begin at once`() {
    for expires in [false, true] {
      let bench = camping()
      bench.give(.attach)
      bench.give(.coverageLost)
      #expect(bench.ue.state == .deregistered(.plmnSearch))
      if expires { #expect(bench.give(.timerExpired(.t3411)).isEmpty) }
      bench.give(.campedOn(Bench.area))
      #expect(bench.ue.state == (expires ? .registeredInitiated : .deregistered(.attemptingToAttach)))
      bench.give(.timerExpired(.t3411))
      #expect(bench.ue.state == .registeredInitiated)
    }
  }

  @Test func `a UE that left, or that has no valid USIM, stays so when the cell is back`() throws {
    let bench = camping()
    bench.give(.attach)
    bench.give(.radioConnectionReleased)
    bench.give(.coverageLost)
    bench.give(.detach(switchOff: false))
    bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .deregistered(.normalService))
    bench.ue.usim.isValid = false
    bench.give(.noCellFound)
    #expect(bench.give(.campedOn(Bench.otherArea)) == [.state(.deregistered(.noIMSI))])
  }

  @Test func `in LIMITED-SERVICE the attach waits for a cell with normal service (§5.2.2.3)`() {
    let bench = camping()
    bench.ue.forbidden.insert(Self.forbidden, isProven: true)
    bench.give(.attach)
    bench.give(.radioConnectionReleased)
    bench.give(.campedOn(Self.forbidden))
    #expect(bench.ue.state == .deregistered(.limitedService))
    #expect(bench.give(.timerExpired(.t3411)).uplinks.isEmpty)
    bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .registeredInitiated)
  }

  // MARK: Coverage, EMM-REGISTERED

  @Test func `a gap of coverage inside the tracking areas changes nothing`() throws {
    let bench = try registered()
    #expect(bench.give(.coverageLost) == [.state(.registeredSubstate(.plmnSearch))])
    #expect(bench.give(.noCellFound) == [.state(.registeredSubstate(.noCellAvailable))])
    #expect(bench.give(.campedOn(Bench.area)) == [.state(.registered)])
    #expect(bench.words(bench.give(.requestService)).contains("establish with SERVICE REQUEST"))
  }

  @Test func `back in another tracking area the UE updates`() throws {
    let bench = try registered()
    bench.give(.noCellFound)
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `no procedure begins without a cell, and what was wanted follows when it is back`() throws {
    let bench = try registered()
    bench.give(.noCellFound)
    for input in [
      UE.Input.requestService, .updateTrackingArea(isActive: false), .requestCSFallback(.originating),
      .requestControlPlaneService(paged: false), .paged(ServiceTests.ours), .requestSession(.connect("ims")), .timerExpired(.t3411),
    ] {
      #expect(bench.give(input).uplinks.isEmpty, "\(input)")
      #expect(bench.ue.state == .registeredSubstate(.noCellAvailable), "\(input)")
    }
    bench.give(.campedOn(Bench.area))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test func `T3412 that expires without a cell is made up for; for non-EPS services with an IMSI attach (§5.3.5)`() throws {
    for nonEPS in [false, true] {
      let bench = try registered()
      bench.ue.configuration.registersForNonEPSServices = nonEPS
      if nonEPS { bench.ue.registration.nonEPS = .init() }
      bench.give(.noCellFound)
      #expect(bench.give(.timerExpired(.t3412)).uplinks.isEmpty)
      let request = try #require(try bench.opened(bench.give(.campedOn(Bench.area))).first).message
      let kind = try request[TrackingAreaUpdateRequest.epsUpdateType].kind
      #expect(kind == (nonEPS ? .combinedTALAUpdatingWithIMSIAttach : .periodicUpdating))
    }
  }

  @Test func `a connection that is lost with the cell ends its procedure first`() throws {
    let bench = try registered()
    bench.give(.updateTrackingArea(isActive: false))
    let outputs = bench.give(.coverageLost)
    #expect(outputs.events == [.trackingAreaUpdateFailed(.connectionLost)] && !bench.ue.isConnected)
    #expect(bench.ue.state == .registeredSubstate(.plmnSearch))
    bench.give(.campedOn(Bench.area))
    // T3411 runs, and the area is ours.
    #expect(bench.ue.state == .registered)
    bench.give(.timerExpired(.t3411))
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test(arguments: [UE.Input.noCellFound, .accessBarred], [true, false])
  func `a detach that cannot be told is done without (§5.5.2.2.4 a)`(input: UE.Input, switchOff: Bool) throws {
    let bench = try registered()
    bench.give(input)
    let outputs = bench.give(.detach(switchOff: switchOff))
    #expect(outputs.uplinks.isEmpty && outputs.events == [.detached(.byUser(switchOff: switchOff, acknowledged: false))])
    let resting: EMMState = .deregistered(input == .noCellFound ? .noCellAvailable : .normalService)
    #expect(bench.ue.state == (switchOff ? .null : resting) && bench.ue.bearers.isEmpty)
  }

  @Test func `in ATTEMPTING-TO-UPDATE a detach is told only while T3346 runs in one of our areas (§5.2.3.2.2 n)`() throws {
    for (isBackedOff, isAway, isTold) in [(false, false, false), (true, false, true), (true, true, false)] {
      let bench = try registered()
      if isAway { bench.give(.campedOn(Bench.otherArea)) } else { bench.give(.updateTrackingArea(isActive: false)) }
      bench.give(.radioConnectionReleased)
      guard case .registered(var all) = bench.ue.machine else { throw DiscardReason.noSecurityContext }
      all.substate = .attemptingToUpdate
      bench.ue.machine = .registered(all)
      if isBackedOff { bench.ue.backOff.start(of: Bench.plmn) }
      #expect(bench.give(.detach(switchOff: false)).uplinks.isEmpty == !isTold, "\(isBackedOff), \(isAway)")
    }
  }

  // MARK: Access

  @Test func `barred access: the attach is needed, does not count, and begins when access is granted (§5.5.1.2.6 a)`() {
    let bench = camping()
    bench.give(.accessBarred)
    #expect(bench.give(.attach).events == [.attachFailed(.accessBarred)])
    #expect(bench.ue.state == .deregistered(.attachNeeded))
    bench.give(.accessGranted)
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    #expect(attempt.number == 1)
  }

  @Test func `a connection that the network refuses to set up: likewise, and the COUNT was not used`() throws {
    let bench = try Bench.withStoredContext()
    let count = bench.current?.uplinkNASCount
    bench.give(.attach)
    let outputs = bench.give(.connectionRefused)
    #expect(bench.ue.state == .deregistered(.attachNeeded) && outputs.stopped == [.t3410] && outputs.started.isEmpty)
    #expect(bench.current?.uplinkNASCount == count && !bench.ue.isConnected)
    bench.give(.accessGranted)
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { return #expect(Bool(false)) }
    #expect(attempt.number == 1)
  }

  @Test func `another cell may grant what the one before barred`() {
    let bench = camping()
    bench.give(.accessBarred)
    bench.give(.attach)
    bench.give(.campedOn(Bench.otherArea))
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test func `an emergency is not barred`() {
    let bench = camping { $0.attachesForEmergency = true }
    bench.give(.accessBarred)
    bench.give(.attach)
    #expect(bench.ue.state == .registeredInitiated)
  }

  @Test(arguments: [true, false])
  func `an update that is barred is needed, and is the only thing but the answer to a paging (§5.2.3.2.5)`(duringSetUp: Bool) throws {
    let bench = try registered()
    if !duringSetUp { bench.give(.accessBarred) }
    bench.give(.updateTrackingArea(isActive: false))
    if duringSetUp { bench.give(.connectionRefused) }
    #expect(bench.ue.state == .registeredSubstate(.updateNeeded) && !bench.ue.isConnected)
    for input in [UE.Input.requestService, .requestCSFallback(.originating), .requestControlPlaneService(paged: false)] {
      #expect(bench.give(input).uplinks.isEmpty && bench.ue.state == .registeredSubstate(.updateNeeded), "\(input)")
    }
    let ue = bench.ue
    let network = bench.network
    #expect(bench.words(bench.give(.paged(ServiceTests.ours))).contains("establish with SERVICE REQUEST"))
    (bench.ue, bench.network) = (ue, network)
    bench.give(.accessGranted)
    #expect(bench.ue.state == .trackingAreaUpdatingInitiated)
  }

  @Test(arguments: [true, false])
  func `outside the TAI list, or with EU2, the answer to that paging is an update, which is not barred (§5.6.1.1, §5.5.3.2.6 a)`(
    isOutside: Bool
  ) throws {
    let bench = try registered()
    if isOutside {
      bench.give(.campedOnBarredCell(Bench.otherArea))
    } else {
      bench.give(.accessBarred)
      bench.give(.updateTrackingArea(isActive: false))
      bench.ue.registration.updateStatus = .notUpdated
    }
    try #require(bench.ue.state == .registeredSubstate(.updateNeeded) && !bench.ue.isConnected)
    let outputs = bench.give(.paged(ServiceTests.ours))
    let request = try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(try request[TrackingAreaUpdateRequest.epsUpdateType].isActive)
  }

  @Test func `a service request that is barred waits for access; one that answers a paging does not`() throws {
    let bench = try registered()
    bench.give(.accessBarred)
    #expect(bench.give(.requestService).events == [.serviceFailed(.accessBarred)])
    #expect(bench.ue.state == .registered)
    let ue = bench.ue
    #expect(bench.give(.paged(ServiceTests.ours)).uplinks.count == 1)
    bench.ue = ue
    bench.give(.accessGranted)
    #expect(bench.ue.state == .serviceRequestInitiated)
  }

  @Test func `a running connection does not mind`() throws {
    let bench = camping()
    try bench.attach()
    #expect(bench.give(.accessBarred).isEmpty)
    #expect(bench.give(.updateTrackingArea(isActive: false)).uplinks.count == 1)
  }
}
