import NASCrypto
import NASMessages
import RadioInterface

@testable import NASSecurity
@testable import UserEquipment

/// Radio, nonces and COUNTs for the model test: what an eNB and an MME do that know what the UE knows.
extension ModelTests {
  static let radioEvents = 14
}

extension Bench {
  private static let algorithms = AccessStratumAlgorithms(ciphering: .eea2, integrity: .eia2)

  /// RRC towards the UE, right or wrong; nothing where there is nothing to say.
  func radio(_ event: Int, nextHop: UInt8) -> [UE.Output] {
    let place = RadioPlace(cell: RadioCell(physicalCellIdentity: UInt16(nextHop), downlinkEARFCN: 3350), temporaryIdentity: 61)
    switch event {
    case 0..<4:
      // Often, since nothing else begins AS security with a chain.
      guard let trigger = ue.keNBTrigger else { return [] }
      let keNB = engine.deriveKeNB(kasme: trigger.kasme, uplinkNASCount: trigger.count.value ^ (event == 0 ? 1 : 0))
      var security = RadioSecurity(keNB: keNB, algorithms: Self.algorithms, using: &engine)
      return give(.radio(.received(security.protect(.securityModeCommand(Self.algorithms), using: &engine), at: place)))
    case 4: return command(.handover(control(to: place, nextHop)), at: place)
    case 5:
      guard let serving = ue.accessStratum else { return [] }
      let here = RadioPlace(cell: serving.cell, temporaryIdentity: 62)
      return command(.handover(control(to: here, 0, changesKey: true)), at: here)
    case 6: return give(.radio(.accessed))
    case 7: return give(.radio(.linkFailed))
    case 8: return give(.radio(.timerExpired(nextHop & 1 == 0 ? .t304 : .t301)))
    case 9:
      let cell = ue.accessStratum?.reestablishing ?? place.cell
      return give(
        .radio(
          .received(
            ProtectedRRC(.reestablishment(nextHopChainingCount: nextHop)), at: RadioPlace(cell: cell, temporaryIdentity: 63))))
    case 10: return give(.radio(.received(ProtectedRRC(.reestablishmentReject), at: place)))
    case 11: return command(.mobilityFromEUTRA(nasSecurityParameters: nextHop), at: place)
    case 12: return command(.reconfiguration, at: place, spoilsMAC: nextHop == 0)
    default:
      let mapped = NASSecurityParametersToEUTRA(
        nonceMME: UInt32(nextHop), ciphering: 2, integrity: 2, keySetIdentifier: NASKeySetIdentifier(.mapped, value: 6))
      let commanded = give(.commandedToEUTRAN(.fromUTRAN(InterSystemTests.umts, mapped), control(to: place, 0)))
      // Most get there, some do not; of others a later step decides.
      switch nextHop {
      case 0..<4: return commanded + give(.radio(.accessed))
      case 4..<6: return commanded + give(.radio(.timerExpired(.t304)))
      default: return commanded
      }
    }
  }

  private func control(to place: RadioPlace, _ nextHop: UInt8, changesKey: Bool = false) -> MobilityControl {
    MobilityControl(
      target: place.cell, temporaryIdentity: place.temporaryIdentity, keyChangeIndicator: changesKey, nextHopChainingCount: nextHop,
      algorithms: Self.algorithms)
  }

  private func command(_ message: DownlinkRRCMessage, at place: RadioPlace, spoilsMAC: Bool = false) -> [UE.Output] {
    guard var security = ue.accessStratum?.security else { return [] }
    var protected = security.protect(message, using: &engine)
    if spoilsMAC { protected.protection?.mac ^= 1 }
    return give(.radio(.received(protected, at: place)))
  }

  /// SECURITY MODE COMMAND with both nonces (TS 24.301 §5.4.3.2); the network's context becomes the one that it makes.
  func commandWithNonces(
    _ umts: UMTSSecurityContext, nonceUE: UInt32, algorithms: NASAlgorithms, spoilsNonce: Bool, spoilsMAC: Bool
  ) -> [UInt8] {
    let nonceMME = UInt32.random(in: 0 ... .max, using: &network.random)
    let mme = SecurityContext(
      mapping: umts, nonceUE: nonceUE, nonceMME: nonceMME, keySetIdentifier: umts.keySetIdentifier, side: .mme, algorithms: algorithms,
      using: &engine)
    network.current = mme
    var message = network.message(
      ScriptedNetwork.Command(algorithms: algorithms, capabilities: ue.configuration.replayableCapabilities), eKSI: mme.eKSI)
    message.set(SecurityModeCommand.replayedNonceUE, Nonce(spoilsNonce ? nonceUE ^ 1 : nonceUE))
    message.set(SecurityModeCommand.nonceMME, Nonce(nonceMME))
    var pdu = network.pdu(
      message.encoded(), ScriptedNetwork.Protection(headerType: .integrityProtectedNewContext), using: &engine)
    if spoilsMAC, !pdu.isEmpty { pdu[2] ^= 1 }
    return pdu
  }

  /// As after many messages: both COUNTs, or one of them, up to shortly before the end, or before 8 or 5 bits wrap.
  func moveCounts(to place: Int, before distance: UInt32) {
    guard let current = ue.contexts.current, current.algorithms.integrity != .eia0 else { return }
    let span: UInt32 =
      switch place {
      case 0: 0x100_0000
      case 1...3: 0x100
      default: 0x20
      }
    func raised(_ count: NASCount) -> NASCount {
      NASCount(max(count.value, (count.value | (span - 1)) - distance))
    }
    ue.contexts.withCurrent {
      if place != 1 { $0.counts.nextToSend = $0.counts.nextToSend.map(raised) }
      if place != 2, let largest = $0.counts.largestAccepted { $0.counts.largestAccepted = raised(largest) }
    }
    if let moved = ue.contexts.current, network.current?.kasme == moved.kasme { network.current = nativeTwin(of: moved) }
  }
}
