import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// KASME and octets of real runs against srsepc (srsRAN_4G): what its MME and an independent UE put on the wire.
@Suite struct CapturedProtectionTests {
  struct Run: Sendable, CustomStringConvertible {
    var name: String
    var kasme: String
    var ciphering: CipheringAlgorithm
    var integrity: IntegrityAlgorithm
    /// Downlink and uplink PDUs in the order of the wire, SECURITY MODE COMMAND first.
    var pdus: [(LinkDirection, String)]
    var description: String { name }
  }

  static let runs = [
    Run(
      name: "attach_detach_eia1_eea1", kasme: "5af29211264846af22190f1811888bff1123767e914874c2280974960589da0d", ciphering: .eea1,
      integrity: .eia1,
      pdus: [
        (.downlink, "3791cfbb8800075d110002f0f0"), (.uplink, "479581e5d9002562"), (.downlink, "272664f590019eba72"),
        (.uplink, "27af7f73cd01c9794b52945ae673f4f1001f"), (.uplink, "2708e866ff02c18c117e7c4795"),
        (.downlink, "27679f563903d14464b01b65e2bd4fd33014ecefa002cdb0760dddf42015da2902a5085548b790ec6f4e34e9b1e94fd1db909c"),
        (.uplink, "27d1e715bc03ad24296acce970543be2aac86ba4a2"),
      ]),
    Run(
      name: "attach_detach_eia3_eea3", kasme: "6f17d27d315a1776d2465799b00af1b201fad1d65891866cb18da6f0d89415b1", ciphering: .eea3,
      integrity: .eia3,
      pdus: [
        (.downlink, "37a9b2131b00075d330002f0f0"), (.uplink, "4717d7306b004203"), (.downlink, "277671ef2e016dd8b0"),
        (.uplink, "27f993f18301148899039b42b597f72ab33c"), (.uplink, "2735bcaeb202637cc19cfb9832"),
        (.downlink, "27a4e807940343a3aacf77803932987b8be20876c8f009210556f3ac7d186a3523c9498a7fde7ab0bf22ea3ffc34f6c32331d7"),
        (.uplink, "27eae1e3120306bf2128eeda2f08de759d0d3e124a"),
      ]),
    Run(
      name: "guti_reattach_eia2_eea2", kasme: "ed2426048e809173d0e00509322acd90d8b423ad7d6eb43d703aa9980ddf1030", ciphering: .eea2,
      integrity: .eia2,
      pdus: [
        (.downlink, "379d47585800075d220002f0f0"), (.uplink, "474e00504c006d3b"), (.downlink, "271dca6f4f01b299ba"),
        (.uplink, "27d59dcfc8012ff8ba958840d60a60613b07"),
        (
          .downlink,
          "274f60ae1e024a52d5a4411b849d783e746a5f9426ca293bc5cb69b7e8efd4d3e3724e2ec1a1a6d598557ccf020e964f5c8432dfb563565d0cec4029c75897658b276f2527b66e910df9"
        ),
        (.uplink, "273ce98cd20280c457d8f2a31c"),
        (.downlink, "271577df0b032574089336b0fdb74c2c41bd06353dbca4db354b996bd8c6e1328c801a233e3f36876c98b626c37d5b8b0eafc8"),
        (.uplink, "278614800d034eb3dec8bf24f7a1c45b43cbe47e7b"),
        (.uplink, "17c55d850b040741010bf600f11000011a033ec2a202f0f000050201d011d15200f1100007"), (.downlink, "27f35537970450911f"),
      ]),
  ]

  @Test(arguments: runs)
  func everyMACVerifiesAndEveryMessageIsReadable(run: Run) throws {
    var engine = CryptoEngine()
    let kasme = try #require(KeyMaterial(hex: run.kasme))
    var ue = context(.userEquipment, kasme: kasme, ciphering: run.ciphering, integrity: run.integrity, using: &engine)
    var mme = context(.mme, kasme: kasme, ciphering: run.ciphering, integrity: run.integrity, using: &engine)
    for (direction, hex) in run.pdus {
      let pdu = try protected(hex)
      let opened = try direction == .downlink ? ue.unprotect(pdu, using: &engine) : mme.unprotect(pdu, using: &engine)
      let message = try NASMessage(decoding: opened.octets, direction: direction == .downlink ? .downlink : .uplink)
      #expect(message.isKnown)
      // And the same message protected by us is the same PDU.
      let sender = direction == .downlink ? mme : ue
      #expect(sender.seal(opened.octets, as: pdu.headerType, count: opened.count, using: &engine) == pdu.octets)
    }
  }

  @Test func theShortMACOfACapturedServiceRequest() throws {
    // service_request_eia2_eea2: SECURITY MODE COMPLETE and ATTACH COMPLETE took COUNT 0 and 1.
    var engine = CryptoEngine()
    let kasme = try #require(KeyMaterial(hex: "1358378f94285b9f474bbaaae36784eb9b0ea86c47e6a32149334816e4f32cc0"))
    var ue = context(.userEquipment, kasme: kasme, counts: NASCountPair(nextToSend: NASCount(2)), using: &engine)
    let mme = context(.mme, kasme: kasme, counts: NASCountPair(largestAccepted: NASCount(1)), using: &engine)
    #expect(try ue.serviceRequest(using: &engine) == octets("c702726f"))
    #expect(try mme.verify(ServiceRequest(parsing: octets("c702726f")), using: &engine) == NASCount(2))
  }
}
