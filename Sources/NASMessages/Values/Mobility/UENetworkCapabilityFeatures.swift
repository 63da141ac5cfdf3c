// What UE network capability says beyond algorithms: TS 24.301 §9.9.3.34, from octet 7 of the element (the fifth of the value) on.
extension UENetworkCapability {
  /// A bit of ``octets``, numbered as in the figure; octets that are absent read as zero.
  private func bit(_ bit: Int, ofOctet index: Int) -> Bool { index < octets.count && octets[index] & 1 << UInt8(bit - 1) != 0 }

  /// No preference between the default alphabet and UCS2.
  public var ucs2: Bool { bit(8, ofOctet: 3) }

  // MARK: Octet 7

  /// Notification procedure.
  public var notificationProcedure: Bool { bit(1, ofOctet: 4) }
  /// SRVCC from E-UTRAN to cdma2000 1x CS.
  public var srvccTo1xCS: Bool { bit(2, ofOctet: 4) }
  /// LCS notification mechanisms (TS 24.171).
  public var lcsNotification: Bool { bit(3, ofOctet: 4) }
  /// LTE Positioning Protocol.
  public var ltePositioningProtocol: Bool { bit(4, ofOctet: 4) }
  /// eNodeB-based access class control for CSFB.
  public var accessClassControlForCSFB: Bool { bit(5, ofOctet: 4) }
  /// H.245 after SRVCC handover.
  public var h245AfterSRVCC: Bool { bit(6, ofOctet: 4) }
  /// Proximity services.
  public var proSe: Bool { bit(7, ofOctet: 4) }
  /// ProSe direct discovery.
  public var proSeDirectDiscovery: Bool { bit(8, ofOctet: 4) }

  // MARK: Octet 8

  /// ProSe direct communication.
  public var proSeDirectCommunication: Bool { bit(1, ofOctet: 5) }
  /// Acting as a ProSe UE-to-network relay.
  public var proSeRelay: Bool { bit(2, ofOctet: 5) }
  /// Control plane CIoT EPS optimization.
  public var controlPlaneCIoT: Bool { bit(3, ofOctet: 5) }
  /// User plane CIoT EPS optimization.
  public var userPlaneCIoT: Bool { bit(4, ofOctet: 5) }
  /// S1-U data transfer; counts only with ``controlPlaneCIoT``.
  public var s1UDataTransfer: Bool { bit(5, ofOctet: 5) }
  /// EMM-REGISTERED without PDN connection.
  public var registeredWithoutPDNConnection: Bool { bit(6, ofOctet: 5) }
  /// Header compression for control plane CIoT EPS optimization.
  public var headerCompressionForControlPlaneCIoT: Bool { bit(7, ofOctet: 5) }
  /// The extended protocol configuration options element.
  public var extendedProtocolConfigurationOptions: Bool { bit(8, ofOctet: 5) }

  // MARK: Octet 9

  /// Multiple user plane radio bearers in NB-S1 mode.
  public var multipleDRB: Bool { bit(1, ofOctet: 6) }
  /// V2X communication over E-UTRA-PC5.
  public var v2xOverEUTRAPC5: Bool { bit(2, ofOctet: 6) }
  /// Restriction on use of enhanced coverage.
  public var restrictionOfEnhancedCoverage: Bool { bit(3, ofOctet: 6) }
  /// Back-off timer for user data via the control plane.
  public var controlPlaneBackOff: Bool { bit(4, ofOctet: 6) }
  /// Dual connectivity with NR.
  public var dualConnectivityWithNR: Bool { bit(5, ofOctet: 6) }
  /// N1 mode (5GS).
  public var n1Mode: Bool { bit(6, ofOctet: 6) }
  /// Service gap control.
  public var serviceGapControl: Bool { bit(7, ofOctet: 6) }
  /// Signalling for 15 EPS bearer contexts.
  public var fifteenBearers: Bool { bit(8, ofOctet: 6) }

  // MARK: Octet 10

  /// Radio capability signalling optimisation.
  public var radioCapabilitySignallingOptimisation: Bool { bit(1, ofOctet: 7) }
  /// Wake-up signal assistance.
  public var wakeUpSignalAssistance: Bool { bit(2, ofOctet: 7) }
  /// Control plane mobile terminated early data transmission.
  public var controlPlaneEarlyData: Bool { bit(3, ofOctet: 7) }
  /// User plane mobile terminated early data transmission.
  public var userPlaneEarlyData: Bool { bit(4, ofOctet: 7) }
  /// V2X communication over NR-PC5.
  public var v2xOverNRPC5: Bool { bit(5, ofOctet: 7) }

  /// The bits of the octets that are there, in the order of the figure's octets, bit 1 first.
  public var features: [CapabilityBit] {
    let all = [
      [
        CapabilityBit("NF", notificationProcedure), .init("1xSRVCC", srvccTo1xCS), .init("LCS", lcsNotification),
        .init("LPP", ltePositioningProtocol), .init("ACC-CSFB", accessClassControlForCSFB), .init("H.245-ASH", h245AfterSRVCC),
        .init("ProSe", proSe), .init("ProSe-dd", proSeDirectDiscovery),
      ],
      [
        .init("ProSe-dc", proSeDirectCommunication), .init("ProSe-relay", proSeRelay), .init("CP CIoT", controlPlaneCIoT),
        .init("UP CIoT", userPlaneCIoT), .init("S1-U data", s1UDataTransfer), .init("ERw/oPDN", registeredWithoutPDNConnection),
        .init("HC-CP CIoT", headerCompressionForControlPlaneCIoT), .init("ePCO", extendedProtocolConfigurationOptions),
      ],
      [
        .init("multipleDRB", multipleDRB), .init("V2X PC5", v2xOverEUTRAPC5), .init("RestrictEC", restrictionOfEnhancedCoverage),
        .init("CP backoff", controlPlaneBackOff), .init("DCNR", dualConnectivityWithNR), .init("N1mode", n1Mode),
        .init("SGC", serviceGapControl), .init("15 bearers", fifteenBearers),
      ],
      [
        .init("RACS", radioCapabilitySignallingOptimisation), .init("WUSA", wakeUpSignalAssistance),
        .init("CP-MT-EDT", controlPlaneEarlyData), .init("UP-MT-EDT", userPlaneEarlyData), .init("V2X NR-PC5", v2xOverNRPC5),
      ],
    ]
    return Array(all.prefix(max(0, octets.count - 4)).joined())
  }
}
