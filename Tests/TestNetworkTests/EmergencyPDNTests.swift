import NASCrypto
import NASMessages
import S1AP
import Testing

@testable import TestNetwork

/// PDN connections for emergency bearer services of registered UEs (TS 24.301 §6.5.1.3, §6.5.1.6 c, §6.5.3.5 b, §6.5.4.5 b).
@Suite struct EmergencyPDNTests {
  private func ask(_ transaction: UInt8, _ ue: inout ScriptedUE, _ line: Line, _ bench: NetworkBench) throws -> NASMessage {
    var request = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: transaction)
    request.set(PDNConnectivityRequest.requestType, .emergency)
    request.set(PDNConnectivityRequest.pdnType, .ipv4)
    return try ue.openLater(try bench.uplink(ue.protect(request, bench), line), bench)
  }

  private func accept(_ bearer: UInt8, _ ue: inout ScriptedUE, _ line: Line, _ bench: NetworkBench) throws {
    let accept = NASMessage(.activateDefaultEPSBearerContextAccept, epsBearerIdentity: bearer)
    _ = try bench.uplink(ue.protect(accept, bench), line)
  }

  @Test func `the access point is the MME's own, and a second connection is refused with #55`() throws {
    var (bench, ue, line) = try registered()
    let activation = try ask(9, &ue, line, bench)
    #expect(activation.type == .activateDefaultEPSBearerContextRequest && activation.procedureTransactionIdentity == 9)
    #expect(try activation[ActivateDefaultEPSBearerContextRequest.accessPointName] == "sos")
    try accept(activation.epsBearerIdentity, &ue, line, bench)
    let second = try ask(10, &ue, line, bench)
    #expect(second.type == .pdnConnectivityReject)
    #expect(try second[PDNConnectivityReject.esmCause] == .multiplePDNConnectionsForAGivenAPNNotAllowed)
    #expect(try second[PDNConnectivityReject.backOffTimerValue] == nil)
  }

  @Test func `asked for anew before it was accepted, the request of the MME comes again`() throws {
    var (bench, ue, line) = try registered()
    let first = try ask(9, &ue, line, bench)
    #expect(try ask(10, &ue, line, bench) == first)
  }

  @Test func `it may be refused as any other, with the cause that the MME was told`() throws {
    var (bench, ue, line) = try registered { $0.connectivityRejections[NetworkBench.imsi] = 27 }
    let reject = try ask(9, &ue, line, bench)
    #expect(try reject[PDNConnectivityReject.esmCause].rawValue == 27 && reject.procedureTransactionIdentity == 9)
  }

  @Test func `more resources of it are refused: allocation with #31, modification with #30`() throws {
    var (bench, ue, line) = try registered()
    let bearer = try ask(9, &ue, line, bench).epsBearerIdentity
    try accept(bearer, &ue, line, bench)
    let filter = PacketFilter(
      identifier: 1, direction: .bidirectional, precedence: 1, components: [PacketFilter.Component(.protocolIdentifier, [17])])
    let flows = TrafficFlowTemplate(.createNew, packetFilters: [filter])
    var allocation = NASMessage(.bearerResourceAllocationRequest, procedureTransactionIdentity: 10)
    allocation.set(BearerResourceAllocationRequest.linkedEPSBearerIdentity, LinkedEPSBearerIdentity(rawValue: bearer))
    allocation.set(BearerResourceAllocationRequest.trafficFlowAggregate, flows)
    allocation.set(BearerResourceAllocationRequest.requiredTrafficFlowQoS, EPSQoS(qci: 1))
    let first = try ue.openLater(try bench.uplink(ue.protect(allocation, bench), line), bench)
    #expect(try first[BearerResourceAllocationReject.esmCause] == .requestRejectedUnspecified)
    var modification = NASMessage(.bearerResourceModificationRequest, procedureTransactionIdentity: 11)
    modification.set(BearerResourceModificationRequest.epsBearerIdentityForPacketFilter, LinkedEPSBearerIdentity(rawValue: bearer))
    modification.set(BearerResourceModificationRequest.trafficFlowAggregate, flows)
    let second = try ue.openLater(try bench.uplink(ue.protect(modification, bench), line), bench)
    #expect(try second[BearerResourceModificationReject.esmCause] == .requestRejectedByServingGWOrPDNGW)
  }
}
