import NASMessages

/// What a combined request tells of the registration for non-EPS services (TS 24.301 §5.5.1.3.2, §5.5.3.3.2).
extension UE {
  func describeNonEPS(inAttach request: inout NASMessage) {
    request.set(AttachRequest.oldLocationAreaIdentification, registration.nonEPS?.locationArea)
    guard let nri = registration.nonEPS?.networkResourceIdentifier else {
      return request.set(AttachRequest.tmsiStatus, .noValidTMSI)
    }
    request.set(AttachRequest.tmsiBasedNRIContainer, nri)
  }

  func describeNonEPS(inUpdate request: inout NASMessage) {
    request.set(TrackingAreaUpdateRequest.oldLocationAreaIdentification, registration.nonEPS?.locationArea)
    guard let nri = registration.nonEPS?.networkResourceIdentifier else {
      return request.set(TrackingAreaUpdateRequest.tmsiStatus, .noValidTMSI)
    }
    request.set(TrackingAreaUpdateRequest.tmsiBasedNRIContainer, nri)
  }
}

extension Registration.NonEPS {
  /// Bits 14 to 23 of the TMSI (TS 23.003 §2.4, TS 24.008 §10.5.5.31); nil without one.
  var networkResourceIdentifier: NetworkResourceIdentifier? {
    tmsi.map { NetworkResourceIdentifier(UInt16(truncatingIfNeeded: $0 >> 14) & 0x3FF) }
  }
}

extension EPSUpdateType {
  /// For non-EPS services as well.
  var isCombined: Bool { kind == .combinedTALAUpdating || kind == .combinedTALAUpdatingWithIMSIAttach }
}
