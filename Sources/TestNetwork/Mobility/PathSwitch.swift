import NASCrypto
import NASMessages
import S1AP

/// PATH SWITCH REQUEST (TS 36.413 §8.4.4): the UE has moved over X2.
extension MME {
  mutating func pathSwitchRequested(_ pdu: S1APPDU, on association: Int, stream: UInt16, using engine: inout CryptoEngine) {
    guard let id = pdu.integer(.sourceMMEUES1APID), let eNB = pdu.integer(.eNBUES1APID), let area = pdu.trackingArea,
      let bearers = pdu.bearersToSwitch
    else { return missing(pdu, on: association, nil) }
    func refuse(_ cause: Cause, _ why: String) {
      discard("PATH SWITCH REQUEST refused: \(why)", "TS 36.413 §8.4.4.3", association: association)
      send(.pathSwitchFailure(mme: id, eNB: eNB, cause: cause), on: association, stream: stream)
    }
    guard connectionOfENB[ENBIdentifier(association: association, identifier: eNB)] == nil else {
      return refuse(.unknownENBUES1APID, "eNB-UE-S1AP-ID \(eNB) is in use")
    }
    // Everything that may refuse comes before the chain is stepped.
    guard let connection = connections[id], !connection.isReleasing, let index = connection.subject.verified else {
      return refuse(.unknownMMEUES1APID, "there is no such connection")
    }
    guard connection.isContextAtENB else { return refuse(.messageNotCompatibleWithReceiverState, "AS security is not active") }
    if configuration.defects.contains(.pathSwitchRefusedDuringSMC), connection.securityMode != nil {
      return refuse(.transportUnavailable, "a security mode control runs (defect)")
    }
    let kept = ues[index].bearers.filter { bearers.contains($0.identity) }
    guard kept.contains(where: \.isDefault), let capability = ues[index].networkCapability else {
      return refuse(.unspecifiedRadioNetwork, "none of the UE's default bearers is among the E-RABs")
    }
    guard let pair = nextPair(on: id, using: &engine) else { return }
    connections[id]?.hasSentPair = true
    abandonRelocation(of: id)
    if connection.handover != nil { abandonTarget(of: id, cause: .handoverCancelled, "overtaken by a path switch") }
    connections[id]?.leftOverX2 = ENBIdentifier(association: connection.association, identifier: connection.eNB)
    move(id, to: association, eNB: eNB, stream: stream, trackingArea: area)
    // The UE's capabilities are the stored ones, whatever the eNB heard from the source (TS 33.401 §7.2.4.2.2).
    let stored = UESecurityCapabilities(capability)
    var told: UESecurityCapabilities?
    if let received = pdu.ueSecurityCapabilities, received != stored {
      discard(
        "PATH SWITCH REQUEST with other UE security capabilities than stored", "TS 33.401 §7.2.4.2.2", association: association, ue: index)
      told = stored
      if configuration.defects.contains(.capabilitiesFromPathSwitch) {
        told = received
        takeCapabilities(received, index)
      }
    }
    let missing = ues[index].bearerIdentities.subtracting(bearers).sorted()
    for identity in missing { ues[index].removeBearer(identity) }
    send(.pathSwitchAcknowledge(mme: id, eNB: eNB, pair: pair, capabilities: told, released: missing), on: association, stream: stream)
    reportProcedure("path switched: NCC \(pair.nextHopChainingCount)", on: id)
    afterHandover(id, succeeded: true, using: &engine)
  }

  /// The defect: what an eNB says takes the place of what the UE said.
  private mutating func takeCapabilities(_ received: UESecurityCapabilities, _ index: Int) {
    guard var octets = ues[index].networkCapability?.octets, octets.count >= 2 else { return }
    octets[0] = octets[0] & 0x80 | UInt8(truncatingIfNeeded: received.encryption >> 9)
    octets[1] = octets[1] & 0x80 | UInt8(truncatingIfNeeded: received.integrity >> 9)
    ues[index].networkCapability = UENetworkCapability(octets: octets)
  }
}
