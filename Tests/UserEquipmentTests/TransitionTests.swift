import NASCrypto
import Testing

@testable import UserEquipment

/// The table of EMM that the code itself makes.
@Suite struct TransitionTests {
  static let table: [Transition] = {
    var engine = CryptoEngine()
    return UE.transitions(using: &engine)
  }()

  func line(_ state: EMMState, _ event: String) -> Transition? { Self.table.first { $0.state == state && $0.event == event } }

  @Test func everyStateIsReachedAndLeft() {
    let left = Set(Self.table.map(\.state))
    let reached = Set(Self.table.map(\.next))
    for state in [
      EMMState.null, .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated,
      .deregistered(.normalService), .deregistered(.attachNeeded), .registeredSubstate(.attemptingToUpdate),
    ] {
      #expect(left.contains(state) && reached.contains(state), "\(state)")
    }
    #expect(Self.table.count > 100)
    #expect(Self.table.allSatisfy { $0.clause.hasPrefix("TS 24.301 §") })
  }

  @Test(arguments: [
    (EMMState.registeredInitiated, "new tracking area", "§5.5.1.2.6 e"),
    (.trackingAreaUpdatingInitiated, "new tracking area", "§5.5.3.2.6 e"),
    (.deregisteredInitiated, "new tracking area", "§5.5.2.2.4 f"), (.deregistered(.attemptingToAttach), "new tracking area", "§5.2.2.3"),
    (.registered, "new tracking area", "§5.5.3.2.2 a"), (.registeredInitiated, "RRC connection released", "§5.5.1.2.6 b"),
    (.serviceRequestInitiated, "DETACH REQUEST (IMSI detach)", "§5.6.1.6 h, §5.5.2.3.2"),
    (.registeredInitiated, "AUTHENTICATION REQUEST (MAC wrong)", "§5.4.2.7 c"),
  ])
  func `the clause is that of the procedure that runs`(state: EMMState, event: String, clause: String) {
    #expect(line(state, event)?.clause == "TS 24.301 \(clause)")
  }

  @Test func linesOfTheTable() {
    let service = line(.registered, "user data wait")
    #expect(Self.table.contains { $0.state == .registered && $0.event == "user data wait" && $0.next == .serviceRequestInitiated })
    #expect(service != nil)
    #expect(line(.serviceRequestInitiated, "user plane established")?.next == .registered)
    #expect(line(.serviceRequestInitiated, "SERVICE REJECT #9")?.next == .deregistered(.normalService))
    #expect(line(.serviceRequestInitiated, "SERVICE REJECT #9")?.actions.contains("start T3440") == true)
    #expect(line(.trackingAreaUpdatingInitiated, "TRACKING AREA UPDATE REJECT #3")?.next == .deregistered(.noIMSI))
    #expect(line(.registeredInitiated, "ATTACH ACCEPT")?.actions.contains("send ATTACH COMPLETE") == true)
    #expect(line(.null, "power on")?.next == .deregistered(.normalService))
  }

  @Test(
    arguments: [
      "detach from non-EPS services wanted", "call wanted (CS fallback)", "control plane data wait",
      "paging, control plane optimization used", "PDN connection wanted", "idle mode change from UTRAN or GERAN",
      "idle mode change from N1 mode", "handover from UTRAN or GERAN", "handover from N1 mode", "change to UTRAN or GERAN complete",
      "RRC connection could not be made", "T3325 expires", "T3417ext expires", "T3417ext-mt expires", "T3418 expires", "T3420 expires",
      "ATTACH REQUEST not delivered", "ATTACH COMPLETE not delivered, outside the TAI list", "TRACKING AREA UPDATE REQUEST not delivered",
      "SERVICE REQUEST not delivered", "SERVICE REQUEST not delivered, outside the TAI list", "DETACH REQUEST not delivered",
      "SECURITY MODE COMPLETE not delivered", "AUTHENTICATION RESPONSE not delivered", "AUTHENTICATION REQUEST",
      "AUTHENTICATION REQUEST (MAC wrong)", "AUTHENTICATION REQUEST (SQN out of range)", "IDENTITY REQUEST (IMSI)",
      "GUTI REALLOCATION COMMAND", "SECURITY MODE COMMAND", "SECURITY MODE COMMAND (capabilities not replayed)",
      "CS SERVICE NOTIFICATION",
    ])
  func `the table has this event`(event: String) {
    #expect(Self.table.contains { $0.event == event })
  }

  @Test func `lines of changes between systems, of the control plane and of lost messages`() {
    let fromN1 = line(.registered, "idle mode change from N1 mode")
    #expect(fromN1?.next == .trackingAreaUpdatingInitiated)
    #expect(fromN1?.actions.contains("establish a connection with TRACKING AREA UPDATE REQUEST") == true)
    #expect(
      Self.table.contains {
        $0.state == .registered && !$0.isConnected && $0.event == "control plane data wait" && $0.next == .serviceRequestInitiated
      })
    #expect(line(.registered, "detach from non-EPS services wanted")?.next == .registeredSubstate(.imsiDetachInitiated))
    #expect(line(.registeredSubstate(.imsiDetachInitiated), "DETACH ACCEPT")?.next == .registered)
    #expect(line(.registeredSubstate(.imsiDetachInitiated), "T3421 expires")?.next == .registered)
    #expect(line(.registeredInitiated, "ATTACH REQUEST not delivered")?.actions == ["start T3410", "send ATTACH REQUEST"])
    #expect(line(.registered, "ATTACH COMPLETE not delivered, outside the TAI list")?.next == .registeredInitiated)
    #expect(line(.serviceRequestInitiated, "SERVICE REQUEST not delivered, outside the TAI list")?.next == .trackingAreaUpdatingInitiated)
    #expect(
      line(.registeredInitiated, "SECURITY MODE COMMAND (capabilities not replayed)")?.actions.contains("send SECURITY MODE REJECT") == true
    )
    #expect(line(.registeredInitiated, "AUTHENTICATION REQUEST (SQN out of range)")?.actions.contains("start T3420") == true)
  }

  @Test func `what a reject does without integrity protection has lines of its own (§5.3.7b), while a procedure waits for its answer`() {
    #expect(line(.registeredInitiated, "ATTACH REJECT #3")?.next == .deregistered(.noIMSI))
    let unproven = line(.registeredInitiated, "ATTACH REJECT without integrity protection #3")
    #expect(unproven?.next == .deregistered(.limitedService) && unproven?.actions.contains("start T3247") == true)
    #expect(unproven?.clause.contains("§5.3.7b") == true)
    #expect(line(.trackingAreaUpdatingInitiated, "TRACKING AREA UPDATE REJECT without integrity protection #13") != nil)
    #expect(line(.serviceRequestInitiated, "AUTHENTICATION REJECT without integrity protection") != nil)
    // Discarded (§4.4.4.2).
    #expect(line(.registeredInitiated, "ATTACH REJECT without integrity protection #25") == nil)
    #expect(line(.registered, "AUTHENTICATION REJECT without integrity protection") == nil)
  }

  @Test func `substates are in the table with the connection of what brought them about, and without`() {
    func has(_ state: EMMState, _ event: String, _ isConnected: Bool) -> Bool {
      Self.table.contains { $0.state == state && $0.event == event && $0.isConnected == isConnected }
    }
    #expect(has(.deregistered(.limitedService), "T3440 expires", true))
    #expect(has(.registeredSubstate(.limitedService), "T3440 expires", true))
    #expect(has(.deregistered(.attachNeeded), "RRC connection released", true))
    #expect(has(.registeredSubstate(.attemptingToUpdate), "DETACH REQUEST (re-attach required)", true))
    #expect(has(.registeredSubstate(.limitedService), "new tracking area", false))
  }

  @Test func `a UE that wants to leave where nobody knows it stays in the substate that the cell and the USIM make (§5.2.2.4)`() {
    for substate in [EMMState.Deregistered.limitedService, .plmnSearch, .noIMSI, .normalService] {
      #expect(line(.deregistered(substate), "detach wanted") == nil)
    }
    #expect(line(.deregistered(.attemptingToAttach), "detach wanted")?.next == .deregistered(.normalService))
    #expect(line(.deregistered(.attemptingToAttach), "detach wanted")?.clause.contains("§5.2.2.4") == true)
    #expect(line(.deregistered(.limitedService), "switch off")?.next == .null)
  }

  @Test func `no line of the table tells of a message that cannot be named`() {
    let nameless = Self.table.filter { line in
      line.actions.contains { $0.contains("a protected message") || $0.contains("an empty message") }
    }
    #expect(nameless.map { "\($0.state): \($0.event)" } == [])
  }

  @Test func theTableIsTheSameEachTime() {
    var engine = CryptoEngine()
    #expect(UE.transitions(using: &engine) == Self.table)
  }
}
