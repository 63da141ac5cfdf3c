import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// A cell of another tracking area while the UE is connected: handovers, and connections that are lost (TS 24.301 §5.5.1.2.6 e, §5.5.3.2.6 e).
@Suite struct CellChangeTests {
  // MARK: ATTACH ACCEPT of an attach that was begun anew

  /// An attach that a handover had begun anew.
  private func attachingAnew() throws -> (Bench, old: UInt8, new: UInt8) {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    bench.give(.accessStratumSecured)
    guard case .registeredInitiated(let first) = bench.ue.machine else { throw Failure.noAttach }
    try bench.assertSends(bench.give(.campedOn(Bench.otherArea)), .attachRequest, header: .integrityProtected)
    guard case .registeredInitiated(let second) = bench.ue.machine else { throw Failure.noAttach }
    try #require(first.procedureTransactionIdentity != second.procedureTransactionIdentity)
    return (bench, first.procedureTransactionIdentity, second.procedureTransactionIdentity)
  }

  private enum Failure: Error { case noAttach }

  @Test func `an ATTACH ACCEPT of the attach before is discarded whole, and the attach that runs goes on`() throws {
    let (bench, old, new) = try attachingAnew()
    let other = GUTI(plmn: Bench.plmn, mmeGroupID: 0x8001, mmeCode: 1, mTMSI: 0xC000_0009)
    bench.assertDiscards(Bench.attachAccept(guti: other, activation: Bench.activation(transaction: old)), .ciphered, verified: true)
    let outputs = bench.deliver(Bench.attachAccept(activation: Bench.activation(transaction: new)), .ciphered)
    try bench.assertSends(outputs, .attachComplete, header: .integrityProtectedAndCiphered)
    #expect(bench.ue.state == .registered && bench.ue.registration.guti == Bench.guti && outputs.stopped.contains(.t3410))
  }

  @Test func `so is one of the first of two that were begun anew`() throws {
    let (bench, old, _) = try attachingAnew()
    _ = try bench.opened(bench.give(.campedOn(Bench.area)))
    bench.assertDiscards(Bench.attachAccept(activation: Bench.activation(transaction: old)), .ciphered, verified: true)
  }

  @Test func `of many that were begun anew the last few are remembered`() throws {
    let (bench, _, _) = try attachingAnew()
    for _ in 0..<20 {
      bench.give(.campedOn(Bench.area))
      bench.give(.campedOn(Bench.otherArea))
    }
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { throw Failure.noAttach }
    #expect(attempt.abortedTransactions.count == AttachAttempt.maximumAbortedTransactions)
    #expect(attempt.abortedTransactions.last == attempt.procedureTransactionIdentity - 1)
  }

  @Test func `a PTI that was never ours is refused as ever: the UE detaches (§7.3.1 g, §5.5.1.2.6 j)`() throws {
    let (bench, _, new) = try attachingAnew()
    let outputs = bench.deliver(Bench.attachAccept(activation: Bench.activation(transaction: new + 9)), .ciphered)
    try bench.assertSends(outputs, .detachRequestFromUE, header: .integrityProtectedAndCiphered)
  }

  @Test func `over another connection none of the attach before can come`() throws {
    let bench = Bench()
    bench.give(.campedOn(Bench.area))
    try bench.secureWhileAttaching()
    let outputs = bench.give(.campedOn(Bench.otherArea))
    guard case .registeredInitiated(let attempt) = bench.ue.machine else { throw Failure.noAttach }
    #expect(outputs.contains(.releaseConnection) && attempt.abortedTransactions.isEmpty)
  }

  // MARK: A connection without AS security is lost with its cell

  /// Registered, after an update without bearers; the network has not released the connection.
  private func withoutBearers() throws -> Bench {
    let bench = try TrackingAreaUpdateTests.updating()
    try bench.synchroniseNetwork()
    bench.deliver(Bench.updateAccept(areas: [Bench.area, third]), .ciphered)
    try #require(bench.ue.state == .registered && bench.ue.isConnected && !bench.ue.isAccessStratumSecured)
    return bench
  }

  private let third = TrackingAreaIdentity(plmn: Bench.plmn, tac: 9)

  @Test func `the update that a cell of another area asks for goes by a new connection`() throws {
    let bench = try withoutBearers()
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection) && outputs.contains { if case .establishConnection = $0 { true } else { false } })
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  @Test func `where no update is due the UE is idle, and does what waited for that`() throws {
    let bench = try withoutBearers()
    let outputs = bench.give(.campedOn(third))
    #expect(outputs.contains(.releaseConnection) && outputs.uplinks.isEmpty && outputs.started == [.t3412])
    #expect(bench.ue.state == .registered && !bench.ue.isConnected)
  }

  @Test func `in a forbidden area the service is limited`() throws {
    let bench = try withoutBearers()
    bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection) && outputs.uplinks.isEmpty)
    #expect(bench.ue.state == .registeredSubstate(.limitedService))
  }

  @Test func `of a UE that the network detached it is over too: an attach that waited for the release begins`() throws {
    let bench = try withoutBearers()
    bench.deliver(Bench.detachRequest(.reattachRequired), .ciphered)
    try #require(bench.ue.isConnected)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection))
    #expect(try bench.opened(outputs).map(\.message.type) == [.attachRequest])
  }

  @Test func `PDN CONNECTIVITY REJECT of another transaction in ATTACH REJECT is ignored, ATTACH REJECT is not (§7.3.1 a)`() throws {
    for own in [true, false] {
      let (bench, old, new) = try attachingAnew()
      var inner = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: own ? new : old)
      inner.set(PDNConnectivityReject.esmCause, .insufficientResources)
      inner.set(PDNConnectivityReject.backOffTimerValue, GPRSTimer3(seconds: 60))
      var reject = Bench.attachReject(.esmFailure)
      reject.set(AttachReject.esmMessageContainer, ESMMessageContainer(inner))
      let outputs = bench.deliver(reject, .ciphered)
      #expect(outputs.events.contains(.attachFailed(.rejected(.esmFailure, esm: own ? .insufficientResources : nil))))
      #expect(bench.ue.state == .deregistered(.attemptingToAttach) && bench.ue.sessionBackOffs.isEmpty != own)
    }
  }

  @Test func `with AS security the connection stands`() throws {
    let bench = try withoutBearers()
    bench.give(.accessStratumSecured)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(!outputs.contains(.releaseConnection))
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
  }

  // MARK: Forbidden areas

  @Test(arguments: [true, false])
  func `handed over to a forbidden area the UE updates, and an update that ran is begun anew with EU2`(isRunning: Bool) throws {
    let bench = try TrackingAreaUpdateTests.updating(isActive: true)
    try bench.synchroniseNetwork()
    bench.give(.accessStratumSecured)
    if !isRunning { bench.deliver(Bench.updateAccept(), .ciphered) }
    bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    try bench.assertSends(outputs, .trackingAreaUpdateRequest, header: .integrityProtected)
    #expect(!outputs.contains(.releaseConnection) && bench.ue.state == .trackingAreaUpdatingInitiated)
    if isRunning { #expect(bench.ue.registration.updateStatus == .notUpdated) }
  }

  @Test func `when that connection is gone the service is limited, and what is owed waits for another cell (§5.1.3.2.4.1)`() throws {
    for ends in [UE.Input.radioConnectionReleased, .timerExpired(.t3430)] {
      let bench = try TrackingAreaUpdateTests.updating(isActive: true)
      try bench.synchroniseNetwork()
      bench.give(.accessStratumSecured)
      bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
      _ = try bench.opened(bench.give(.campedOn(Bench.otherArea)))
      #expect(bench.give(ends).uplinks.isEmpty && bench.ue.state == .registeredSubstate(.limitedService), "\(ends)")
      #expect(bench.give(.timerExpired(.t3411)).isEmpty)
      try bench.assertSends(bench.give(.campedOn(Bench.area)), .trackingAreaUpdateRequest, header: .integrityProtected)
    }
  }

  @Test func `an attach that is lost there is begun where service is normal, a detach is done`() throws {
    for isAttach in [true, false] {
      let bench = Bench()
      bench.give(.campedOn(Bench.area))
      if isAttach {
        try bench.secureWhileAttaching()
      } else {
        try bench.attachAndRelease()
        bench.give(.detach(switchOff: false))
      }
      bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
      let outputs = bench.give(.campedOn(Bench.otherArea))
      #expect(outputs.contains(.releaseConnection) && outputs.uplinks.isEmpty && bench.ue.state == .deregistered(.limitedService))
      #expect(bench.give(.campedOn(Bench.area)).uplinks.count == (isAttach ? 1 : 0))
    }
  }

  @Test(arguments: [true, false])
  func `lost with the connection, an update or a service request is not begun anew in a forbidden area`(isUpdate: Bool) throws {
    let bench = isUpdate ? try TrackingAreaUpdateTests.updating() : try TrackingAreaUpdateTests.idle()
    if !isUpdate { bench.give(.requestService) }
    bench.ue.forbidden.insert(Bench.otherArea, isProven: true)
    let outputs = bench.give(.campedOn(Bench.otherArea))
    #expect(outputs.contains(.releaseConnection) && outputs.uplinks.isEmpty)
    #expect(bench.ue.state == .registeredSubstate(.limitedService))
    try bench.synchroniseNetwork()
    try bench.assertSends(bench.give(.campedOn(Bench.area)), .trackingAreaUpdateRequest, header: .integrityProtected)
  }
}
