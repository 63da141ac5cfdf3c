import Testing

@testable import NASMessages

/// Vectors made by hand from the codings of TS 24.301 §9.9.2 and §9.9.3, TS 24.008 §10.5 and TS 24.501 §9.11.3.
@Suite struct MobilityValueTests {
  private func read<Value: InformationElementValue>(_ type: Value.Type, _ text: String) throws -> Value {
    let value = try Value(decoding: ValuePart(ArraySlice(hex(text))))
    #expect(value.encodedOctets == hex(text), "\(type)")
    return value
  }

  @Test func discontinuousReception() throws {
    #expect(try read(DRXParameter.self, "0a60").cycle == 32)
    #expect(try read(DRXParameter.self, "0a9b").cycle == 256)
    #expect(try read(DRXParameter.self, "0a9b").splitsOnCCCH)
    #expect(try read(DRXParameter.self, "0a9b").nonDRXTimer == 4)
    #expect(try read(DRXParameter.self, "0a50").cycle == nil)
    let extended = try read(ExtendedDRXParameters.self, "35")
    #expect(extended.pagingTimeWindow() == .milliseconds(5120))
    #expect(extended.cycle() == .milliseconds(81_920))
    #expect(extended.cycle(nbIoT: true) == .milliseconds(81_920))
    #expect(ExtendedDRXParameters(pagingTimeWindow: 15, eDRX: 15).cycle() == .milliseconds(10_485_760))
    #expect(ExtendedDRXParameters(pagingTimeWindow: 15, eDRX: 0).cycle(nbIoT: true) == .milliseconds(20_480))
    #expect(try read(NBS1DRXParameter.self, "06").cycle == 1024)
    #expect(try read(NBS1DRXParameter.self, "07").cycle == nil)
    #expect(try read(WUSAssistanceInformation.self, "0f").pagingProbability == 75)
    #expect(try read(WUSAssistanceInformation.self, "ff1f").pagingProbability == 100)
  }

  @Test func networkFeatures() throws {
    let features = try read(EPSNetworkFeatureSupport.self, "d3 a8 e0")
    #expect(features.imsVoiceOverPS && features.emergencyBearerServices && features.controlPlaneCIoT)
    #expect(features.locationServicesInCS == 2)
    #expect(features.extendedProtocolConfigurationOptions && features.restrictsDualConnectivityWithNR && features.fifteenBearers)
    #expect(try read(EPSNetworkFeatureSupport.self, "01").fifteenBearers == false)
    var built = EPSNetworkFeatureSupport()
    built.imsVoiceOverPS = true
    built.extendedProtocolConfigurationOptions = true
    #expect(built.octets == hex("0108"))
    #expect(try read(DCNID.self, "1234").value == 0x1234)
    let set = "0007" + "000102030405060708090a0b0c0d0e0f" + "02c0de" + "80000000" + "6211324003" + "005a"
    let keys = try read(CipheringKeyData.self, set + "06" + "0000f1100007" + set + "00")
    #expect(keys.sets.count == 2)
    #expect(keys.sets[0].counter == hex("c0de"))
    #expect(keys.sets[0].validityDuration == 90)
    #expect(keys.sets[0].trackingAreas.count == 6)
    #expect(throws: NASDecodingError.self) { try CipheringKeyData(decoding: ValuePart(hex(set)[...])) }
  }

  @Test func classmarksAndCodecs() throws {
    let classmark = try read(MobileStationClassmark2.self, "5758a6")
    #expect(classmark.revisionLevel == 2)
    #expect(classmark.supportsA51 && classmark.supportsA53 && !classmark.supportsA52)
    #expect(classmark.rfPowerCapability == 7)
    #expect(classmark.hasClassmark3 && classmark.locationServiceValueAdded)
    #expect(try read(MobileStationClassmark3.self, "6014").bands == 6)
    #expect(try read(MobileStationClassmark3.self, "6014").associatedRadioCapability2 == 1)
    let codecs = try read(SupportedCodecList.self, "04026004 00021f02")
    #expect(
      codecs.systems.map(\.codecs) == [
        ["UMTS AMR", "UMTS AMR2", "UMTS AMR-WB"], ["GSM FR", "GSM HR", "GSM EFR", "FR AMR", "HR AMR", "FR AMR-WB"],
      ])
    #expect(throws: NASDecodingError.self) { try SupportedCodecList(decoding: ValuePart(hex("040360")[...])) }
  }

  @Test func emergencyNumbers() throws {
    let list = try read(EmergencyNumberList.self, "03 1f 11f2 04 01 1119f2")
    #expect(list.numbers.map(\.digits) == ["112", "11912"])
    #expect(list.numbers[0].services.count == 5)
    #expect(EmergencyNumberList([.init(category: 0x1F, digits: "112")]).encodedOctets == hex("031f11f2"))
    let extended = try read(ExtendedEmergencyNumberList.self, "01 02 11f2 00 02 11f0 03 67303c")
    #expect(extended.isValidOnlyInPLMN)
    #expect(extended.numbers.map(\.digits) == ["112", "110"])
    #expect(extended.numbers[1].subServices == hex("67303c"))
  }

  @Test func servicesAndTheirDetails() throws {
    #expect(ServiceType(rawValue: 3).interpreted == .mobileOriginatingCSFallback)
    #expect(ServiceType(rawValue: 10).interpreted == .packetServicesViaS1)
    #expect(ControlPlaneServiceType(mobileTerminating: true, isActive: true).rawValue == 9)
    #expect(ControlPlaneServiceType(rawValue: 5).isMobileTerminating == false)
    #expect(AdditionalUpdateType(smsOnly: true, isSignallingActive: true, preferredCIoT: .userPlane).rawValue == 0x0B)
    #expect(ExtendedEMMCause(rawValue: 5).isNBIoTNotAllowed)
    let line = try read(CallingLineIdentity.self, "9194032143f5")
    #expect(line.description == "+4930123 45".replacing(" ", with: ""))
    #expect(try read(CallingLineIdentity.self, "11811032").digits == "0123")
    #expect(try read(NASMessageContainer.self, "0904").description == "CP-ACK 0904")
    #expect(try read(VoiceDomainPreference.self, "07").domain == .imsPSVoicePreferred)
    #expect(try read(VoiceDomainPreference.self, "07").isDataCentric)
    #expect(UEStatus(s1Registered: true, n1Registered: true).rawValue == 3)
    #expect(try read(N1UENetworkCapability.self, "12").n3DataTransfer == false)
    #expect(try read(N1UENetworkCapability.self, "12").preferredCIoTBehaviour == 1)
    #expect(try read(UERadioCapabilityID.self, "2143f5").digits == "12345f")
    #expect(NetworkResourceIdentifier(0x155).octets == hex("5540"))
    #expect(try read(NetworkResourceIdentifier.self, "557f").value == 0x155)
    #expect(try read(PTMSISignature.self, "123456").value == 0x123456)
  }

  @Test func securityOfHandoversBetweenSystems() throws {
    #expect(NASSecurityParametersFromEUTRA(downlinkNASCount: 0x1234_5678).rawValue == 8)
    #expect(try read(NASSecurityParametersFromEUTRA.self, "f3").downlinkNASCountShort == 3)
    let parameters = try read(NASSecurityParametersToEUTRA.self, "deadbeef 21 0b")
    #expect(parameters.nonceMME == 0xDEAD_BEEF)
    #expect(parameters.ciphering == 2 && parameters.integrity == 1)
    #expect(parameters.keySetIdentifier == NASKeySetIdentifier(.mapped, value: 3))
    let built = NASSecurityParametersToEUTRA(
      nonceMME: 0xDEAD_BEEF, ciphering: 2, integrity: 1, keySetIdentifier: NASKeySetIdentifier(.mapped, value: 3))
    #expect(built == parameters)
  }

  /// Whatever is read is written back to the same octets, but for the types named here.
  @Test func everyValueKeepsSpareAndUnknownBits() throws {
    // These mean something that has one coding, and are written in it: spare bits before a GUTI's or TMSI's type, a number of tracking
    // areas above 16, octets beyond the longest value. A message keeps what it was read from all the same.
    let canonical = [
      "EPSMobileIdentity", "MobileIdentity", "PDNAddress", "TAIList", "UniversalTime", "AccessPointName", "OpaqueValue",
    ]
    var random = TestRandom(seed: 77)
    var types: Set<String> = []
    var read = 0
    for table in MessageTable.all {
      for row in table.rows where !canonical.contains("\(row.valueType)") {
        types.insert("\(row.valueType)")
        for _ in 0..<40 {
          let half = row.format == .halfOctet || row.format == .tvHalfOctet
          let span = row.valueLength.clamped(to: row.valueLength.lowerBound...row.valueLength.lowerBound + 12)
          let count = half ? 1 : Int.random(in: span, using: &random)
          let octets = (0..<count).map { _ in UInt8.random(in: half ? 0...15 : 0...255, using: &random) }
          guard let value = try? row.valueType.init(decoding: ValuePart(octets[...])) else { continue }
          #expect(value.encodedOctets == octets, "\(row.valueType)")
          read += 1
        }
      }
    }
    #expect(types.count > 80)
    #expect(read > 10_000)
  }
}
