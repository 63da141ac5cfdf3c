import GTPv2C
import NASMessages
import NASSecurity
import S1AP

/// A cell of an eNB, as another node names it.
public struct EUTRANCell: Sendable, Hashable {
  public var plmn: PLMN
  /// Macro eNB ID, 20 bits.
  public var enbID: UInt32
  /// The cell's 8 bits behind the eNB ID.
  public var cellIdentifier: UInt8
  public var trackingAreaCode: UInt16

  public init(plmn: PLMN, enbID: UInt32, cellIdentifier: UInt8, trackingAreaCode: UInt16) {
    self.plmn = plmn
    self.enbID = enbID
    self.cellIdentifier = cellIdentifier
    self.trackingAreaCode = trackingAreaCode
  }
}

/// A handover to E-UTRAN, at the SGSN (TS 23.401 §5.5.2.2; TS 33.401 §9.2.2): of a UE that came from there.
extension SGSN {
  mutating func relocate(_ imsi: String, to cell: EUTRANCell) {
    guard var visitor = visitors[imsi], visitor.stage == .here else {
      return discard("no handover: the UE is not here", "TS 23.401 §5.5.2.2", imsi: imsi)
    }
    let area = MMEConfiguration.TrackingArea(plmn: cell.plmn, code: cell.trackingAreaCode)
    guard let peer = configuration.peers.first(where: { $0.trackingAreas.contains(area) }), let container = Self.sourceContainer(cell)
    else {
      return discard("no handover: no MME is known for TAC \(cell.trackingAreaCode)", "TS 23.401 §5.5.2.2", imsi: imsi)
    }
    nextTEID = nextTEID == .max ? 1 : nextTEID + 1
    visitor.localTEID = nextTEID
    visitor.stage = .leaving
    visitors[imsi] = visitor
    let keys = visitor.umts
    var context = MMContext(.umts(.init(keySetIdentifier: keys.keySetIdentifier, ck: keys.ck.octets, ik: keys.ik.octets)))
    context.ueNetworkCapability = visitor.context.ueNetworkCapability
    context.msNetworkCapability = visitor.context.msNetworkCapability
    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0, sequenceNumber: 0)
    request.add(ForwardRelocationRequest.imsi, IMSIDigits(imsi))
    request.add(
      ForwardRelocationRequest.sender, FullyQualifiedTEID(.s3SGSN, teid: visitor.localTEID, address: configuration.address.octets))
    for connection in visitor.connections { request.add(ForwardRelocationRequest.connection, connection) }
    request.add(
      ForwardRelocationRequest.servingGateway, FullyQualifiedTEID(.s4SGW, teid: visitor.localTEID, address: configuration.address.octets))
    request.add(context)
    request.add(ForwardRelocationRequest.eUTRANContainer, FullyQualifiedContainer(.eUTRAN, container))
    request.add(
      ForwardRelocationRequest.target,
      .macroENB(plmn: PLMNOctets(cell.plmn), identity: cell.enbID, trackingArea: cell.trackingAreaCode))
    request.add(ForwardRelocationRequest.ranapCause, .relocationDesirable)
    request.add(ForwardRelocationRequest.servingNetwork, PLMNOctets(configuration.plmn))
    self.request(request, to: peer.address, of: imsi)
    report(imsi, "relocation to E-UTRAN: keys forwarded to \(peer.address)")
  }

  /// FORWARD RELOCATION RESPONSE.
  mutating func relocationAnswered(_ message: GTPv2CMessage, _ imsi: String, from peer: CoreAddress) {
    guard visitors[imsi]?.stage == .leaving else { return }
    guard let cause = try? message[ForwardRelocationResponse.cause], cause.isAcceptance,
      let container = try? message[ForwardRelocationResponse.eUTRANContainer]
    else {
      let told = (try? message[ForwardRelocationResponse.cause])?.description ?? "no cause"
      return stay(imsi, "refused by the target: \(told)")
    }
    if let sender = try? message[ForwardRelocationResponse.sender] {
      let remote = endpoint(sender, from: peer)
      visitors[imsi]?.remote = remote
    }
    sink.append(.commanded(imsi: imsi, container: container.content))
  }

  /// The RNC or BSS calls the handover off: the MME is to forget what it prepared (TS 23.401 §5.5.2.5).
  mutating func returned(_ imsi: String) {
    guard let visitor = visitors[imsi], visitor.stage == .leaving else {
      return discard("a UE returns that was not on its way", "TS 23.401 §5.5.2.5", imsi: imsi)
    }
    var cancel = GTPv2CMessage(.relocationCancelRequest, teid: visitor.remote.teid, sequenceNumber: 0)
    cancel.add(RelocationCancelRequest.imsi, IMSIDigits(imsi))
    cancel.add(RelocationCancelRequest.cause, .relocationCancelled)
    request(cancel, to: visitor.remote.address, of: imsi)
    stay(imsi, "the UE did not reach the cell")
  }

  /// The UE stays in UTRAN or GERAN.
  mutating func stay(_ imsi: String, _ why: String) {
    visitors[imsi]?.stage = .here
    report(imsi, "relocation to E-UTRAN failed: \(why)")
  }

  /// FORWARD RELOCATION COMPLETE NOTIFICATION: the UE is in E-UTRAN.
  mutating func relocationCompleted(_ message: GTPv2CMessage, _ octets: [UInt8], from peer: CoreAddress) {
    guard let (imsi, _) = visitors.first(where: { $0.value.stage == .leaving && $0.value.localTEID == message.teid }) else {
      return refuse(message, octets, .contextNotFound, "no relocation has this TEID", from: peer)
    }
    visitors[imsi] = nil
    var acknowledge = GTPv2CMessage(.forwardRelocationCompleteAcknowledge, teid: 0, sequenceNumber: message.sequenceNumber)
    acknowledge.add(Acknowledgement.cause, .requestAccepted)
    answer(acknowledge, to: octets, from: peer)
    report(imsi, "relocation to E-UTRAN completed")
  }

  /// What the source RNC would put into the container for the target eNB: no more than which cell is meant.
  private static func sourceContainer(_ cell: EUTRANCell) -> [UInt8]? {
    guard let plmn = PLMNIdentity(octets: cell.plmn.wireOctets) else { return nil }
    let identity = EUTRANCGI(plmn: plmn, cell: cell.enbID << 8 | UInt32(cell.cellIdentifier))
    return SourceENBContainer.octets(rrcContainer: radioResourceControl, bearers: [], target: identity)
  }
}
