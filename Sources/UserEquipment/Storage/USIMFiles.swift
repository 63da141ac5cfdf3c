import NASCrypto
import NASMessages
import NASSecurity

/// What a UE leaves on its USIM between power-off and power-on (TS 24.301 Annex C).
public struct USIMFiles: Sendable, Equatable {
  public var location: EPSLocationInformation
  public var security: EPSNASSecurityContextFile
  /// What the USIM itself keeps: the sequence numbers it accepted.
  public var sequenceNumbers: USIMSequenceNumbers
  /// EF_FPLMN.
  public var forbiddenPLMNs: [PLMN]

  public init(
    location: EPSLocationInformation = EPSLocationInformation(), security: EPSNASSecurityContextFile = .invalid,
    sequenceNumbers: USIMSequenceNumbers = USIMSequenceNumbers(), forbiddenPLMNs: [PLMN] = []
  ) {
    self.location = location
    self.security = security
    self.sequenceNumbers = sequenceNumbers
    self.forbiddenPLMNs = forbiddenPLMNs
  }
}

extension UE {
  /// A UE that goes on with what its USIM holds.
  ///
  /// - Parameter memory: what the mobile equipment remembers; its timers start with what they have left at power-on (TS 24.301 §5.3.7a,
  ///   §5.3.9, §6.5.1.4.2).
  public init(
    configuration: UEConfiguration, usim: USIM, files: USIMFiles, memory: MobileEquipmentState = MobileEquipmentState(), seed: UInt64 = 0,
    using engine: inout CryptoEngine
  ) {
    var usim = usim
    usim.sequenceNumbers = files.sequenceNumbers
    var registration = Registration(guti: files.location.guti, lastVisitedTrackingArea: files.location.lastVisitedTrackingArea)
    registration.updateStatus = files.location.updateStatus
    registration.equivalentPLMNs = memory.equivalentPLMNs
    registration.temporaryIdentityInNextUpdate = memory.temporaryIdentityInNextUpdate
    registration.origin = memory.packetRegistration.map(OtherSystem.packet)
    self.init(
      configuration: configuration, usim: usim, contexts: SecurityContexts(current: files.security.context(using: &engine)),
      registration: registration, seed: seed)
    forbidden.plmns = files.forbiddenPLMNs
    if let t3346 = memory.t3346 { backOff.resume(t3346, of: memory.t3346PLMN) }
    sessionBackOffs = memory.t3396.map {
      SessionBackOff(accessPointName: $0.accessPointName, isDeactivated: false, leftAtPowerOn: $0.left)
    }
    assignedRadioCapabilityIDs = memory.radioCapabilityIDs
    if let left = memory.t3245 { circumstances.t3245 = .atPowerOn(left) }
  }

  /// What the mobile equipment remembers if it is switched off now.
  public func mobileEquipmentState(at now: Duration) -> MobileEquipmentState {
    guard !configuration.isECallOnly else { return MobileEquipmentState() }
    let running = sessionBackOffs.compactMap { timer -> MobileEquipmentState.AccessPointBackOff? in
      guard !timer.endsAtSwitchOff, let left = timer.leftAtPowerOn ?? timer.ends.map({ $0 - now }), left > .zero else { return nil }
      return .init(accessPointName: timer.accessPointName, left: left)
    }
    var state = MobileEquipmentState(t3346: t3346Left(at: now), t3396: running, radioCapabilityIDs: assignedRadioCapabilityIDs)
    state.t3245 = t3245Left(at: now)
    if state.t3346 != nil { state.t3346PLMN = backOff.t3346PLMN }
    state.equivalentPLMNs = registration.equivalentPLMNs
    state.temporaryIdentityInNextUpdate = registration.temporaryIdentityInNextUpdate
    if case .packet(var packet) = registration.origin {
      packet.umts = nil
      state.packetRegistration = packet
    }
    return state
  }

  /// What T3346 has left, for the mobile equipment to remember at switch-off; nil when it does not run.
  public func t3346Left(at now: Duration) -> Duration? { backOff.t3346Left(at: now) }

  /// What the USIM holds now (§4.4.2.1): in EMM-NULL and EMM-DEREGISTERED the native context, valid; everywhere else the
  /// record is marked invalid, since the COUNTs move on. Of an emergency registration nothing but the sequence numbers is kept (Annex C).
  public var usimFiles: USIMFiles {
    // Of eCall only mode nothing is stored either (Annex C).
    guard !isAttachedForEmergency, !configuration.isECallOnly else {
      return USIMFiles(sequenceNumbers: usim.sequenceNumbers, forbiddenPLMNs: forbidden.plmns)
    }
    let location = EPSLocationInformation(
      guti: registration.guti, lastVisitedTrackingArea: registration.lastVisitedTrackingArea, updateStatus: registration.updateStatus)
    let isOutside =
      switch machine {
      case .null, .deregistered: true
      case .registeredInitiated, .registered, .trackingAreaUpdatingInitiated, .serviceRequestInitiated, .deregisteredInitiated: false
      }
    return USIMFiles(
      location: location, security: isOutside ? EPSNASSecurityContextFile(storing: contexts.current) : .invalid,
      sequenceNumbers: usim.sequenceNumbers, forbiddenPLMNs: forbidden.plmns)
  }
}
