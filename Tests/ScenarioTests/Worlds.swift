import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import UserEquipment

@testable import Scenario

/// Worlds for tests: one subscriber, one eNB, one MME unless told otherwise.
enum Worlds {
  static let imsi = "001010123456780"
  static let plmn = PLMN("00101")!

  static func credentials(
    imsi: String = imsi, k: String = "00112233445566778899aabbccddeeff", opc: String = "63bfa50ee6523365ff14c1f45f88737d", sqn: UInt64 = 0
  ) -> SubscriberCredentials {
    try! SubscriberCredentials(imsi: imsi, k: KeyMaterial(hex: k)!, functions: .milenage(opc: KeyMaterial(hex: opc)!), sqn: sqn)
  }

  static func ue(_ credentials: SubscriberCredentials, esmInformation: Bool = false) -> UE {
    UE(
      configuration: UEConfiguration(
        imsi: credentials.imsi, plmn: plmn, accessPointName: AccessPointName("internet"), transfersESMInformationProtected: esmInformation),
      usim: USIM(credentials: credentials))
  }

  static func mmeConfiguration() -> MMEConfiguration { MMEConfiguration(plmns: [plmn], trackingAreaCodes: [1]) }

  static func world(
    ues: [UE]? = nil, subscribers: [SubscriberCredentials]? = nil, eNBs: Int = 1, configuration: MMEConfiguration = mmeConfiguration(),
    seed: UInt64 = 1
  ) -> World {
    let radio = RadioNetwork(
      ues: ues ?? [ue(credentials())],
      eNBs: (0..<eNBs).map {
        (ENodeBConfiguration(name: "enb-\($0)", plmn: PLMNIdentity(plmn), enbID: 0x101 + UInt32($0), trackingAreaCode: 1), 0)
      })
    let mme = MME(configuration: configuration, subscribers: subscribers ?? [credentials()], seed: seed)
    return World(radio: radio, core: CoreNetwork(mmes: [mme]))
  }

  /// A world whose UE has attached.
  static func attached(using engine: inout CryptoEngine, configuration: MMEConfiguration = mmeConfiguration()) -> World {
    var world = world(configuration: configuration)
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    return world
  }
}

extension World {
  var ueEvents: [UE.Event] {
    effects.compactMap { if case .ue(_, let event) = $0 { event } else { nil } }
  }

  /// Steps until the oldest S1AP-PDU on its way carries this NAS message in the clear or under a new context.
  mutating func run(until done: (World) -> Bool, using engine: inout CryptoEngine) -> Bool {
    for _ in 0..<10_000 {
      if done(self) { return true }
      if !step(using: &engine) { return done(self) }
    }
    return false
  }
}
