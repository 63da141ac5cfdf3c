import NASCrypto
import NASMessages
import S1AP
import Trace

/// S1AP: which UE a message belongs to, and what it carries for the UE.
extension Observer {
  mutating func follow(
    _ reading: S1APReading, _ direction: LinkDirection, _ origin: Place, using engine: inout CryptoEngine,
    into observations: inout [Observation]
  ) {
    guard let message = reading.contents.message else {
      if let error = reading.contents.error { observe(.undecodable(error), origin, nil, into: &observations) }
      return
    }
    var place = origin
    place.mmeUES1APID = reading.contents.mmeUES1APID
    place.eNBUES1APID = reading.contents.eNBUES1APID
    switch message {
    case .s1SetupRequest: if let pdu = reading.contents.pdu { noteBroadcastPLMNs(pdu) }
    case .s1SetupResponse: if let pdu = reading.contents.pdu { noteServedPLMNs(pdu, mme: place.leg.mme) }
    case .initialUEMessage: initialUEMessage(reading, place, using: &engine, into: &observations)
    case .uplinkNASTransport:
      // After a handover from UTRAN or GERAN the update's identity names the UE: no MAC of it can be checked.
      let known = connectedUE(place, provenBy: reading, direction, using: &engine)
      guard let index = known ?? reading.contents.nas.flatMap({ identify($0).ue }) ?? newUE() else { return }
      bind(index, place)
      noteServingNetwork(reading, of: index)
      if let nas = reading.contents.nas { followNAS(nas, direction, ue: index, place, using: &engine, into: &observations) }
    case .ueContextReleaseComplete:
      if let released = connections.release(leg: place.leg, eNB: place.eNBUES1APID, mme: place.mmeUES1APID) {
        observe(released, place, into: &observations)
      }
    case .errorIndication: if let pdu = reading.contents.pdu { errorIndication(pdu, place, into: &observations) }
    case .reset: if let pdu = reading.contents.pdu { reset(pdu, place, into: &observations) }
    default:
      guard !followProcedure(message, reading, place, into: &observations), direction == .downlink else { return }
      downlink(reading, message, place, using: &engine, into: &observations)
    }
  }

  func connectedUE(_ place: Place) -> Int? {
    connections.ue(leg: place.leg, eNB: place.eNBUES1APID, mme: place.mmeUES1APID)
  }

  /// The UE of a connection; where that is not known, or is one of which nothing is, the one that the messages prove it to be.
  private mutating func connectedUE(
    _ place: Place, provenBy reading: S1APReading, _ direction: LinkDirection, using engine: inout CryptoEngine
  ) -> Int? {
    let known = connectedUE(place)
    if let known {
      guard ues[known].imsi == nil, ues[known].contexts.isEmpty, ues[known].proofsLeft > 0, reading.contents.nas != nil else {
        return known
      }
      ues[known].proofsLeft -= 1
    }
    guard let nas = reading.contents.nas else { return known }
    if let proven = prove(nas[...], direction, using: &engine) { return proven }
    for nas in reading.contents.others {
      if let proven = prove(nas[...], direction, using: &engine) { return proven }
    }
    return known
  }

  mutating func bind(_ ue: Int, _ place: Place) {
    connections.bind(ue, leg: place.leg, eNB: place.eNBUES1APID, mme: place.mmeUES1APID)
  }

  /// Any message to a UE: a key for the eNB first, then the NAS-PDUs it carries, in their order.
  private mutating func downlink(
    _ reading: S1APReading, _ message: S1APMessage, _ place: Place, using engine: inout CryptoEngine,
    into observations: inout [Observation]
  ) {
    guard place.eNBUES1APID != nil || place.mmeUES1APID != nil else { return }
    guard reading.contents.procedure != nil || reading.contents.nas != nil else { return }
    guard let index = connectedUE(place, provenBy: reading, .downlink, using: &engine) ?? newUE() else { return }
    bind(index, place)
    if let procedure = reading.contents.procedure { observe(.procedure(procedure), place, index, into: &observations) }
    if let key = reading.contents.key {
      let carrier: KeNBObservation.Carrier =
        message == .initialContextSetupRequest ? .initialContextSetupRequest : .ueContextModificationRequest
      observe(.keNB(KeNBObservation(carrier: carrier, key: key, bitCount: reading.contents.keyBitCount)), place, index, into: &observations)
    }
    guard let nas = reading.contents.nas else { return }
    var current = followNAS(nas, .downlink, ue: index, place, using: &engine, into: &observations)
    for nas in reading.contents.others {
      current = followNAS(nas, .downlink, ue: current, place, using: &engine, into: &observations)
    }
  }

  private mutating func initialUEMessage(
    _ reading: S1APReading, _ place: Place, using engine: inout CryptoEngine, into observations: inout [Observation]
  ) {
    guard let octets = reading.contents.nas else { return }
    let named = identify(octets)
    var found = named.ue
    if found == nil, let sTMSI = reading.contents.sTMSI {
      found = identities.ue(mmeCode: sTMSI.mmeCode, mTMSI: sTMSI.mTMSI)
    }
    // A GUTI that nobody saw being given: by the MAC it may be the UE of a known context nevertheless.
    let proven = found == nil ? prove(octets[...], .uplink, using: &engine) : nil
    guard let ue = found ?? proven ?? newUE() else { return }
    if proven == nil, let guti = named.unknown, ues[ue].guti == nil { assign(guti, to: ue) }
    // A new connection of a UE that moved while connected: the old one is released by its own procedure.
    _ = connections.release(leg: place.leg, eNB: place.eNBUES1APID, mme: nil)
    bind(ue, place)
    noteServingNetwork(reading, of: ue)
    followNAS(octets, .uplink, isInitial: true, ue: ue, place, using: &engine, into: &observations)
  }

  /// The UE that an initial NAS message names in the clear; a new one for an IMSI not seen before, nil if it names none, and the GUTI if
  /// that is not known.
  private mutating func identify(_ octets: [UInt8]) -> (ue: Int?, unknown: GUTI?) {
    let message: NASMessage?
    switch try? NASPDU(parsing: octets, direction: .uplink) {
    case .plain(let plain): message = plain
    case .protected(let protected) where !protected.headerType.isCiphered:
      message = try? NASMessage(decoding: protected.payload, direction: .uplink)
    case .protected, .serviceRequest, nil: message = nil
    }
    let identity: EPSMobileIdentity?
    switch message?.type {
    case NASMessageType.attachRequest: identity = try? message?[AttachRequest.epsMobileIdentity]
    case NASMessageType.trackingAreaUpdateRequest: identity = try? message?[TrackingAreaUpdateRequest.oldGUTI]
    case NASMessageType.detachRequestFromUE: identity = try? message?[DetachRequestFromUE.epsMobileIdentity]
    default: identity = nil
    }
    switch identity {
    case .imsi(let imsi): return (ue(imsi: imsi), nil)
    case .guti(let guti):
      let known = identities.ue(guti: guti)
      return (known, known == nil ? guti : nil)
    case .imei, nil: return (nil, nil)
    }
  }

  private mutating func reset(_ pdu: S1APPDU, _ place: Place, into observations: inout [Observation]) {
    guard let choice = pdu[.resetType]?.choice else { return }
    var released: [ConnectionTable.Released] = []
    if choice.name == "s1-Interface" {
      released = connections.releaseAll(on: place.leg)
    } else {
      for item in choice.value.elements {
        guard let pair = try? UEAssociatedLogicalS1Connection(item.value) else { continue }
        let eNB = pair.eNBUES1APID.map(UInt64.init)
        let mme = pair.mmeUES1APID.map(UInt64.init)
        if let found = connections.release(leg: place.leg, eNB: eNB, mme: mme) { released.append(found) }
      }
    }
    for connection in released { observe(connection, place, into: &observations) }
  }

  /// One that says that an identity is unknown ends the connections that have it, at both ends (TS 36.413 §10.6).
  private mutating func errorIndication(_ pdu: S1APPDU, _ place: Place, into observations: inout [Observation]) {
    guard let cause = pdu[.cause].flatMap({ try? Cause($0) }) else { return }
    let isPair = cause == .unknownPairUES1APID
    let released = connections.releaseUnknown(
      on: place.leg, eNB: isPair || cause == .unknownENBUES1APID ? place.eNBUES1APID : nil,
      mme: isPair || cause == .unknownMMEUES1APID ? place.mmeUES1APID : nil)
    for connection in released { observe(connection, place, into: &observations) }
  }

  // MARK: PLMNs

  mutating func noteServingNetwork(_ reading: S1APReading, of ue: Int) {
    guard let number = reading.contents.servingNetwork else { return }
    // The one before is the next one too, and its array is shared.
    if lastServingNetwork.number != number {
      lastServingNetwork = (number, [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
      notePLMN(lastServingNetwork.octets[...])
    }
    if ues[ue].servingNetwork != lastServingNetwork.octets { ues[ue].servingNetwork = lastServingNetwork.octets }
  }

  private mutating func noteBroadcastPLMNs(_ pdu: S1APPDU) {
    guard let list = pdu[.supportedTAs] else { return }
    for item in list.elements {
      guard let area = try? SupportedTA(item) else { continue }
      for plmn in area.plmns { notePLMN(plmn.octets[...]) }
    }
  }

  private mutating func noteServedPLMNs(_ pdu: S1APPDU, mme: Int) {
    guard let list = pdu[.servedGUMMEIs] else { return }
    var gummeis: Set<GUMMEI> = []
    defer { servedGUMMEIs[mme] = gummeis }
    for item in list.elements {
      guard let served = try? ServedGUMMEI(item) else { continue }
      for plmn in served.plmns {
        for group in served.groupIDs {
          for code in served.codes where gummeis.count < 4096 { gummeis.insert(GUMMEI(plmn: plmn, groupID: group, code: code)) }
        }
      }
      for plmn in served.plmns { notePLMN(plmn.octets[...]) }
    }
  }

  private mutating func notePLMN(_ octets: ArraySlice<UInt8>) {
    if plmnsSeen.count < 64 { plmnsSeen.insert(Array(octets)) }
  }
}
