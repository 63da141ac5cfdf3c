import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// Our UE in the place of the one that srsepc's MME (srsRAN_4G) was captured with: guti_reattach_eia2_eea2. Same K, OPc and SQN, so
/// that what our UE sends must be, octet for octet, what was captured, wherever the messages are the same.
@Suite struct CapturedRunTests {
  static func octets(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  @Test func anAttachAsItWasCaptured() throws {
    let credentials = try SubscriberCredentials(
      imsi: "001010123456780", k: #require(KeyMaterial(hex: "00112233445566778899aabbccddeeff")),
      functions: .milenage(opc: #require(KeyMaterial(hex: "63bfa50ee6523365ff14c1f45f88737d"))))
    var engine = CryptoEngine()
    var ue = UE(
      configuration: UEConfiguration(
        imsi: "001010123456780", networkCapability: UENetworkCapability(eea: 0xF0, eia: 0xF0), plmn: Bench.plmn,
        transfersESMInformationProtected: true), usim: USIM(credentials: credentials))
    func give(_ input: UE.Input) -> [UE.Output] {
      var outputs: [UE.Output] = []
      ue.handle(input, at: .zero, using: &engine, into: &outputs)
      return outputs
    }
    func deliver(_ hex: String) -> [UE.Output] { give(.downlinkNAS(Self.octets(hex))) }

    _ = give(.powerOn)
    #expect(give(.attach).uplinks == [Self.octets("07417108091010103254760802f0f000050201d011d1")])
    #expect(
      deliver("0752001de962bd3a160fee587f5ff77c6c2a581057ef321d1749800037c73c6e1341402c").uplinks == [Self.octets("075308692ca5c232999d73")]
    )
    #expect(deliver("379d47585800075d220002f0f0").uplinks == [Self.octets("474e00504c006d3b")])
    // ESM INFORMATION REQUEST; no APN of ours, as there was none in the capture.
    #expect(deliver("271dca6f4f01b299ba").uplinks.count == 1)
    #expect(
      give(.accessStratumSecured).keNBs.map { $0.hex() } == ["43e6784d25fcda6a96d60692426f8edde5094c624d5142be860530fa78285a81"])
    let accepted = deliver(
      "274f60ae1e024a52d5a4411b849d783e746a5f9426ca293bc5cb69b7e8efd4d3e3724e2ec1a1a6d598557ccf020e964f5c8432dfb563565d0cec4029c75897658b276f2527b66e910df9"
    )
    #expect(accepted.uplinks == [Self.octets("273ce98cd20280c457d8f2a31c")])
    #expect(ue.state == .registered)
    // EMM INFORMATION.
    #expect(
      deliver("271577df0b032574089336b0fdb74c2c41bd06353dbca4db354b996bd8c6e1328c801a233e3f36876c98b626c37d5b8b0eafc8").uplinks.isEmpty)
    #expect(give(.detach(switchOff: false)).uplinks == [Self.octets("278614800d034eb3dec8bf24f7a1c45b43cbe47e7b")])
    // The MME released without DETACH ACCEPT; then the attach by GUTI, whose request differs by the old GUTI type only, and is the
    // trigger of KeNB.
    _ = give(.radioConnectionReleased)
    let request = try #require(give(.attach).uplinks.first)
    let captured = Self.octets("17c55d850b040741010bf600f11000011a033ec2a202f0f000050201d011d15200f1100007")
    #expect(request[5] == captured[5] && request[6..<16] == captured[6..<16])
    #expect(
      give(.accessStratumSecured).keNBs.map { $0.hex() } == ["81a8b0dce3717522e91a9495f2accba484fa9bef3a11979cc6daabf347515d5a"])
    #expect(deliver("27f35537970450911f").uplinks.count <= 1)
    #expect(ue.hasSecureExchange)
  }
}
