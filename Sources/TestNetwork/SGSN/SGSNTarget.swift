import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity

/// A handover from E-UTRAN, at the SGSN (TS 23.401 §5.5.2.1, §5.5.2.3): from FORWARD RELOCATION REQUEST to the UE's arrival.
extension SGSN {
  /// What stands for the RRC of UTRA, which is not emulated.
  static let radioResourceControl = [UInt8]("nasue".utf8)

  /// Target RNC to Source RNC Transparent Container (TS 25.413 §9.2.1.30), aligned PER: the RRC container and nothing optional.
  private static let utranContainer = [0, UInt8(radioResourceControl.count)] + radioResourceControl

  /// Target BSS to Source BSS Transparent Container (TS 48.018 §11.3.80): a PS Handover Command.
  private static let bssContainer = [0x74, 0x80 | UInt8(radioResourceControl.count)] + radioResourceControl

  mutating func relocationRequested(_ message: GTPv2CMessage, _ octets: [UInt8], from peer: CoreAddress) {
    let sender: FullyQualifiedTEID
    let context: MMContext
    let imsi: IMSIDigits?
    let target: TargetIdentification?
    let connections: [PDNConnection]
    do {
      sender = try message[ForwardRelocationRequest.sender]
      context = try message.mmContext
      imsi = try message[ForwardRelocationRequest.imsi]
      target = try message[ForwardRelocationRequest.target]
      connections = try message.all(ForwardRelocationRequest.connection)
    } catch {
      let cause: ResultCause = error.code == .missing ? .mandatoryElementMissing : .mandatoryElementIncorrect
      return refuse(message, octets, cause, error.description, from: peer)
    }
    let remote = endpoint(sender, from: peer)
    func decline(_ cause: ResultCause, _ why: String) { refuse(message, octets, cause, why, from: peer, teid: remote.teid) }
    guard let imsi = imsi?.digits, let target, let isGERAN = serves(target) else {
      return decline(.relocationFailure, "IMSI is missing, or the target is not at this SGSN")
    }
    guard let umts = context.umts, umts.keySetIdentifier < 7 else {
      return decline(.mandatoryElementIncorrect, "no UMTS security context")
    }
    let field = isGERAN ? ForwardRelocationRequest.bssContainer : ForwardRelocationRequest.utranContainer
    guard let container = try? message[field], !container.content.isEmpty else {
      return decline(.conditionalElementMissing, "the source's container is missing")
    }
    guard visitors[imsi] != nil || visitors.count < Self.maximumVisitors else {
      return decline(.noResourcesAvailable, "\(visitors.count) UEs are here")
    }
    nextTEID = nextTEID == .max ? 1 : nextTEID + 1
    let visitor = Visitor(
      umts: UMTSSecurityContext(ck: KeyMaterial(umts.ck), ik: KeyMaterial(umts.ik), keySetIdentifier: umts.keySetIdentifier),
      context: context, connections: connections, localTEID: nextTEID, remote: remote)
    visitors[imsi] = visitor

    var response = GTPv2CMessage(.forwardRelocationResponse, teid: remote.teid, sequenceNumber: message.sequenceNumber)
    response.add(ForwardRelocationResponse.cause, .requestAccepted)
    response.add(
      ForwardRelocationResponse.sender, FullyQualifiedTEID(.s3SGSN, teid: visitor.localTEID, address: configuration.address.octets))
    for connection in connections {
      for bearer in (try? connection.all(PDNConnection.bearer)) ?? [] {
        guard let identity = try? bearer[BearerContext.identity] else { continue }
        response.add(ForwardRelocationResponse.radioBearer, BearerContext(identity: identity.identity))
      }
    }
    if isGERAN {
      response.add(ForwardRelocationResponse.bssContainer, FullyQualifiedContainer(.bss, Self.bssContainer))
    } else {
      response.add(ForwardRelocationResponse.utranContainer, FullyQualifiedContainer(.utran, Self.utranContainer))
    }
    answer(response, to: octets, from: peer)
    report(
      imsi, "relocation from \(peer): CK' \(visitor.umts.ck.fingerprint), IK' \(visitor.umts.ik.fingerprint), KSI \(umts.keySetIdentifier)")
    if let wait = configuration.presumedArrival {
      sink.append(.startTimer(MMETimer(.handover, owner: visitor.localTEID), after: wait))
    }
  }

  /// Whether the target is one of GERAN; nil for one that is not here.
  private func serves(_ target: TargetIdentification) -> Bool? {
    let isGERAN: Bool
    let octets: [UInt8]
    switch target {
    case .rnc(let plmn, let area, _, _, _): (isGERAN, octets) = (false, plmn.octets + [UInt8(area >> 8), UInt8(area & 255)])
    case .other(TargetIdentification.cellIdentifierType, let cell): (isGERAN, octets) = (true, Array(cell.prefix(5)))
    case .macroENB, .homeENB, .other: return nil
    }
    let isServed = configuration.locationAreas.contains {
      $0.plmn.wireOctets + [UInt8($0.code >> 8), UInt8($0.code & 255)] == octets
    }
    return isServed ? isGERAN : nil
  }

  /// With other keys than the SGSN's nothing of what the UE says would verify: its arrival is not noticed.
  mutating func arrived(_ imsi: String, _ umts: UMTSSecurityContext) {
    guard let visitor = visitors[imsi], visitor.stage == .awaited else {
      return discard("a UE that nobody announced has come", "TS 23.401 §5.5.2.1", imsi: imsi)
    }
    guard visitor.umts == umts else {
      return discard(
        "the UE came with CK' \(umts.ck.fingerprint), KSI \(umts.keySetIdentifier), which are not the keys forwarded",
        "TS 33.401 §9.2.1", imsi: imsi)
    }
    complete(imsi)
  }

  mutating func complete(_ imsi: String) {
    guard let visitor = visitors[imsi] else { return }
    visitors[imsi]?.stage = .here
    sink.append(.stopTimer(MMETimer(.handover, owner: visitor.localTEID)))
    request(
      GTPv2CMessage(.forwardRelocationCompleteNotification, teid: visitor.remote.teid, sequenceNumber: 0), to: visitor.remote.address,
      of: imsi)
  }

  /// RELOCATION CANCEL REQUEST.
  mutating func relocationCancelled(_ message: GTPv2CMessage, _ octets: [UInt8], from peer: CoreAddress) {
    let imsi = (try? message[RelocationCancelRequest.imsi])?.digits
    let found = visitors.first { name, visitor in
      visitor.stage == .awaited && (name == imsi || visitor.localTEID == message.teid)
        && (visitor.remote.address.octets == peer.octets)
    }
    guard let (name, visitor) = found else {
      return refuse(message, octets, .contextNotFound, "there is no relocation to cancel", from: peer)
    }
    visitors[name] = nil
    sink.append(.stopTimer(MMETimer(.handover, owner: visitor.localTEID)))
    var response = GTPv2CMessage(.relocationCancelResponse, teid: visitor.remote.teid, sequenceNumber: message.sequenceNumber)
    response.add(Acknowledgement.cause, .requestAccepted)
    answer(response, to: octets, from: peer)
    report(name, "relocation cancelled by the source")
  }

  func endpoint(_ element: FullyQualifiedTEID, from sender: CoreAddress) -> RemoteEndpoint {
    let octets = element.ipv4 ?? element.ipv6 ?? sender.octets
    let known = configuration.peers.first { $0.address.octets == octets }?.address
    return RemoteEndpoint(address: known ?? CoreAddress(octets: octets), teid: element.teid)
  }
}
