import NASMessages

/// What a UE is and wants, fixed for its life.
public struct UEConfiguration: Sendable, Equatable {
  public var imsi: String
  /// 16 digits: IMEI without check digit, then the software version.
  public var imeisv: String
  public var networkCapability: UENetworkCapability
  public var msNetworkCapability: MSNetworkCapability?
  /// The PLMN selected; KASME is bound to it (TS 33.401 A.2).
  public var plmn: PLMN
  /// Access point name wanted; nil leaves the choice to the network.
  public var accessPointName: AccessPointName?
  public var pdnType: PDNType
  /// Holds APN and PCO back until they can be ciphered (ESM information transfer flag, TS 24.301 §9.9.4.5).
  public var transfersESMInformationProtected: Bool
  /// Told to the network and replayed by it, where the UE has NR algorithms (TS 24.301 §9.9.3.53).
  public var additionalSecurityCapability: UEAdditionalSecurityCapability?
  /// Assigned by the manufacturer; told on request where the network capability has RACS (TS 24.301 §5.3.20).
  public var radioCapabilityID: UERadioCapabilityID?
  /// Where the UE departs from the text; none by default.
  public var deviations: Set<Deviation> = []
  /// Attaches for emergency bearer services only: even without a valid USIM, and under null algorithms if need be.
  public var attachesForEmergency = false
  /// Registers for non-EPS services as well: combined attach and combined updates (CS/PS mode).
  public var registersForNonEPSServices = false
  /// The cells it is handed over to broadcast more than one PLMN.
  public var campsOnSharedCells = false
  /// "AttachWithIMSI": in a PLMN that is neither the registered one nor an equivalent the UE attaches, by its IMSI (TS 24.368).
  public var attachesWithIMSIInNewPLMN = false
  /// How long T3245 runs, where the UE is configured to use it (TS 24.368, TS 24.301 §5.3.7a); TS 24.008 §4.1.1.6 has it drawn.
  public var t3245: Duration?
  /// The USIM asks for eCall only mode (TS 31.102 §4.2.18): no signalling but for an eCall, or a call for test or reconfiguration.
  public var isECallOnly = false
  /// How a call that CS SERVICE NOTIFICATION announces is answered.
  public var acceptsCalls = true

  public init(
    imsi: String, imeisv: String = "3534900698733190", networkCapability: UENetworkCapability = UEConfiguration.ordinaryCapability,
    msNetworkCapability: MSNetworkCapability? = nil, plmn: PLMN, accessPointName: AccessPointName? = nil, pdnType: PDNType = .ipv4,
    transfersESMInformationProtected: Bool = false
  ) {
    self.imsi = imsi
    self.imeisv = imeisv
    self.networkCapability = networkCapability
    self.msNetworkCapability = msNetworkCapability
    self.plmn = plmn
    self.accessPointName = accessPointName
    self.pdnType = pdnType
    self.transfersESMInformationProtected = transfersESMInformationProtected
  }

  /// EEA0-3, 128-EIA1-3 (128-EIA0 is for emergencies and not told), UEA0-1 and UIA1.
  public static let ordinaryCapability = UENetworkCapability(eea: 0xF0, eia: 0x70, uea: 0xC0, uia: 0x40)

  /// What an MME must replay of our capabilities in SECURITY MODE COMMAND (TS 24.301 §9.9.3.36).
  public var replayableCapabilities: UESecurityCapability {
    UESecurityCapability(replaying: networkCapability, msNetworkCapability)
  }
}
