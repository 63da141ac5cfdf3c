import NASMessages

/// Octets of an element's value as they may be sent: some for each type, the simplest first.
func samples(of row: InformationElementRow, in type: NASMessageType) -> [[UInt8]] {
  let wanted = special(row, in: type) ?? mobility(row.valueType) ?? session(row.valueType) ?? small(row)
  let fitting = wanted.filter { row.valueLength.contains($0.count) }
  precondition(!fitting.isEmpty, "no sample of \(row.label) in \(type) fits \(row.valueLength): \(wanted)")
  return fitting
}

let plmn = PLMN(0x00, 0xF1, 0x10)
private let otherPLMN = PLMN(0x13, 0x00, 0x14)
let guti = GUTI(plmn: plmn, mmeGroupID: 0x8001, mmeCode: 0x1A, mTMSI: 0xC000_0001)

private func numbers(_ range: ClosedRange<UInt8>) -> [UInt8] { Array(range) }

/// Elements whose value the message limits, beyond what its type says.
private func special(_ row: InformationElementRow, in type: NASMessageType) -> [[UInt8]]? {
  switch (type, row.label) {
  case (.attachRequest, "ESM message container"), (.trackingAreaUpdateRequest, "ESM message container"): [pdnConnectivityRequest]
  case (.attachAccept, "ESM message container"): [defaultBearerRequest]
  case (.attachComplete, "ESM message container"): [[0x52, 0x00, 0xC2]]
  case (.attachReject, "ESM message container"): [[0x02, 0x01, 0xD1, 0x1B]]
  case (.controlPlaneServiceRequest, "ESM message container"): [[0x52, 0x00, 0xEB, 0x00, 0x02, 0xCA, 0xFE]]
  case (.identityResponse, "Mobile identity"):
    [
      MobileIdentity.imsi("001010123456780").encodedOctets, MobileIdentity.imsi("00101012345678").encodedOctets,
      MobileIdentity.imei("354871060000017").encodedOctets, MobileIdentity.imeisv("3548710600000112").encodedOctets,
      MobileIdentity.tmsi(0xC000_0001).encodedOctets,
    ]
  case (.securityModeComplete, "IMEISV"): [MobileIdentity.imeisv("3548710600000112").encodedOctets]
  case (_, "M-TMSI"): [MobileIdentity.tmsi(0xC000_0001).encodedOctets]
  case (_, "MS identity"), (_, "Mobile identity"): [MobileIdentity.tmsi(0xC000_0001).encodedOctets]
  case (_, "Additional GUTI"), (_, "GUTI"), (_, "Old GUTI"): [EPSMobileIdentity.guti(guti).encodedOctets]
  case (_, "Generic message container"): [[0x08]]
  case (_, "Generic message container type"): [[1]]
  // Of LPP: a correlation identifier.
  case (_, "Additional information"): [[0, 0, 0, 7]]
  // LCS-ClientID: the type alone, and with an internal identity.
  case (_, "LCS client identity"): [[0x30, 0x03, 0x80, 0x01, 0x01], [0x30, 0x06, 0x80, 0x01, 0x03, 0x83, 0x01, 0x04]]
  case (_, "NBIFOM container"): directions(of: type) == [.uplink] ? flowMobility(isUplink: true) : flowMobility(isUplink: false)
  // What the UE asks for is empty; what it tells is not.
  case (_, "Protocol configuration options") where directions(of: type) == [.uplink]:
    [
      ProtocolConfigurationOptions([.init(0x000D)]).encodedOctets,
      ProtocolConfigurationOptions([
        .init(0x8021, [1, 0, 0, 16, 0x81, 6, 0, 0, 0, 0, 0x83, 6, 0, 0, 0, 0]), .init(0x0001), .init(0x0003), .init(0x0005),
        .init(0x000A), .init(0x000C), .init(0x000D), .init(0x0010), .init(0x0017, [2]), .init(0x001A, [5]),
      ]).encodedOctets,
    ]
  case (_, "CSFB response"): [[1], [0]]
  case (_, "Spare half octet"): [[0]]
  default: nil
  }
}

/// Parameters that may go in a direction (TS 24.161 table 6.1.1-1).
private func flowMobility(isUplink: Bool) -> [[UInt8]] {
  // A rule that sends an IPv4 source address over WLAN, and one that takes a rule away.
  let rules = NBIFOMContainer.Parameter(
    4, [11, 7, 0x81, 5, 0x01, 0, 0, 0, 10, 0, 0, 1] + [7, 8, 0x42, 6, 0, 0, 0, 0])
  let own: [NBIFOMContainer.Parameter] = isUplink ? [.init(7, [2]), .init(8, [0x09])] : [.init(6, [2])]
  return [
    [NBIFOMContainer.Parameter(1, [1])], [.init(1, [2]), .init(2, [2])], [.init(3, [0x1A])], [rules], own,
  ].map { NBIFOMContainer($0).encodedOctets }
}

private var pdnConnectivityRequest: [UInt8] {
  var message = NASMessage(.pdnConnectivityRequest, procedureTransactionIdentity: 1)
  message.set(PDNConnectivityRequest.requestType, .initialRequest)
  message.set(PDNConnectivityRequest.pdnType, .ipv4v6)
  message.set(PDNConnectivityRequest.esmInformationTransferFlag, .required)
  message.set(PDNConnectivityRequest.protocolConfigurationOptions, .init([.init(0x000D), .init(0x0010)]))
  return message.encoded()
}

private var defaultBearerRequest: [UInt8] {
  var message = NASMessage(.activateDefaultEPSBearerContextRequest, procedureTransactionIdentity: 1, epsBearerIdentity: 5)
  message.set(ActivateDefaultEPSBearerContextRequest.epsQoS, EPSQoS(qci: 9))
  message.set(ActivateDefaultEPSBearerContextRequest.accessPointName, "internet.mnc001.mcc001.gprs")
  message.set(ActivateDefaultEPSBearerContextRequest.pdnAddress, .ipv4(0x0A2D_0002))
  message.set(ActivateDefaultEPSBearerContextRequest.apnAMBR, APNAMBR(downlink: 300_000, uplink: 50_000))
  return message.encoded()
}

private func mobility(_ type: any InformationElementValue.Type) -> [[UInt8]]? {
  let areas = [TrackingAreaIdentity(plmn: plmn, tac: 7), TrackingAreaIdentity(plmn: plmn, tac: 0x1234)]
  switch type {
  case is EPSMobileIdentity.Type:
    return [
      EPSMobileIdentity.imsi("001010123456780").encodedOctets, EPSMobileIdentity.imsi("00101012345678").encodedOctets,
      EPSMobileIdentity.guti(guti).encodedOctets, EPSMobileIdentity.imei("354871060000017").encodedOctets,
    ]
  case is UENetworkCapability.Type:
    return [
      UENetworkCapability(eea: 0xF0, eia: 0x70).octets, UENetworkCapability(eea: 0xE0, eia: 0x60, uea: 0xC0, uia: 0x40).octets,
      UENetworkCapability(eea: 0xF0, eia: 0xF0, uea: 0xC0, uia: 0xC0, features: [0x19, 0xFC, 0xB0, 0x1F]).octets,
      UENetworkCapability(eea: 0x8F, eia: 0x0F, uea: 0x3F, uia: 0x3F, features: [0xAA, 0x55, 0xAA, 0x15]).octets,
      UENetworkCapability(eea: 0xF0, eia: 0x70, features: [0x55, 0xAA, 0x55, 0x0A]).octets,
    ]
  case is MSNetworkCapability.Type:
    return [[0xE5, 0xE0, 0x34], [0xE5, 0x60], [0xA5, 0xAA, 0x55, 0xA8], [0x5A, 0x55, 0xAA, 0x57]]
  case is UESecurityCapability.Type:
    return [[0xF0, 0x70], [0xF0, 0x70, 0xC0, 0x40], [0xE0, 0x60, 0xC0, 0x40, 0x78], [0x8F, 0x0F, 0x3F, 0x3F, 0x07]]
  case is UEAdditionalSecurityCapability.Type: return [[0xF0, 0x00, 0x70, 0x00], [0xA5, 0x5A, 0x5A, 0xA5]]
  case is TAIList.Type:
    let partials: [[TAIList.Partial]] = [
      [.codes(plmn, [7])], [.codes(plmn, [1, 2, 0xFFFE])], [.consecutive(plmn, first: 16, count: 4)],
      [.areas(areas + [TrackingAreaIdentity(plmn: otherPLMN, tac: 9)])], [.codes(plmn, [7]), .codes(otherPLMN, [8])],
    ]
    return partials.map { TAIList($0).encodedOctets }
  case is TrackingAreaIdentity.Type: return [areas[1].encodedOctets]
  case is LocationAreaIdentity.Type: return [LocationAreaIdentity(plmn: plmn, lac: 0xFFFD).encodedOctets]
  case is PLMNList.Type: return [PLMNList([otherPLMN]).encodedOctets, PLMNList([otherPLMN, plmn]).encodedOctets]
  case is AuthenticationParameterRAND.Type, is AuthenticationParameterAUTN.Type: return [numbers(1...16)]
  case is AuthenticationResponseParameter.Type: return [numbers(1...8), numbers(1...4), numbers(1...16)]
  case is AuthenticationFailureParameter.Type: return [numbers(1...14)]
  case is HashMME.Type: return [numbers(1...8)]
  case is Nonce.Type: return [[0xDE, 0xAD, 0xBE, 0xEF]]
  case is EMMCause.Type: return [[17], [3], [111]]
  case is NASSecurityAlgorithms.Type: return [[0x22], [0x11], [0x02], [0x33]]
  case is NetworkName.Type:
    return [
      NetworkName("nasue").octets, NetworkName("Netz @ Ä_$ [x]", addsCountryInitials: true).octets,
      // UCS2.
      [0x90, 0x00, 0x4E, 0x00, 0xE9, 0x03, 0xA9],
    ]
  case is TimeZone.Type: return [8, -14, 0, 79, -48].map { TimeZone(quarterHours: $0).encodedOctets }
  case is UniversalTime.Type:
    return [
      UniversalTime(year: 26, month: 11, day: 23, hour: 4, minute: 30, second: 59, zone: TimeZone(quarterHours: 4)).encodedOctets,
      UniversalTime(year: 9, month: 1, day: 31, hour: 23, minute: 5, second: 0, zone: TimeZone(quarterHours: -20)).encodedOctets,
    ]
  case is DaylightSavingTime.Type: return [[0], [1], [2]]
  case is ReplayedNASMessageContainer.Type: return [Corpus.plainAttachRequest]
  case is EPSBearerContextStatus.Type:
    return [EPSBearerContextStatus(active: [5, 6, 15]).octets, EPSBearerContextStatus(active: [7, 8, 10, 12]).octets]
  case is DRXParameter.Type: return [64, nil, 32, 128, 256].map { DRXParameter(cycle: $0).encodedOctets } + [[0x4B, 0x9D]]
  case is MobileStationClassmark2.Type: return [[0x57, 0x58, 0xA6], [0x28, 0x25, 0x19], [0x4F, 0x1A, 0x05]]
  case is MobileStationClassmark3.Type:
    return [
      [0x60, 0x14, 0x04, 0xEF, 0x65, 0x23, 0x3B, 0x88, 0x00, 0x81, 0x40],
      // Two bands and every component that may be there; and none of them.
      [
        0x5A, 0x41, 0x98, 0xB8, 0xB4, 0x14, 0xFA, 0xD3, 0x8D, 0x9E, 0xF8, 0xD9, 0xB5, 0x5B, 0x01, 0xD6, 0xF6, 0x86, 0xE1, 0xCE, 0x60,
      ],
      [0x5A, 0x41, 0x20, 0x18, 0x22, 0x22, 0x0D, 0x9A, 0x53, 0x60],
    ]
  case is SupportedCodecList.Type:
    return [
      SupportedCodecList([.init(identifier: 4, bitmap: [0x60, 0x04])]).encodedOctets,
      SupportedCodecList([.init(identifier: 4, bitmap: [0x60, 0x00]), .init(identifier: 0, bitmap: [0x1F, 0x02])]).encodedOctets,
      SupportedCodecList([.init(identifier: 0, bitmap: [0xA5, 0x29]), .init(identifier: 4, bitmap: [0x5A, 0x16])]).encodedOctets,
    ]
  case is PTMSISignature.Type: return [[0x12, 0x34, 0x56]]
  case is NetworkResourceIdentifier.Type: return [NetworkResourceIdentifier(0x155).octets]
  case is EmergencyNumberList.Type:
    return [
      EmergencyNumberList([.init(category: 1, digits: "110")]).encodedOctets,
      EmergencyNumberList([.init(category: 0x1F, digits: "112"), .init(category: 2, digits: "1192")]).encodedOctets,
    ]
  case is ExtendedEmergencyNumberList.Type:
    return [
      ExtendedEmergencyNumberList([.init(digits: "110")]).encodedOctets,
      ExtendedEmergencyNumberList([.init(digits: "112", subServiceText: "gas"), .init(digits: "110")]).encodedOctets,
      ExtendedEmergencyNumberList(validOnlyInPLMN: true, [.init(digits: "1192", subServices: [0x67, 0x30, 0x3C, 0x2D, 0x07])])
        .encodedOctets,
      ExtendedEmergencyNumberList([.init(digits: "110", subServiceText: "police.municipal")]).encodedOctets,
    ]
  case is EPSNetworkFeatureSupport.Type: return [[0x03], [0x5B, 0xA9], [0xA4, 0x56], [0x10, 0x00]]
  case is CipheringKeyData.Type:
    let set = CipheringKeyData.DataSet(
      identifier: 7, key: numbers(1...16), counter: [0xC0, 0xDE], positioningSIBTypes: 0x8000_0000,
      validityStart: [0x62, 0x11, 0x32, 0x40, 0x03], validityDuration: 90, trackingAreas: TAIList(areas: [areas[0]]))
    return [CipheringKeyData([set]).encodedOctets, CipheringKeyData([set, set]).encodedOctets]
  case is UERadioCapabilityID.Type: return [[0x01, 0x21, 0x43, 0x65, 0x87, 0x09, 0x10, 0x32, 0x54, 0x76, 0xF8]]
  case is CallingLineIdentity.Type:
    return [
      CallingLineIdentity(digits: "4930123456").octets, CallingLineIdentity(digits: "110", typeOfNumber: 2).octets,
      // With presentation and screening.
      [0x11, 0xA1, 0x94, 0x03],
    ]
  case is N1UENetworkCapability.Type: return [[0x01], [0x2C], [0x1E]]
  case is SSCode.Type, is LCSIndicator.Type, is PagingIdentity.Type: return [[1], [0]]
  case is ExtendedDRXParameters.Type: return (0...15).map { [$0 << 4 | (15 - $0)] }
  case is WUSAssistanceInformation.Type: return [0, 75, 100].map { WUSAssistanceInformation(pagingProbability: $0).octets }
  case is NBS1DRXParameter.Type: return (0...7).map { [$0] }
  case is UEStatus.Type: return [[1], [2], [3], [0]]
  case is NASMessageContainer.Type: return [[0x09, 0x04], [0x09, 0x10, 0x61]]
  default: return nil
  }
}

private func session(_ type: any InformationElementValue.Type) -> [[UInt8]]? {
  let rates = EPSQoS.Rates(maximumUplink: 128, maximumDownlink: 8640, guaranteedUplink: 64, guaranteedDownlink: 576)
  var fast = rates
  fast.maximumDownlink = 150_000
  var fastest = fast
  fastest.maximumDownlink = 2_000_000
  switch type {
  case is ESMCause.Type: return [[26], [8], [111]]
  case is EPSQoS.Type:
    return [
      EPSQoS(qci: 9).encodedOctets, EPSQoS(qci: 1, rates: rates).encodedOctets, EPSQoS(qci: 1, rates: fast).encodedOctets,
      EPSQoS(qci: 1, rates: fastest).encodedOctets, EPSQoS(qci: 1, bitRates: [1, 0x3F, 0x40, 0x7F]).encodedOctets,
      EPSQoS(qci: 2, bitRates: [0x80, 0xFE, 0xFF, 0x41]).encodedOctets,
      EPSQoS(qci: 3, bitRates: [0xFE, 0xFE, 0xFE, 0xFE, 1, 0x4A, 0x4B, 0xBA]).encodedOctets,
      EPSQoS(qci: 4, bitRates: [0xFE, 0xFE, 0xFE, 0xFE, 0xBB, 0xFA, 0, 0x4C]).encodedOctets,
      EPSQoS(qci: 65, bitRates: [0xFE, 0xFE, 0xFE, 0xFE, 0xFA, 0xFA, 0xFA, 0xFA, 1, 0x3D, 0x3E, 0xA1]).encodedOctets,
      EPSQoS(qci: 75, bitRates: [0xFE, 0xFE, 0xFE, 0xFE, 0xFA, 0xFA, 0xFA, 0xFA, 0xA2, 0xF6, 0, 2]).encodedOctets,
    ]
  case is ExtendedQoS.Type:
    return [
      ExtendedQoS(
        maximumUnit: 7, maximumUplink: 11, maximumDownlink: 20, guaranteedUnit: 6, guaranteedUplink: 40, guaranteedDownlink: 44
      ).octets,
      ExtendedQoS(
        maximumUnit: 0x0B, maximumUplink: 3, maximumDownlink: 9, guaranteedUnit: 3, guaranteedUplink: 10_000, guaranteedDownlink: 11_000
      ).octets,
    ]
  case is APNAMBR.Type:
    return [
      APNAMBR(downlink: 8640, uplink: 576).octets, APNAMBR(downlink: 100_000, uplink: 50_000).octets,
      APNAMBR(downlink: 1_000_000, uplink: 300_000).octets, [1, 0x3F], [0x40, 0x7F], [0x80, 0xFE], [0xFE, 0xFE, 1, 0x4A],
      [0xFE, 0xFE, 0x4B, 0xBA], [0xFE, 0xFE, 0xBB, 0xFA], [0xFE, 0xFE, 0xFA, 0xFA, 1, 0xFE],
    ]
  case is ExtendedAPNAMBR.Type:
    return [ExtendedAPNAMBR(downlinkUnit: 7, downlink: 70, uplinkUnit: 7, uplink: 66).octets, [3, 0x80, 0, 9, 0, 2]]
  case is AccessPointName.Type:
    return [AccessPointName("internet").encodedOctets, AccessPointName("ims.mnc001.mcc001.gprs").encodedOctets]
  case is PDNAddress.Type:
    return [
      PDNAddress.ipv4(0x0A2D_0002).encodedOctets, PDNAddress.ipv6(1).encodedOctets,
      PDNAddress.ipv4v6(interfaceIdentifier: 0x0123_4567_89AB_CDEF, ipv4: 0x0A2D_0002).encodedOctets,
    ]
  case is TrafficFlowTemplate.Type: return templates.map(\.encodedOctets)
  case is ProtocolConfigurationOptions.Type:
    return [
      ProtocolConfigurationOptions([.init(0x000D)]).encodedOctets,
      ProtocolConfigurationOptions([
        .init(0x8021, [1, 0, 0, 10, 0x81, 6, 0, 0, 0, 0]), .init(0x000A), .init(0x000D, [8, 8, 8, 8]), .init(0x0010, [5, 0xDC]),
      ]).encodedOctets,
      ProtocolConfigurationOptions([
        .init(0x8021, [3, 0, 0, 16, 0x81, 6, 8, 8, 8, 8, 0x83, 6, 8, 8, 4, 4]), .init(0x0001, numbers(1...16)),
        .init(0x0003, [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), .init(0x000C, [10, 0, 0, 1]), .init(0x0005, [2]),
        .init(0x0015, [0, 128]),
      ]).encodedOctets,
    ]
  case is ExtendedProtocolConfigurationOptions.Type:
    return [ExtendedProtocolConfigurationOptions([.init(0x000D), .init(0x0023), .init(0x001A, [5])]).encodedOctets]
  case is NetworkExtendedProtocolConfigurationOptions.Type:
    return [
      NetworkExtendedProtocolConfigurationOptions([.init(0x000D, [8, 8, 8, 8])]).encodedOctets,
      NetworkExtendedProtocolConfigurationOptions([.init(0x0023, [1, 0, 6, 0x31, 0x31, 1, 1, 0xFF, 1]), .init(0x0010, [5, 0xDC])])
        .encodedOctets,
    ]
  case is TransactionIdentifier.Type: return [TransactionIdentifier(3).octets, TransactionIdentifier(77, flag: true).octets]
  case is QualityOfService.Type:
    return [
      [0x23, 0x91, 0x1F, 0x71, 0x96, 0x40, 0x40, 0x74, 0x00, 0x40, 0x40, 0x00],
      [0x12, 0x42, 0x0A, 0x33, 0x97, 0x7F, 0xFE, 0x35, 0x43, 0x01, 0x3F, 0x11, 0x4A, 0x00],
      [0x0C, 0x73, 0x1F, 0x4A, 0x0A, 0xFE, 0xFE, 0x66, 0x86, 0xFE, 0xFE, 0x10, 0xBA, 0x4B, 0xFA, 0x01],
      [0x1B, 0x91, 0x1F, 0x93, 0x99, 0xFE, 0xFE, 0x92, 0xFA, 0xFE, 0xFE, 0x00, 0xFA, 0xFA, 0xFA, 0xFA, 0x3D, 0x01, 0xA1, 0xF6],
    ]
  case is HeaderCompressionConfiguration.Type:
    return [
      HeaderCompressionConfiguration(profiles: 0x03, maximumCID: 15).octets,
      HeaderCompressionConfiguration(profiles: 0x7F, maximumCID: 300, setupParameters: (1, [1, 2, 3])).octets,
    ]
  case is HeaderCompressionConfigurationStatus.Type: return [HeaderCompressionConfigurationStatus(unused: [5, 9]).octets]
  case is ServingPLMNRateControl.Type: return [[0, 20], [0xFF, 0xFF]]
  case is RemoteUEContextList.Type:
    let imsi = [UInt8](MobileIdentity.imsi("001010123456780").encodedOctets)
    return [
      RemoteUEContextList([
        .init(identities: [[imsi[0] & 0xF8 | 2] + imsi[1...]], addressType: 1, address: [10, 0, 0, 1, 0x1F, 0x90])
      ]).encodedOctets,
      RemoteUEContextList([
        .init(identities: [[imsi[0] & 0xF8 | 2] + imsi[1...]], addressType: 2, address: numbers(1...8)),
        .init(identities: [[0x4B, 0x94, 0x03, 0x21, 0x43], [0x3C, 0x45, 0x78, 0x01, 0x06, 0x00, 0x00, 0x71]]),
      ]).encodedOctets,
    ]
  case is PKMFAddress.Type: return [PKMFAddress(ipv4: 0x0A00_0001).octets, PKMFAddress(ipv6: numbers(1...16)).octets]
  case is UserDataContainer.Type: return [[0xCA, 0xFE, 0xBA, 0xBE], [0x45]]
  default: return nil
  }
}

private var templates: [TrafficFlowTemplate] {
  [
    TrafficFlowTemplate(
      .createNew,
      packetFilters: [
        PacketFilter(
          identifier: 0, direction: .bidirectional, precedence: 10,
          components: [
            .init(.ipv4RemoteAddress, [10, 0, 0, 1, 255, 255, 255, 255]), .protocolIdentifier(17), .remotePort(5060),
          ]),
        PacketFilter(
          identifier: 1, direction: .uplinkOnly, precedence: 11,
          components: [.protocolIdentifier(6), .init(.localPortRange, [0x1F, 0x90, 0x1F, 0x9A]), .init(.typeOfService, [0xB8, 0xFC])]),
      ], parameters: [.init(3, [0])]),
    TrafficFlowTemplate(.deleteExisting),
    TrafficFlowTemplate(.deletePacketFilters, deletedFilters: [0, 1]),
    TrafficFlowTemplate(.noOperation, parameters: [.init(2, [0, 1, 0, 2])]),
    TrafficFlowTemplate(
      .addPacketFilters,
      packetFilters: [
        PacketFilter(
          identifier: 2, direction: .downlinkOnly, precedence: 255,
          components: [
            .init(.ipv6RemotePrefix, [UInt8](repeating: 0x20, count: 16) + [64]), .init(.flowLabel, [0x0A, 0xBC, 0xDE]),
            .init(.securityParameterIndex, [1, 2, 3, 4]), .localPort(443),
          ])
      ]),
  ]
}

/// Half octets and single octets: values that have a meaning everywhere.
private func small(_ row: InformationElementRow) -> [[UInt8]] {
  switch row.valueType {
  case is EPSAttachType.Type: [[1], [2], [3], [6]]
  case is NASKeySetIdentifier.Type: [[7], [0], [9]]
  case is DetachType.Type: [[1], [2], [3], [9], [11]]
  case is IdentityType2.Type: [[1], [2], [3], [4]]
  case is PDNType.Type, is RequestType.Type: [[1], [2], [3], [4], [5]]
  case is ServiceType.Type: [[0], [1], [8]]
  case is LinkedEPSBearerIdentity.Type: [[5], [15]]
  // Every unit, and a count beside 0 and 31.
  case is GPRSTimer.Type, is GPRSTimer3.Type, is PeriodicUpdateTimer.Type: (0...7).map { [$0 << 5 | 9] } + [[0x21], [0xE0], [0x1F]]
  case is VoiceDomainPreference.Type: (0...7).map { [$0] }
  case is DCNID.Type: [[0x12, 0x34]]
  default: [[1], [0], [2], [3], [5], [8], [14]] + (row.valueLength.contains(2) && !row.valueLength.contains(1) ? [[1, 1]] : [])
  }
}
