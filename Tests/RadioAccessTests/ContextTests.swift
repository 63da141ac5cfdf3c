import NASCrypto
import RadioInterface
import S1AP
import Testing

@testable import RadioAccess

@Suite struct ContextTests {
  @Test func `INITIAL CONTEXT SETUP activates security, answers with TEIDs, then delivers the NAS inside`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let command = try bench.setUpContext(mme: 100, eNB: id)
    let key = KeyMaterial(Bench.key)
    #expect(command.count == 2)
    #expect(command[0] == .keNB(1, key, nextHopChainingCount: 0))
    #expect(command.radio?.1.message == .securityModeCommand(AccessStratumAlgorithms(ciphering: .eea2, integrity: .eia2)))
    #expect(bench.eNB.accessStratumKey(of: 1) == nil)
    let outputs = bench.activateSecurity(command)
    #expect(outputs.count == 2)
    #expect(outputs[1] == .rrc(1, .nas([7, 0x42])))
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu.message == .initialContextSetupResponse)
    #expect(pdu.validate().isEmpty)
    let item = try #require(pdu[.eRABSetupListCtxtSURes]?.elements[0])
    #expect(try ERABSetupItem(item.value).eRABID == 5)
    let held = try #require(bench.eNB.accessStratumKey(of: 1))
    #expect(held.keNB == key && held.nextHopChainingCount == 0)
  }

  @Test(arguments: [
    (UInt16(0xE000), UInt16(0xE000), CipheringAlgorithm.eea2, IntegrityAlgorithm.eia2),
    (0x8000, 0x2000, .eea1, .eia3),
    (0, 0x8000, .eea0, .eia1),
  ])
  func `AS algorithms are the most wanted that the UE has`(
    encryption: UInt16, integrity: UInt16, ciphering: CipheringAlgorithm, integrityAlgorithm: IntegrityAlgorithm
  ) throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try bench.setUpContext(
      mme: 100, eNB: id, capabilities: UESecurityCapabilities(encryption: encryption, integrity: integrity))
    #expect(
      outputs.radio?.1.message == .securityModeCommand(AccessStratumAlgorithms(ciphering: ciphering, integrity: integrityAlgorithm)))
  }

  @Test func `without a common integrity algorithm the set-up fails and its NAS is reported undelivered`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try bench.setUpContext(mme: 100, eNB: id, capabilities: UESecurityCapabilities(encryption: 0, integrity: 0))
    #expect(outputs.messages == [.initialContextSetupFailure, .nasNonDeliveryIndication])
    #expect(outputs.sent[0].pdu.cause?.name == "encryption-and-or-integrity-protection-algorithms-not-supported")
    #expect(bench.eNB.accessStratumKey(of: 1) == nil)
  }

  @Test func `a second INITIAL CONTEXT SETUP fails and leaves the first`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    _ = try bench.secured(mme: 100, eNB: id)
    let outputs = try bench.setUpContext(mme: 100, eNB: id, key: [UInt8](repeating: 9, count: 32))
    #expect(outputs.messages == [.initialContextSetupFailure])
    #expect(bench.eNB.accessStratumKey(of: 1)?.keNB == KeyMaterial(Bench.key))
  }

  @Test func `a request without a key fails as an abstract syntax error`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try bench.mme(.initialContextSetupRequest) { $0.ids(mme: 100, eNB: id) }
    #expect(outputs.messages == [.initialContextSetupFailure])
    #expect(outputs.sent.first?.pdu.cause == .abstractSyntaxErrorReject)
  }

  @Test func `an E-RAB ID that comes twice fails, and a setup of nothing else fails whole`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    #expect(try bench.setUpContext(mme: 100, eNB: id, bearers: [5, 5]).messages.first == .initialContextSetupFailure)
    let outputs = try bench.secured(mme: 100, eNB: id, bearers: [5, 6, 5])
    let pdu = try #require(outputs.sent.first).pdu
    #expect(pdu[.eRABSetupListCtxtSURes]?.elements.compactMap { $0.value["e-RAB-ID"]?.unsigned } == [6])
    #expect(pdu[.eRABFailedToSetupListCtxtSURes]?.elements.count == 1)
    let failed = try #require(pdu[.eRABFailedToSetupListCtxtSURes]?.elements[0])
    #expect(try ERABItem(failed.value).cause.name == "multiple-E-RAB-ID-instances")
  }

  @Test func `UE CONTEXT MODIFICATION with a key takes the new KeNB with NCC 0`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    _ = try bench.secured(mme: 100, eNB: id)
    let new = [UInt8](repeating: 0x5A, count: 32)
    let outputs = try bench.mme(.ueContextModificationRequest) {
      $0.ids(mme: 100, eNB: id)
      $0.add(.securityKey, .bits(new, count: 256))
    }
    #expect(outputs.messages == [])
    #expect(outputs.contains(.keNB(1, KeyMaterial(new), nextHopChainingCount: 0)))
    let (handle, message) = try #require(outputs.radio)
    guard case .handover(let control) = message.message else { throw Missing() }
    #expect(control.keyChangeIndicator && control.nextHopChainingCount == 0)
    let cell = bench.eNB.configuration.cell
    #expect(control.target == cell.radio)
    // Old keys protect the command, KeNB* of the new KeNB the answer (TS 33.401 §7.2.9.2).
    let star = bench.engine.deriveKeNBStar(
      from: KeyMaterial(new), pci: cell.physicalCellIdentity, earfcnDL: cell.downlinkEARFCN)
    #expect(bench.eNB.accessStratumKey(of: 1)?.keNB == KeyMaterial(Bench.key))
    var security = RadioSecurity(keNB: star, algorithms: control.algorithms, using: &bench.engine)
    let done = bench.give(
      .rrc(
        handle,
        .arrival(temporaryIdentity: control.temporaryIdentity, security.protect(.reconfigurationComplete, using: &bench.engine))))
    #expect(done.messages == [.ueContextModificationResponse])
    #expect(bench.eNB.accessStratumKey(of: 1)?.keNB == star)
  }

  @Test func `a UE with another KeNB refuses AS security, and the set-up fails with its NAS undelivered`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    _ = try bench.setUpContext(mme: 100, eNB: id)
    let outputs = bench.give(.rrc(1, .radio(ProtectedRRC(.securityModeFailure))))
    #expect(outputs.messages == [.initialContextSetupFailure, .nasNonDeliveryIndication])
    #expect(outputs.sent[0].pdu.cause?.name == "failure-in-radio-interface-procedure")
    #expect(bench.eNB.accessStratumKey(of: 1) == nil)
  }

  @Test func `UE CONTEXT MODIFICATION before a context exists fails`() throws {
    let bench = Bench()
    try bench.setUp()
    let id = try bench.connected(1, mme: 100)
    let outputs = try bench.mme(.ueContextModificationRequest) { $0.ids(mme: 100, eNB: id) }
    #expect(outputs.messages == [.ueContextModificationFailure])
  }
}

/// A message that should have come did not.
struct Missing: Error {}
