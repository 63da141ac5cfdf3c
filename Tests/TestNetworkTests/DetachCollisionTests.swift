import NASCrypto
import NASMessages
import NASSecurity
import S1AP
import Testing

@testable import TestNetwork

/// DETACH REQUESTs of the UE that meet something of the network's, and what a UE in an emergency may ask for.
@Suite struct DetachCollisionTests {
  @Test(arguments: [true, false])
  func `§5.5.2.3.5 c: DETACH ACCEPT after detaches that crossed goes under the mapped context in use`(keepsNative: Bool) throws {
    var (bench, ue, line) = try registered()
    let native = try #require(bench.mme.ues[0].security.current)
    func mapped(_ side: NASSide) -> MappedSecurityContext? {
      MappedSecurityContext(
        NASSecurity.SecurityContext(
          kasme: KeyMaterial([UInt8](repeating: 7, count: 32)), type: .mapped, keySetIdentifier: 3, side: side,
          algorithms: native.algorithms, using: &bench.engine))
    }
    bench.mme.ues[0].security.takeByHandover(try #require(mapped(.mme)))
    ue.contexts.takeByHandover(try #require(mapped(.userEquipment)))
    if !keepsNative { bench.mme.ues[0].security.deleteNonCurrentNative() }
    _ = try ue.open(order(.detach(reattachRequired: true), bench).nas[0], bench)
    let outputs = try bench.uplink(ue.protect(ue.detachRequest(), bench), line)
    #expect(try ue.open(try #require(outputs.nas.first), bench).type == .detachAccept)
    #expect(outputs.states == ["EMM-DEREGISTERED"] && outputs.nas.count == 1 && !bench.runs(.t3422))
    // And then the mapped context is gone (§4.4.2.1 g).
    #expect(bench.mme.ues[0].security.current?.kasme == (keepsNative ? native.kasme : nil))
  }

  @Test func `§5.4.4.6 e: a detach that waits for an identification is responded to when that stays unanswered`() throws {
    var (bench, ue, line) = try registered()
    _ = try ue.open(order(.identify(.imsi), bench).nas[0], bench)
    #expect(try bench.uplink(ue.protect(ue.detachRequest(), bench), line).nas.isEmpty)
    for _ in 0..<4 { _ = try ue.open(try #require(try bench.expire(.t3470).nas.first), bench) }
    let last = try bench.expire(.t3470)
    #expect(try ue.open(try #require(last.nas.first), bench).type == .detachAccept)
    #expect(last.states == ["EMM-DEREGISTERED"] && bench.mme.state(imsi: NetworkBench.imsi) == "EMM-DEREGISTERED")
  }

  @Test func `§6.5.1.6 d: a UE attached for emergency bearer services gets no further PDN connection, cause #31`() throws {
    var (bench, ue, line) = try registered()
    func ask(_ transaction: UInt8, _ type: RequestType) throws -> NASMessage {
      var request = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: transaction)
      request.set(PDNConnectivityRequest.requestType, type)
      request.set(PDNConnectivityRequest.pdnType, .ipv4)
      return try ue.openLater(try bench.uplink(ue.protect(request, bench), line), bench)
    }
    let bearer = try ask(9, .emergency).epsBearerIdentity
    _ = try bench.uplink(ue.protect(NASMessage(.activateDefaultEPSBearerContextAccept, epsBearerIdentity: bearer), bench), line)
    bench.mme.ues[0].removeBearer(5)
    let answer = try ask(10, .initialRequest)
    #expect(answer.type == .pdnConnectivityReject && answer.procedureTransactionIdentity == 10)
    #expect(try answer[PDNConnectivityReject.esmCause] == .requestRejectedUnspecified)
  }
}
