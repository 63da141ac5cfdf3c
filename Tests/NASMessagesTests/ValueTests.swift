import Testing

@testable import NASMessages

@Suite struct ValueTests {
  private func octets(_ value: some InformationElementValue) -> [UInt8] {
    var octets: [UInt8] = []
    value.encode(into: &octets)
    return octets
  }
  private func read<Value: InformationElementValue>(_ type: Value.Type, _ text: String) throws -> Value {
    try Value(decoding: ValuePart(ArraySlice(hex(text))))
  }

  @Test(arguments: [("00101", "00f110", "001-01"), ("310410", "130014", "310-410"), ("26201", "62f210", "262-01")])
  func aPLMNIsPackedAsOnTheWire(text: String, wire: String, description: String) throws {
    let plmn = try #require(PLMN(text))
    #expect(plmn.wireOctets == hex(wire))
    #expect(plmn.description == description)
    #expect(PLMN(description) == plmn)
    #expect(PLMN("0010") == nil)
    #expect(PLMN("0x101") == nil)
  }

  @Test func identitiesArePacked() throws {
    #expect(octets(EPSMobileIdentity.imsi("001010000000101")) == hex("0910100000001010"))
    for digits in ["001010000000101", "00101000000010", "123456"] {
      #expect(try EPSMobileIdentity(decoding: ValuePart(ArraySlice(octets(EPSMobileIdentity.imsi(digits))))) == .imsi(digits))
      #expect(try MobileIdentity(decoding: ValuePart(ArraySlice(octets(MobileIdentity.imeisv(digits))))) == .imeisv(digits))
    }
    let guti = GUTI(plmn: try #require(PLMN("00101")), mmeGroupID: 0x8001, mmeCode: 2, mTMSI: 0xC000_0001)
    #expect(octets(EPSMobileIdentity.guti(guti)) == hex("f600f110800102c0000001"))
    #expect(throws: NASDecodingError.self) { try read(EPSMobileIdentity.self, "0910a0") }
    #expect(throws: NASDecodingError.self) { try read(EPSMobileIdentity.self, "f600f110") }
    #expect(throws: NASDecodingError.self) { try read(EPSMobileIdentity.self, "05") }
  }

  /// ue-context-facts: 2 to 5 octets of value; Iu octets only with an Iu or Gb algorithm, Gb octet only with a Gb one.
  @Test func theReplayedCapabilitiesHaveTheOctetsTheyShould() {
    func replayed(_ capability: String, _ ms: String? = nil) -> [UInt8] {
      UESecurityCapability(
        replaying: UENetworkCapability(octets: hex(capability)), ms.map { MSNetworkCapability(octets: hex($0)) }
      ).octets
    }
    #expect(replayed("f070") == hex("f070"))
    #expect(replayed("f0700000") == hex("f070"), "no algorithm told for Iu")
    #expect(replayed("f0700080 11") == hex("f070"), "UCS2 is no algorithm")
    #expect(replayed("f070c0c0 11") == hex("f070c040"), "bit 8 of the UIA octet is spare")
    #expect(replayed("f07080") == hex("f0708000"))
    #expect(replayed("f070c040", "6500") == hex("f070c040"), "no GEA")
    #expect(replayed("f070c040", "e5e0") == hex("f070c04070"), "GEA1 to GEA3")
    #expect(replayed("f070", "e5e0") == hex("f070000070"), "Gb without Iu: both Iu octets zero")
    #expect(replayed("f070", "80") == hex("f070000040"))
    #expect(replayed("f070", "0080") == hex("f070"), "PFC is no algorithm")
    #expect(replayed("f070", "007f") == hex("f07000003f"), "LCS VA is no algorithm")
  }

  @Test func timersAreRead() throws {
    #expect(try read(GPRSTimer.self, "21").duration == .seconds(60))
    #expect(try read(GPRSTimer.self, "05").duration == .seconds(10))
    #expect(try read(GPRSTimer.self, "49").duration == .seconds(3240))
    #expect(try read(GPRSTimer.self, "e0").duration == nil)
    #expect(GPRSTimer(seconds: 3240).octet == 0x49)
    #expect(GPRSTimer(seconds: 720).octet == 0x2C)
    #expect(try read(GPRSTimer3.self, "61").duration == .seconds(2))
    #expect(try read(GPRSTimer3.self, "01").duration == .seconds(600))
    // 320 hours are a unit of T3412 extended alone (TS 24.008 table 10.5.163a, note 1).
    #expect(try read(GPRSTimer3.self, "c2").duration == .seconds(7200))
    #expect(try read(PeriodicUpdateTimer.self, "c1").duration == .seconds(1_152_000))
    #expect(try read(PeriodicUpdateTimer.self, "41").duration == .seconds(36_000))
    #expect(try read(PeriodicUpdateTimer.self, "e1").duration == nil)
    #expect(PeriodicUpdateTimer(seconds: 2_304_000).octet == 0xC2)
    #expect(GPRSTimer3(seconds: 3600).duration == .seconds(3600))
  }

  @Test func trackingAreaListsOfAllTypesAreRead() throws {
    let plmn = try #require(PLMN("00101"))
    let text = "0100f11000010002" + "2200f1100010" + "4000f1100020"
    let list = try read(TAIList.self, text)
    #expect(list.areas.map(\.tac) == [1, 2, 0x10, 0x11, 0x12, 0x20])
    #expect(list.contains(TrackingAreaIdentity(plmn: plmn, tac: 0x12)))
    #expect(octets(list) == hex(text))
    #expect(throws: NASDecodingError.self) { try read(TAIList.self, "0500f1100001") }
    #expect(throws: NASDecodingError.self) { try read(TAIList.self, "6000f1100001") }
  }

  @Test func accessPointNamesAddressesAndOptionsAreRead() throws {
    #expect(octets(AccessPointName("internet.mnc001")) == hex("08696e7465726e6574066d6e63303031"))
    #expect(try read(AccessPointName.self, "08696e7465726e6574").name == "internet")
    #expect(throws: NASDecodingError.self) { try read(AccessPointName.self, "0869") }
    #expect(try read(PDNAddress.self, "010a2d0002").description == "IPv4 10.45.0.2")
    let options = try read(ProtocolConfigurationOptions.self, "80000d0408080808000a00")
    #expect(options[ProtocolConfigurationOptions.Container.dnsServerIPv4] == [8, 8, 8, 8])
    #expect(octets(options) == hex("80000d0408080808000a00"))
    #expect(throws: NASDecodingError.self) { try read(ProtocolConfigurationOptions.self, "80000d05") }
    #expect(try read(APNAMBR.self, "fefefa020202").description.contains("kbit/s"))
    #expect(try read(APNAMBR.self, "3f80").downlink == 63)
    #expect(try read(APNAMBR.self, "3f80").uplink == 576)
  }

  @Test func namesAndTimesAreRead() throws {
    for name in ["nasue", "Open5GS", "a", "eightchr", "A longer name 123"] {
      #expect(NetworkName(name).text == name)
      #expect(try NetworkName(decoding: ValuePart(ArraySlice(NetworkName(name).octets))).text == name)
    }
    #expect(try read(NetworkName.self, "90006e0061").text == "na")
    #expect(TimeZone(quarterHours: 4).octet == 0x40)
    #expect(TimeZone(quarterHours: -22).octet == 0x2A)
    #expect(TimeZone(quarterHours: -22).quarterHours == -22)
    let time = UniversalTime(year: 26, month: 11, day: 23, hour: 2, minute: 16, second: 52, zone: TimeZone(quarterHours: 8))
    #expect(octets(time) == hex("62113220612580"))
    #expect(try UniversalTime(decoding: ValuePart(ArraySlice(octets(time)))) == time)
    #expect(time.description == "2026-11-23 02:16:52 UTC, zone GMT+2:00")
  }

  @Test func causesHaveNamesAndKeepUnknownValues() throws {
    #expect(EMMCause.macFailure.description == "#20 MAC failure")
    #expect(ESMCause.missingOrUnknownAPN.rawValue == 27)
    #expect(try read(EMMCause.self, "fe").rawValue == 0xFE)
    #expect(NASKeySetIdentifier.noKey.isNoKey)
    #expect(NASSecurityAlgorithms(ciphering: 2, integrity: 1).description == "128-EEA2 128-EIA1")
    #expect(try read(EPSBearerContextStatus.self, "2000").active == [5])
    #expect(DetachType.epsDetach.switchingOff().rawValue == 9)
  }

  @Test func envelopesAreReadAndBuilt() throws {
    let octets = hex("27 01020304 05 aabb")
    let envelope = try SecurityProtectedNAS(parsing: octets)
    #expect(envelope.headerType == .integrityProtectedAndCiphered)
    #expect(envelope.mac == 0x0102_0304)
    #expect(envelope.sequenceNumber == 5)
    #expect(Array(envelope.payload) == [0xAA, 0xBB])
    #expect(Array(envelope.authenticated) == [5, 0xAA, 0xBB])
    #expect(
      SecurityProtectedNAS(headerType: .integrityProtectedAndCiphered, mac: 0x0102_0304, sequenceNumber: 5, payload: [0xAA, 0xBB])
        == envelope)
    let request = ServiceRequest(ksi: 5, sequenceNumber5: 17, shortMAC: 0xBEEF)
    #expect(request.encoded() == hex("c7b1beef"))
    #expect(try NASPDU(parsing: request.encoded()) == .serviceRequest(request))
    #expect(try NASPDU(parsing: hex("f7b1beef")).encoded() == hex("f7b1beef"))
  }
}
