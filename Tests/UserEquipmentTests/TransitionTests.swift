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

  @Test func theTableIsTheSameEachTime() {
    var engine = CryptoEngine()
    #expect(UE.transitions(using: &engine) == Self.table)
  }
}
