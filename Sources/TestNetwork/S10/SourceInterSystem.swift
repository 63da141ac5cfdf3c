import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// A handover that leaves E-UTRAN for UTRAN or GERAN, at the MME (TS 23.401 §5.5.2.1, §5.5.2.3; TS 33.401 §9.2.1): FORWARD RELOCATION
/// REQUEST to an SGSN, with CK' and IK' in the place of KASME. What it has to wait for is what another MME's target has to.
extension MME {
  mutating func leave(
    _ waiting: Relocation, on id: UInt32, _ index: Int, _ own: CoreAddress, using engine: inout CryptoEngine
  ) {
    guard let connection = connections[id], let current = ues[index].security.current,
      let made = ues[index].security.withCurrent({ try? $0.handoverToUTRAN(using: &engine) })
    else { return relocationFailed(id, cause: .handoverFailureInTarget, "no COUNT is left for CK' and IK'", using: &engine) }
    var relocation = waiting
    relocation.stage = .requested
    relocation.nasParameters = [made.container.rawValue]
    relocation.localTEID = s10.takeTEID()
    s10.sources[relocation.localTEID] = id
    connections[id]?.relocation = relocation
    let keys = made.keys.octets
    var context = MMContext(
      .umtsWithQuadruplets(.init(keySetIdentifier: current.keySetIdentifier, ck: Array(keys.prefix(16)), ik: Array(keys.dropFirst(16)))))
    context.ueNetworkCapability = ues[index].networkCapability?.octets ?? []
    context.msNetworkCapability = ues[index].msNetworkCapability?.octets ?? []
    var request = GTPv2CMessage(.forwardRelocationRequest, teid: 0, sequenceNumber: 0)
    request.add(ForwardRelocationRequest.imsi, IMSIDigits(name(of: index)))
    request.add(ForwardRelocationRequest.sender, FullyQualifiedTEID(.s3MME, teid: relocation.localTEID, address: own.octets))
    for connection in pdnConnections(of: index) { request.add(ForwardRelocationRequest.connection, connection) }
    request.add(
      ForwardRelocationRequest.servingGateway,
      FullyQualifiedTEID(.s11SGW, teid: UInt32(truncatingIfNeeded: index + 1), address: configuration.userPlaneAddress))
    request.add(context)
    request.add(ForwardRelocationRequest.target, relocation.target)
    request.add(ForwardRelocationRequest.ranapCause, .relocationDesirable)
    request.add(ForwardRelocationRequest.servingNetwork, PLMNOctets(connection.trackingArea.plmn))
    // Last: whoever reads RANAP in it reads what is before all the same.
    if relocation.type == .lteToGERAN {
      request.add(ForwardRelocationRequest.bssContainer, FullyQualifiedContainer(.bss, relocation.container))
    } else {
      request.add(ForwardRelocationRequest.utranContainer, FullyQualifiedContainer(.utran, relocation.container))
    }
    self.request(request, to: relocation.peer, for: .relocation(connection: id))
    reportContexts(of: index, "CK' and IK' derived: a downlink COUNT is used up")
    reportProcedure("relocation to another system: keys forwarded to \(relocation.peer)", on: id)
    if configuration.defects.contains(.downlinkNASAfterRelocation) { sendInformation(on: id, using: &engine) }
  }
}

extension HandoverType {
  /// Whether HANDOVER REQUIRED may name this target with it.
  func fits(_ target: HandoverTargetIdentity) -> Bool {
    switch (self, target) {
    case (.intraLTE, .eNB), (.lteToUTRAN, .otherSystem(.rnc)), (.lteToGERAN, .otherSystem): true
    default: false
    }
  }
}

extension GTPv2CMessage {
  /// The container of FORWARD RELOCATION RESPONSE that is for the source's radio network; nil where it is not there.
  func container(for type: HandoverType) throws(GTPv2CError) -> FullyQualifiedContainer? {
    switch type {
    case .lteToUTRAN: try self[ForwardRelocationResponse.utranContainer]
    case .lteToGERAN: try self[ForwardRelocationResponse.bssContainer]
    case .intraLTE, .utranToLTE, .geranToLTE: try self[ForwardRelocationResponse.eUTRANContainer]
    }
  }
}

extension FullyQualifiedCause {
  /// RANAP "relocation desirable for radio reasons" (TS 25.413 §9.2.1.4): 43.
  static let relocationDesirable = FullyQualifiedCause(kind: 0, value: 43)
  /// "Relocation cancelled" of RANAP (TS 25.413 §9.2.1.4).
  static let relocationCancelled = FullyQualifiedCause(kind: 0, value: 10)
}
