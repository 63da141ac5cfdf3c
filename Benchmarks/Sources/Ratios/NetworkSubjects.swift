import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import Scenario
import TestNetwork
import UserEquipment

/// A whole attach by IMSI with AKA, SMC, default bearer and EMM INFORMATION, then a detach with release: UE, eNB and MME in process, every
/// message encoded, protected, carried as S1AP and decoded again. Each starts from a copy of the same network after S1 SETUP.
func attachSubjects() -> [Subject] {
  guard let plmn = PLMN("00101"), let k = KeyMaterial(hex: "00112233445566778899aabbccddeeff"),
    let opc = KeyMaterial(hex: "63bfa50ee6523365ff14c1f45f88737d"),
    let credentials = try? SubscriberCredentials(imsi: "001010123456780", k: k, functions: .milenage(opc: opc))
  else { fatalError("bad constants") }
  let ue = UE(
    configuration: UEConfiguration(imsi: credentials.imsi, plmn: plmn, accessPointName: "internet"), usim: USIM(credentials: credentials))
  let radio = RadioNetwork(ues: [ue], eNBs: [(ENodeBConfiguration(plmn: PLMNIdentity(plmn)), 0)])
  let mme = MME(configuration: MMEConfiguration(plmns: [plmn]), subscribers: [credentials], seed: 1)
  let box = EngineBox()
  var start = World(radio: radio, core: CoreNetwork(mmes: [mme]))
  start.isTracing = false
  start.connect(using: &box.engine)
  start.settle(using: &box.engine)
  start.effects = []
  return [
    Subject(name: "attach and detach, in process", bound: nil, nanosecondBound: 150_000) { count in
      var sum: UInt64 = 0
      for _ in 0..<count {
        var world = start
        world.command(.powerOn, ue: 0, using: &box.engine)
        world.command(.attach, ue: 0, using: &box.engine)
        world.settle(using: &box.engine)
        guard world.radio.ue(0).state == .registered else { fatalError("did not attach") }
        world.command(.detach(switchOff: false), ue: 0, using: &box.engine)
        world.settle(using: &box.engine)
        guard world.radio.ue(0).state == .deregistered(.normalService), !world.radio.ue(0).isConnected else { fatalError("did not detach") }
        sum &+= UInt64(world.effects.count)
      }
      return sum
    }
  ]
}
