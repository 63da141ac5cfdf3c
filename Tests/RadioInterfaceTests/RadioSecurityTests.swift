import NASCrypto
import Testing

@testable import RadioInterface

@Suite struct RadioSecurityTests {
  private let algorithms = AccessStratumAlgorithms(ciphering: .eea2, integrity: .eia2)

  @Test func `a message verifies under the same KeNB and under no other, and no second time`() {
    var engine = CryptoEngine()
    let keNB = KeyMaterial([UInt8](repeating: 7, count: 32))
    var sender = RadioSecurity(keNB: keNB, algorithms: algorithms, using: &engine)
    var receiver = RadioSecurity(keNB: KeyMaterial([UInt8](repeating: 7, count: 32)), algorithms: algorithms, using: &engine)
    var stranger = RadioSecurity(keNB: KeyMaterial([UInt8](repeating: 8, count: 32)), algorithms: algorithms, using: &engine)
    var otherAlgorithm = RadioSecurity(
      keNB: keNB, algorithms: AccessStratumAlgorithms(ciphering: .eea2, integrity: .eia1), using: &engine)
    let message = sender.protect(DownlinkRRCMessage.reconfiguration, using: &engine)
    #expect(!stranger.verify(message, using: &engine))
    #expect(!otherAlgorithm.verify(message, using: &engine))
    #expect(receiver.verify(message, using: &engine))
    #expect(!receiver.verify(message, using: &engine))
    #expect(receiver.verify(sender.protect(DownlinkRRCMessage.reconfiguration, using: &engine), using: &engine))
    #expect(!receiver.verify(ProtectedRRC(DownlinkRRCMessage.reconfiguration), using: &engine))
  }

  @Test func `an altered message does not verify`() {
    var engine = CryptoEngine()
    let keNB = KeyMaterial([UInt8](repeating: 7, count: 32))
    var sender = RadioSecurity(keNB: keNB, algorithms: algorithms, using: &engine)
    var receiver = RadioSecurity(keNB: keNB, algorithms: algorithms, using: &engine)
    let control = MobilityControl(
      target: RadioCell(physicalCellIdentity: 2, downlinkEARFCN: 3350), temporaryIdentity: 9, nextHopChainingCount: 2,
      algorithms: algorithms)
    var message = sender.protect(DownlinkRRCMessage.handover(control), using: &engine)
    var altered = control
    altered.nextHopChainingCount = 3
    message.message = .handover(altered)
    #expect(!receiver.verify(message, using: &engine))
  }

  @Test func `mobility control survives its octets, and other octets give none`() {
    let control = MobilityControl(
      target: RadioCell(physicalCellIdentity: 503, downlinkEARFCN: 262_143), temporaryIdentity: 0xABCD, keyChangeIndicator: true,
      nextHopChainingCount: 7, algorithms: AccessStratumAlgorithms(ciphering: .eea3, integrity: .eia1))
    #expect(MobilityControl(octets: control.octets) == control)
    #expect(MobilityControl(octets: control.octets.dropLast()) == nil)
    var wrong = control.octets
    wrong[8] = 8
    #expect(MobilityControl(octets: wrong) == nil)
  }

  @Test func `shortMAC-I depends on KRRCint, cell and C-RNTI`() {
    var engine = CryptoEngine()
    let security = RadioSecurity(keNB: KeyMaterial([UInt8](repeating: 7, count: 32)), algorithms: algorithms, using: &engine)
    let other = RadioSecurity(keNB: KeyMaterial([UInt8](repeating: 8, count: 32)), algorithms: algorithms, using: &engine)
    let cell = RadioCell(physicalCellIdentity: 2, downlinkEARFCN: 3350)
    let right = security.shortMAC(physicalCellIdentity: 1, temporaryIdentity: 5, target: cell, using: &engine)
    #expect(right == security.shortMAC(physicalCellIdentity: 1, temporaryIdentity: 5, target: cell, using: &engine))
    #expect(right != security.shortMAC(physicalCellIdentity: 2, temporaryIdentity: 5, target: cell, using: &engine))
    #expect(right != security.shortMAC(physicalCellIdentity: 1, temporaryIdentity: 6, target: cell, using: &engine))
    #expect(right != other.shortMAC(physicalCellIdentity: 1, temporaryIdentity: 5, target: cell, using: &engine))
  }
}
