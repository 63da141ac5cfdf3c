import NASCrypto
import NASMessages
import NASSecurity

/// What a UE leaves on its USIM between power-off and power-on (TS 24.301 Annex C).
public struct USIMFiles: Sendable, Equatable {
  public var location: EPSLocationInformation
  public var security: EPSNASSecurityContextFile

  public init(location: EPSLocationInformation = EPSLocationInformation(), security: EPSNASSecurityContextFile = .invalid) {
    self.location = location
    self.security = security
  }
}

extension UE {
  /// A UE that goes on with what its USIM holds.
  public init(
    configuration: UEConfiguration, usim: USIM, files: USIMFiles, seed: UInt64 = 0, using engine: inout CryptoEngine
  ) {
    var registration = Registration(guti: files.location.guti, lastVisitedTrackingArea: files.location.lastVisitedTrackingArea)
    registration.updateStatus = files.location.updateStatus
    self.init(
      configuration: configuration, usim: usim, contexts: SecurityContexts(current: files.security.context(using: &engine)),
      registration: registration, seed: seed)
  }

  /// What the USIM holds now (§4.4.2.1): in EMM-NULL and EMM-DEREGISTERED the native context, valid; everywhere else the
  /// record is marked invalid, since the COUNTs move on. Nothing of an emergency registration is kept.
  public var usimFiles: USIMFiles {
    guard !configuration.attachesForEmergency else { return USIMFiles() }
    let location = EPSLocationInformation(
      guti: registration.guti, lastVisitedTrackingArea: registration.lastVisitedTrackingArea, updateStatus: registration.updateStatus)
    let isOutside =
      switch machine {
      case .null, .deregistered: true
      case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: false
      }
    return USIMFiles(location: location, security: isOutside ? EPSNASSecurityContextFile(storing: contexts.current) : .invalid)
  }
}
