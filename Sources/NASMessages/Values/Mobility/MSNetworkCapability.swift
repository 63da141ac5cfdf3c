/// MS network capability, TS 24.008 §10.5.5.12: what the UE can do in GERAN and UTRAN. Bits that are absent read as zero.
public struct MSNetworkCapability: InformationElementValue, Hashable {
  /// As coded.
  public var octets: [UInt8]

  public init(octets: [UInt8]) { self.octets = octets }
  public init(decoding part: ValuePart) throws(NASDecodingError) { octets = Array(part.octets) }
  @inlinable public func encode(into octets: inout OctetWriter) { octets.append(contentsOf: self.octets) }

  private func bit(_ bit: Int, ofOctet index: Int) -> Bool { index < octets.count && octets[index] & 1 << UInt8(bit - 1) != 0 }

  /// GEA/1 in bit 7 to GEA/7 in bit 1, as the UE security capability has them. (On the wire GEA/1 is bit 8 of the first
  /// octet, GEA/2 to GEA/7 are bits 7 to 2 of the second.)
  public var gea: UInt8 {
    let first = octets.first.map { ($0 & 0x80) >> 1 } ?? 0
    return first | (octets.count > 1 ? (octets[1] & 0x7E) >> 1 : 0)
  }

  // MARK: First octet

  /// Mobile terminated point to point SMS via dedicated channels.
  public var smViaDedicatedChannels: Bool { bit(7, ofOctet: 0) }
  /// Mobile terminated point to point SMS via GPRS channels.
  public var smViaGPRSChannels: Bool { bit(6, ofOctet: 0) }
  /// No preference between the default alphabet and UCS2.
  public var ucs2: Bool { bit(5, ofOctet: 0) }
  /// SS screening indicator, 0 to 3.
  public var ssScreeningIndicator: UInt8 { (octets.first ?? 0) >> 2 & 0x03 }
  /// SoLSA.
  public var solsa: Bool { bit(2, ofOctet: 0) }
  /// Revision level: the mobile station is of R99 or later.
  public var isRelease99OrLater: Bool { bit(1, ofOctet: 0) }

  // MARK: Second octet

  /// BSS packet flow procedures.
  public var packetFlowContext: Bool { bit(8, ofOctet: 1) }
  /// LCS value added location request notification.
  public var lcsValueAdded: Bool { bit(1, ofOctet: 1) }

  // MARK: Third octet

  /// PS inter-RAT handover from GERAN to UTRAN Iu mode.
  public var psHandoverToUTRAN: Bool { bit(8, ofOctet: 2) }
  /// PS inter-RAT handover from GERAN to E-UTRAN S1 mode.
  public var psHandoverToEUTRAN: Bool { bit(7, ofOctet: 2) }
  /// EMM combined procedures.
  public var emmCombinedProcedures: Bool { bit(6, ofOctet: 2) }
  /// Idle mode signalling reduction.
  public var isr: Bool { bit(5, ofOctet: 2) }
  /// SRVCC from UTRAN HSPA or E-UTRAN to GERAN or UTRAN.
  public var srvcc: Bool { bit(4, ofOctet: 2) }
  /// Access to EPC via E-UTRAN or non-3GPP access networks.
  public var epc: Bool { bit(3, ofOctet: 2) }
  /// Notification procedure.
  public var notificationProcedure: Bool { bit(2, ofOctet: 2) }
  /// GERAN network sharing.
  public var geranNetworkSharing: Bool { bit(1, ofOctet: 2) }

  // MARK: Fourth octet

  /// User plane integrity protection between UE and SGSN.
  public var userPlaneIntegrityProtection: Bool { bit(8, ofOctet: 3) }
  /// GIA/4 in bit 4 to GIA/7 in bit 1.
  public var gia: UInt8 { octets.count > 3 ? octets[3] >> 3 & 0x0F : 0 }
  /// The extended protocol configuration options element.
  public var extendedProtocolConfigurationOptions: Bool { bit(3, ofOctet: 3) }
  /// Restriction on use of enhanced coverage.
  public var restrictionOfEnhancedCoverage: Bool { bit(2, ofOctet: 3) }
  /// Dual connectivity of E-UTRA with NR.
  public var dualConnectivityWithNR: Bool { bit(1, ofOctet: 3) }

  /// The bits of the octets that are there, beside GEA and the SS screening indicator, bit 8 first.
  public var features: [CapabilityBit] {
    let all = [
      [
        CapabilityBit("SM dedicated", smViaDedicatedChannels), .init("SM GPRS", smViaGPRSChannels), .init("UCS2", ucs2),
        .init("SoLSA", solsa), .init("R99", isRelease99OrLater),
      ],
      [.init("PFC", packetFlowContext), .init("LCSVA", lcsValueAdded)],
      [
        .init("PS HO UTRAN", psHandoverToUTRAN), .init("PS HO E-UTRAN", psHandoverToEUTRAN),
        .init("EMM combined", emmCombinedProcedures), .init("ISR", isr), .init("SRVCC", srvcc), .init("EPC", epc),
        .init("NF", notificationProcedure), .init("GERAN sharing", geranNetworkSharing),
      ],
      [
        .init("UPIP", userPlaneIntegrityProtection), .init("GIA4", gia & 8 != 0), .init("GIA5", gia & 4 != 0),
        .init("GIA6", gia & 2 != 0), .init("GIA7", gia & 1 != 0), .init("ePCO", extendedProtocolConfigurationOptions),
        .init("RestrictEC", restrictionOfEnhancedCoverage), .init("DCNR", dualConnectivityWithNR),
      ],
    ]
    return Array(all.prefix(octets.count).joined())
  }

  public var description: String {
    let names = algorithmNames(gea, (0..<8).map { "GEA\($0)" })
    return ([names.isEmpty ? "no GEA" : names] + features.names).joined(separator: ", ") + ", SS screening \(ssScreeningIndicator)"
  }
}
