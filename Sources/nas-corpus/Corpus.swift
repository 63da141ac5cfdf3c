import NASMessages

/// One message for others to read.
struct Specimen {
  var message: NASMessage
  var direction: NASDirection
  /// What is in it that is not in the others.
  var title: String
}

/// Messages of every type, with every element at every sample value.
struct Corpus {
  private(set) var specimens: [Specimen] = []

  init() {
    for table in MessageTable.all {
      for direction in directions(of: table.type) { add(table, direction) }
    }
  }

  static var plainAttachRequest: [UInt8] {
    var message = NASMessage(.attachRequest)
    message.set(AttachRequest.epsAttachType, .epsAttach)
    message.set(AttachRequest.nasKeySetIdentifier, .noKey)
    message.set(AttachRequest.epsMobileIdentity, .guti(guti))
    message.set(AttachRequest.ueNetworkCapability, UENetworkCapability(eea: 0xF0, eia: 0x70))
    message.set(AttachRequest.esmMessageContainer, ESMMessageContainer([0x02, 0x01, 0xD0, 0x11]))
    return message.encoded()
  }

  private mutating func add(_ table: MessageTable, _ direction: NASDirection) {
    let mandatory = table.rows.filter { $0.identifier == nil }
    let optional = table.rows.filter { $0.identifier != nil }
    var base = NASMessage(table.type, procedureTransactionIdentity: 1, epsBearerIdentity: table.type.usualBearer)
    for row in mandatory { base.setRaw(MandatoryField<OpaqueValue>(row: row), samples(of: row, in: table.type)[0]) }
    specimens.append(Specimen(message: base, direction: direction, title: "mandatory elements"))
    for row in mandatory {
      for (index, sample) in samples(of: row, in: table.type).enumerated().dropFirst() {
        var message = base
        message.setRaw(MandatoryField<OpaqueValue>(row: row), sample)
        specimens.append(Specimen(message: message, direction: direction, title: "\(row.label), sample \(index)"))
      }
    }
    var whole = base
    for row in optional {
      for (index, sample) in samples(of: row, in: table.type).enumerated() {
        var message = base
        message.setRaw(OptionalField<OpaqueValue>(row: row), sample)
        if index == 0 { whole.setRaw(OptionalField<OpaqueValue>(row: row), sample) }
        specimens.append(Specimen(message: message, direction: direction, title: "\(row.label), sample \(index)"))
      }
    }
    if optional.count > 1 { specimens.append(Specimen(message: whole, direction: direction, title: "every element")) }
  }
}

/// Who sends a message of a type, TS 24.301 §8.2 and §8.3.
func directions(of type: NASMessageType) -> [NASDirection] {
  switch type {
  case .detachAccept, .emmStatus, .esmStatus, .esmDummyMessage, .esmDataTransport: [.uplink, .downlink]
  case .attachRequest, .attachComplete, .authenticationFailure, .authenticationResponse, .controlPlaneServiceRequest,
    .detachRequestFromUE, .extendedServiceRequest, .gutiReallocationComplete, .identityResponse, .securityModeComplete,
    .securityModeReject, .trackingAreaUpdateRequest, .trackingAreaUpdateComplete, .uplinkNASTransport, .uplinkGenericNASTransport,
    .activateDedicatedEPSBearerContextAccept, .activateDedicatedEPSBearerContextReject, .activateDefaultEPSBearerContextAccept,
    .activateDefaultEPSBearerContextReject, .bearerResourceAllocationRequest, .bearerResourceModificationRequest,
    .deactivateEPSBearerContextAccept, .esmInformationResponse, .modifyEPSBearerContextAccept, .modifyEPSBearerContextReject,
    .pdnConnectivityRequest, .pdnDisconnectRequest, .remoteUEReport:
    [.uplink]
  default: [.downlink]
  }
}

extension NASMessageType {
  /// An EPS bearer identity that may stand in the header: none where the bearer is not there yet or the PTI names the subject.
  fileprivate var usualBearer: UInt8 {
    switch self {
    case .pdnConnectivityRequest, .pdnConnectivityReject, .pdnDisconnectRequest, .pdnDisconnectReject,
      .bearerResourceAllocationRequest, .bearerResourceAllocationReject, .bearerResourceModificationRequest,
      .bearerResourceModificationReject, .esmInformationRequest, .esmInformationResponse:
      0
    default: isESM ? 5 : 0
    }
  }
}
