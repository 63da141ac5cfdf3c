import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// ESM messages that are wrong, and what ESM STATUS does (TS 24.301 §6.7, §7.3, §7.4, §7.5.3).
@Suite struct SessionErrorTests {
  /// Registered, with dedicated bearer 6.
  private func bench() throws -> Bench {
    let bench = try SessionTests.attached()
    bench.deliver(SessionTests.dedicated(), .ciphered)
    return bench
  }

  private func status(_ cause: ESMCause, transaction: UInt8 = 0, bearer: UInt8 = 0) -> NASMessage {
    var message = NASMessage(.esmStatus, procedureTransactionIdentity: transaction, epsBearerIdentity: bearer)
    message.set(ESMStatus.esmCause, cause)
    return message
  }

  @Test(
    arguments: [
      (.activateDefaultEPSBearerContextRequest, .activateDefaultEPSBearerContextReject),
      (.activateDedicatedEPSBearerContextRequest, .activateDedicatedEPSBearerContextReject),
      (.deactivateEPSBearerContextRequest, .deactivateEPSBearerContextAccept),
    ] as [(NASMessageType, NASMessageType)])
  func `a mandatory element that is missing: the reject of that message with #96, or the bearer goes`(
    type: NASMessageType, answer: NASMessageType
  ) throws {
    let bench = try bench()
    // The header alone.
    let outputs = bench.deliver(bench.network.pdu([0x62, 0, type.octet], .ciphered, using: &bench.engine))
    let sent = try bench.assertSends(outputs, answer, header: .integrityProtectedAndCiphered)
    #expect(sent.epsBearerIdentity == 6 && sent.procedureTransactionIdentity == 0)
    if answer == .deactivateEPSBearerContextAccept {
      #expect(bench.ue.dedicatedBearers.isEmpty && outputs.events == [.bearerDeactivated(6, .invalidMandatoryInformation)])
    } else {
      #expect(sent.encoded().last == ESMCause.invalidMandatoryInformation.rawValue && bench.ue.dedicatedBearers.count == 1)
    }
  }

  @Test func `MODIFY EPS BEARER CONTEXT REQUEST with an unknown element that must be understood: its reject with #96`() throws {
    let bench = try bench()
    let octets = NASMessage(.modifyEPSBearerContextRequest, procedureTransactionIdentity: 0, epsBearerIdentity: 6).encoded() + [0x01, 0x00]
    let sent = try bench.assertSends(
      bench.deliver(bench.network.pdu(octets, .ciphered, using: &bench.engine)), .modifyEPSBearerContextReject,
      header: .integrityProtectedAndCiphered)
    #expect(try sent[ModifyEPSBearerContextReject.esmCause] == .invalidMandatoryInformation)
  }

  @Test func `ESM STATUS #43 ends the bearer and what ran for it`() throws {
    let bench = try bench()
    bench.give(.requestSession(.modify(bearer: 6, TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [1]), nil)))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    try bench.synchroniseNetwork()
    let outputs = bench.deliver(status(.invalidEPSBearerIdentity, bearer: 6), .ciphered)
    #expect(outputs.uplinks.isEmpty && outputs.contains(.stopSessionTimer(transaction.timer)))
    #expect(bench.ue.dedicatedBearers.isEmpty && bench.ue.bearers.count == 1 && bench.ue.sessions.transactions.isEmpty)
    #expect(outputs.events.contains(.bearerDeactivated(6, .invalidEPSBearerIdentity)))
  }

  @Test(arguments: [ESMCause.invalidPTIValue, .messageTypeNonExistentOrNotImplemented])
  func `ESM STATUS #81 and #97 end the transaction of their PTI, other causes and other PTIs nothing`(cause: ESMCause) throws {
    let bench = try bench()
    bench.give(.requestSession(.connect("ims")))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    try bench.synchroniseNetwork()
    bench.deliver(status(cause, transaction: transaction.identity ^ 1), .ciphered)
    bench.deliver(status(.protocolErrorUnspecified, transaction: transaction.identity), .ciphered)
    #expect(bench.ue.sessions.transactions == [transaction])
    let outputs = bench.deliver(status(cause, transaction: transaction.identity), .ciphered)
    #expect(outputs.contains(.stopSessionTimer(transaction.timer)) && outputs.uplinks.isEmpty)
    #expect(outputs.events.contains(.sessionFailed(.connect("ims"), cause)))
    #expect(bench.ue.sessions.transactions.isEmpty)
  }

  @Test func `ESM DATA TRANSPORT: taken on a bearer that there is, #43 on another, ignored with a PTI`() throws {
    let bench = try bench()
    func data(_ bearer: UInt8, _ transaction: UInt8 = 0) -> [UInt8] { [bearer << 4 | 2, transaction, 0xEB, 0, 2, 1, 2] }
    #expect(bench.deliver(bench.network.pdu(data(5), .ciphered, using: &bench.engine)).events == [.dataReceived(5)])
    let refused = try bench.assertSends(
      bench.deliver(bench.network.pdu(data(9), .ciphered, using: &bench.engine)), .esmStatus, header: .integrityProtectedAndCiphered)
    #expect(try refused[ESMStatus.esmCause] == .invalidEPSBearerIdentity)
    #expect(bench.deliver(bench.network.pdu(data(5, 3), .ciphered, using: &bench.engine)).uplinks.isEmpty)
  }

  @Test func `a type that only UEs send does not exist for us: #97; with a PTI of no transaction it is ignored (§7.3 before §7.4)`() throws
  {
    let bench = try bench()
    let known = try bench.assertSends(
      bench.deliver(bench.network.pdu([0x02, 0, 0xD0, 0x11], .ciphered, using: &bench.engine)), .esmStatus,
      header: .integrityProtectedAndCiphered)
    #expect(try known[ESMStatus.esmCause] == .messageTypeNonExistentOrNotImplemented)
    for transaction: UInt8 in [9, 255] {
      for type: UInt8 in [0xD0, 0xFE] {
        #expect(bench.deliver(bench.network.pdu([0x02, transaction, type, 0x11], .ciphered, using: &bench.engine)).uplinks.isEmpty)
      }
    }
    let update = bench.deliver(NASMessage(.gutiReallocationComplete), .ciphered)
    #expect(try bench.opened(update).first?.message[EMMStatus.emmCause] == .messageTypeNonExistentOrNotImplemented)
  }
}
