import Testing

@testable import NASMessages

/// Vectors made by hand from the codings of TS 24.301 §9.9.4 and TS 24.008 §10.5.6.
@Suite struct SessionValueTests {
  private func read<Value: InformationElementValue>(_ type: Value.Type, _ text: String) throws -> Value {
    let value = try Value(decoding: ValuePart(ArraySlice(hex(text))))
    #expect(value.encodedOctets == hex(text), "\(type)")
    return value
  }

  @Test func bitRatesOfEPSQoS() throws {
    #expect(try read(EPSQoS.self, "09").rates == nil)
    let base = try #require(try read(EPSQoS.self, "01 3f 40 7f 80").rates)
    #expect([base.maximumUplink, base.maximumDownlink, base.guaranteedUplink, base.guaranteedDownlink] == [63, 64, 568, 576])
    let wide = try #require(try read(EPSQoS.self, "01 fe fe ff 01 4a 4b 00 ba").rates)
    #expect([wide.maximumUplink, wide.maximumDownlink, wide.guaranteedUplink, wide.guaranteedDownlink] == [16_000, 17_000, 0, 128_000])
    let widest = try #require(try read(EPSQoS.self, "01 fefefefe fafafafa 01 3d 3e f6").rates)
    #expect(
      [widest.maximumUplink, widest.maximumDownlink, widest.guaranteedUplink, widest.guaranteedDownlink]
        == [260_000, 500_000, 510_000, 10_000_000])
    let highest = try #require(try read(EPSQoS.self, "01 fefefefe fafafafa a1 a2 ff 00").rates)
    #expect(
      [highest.maximumUplink, highest.maximumDownlink, highest.guaranteedUplink, highest.guaranteedDownlink]
        == [1_500_000, 1_600_000, 10_000_000, 256_000])
  }

  @Test func everyBitRateThatCanBeSaidIsWrittenAsItIsRead() {
    for octet in 1...254 as ClosedRange<UInt8> { #expect(BitRate.base(for: BitRate.base(octet)) == octet) }
    for octet in 1...250 as ClosedRange<UInt8> { #expect(BitRate.extended(for: BitRate.extended(octet) ?? 0) == octet) }
    for octet in 1...246 as ClosedRange<UInt8> { #expect(BitRate.extended2(for: BitRate.extended2(octet) ?? 0) == octet) }
    let rates = EPSQoS.Rates(maximumUplink: 64, maximumDownlink: 2_000_000, guaranteedUplink: 9000, guaranteedDownlink: 63)
    #expect(EPSQoS(qci: 1, rates: rates).rates == rates)
  }

  @Test func aggregateBitRates() throws {
    #expect(try read(APNAMBR.self, "0140").downlink == 1)
    #expect(try read(APNAMBR.self, "fefe 01fa").uplink == 256_000)
    #expect(try read(APNAMBR.self, "fefe fbff").downlink == 256_000)
    let wide = try read(APNAMBR.self, "fe80 4a00 01ff")
    #expect(wide.downlink == 272_000)
    #expect(wide.uplink == 576)
    #expect(APNAMBR(downlink: 1_000_000, uplink: 576).downlink == 1_000_000)
    #expect(try read(ExtendedAPNAMBR.self, "070046 030002").downlink == 70_000_000)
    #expect(try read(ExtendedAPNAMBR.self, "070046 030002").uplink == 8000)
    let qos = try read(ExtendedQoS.self, "08 0003 0004 01 0005 ffff")
    #expect(
      [qos.maximumUplink, qos.maximumDownlink, qos.guaranteedUplink, qos.guaranteedDownlink] == [12_000_000, 16_000_000, 1000, 13_107_000])
  }

  @Test func aTrafficFlowTemplateReads() throws {
    let text = "32 31 0a 0e 10 0a000001 ffffffff 30 11 50 13c4 12 ff 03 40 01bb 0301 02 0101 aa"
    let template = try read(TrafficFlowTemplate.self, text)
    #expect(template.operation == .createNew)
    #expect(template.packetFilters.map(\.identifier) == [1, 2])
    #expect(template.packetFilters.map(\.direction) == [.bidirectional, .downlinkOnly])
    #expect(template.packetFilters[0].precedence == 10)
    #expect(template.packetFilters[0].components.map(\.kind) == [.ipv4RemoteAddress, .protocolIdentifier, .remotePort])
    #expect(
      template.packetFilters[0].description
        == "filter 1, both directions, precedence 10: IPv4 remote 10.0.0.1/255.255.255.255, protocol 17, remote port 5060")
    #expect(template.parameters == [.init(3, [2]), .init(1, [0xAA])])
    #expect(try read(TrafficFlowTemplate.self, "40").operation == .deleteExisting)
    #expect(try read(TrafficFlowTemplate.self, "a2 01 02").deletedFilters == [1, 2])
    #expect(try read(TrafficFlowTemplate.self, "d0 02 04 00010002").parameters == [.init(2, [0, 1, 0, 2])])
    let unknown = try read(TrafficFlowTemplate.self, "21 f1 00 05 30 06 99 0102")
    #expect(unknown.packetFilters[0].components.count == 1)
    #expect(unknown.packetFilters[0].rest == hex("990102"))
    #expect(throws: NASDecodingError.self) { try TrafficFlowTemplate(decoding: ValuePart(hex("21 31 00 05 30")[...])) }
    #expect(
      TrafficFlowTemplate(
        .addPacketFilters, packetFilters: [PacketFilter(identifier: 3, direction: .uplinkOnly, precedence: 1, components: [.localPort(80)])]
      )
      .encodedOctets == hex("61 23 01 03 40 0050"))
  }

  @Test func containersOfConfigurationOptions() throws {
    let plain = try read(ProtocolConfigurationOptions.self, "80 000d 04 08080808 0010 02 05dc 0023 00")
    #expect(plain.description == "DNS server IPv4 8.8.8.8, IPv4 link MTU 1500, QoS rules (long)")
    let up = try read(ExtendedProtocolConfigurationOptions.self, "80 0023 00 000d 00")
    #expect(up.containers.map(\.identifier) == [0x23, 0x0D])
    let down = try read(NetworkExtendedProtocolConfigurationOptions.self, "80 0023 0003 010203 000d 04 01010101")
    #expect(down[0x23] == [1, 2, 3])
    #expect(down[0x0D] == [1, 1, 1, 1])
    let long = NetworkExtendedProtocolConfigurationOptions([.init(0x24, [UInt8](repeating: 7, count: 300))])
    #expect(long.encodedOctets.prefix(5) == hex("80 0024 012c")[...])
    #expect(throws: NASDecodingError.self) { try NetworkExtendedProtocolConfigurationOptions(decoding: ValuePart(hex("80 0023 01")[...])) }
  }

  @Test func smallSessionValues() throws {
    #expect(try read(TransactionIdentifier.self, "b0").value == 3)
    #expect(try read(TransactionIdentifier.self, "b0").flag)
    #expect(try read(TransactionIdentifier.self, "70cd").value == 77)
    #expect(try read(TransactionIdentifier.self, "70").value == nil)
    #expect(TransactionIdentifier(77).octets == hex("70cd"))
    let compression = try read(HeaderCompressionConfiguration.self, "03 000f 01 aabb")
    #expect(compression.profiles == [2, 3])
    #expect(compression.maximumCID == 15)
    #expect(compression.setupParametersType == 1)
    #expect(try read(HeaderCompressionConfigurationStatus.self, "2080").unused == [5, 15])
    #expect(try read(ServingPLMNRateControl.self, "ffff").description == "not restricted")
    #expect(try read(ReattemptIndicator.self, "03").forbidsEquivalentPLMNs)
    #expect(try read(PKMFAddress.self, "010a000001").description == "10.0.0.1")
    let remote = try read(RemoteUEContextList.self, "01 11 01 08 0a10101032547608 01 0a0000011f90")
    #expect(remote.contexts.first?.identities == [hex("0a10101032547608")])
    #expect(remote.contexts.first?.addressType == 1)
    #expect(remote.contexts.first?.address == hex("0a0000011f90"))
    #expect(throws: NASDecodingError.self) { try RemoteUEContextList(decoding: ValuePart(hex("01 02 01 08 0a")[...])) }
    let qos = try read(QualityOfService.self, "23911f719640407400404000")
    #expect(qos.delayClass == 4)
    #expect(qos.trafficClass == 3)
    #expect(qos.maximumBitRateUplink == 64)
    #expect(try read(UserDataContainer.self, "cafe").octets == hex("cafe")[...])
    #expect(try read(PacketFlowIdentifier.self, "81").value == 1)
  }
}
