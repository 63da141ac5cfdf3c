import NASCrypto
import NASMessages
import S1AP

/// The association and S1 SETUP (TS 36.413 §8.7.3).
extension MME {
  mutating func associationUp(_ association: Int) {
    guard associations[association] != nil || associations.count < configuration.maximumAssociations else {
      return discard("association refused: \(associations.count) are up", "configuration", association: association)
    }
    forgetConnections(of: association, "association restarted")
    associations[association] = ENBAssociation()
  }

  /// Everything that ran over it is lost to the MME; registered UEs are idle from now.
  mutating func associationDown(_ association: Int, using engine: inout CryptoEngine) {
    forgetConnections(of: association, "association lost")
    associations[association] = nil
    loseTargets(on: association, using: &engine)
    loseArrivals(on: association)
  }

  mutating func setup(_ pdu: S1APPDU, on association: Int) {
    guard let areas = pdu.supportedAreas else { return missing(pdu, on: association, nil) }
    // A second S1 SETUP REQUEST starts the interface anew: what the eNB had is gone (§8.7.3.1).
    forgetConnections(of: association, "S1 SETUP REQUEST received")
    guard areas.contains(where: { configuration.plmns.contains($0.plmn) }) else {
      discard("S1 SETUP REQUEST of an eNB without a PLMN of this MME", "TS 36.413 §8.7.3.4", association: association)
      associations[association]?.state = .awaitingSetup
      return send(.setupFailure(.unknownPLMN, timeToWait: configuration.setupTimeToWait), on: association)
    }
    associations[association]?.state = .ready(name: pdu[.eNBName]?.text, trackingAreas: areas)
    associations[association]?.identity = pdu.globalENBIdentity
    send(.setupResponse(configuration), on: association)
  }

  /// ENB CONFIGURATION UPDATE (§8.7.4): new tracking areas are taken over.
  mutating func configurationUpdate(_ pdu: S1APPDU, on association: Int) {
    if let areas = pdu.supportedAreas, case .ready(let name, _) = associations[association]?.state {
      associations[association]?.state = .ready(name: pdu[.eNBName]?.text ?? name, trackingAreas: areas)
    }
    send(.configurationUpdateAcknowledge, on: association)
  }

  /// Handovers whose target was there have failed.
  private mutating func loseTargets(on association: Int, using engine: inout CryptoEngine) {
    for id in connections.values.filter({ $0.handover?.association == association }).map(\.identifier).sorted() {
      targetLost(id, "the target's association is lost", using: &engine)
    }
  }

  /// Drops every connection of an association without a message to its eNB.
  mutating func forgetConnections(of association: Int, _ why: String) {
    for id in connections.values.filter({ $0.association == association }).map(\.identifier).sorted() {
      endProcedures(on: id, why)
      remove(id)
    }
    departures = departures.filter { $0.association != association }
  }
}
