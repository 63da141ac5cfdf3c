import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import Scenario
import TestNetwork
import UserEquipment

/// Decoding of an ATTACH REQUEST of 65 octets, as an LTE handset sends it.
func messageSubjects() -> [Subject] {
  let octets: [UInt8] = attachRequest65
  return [
    Subject(name: "ATTACH REQUEST, 65 octets, decode", bound: 10, allocationBound: 0) { count in
      var sum: UInt64 = 0
      for _ in 0..<count {
        do {
          let message = try NASMessage(decoding: octets, direction: .uplink)
          sum &+= UInt64(message.type.octet)
        } catch {
          fatalError("does not decode: \(error)")
        }
      }
      return sum
    }
  ]
}

/// EPS attach by IMSI as a handset sends it: capabilities, PDN CONNECTIVITY REQUEST with PCO, last TAI, DRX, MS network capability, old LAI,
/// TMSI status, voice domain preference: twelve elements.
private let attachRequest65: [UInt8] = [
  0x07, 0x41, 0x71, 0x08, 0x09, 0x10, 0x10, 0x21, 0x43, 0x65, 0x87, 0x09, 0x05, 0xF0, 0x70, 0xC0, 0x40, 0x11,  // type, eKSI, IMSI, capability
  0x00, 0x13, 0x02, 0x01, 0xD0, 0x11, 0xD1, 0x27, 0x0C, 0x80, 0x80, 0x21, 0x05, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x0D, 0x00,  // ESM
  0x52, 0x00, 0xF1, 0x10, 0x00, 0x01, 0x5C, 0x0A, 0x00, 0x31, 0x03, 0xE5, 0xE0, 0x34,  // last TAI, DRX, MS network capability
  0x13, 0x00, 0xF1, 0x10, 0x00, 0x01, 0x90, 0x5D, 0x01, 0x00, 0xE0, 0xC1,  // old LAI, TMSI status, voice domain, GUTI type, features
]

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
