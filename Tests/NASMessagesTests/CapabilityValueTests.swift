import Testing

@testable import NASMessages

/// Values whose bits have names: codings of TS 24.301 §9.9.3.34, TS 24.008 §10.5.1.7, §10.5.5.12, §10.5.6.3, §10.5.6.5 and TS 24.161 §6.1,
/// checked against tshark 4.0 and pycrate 0.8.1 in the stage nas-differential.
@Suite struct CapabilityValueTests {
  private func read<Value: InformationElementValue>(_ type: Value.Type, _ text: String) throws -> Value {
    let value = try Value(decoding: ValuePart(ArraySlice(hex(text))))
    #expect(value.encodedOctets == hex(text), "\(type)")
    return value
  }

  @Test func everyBitOfTheUENetworkCapabilityHasItsOwnName() throws {
    var names: [String] = []
    for octet in 4..<8 {
      for bit in 0..<(octet == 7 ? 5 : 8) {
        var octets = [UInt8](repeating: 0, count: 8)
        octets[octet] = 1 << UInt8(bit)
        let set = UENetworkCapability(octets: octets).features.filter(\.isSet)
        #expect(set.count == 1, "octet \(octet + 3), bit \(bit + 1)")
        names += set.map(\.name)
      }
    }
    #expect(Set(names).count == 29)
    #expect(try read(UENetworkCapability.self, "f070").features.isEmpty)
    #expect(try read(UENetworkCapability.self, "f0700080").ucs2)
    let capability = try read(UENetworkCapability.self, "f070 0000 08 80 30 10")
    #expect(capability.ltePositioningProtocol && capability.extendedProtocolConfigurationOptions)
    #expect(capability.dualConnectivityWithNR && capability.n1Mode && capability.v2xOverNRPC5)
    #expect(capability.description.hasSuffix("LPP, ePCO, DCNR, N1mode, V2X NR-PC5"))
  }

  @Test func theMSNetworkCapabilityEndsWhereItWants() throws {
    let capability = try read(MSNetworkCapability.self, "a5aa55a8")
    #expect(capability.gea == 0b1010101)
    #expect(capability.features.names == ["SM GPRS", "R99", "PFC", "PS HO E-UTRAN", "ISR", "EPC", "GERAN sharing", "UPIP", "GIA5", "GIA7"])
    #expect(capability.ssScreeningIndicator == 1)
    #expect(try read(MSNetworkCapability.self, "e560").features.names == ["SM dedicated", "SM GPRS", "R99"])
    #expect(try read(MSNetworkCapability.self, "").gea == 0)
  }

  @Test func classmark3IsReadComponentByComponentAndZeroBeyondItsEnd() throws {
    let whole = try read(MobileStationClassmark3.self, "5a4198b8b414fad38d9ef8d9b55b01d6f686e1ce60")
    #expect(whole.value("R-GSM associated radio capability") == 1)
    #expect(whole.value("ECSD multislot class") == 9)
    #expect(whole.value("8-PSK RF power capability 2") == 1)
    #expect(whole.value("GSM 400 associated radio capability") == 3)
    #expect(whole.value("DTM EGPRS high multislot class") == 3)
    #expect(whole.value("CS to PS SRVCC from GERAN to UTRA") == 2)
    #expect(whole.fields.filter { !$0.isTold }.isEmpty)
    let short = try read(MobileStationClassmark3.self, "60 14 04")
    #expect(short.bands == 6 && short.associatedRadioCapability1 == 4)
    #expect(short.fields.last.map { $0.value == 0 && !$0.isTold } == true)
    #expect(short.value("ECSD multislot class") == nil)
    #expect(try read(MobileStationClassmark3.self, "").fields.allSatisfy { !$0.isTold })
  }

  @Test func offloadOverWLANHasEUTRANInBit1() throws {
    // TS 27.007, +CGEV <WLAN_Offload>: "bit 1 (E-UTRAN offload acceptability value) and bit 2 (UTRAN …)" of TS 24.008 §10.5.6.20.
    let eutran = WLANOffloadAcceptability(rawValue: 1)
    #expect(eutran.eutran && !eutran.utran)
    #expect(WLANOffloadAcceptability(eutran: false, utran: true).rawValue == 2)
  }

  @Test func flowMobilityParameters() throws {
    let container = try read(NBIFOMContainer.self, "010101 020102 03011a 0414 0b078105010000000a000001 0708420600000000 080109")
    #expect(container.parameters.map(\.identifier) == [1, 2, 3, 4, 8])
    #expect(container[2] == [2])
    let rules = try #require(container.parameters[3].routingRules)
    #expect(rules.map(\.identifier) == [7, 8])
    #expect(rules.map(\.routingAccess) == [2, 1])
    #expect(rules.map(\.operation) == [1, 2])
    #expect(rules[0].filter == hex("010000000a000001"))
    #expect(container.parameters[4].description == "3GPP access becomes usable, WLAN access becomes unusable")
    #expect(throws: NASDecodingError.self) { try NBIFOMContainer(decoding: ValuePart(ArraySlice(hex("0105")))) }
    #expect(NBIFOMContainer.Parameter(4, [9, 1]).routingRules == nil)
  }

  @Test func theClientOfALocationRequest() throws {
    let client = try read(LCSClientIdentity.self, "3006800103830104")
    #expect(client.clientType == 3 && client.internalIdentity == 4)
    // Not BER, cut short, a length of the long form: nothing is read, and the octets stay.
    for text in ["00", "30", "3005800101", "308400000000"] {
      let client = try read(LCSClientIdentity.self, text)
      #expect(client.clientType == nil, "\(text)")
      #expect(client.description.hasSuffix(text))
    }
    #expect(try read(LCSClientIdentity.self, "308103800102").clientType == 2)
  }

  @Test func networkNamesInTheDefaultAlphabetAndUCS2() throws {
    let name = NetworkName("Netz @ Ä_$ [x]", addsCountryInitials: true)
    #expect(name.text == "Netz @ Ä_$ [x]")
    #expect(name.addsCountryInitials)
    #expect(NetworkName("☎").text == "?")
    #expect(try read(NetworkName.self, "90004e00e903a9").text == "NéΩ")
    #expect(try read(NetworkName.self, "a000").text == nil)
    // Every code of the alphabet but the escape is a character of its own.
    let codes = (0..<128 as Range<UInt8>).filter { $0 != 0x1B }
    let text = GSMAlphabet.text(GSMAlphabet.packed(codes), spareBits: 7)
    #expect(Set(text).count == 127)
    #expect(GSMAlphabet.codes(text) == codes)
    let number = ExtendedEmergencyNumberList.Number(digits: "112", subServiceText: "police.municipal")
    #expect(number.subServiceText == "police.municipal")
    #expect(ExtendedEmergencyNumberList.Number(digits: "112", subServiceText: "ambulanc").subServiceText == "ambulanc")
  }

  @Test func contentsOfConfigurationOptions() throws {
    let options = try read(
      ProtocolConfigurationOptions.self,
      "80 8021 10 03000010 8106 08080808 8306 08080404 0003 10 20010db8000000000000000000000001 0005 01 02 0010 02 05dc c023 04 01000004")
    #expect(options.containers[0].ipcpOptions?.map(\.type) == [129, 131])
    #expect(options.containers[1].address == "2001:db8::1")
    #expect(options.containers[3].number == 1500)
    #expect(
      options.description
        == "IPCP Configure-Nak, primary DNS server 8.8.8.8, secondary DNS server 8.8.4.4, DNS server IPv6 2001:db8::1, "
        + "bearer control mode MS and network, IPv4 link MTU 1500, PAP Authenticate-Request 000004")
    // Lengths that do not add up end the options; nothing traps.
    for text in ["80802100", "8080210401000000", "80802106 0100ffff 8100", "80802106 0100ffff 81ff"] {
      #expect(try read(ProtocolConfigurationOptions.self, text).containers[0].ipcpOptions?.isEmpty != false, "\(text)")
    }
    for (octets, text) in [
      ("00000000000000000000000000000000", "::"), ("00000000000000000000000000000001", "::1"),
      ("20010db8000000010000000000000001", "2001:db8:0:1::1"), ("20010db8000100010001000100010000", "2001:db8:1:1:1:1:1:0"),
      ("fe800000000000000000000000000000", "fe80::"), ("0001", "0001"),
    ] {
      #expect(ipv6Address(hex(octets)) == text)
    }
  }

  @Test func qualityOfServiceWithItsExtensions() throws {
    let qos = try read(QualityOfService.self, "1b911f9399fefe92fafefe00fafafafa3d01a1f6")
    #expect(qos.maximumSDUSize == 1520)
    #expect(qos.transferDelay == 4000)
    #expect(qos.maximumBitRateDownlink == 500_000 && qos.guaranteedBitRateDownlink == 260_000)
    #expect(qos.maximumBitRateUplink == 1_500_000 && qos.guaranteedBitRateUplink == 10_000_000)
    #expect(qos.trafficHandlingPriority == 2 && qos.residualBitErrorRate == 9 && qos.isOptimisedForSignalling == false)
    let short = try read(QualityOfService.self, "23911f")
    #expect(short.trafficClass == nil && short.transferDelay == nil && short.sduErrorRatio == nil)
  }

  @Test func remoteUEsByTheirDigits() throws {
    #expect(RemoteUEContextList.digits(hex("4b94032143")) == "449301234")
    #expect(RemoteUEContextList.digits(hex("09a1")) == nil)
    let list = try read(RemoteUEContextList.self, "01 0e 01 05 4b94032143 01 0a0000011f90")
    #expect(list.description == "1 remote UEs; MSISDN 449301234 at 10.0.0.1:8080")
    #expect(PKMFAddress(ipv6: hex("20010db8000000000000000000000001")).description == "2001:db8::1")
  }
}
