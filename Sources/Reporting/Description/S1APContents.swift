import S1AP

extension S1APPDU {
  /// IEs that hold keys in clear. A handover container may hold RRC's AS-Context or the keys of a target cell.
  private static let keyElements: [ProtocolIEID] = [
    .securityKey, .securityContext, .nasSecurityParametersFromEUTRAN, .nasSecurityParametersToEUTRAN, .sourceToTargetTransparentContainer,
    .targetToSourceTransparentContainer,
  ]

  /// Whether its octets show a key to whoever reads them. A message that the tables do not have is taken to.
  var carriesKeys: Bool {
    opaque != nil || Self.keyElements.contains { self[$0] != nil }
  }

  /// The first NAS-PDU anywhere in it: the IE, or the one of the first bearer to be set up.
  var firstNASPDU: [UInt8]? {
    if let nas = self[.nasPDU]?.octets { return Array(nas) }
    for list in [
      ProtocolIEID.eRABToBeSetupListCtxtSUReq, .eRABToBeSetupListBearerSUReq, ProtocolIEID(30), ProtocolIEID(12),
    ] {
      guard let items = self[list] else { continue }
      for item in items.elements {
        if let nas = item["nAS-PDU"]?.octets { return Array(nas) }
      }
    }
    return nil
  }
}
