import NASCrypto
import NASMessages
import NASSecurity

/// What a UE leaves on its USIM between power-off and power-on (TS 24.301 Annex C).
public struct USIMFiles: Sendable, Equatable {
  public var location: EPSLocationInformation
  public var security: EPSNASSecurityContextFile
  /// What the USIM itself keeps: the sequence numbers it accepted.
  public var sequenceNumbers: USIMSequenceNumbers

  public init(
    location: EPSLocationInformation = EPSLocationInformation(), security: EPSNASSecurityContextFile = .invalid,
    sequenceNumbers: USIMSequenceNumbers = USIMSequenceNumbers()
  ) {
    self.location = location
    self.security = security
    self.sequenceNumbers = sequenceNumbers
  }
}

extension UE {
  /// A UE that goes on with what its USIM holds.
  ///
  /// - Parameter t3346: what the mobile equipment remembers of it; it starts with this at power-on (TS 24.301 §5.3.9).
  public init(
    configuration: UEConfiguration, usim: USIM, files: USIMFiles, t3346: Duration? = nil, seed: UInt64 = 0,
    using engine: inout CryptoEngine
  ) {
    var usim = usim
    usim.sequenceNumbers = files.sequenceNumbers
    var registration = Registration(guti: files.location.guti, lastVisitedTrackingArea: files.location.lastVisitedTrackingArea)
    registration.updateStatus = files.location.updateStatus
    self.init(
      configuration: configuration, usim: usim, contexts: SecurityContexts(current: files.security.context(using: &engine)),
      registration: registration, seed: seed)
    if let t3346 { backOff.resume(t3346) }
  }

  /// What T3346 has left, for the mobile equipment to remember at switch-off; nil when it does not run.
  public func t3346Left(at now: Duration) -> Duration? { backOff.t3346Left(at: now) }

  /// What the USIM holds now (§4.4.2.1): in EMM-NULL and EMM-DEREGISTERED the native context, valid; everywhere else the
  /// record is marked invalid, since the COUNTs move on. Of an emergency registration nothing but the sequence numbers is kept (Annex C).
  public var usimFiles: USIMFiles {
    guard !configuration.attachesForEmergency else { return USIMFiles(sequenceNumbers: usim.sequenceNumbers) }
    let location = EPSLocationInformation(
      guti: registration.guti, lastVisitedTrackingArea: registration.lastVisitedTrackingArea, updateStatus: registration.updateStatus)
    let isOutside =
      switch machine {
      case .null, .deregistered: true
      case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: false
      }
    return USIMFiles(
      location: location, security: isOutside ? EPSNASSecurityContextFile(storing: contexts.current) : .invalid,
      sequenceNumbers: usim.sequenceNumbers)
  }
}
