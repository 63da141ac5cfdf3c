import NASCrypto
import Observer
import Profiles
import RadioAccess
import UserEquipment

extension SendStep {
  func begin(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    guard run.driver.ue(index).isConnected else { return .ended(.failed("the UE is not connected")) }
    var octets: [UInt8]
    switch content {
    case .octets(let given): octets = given
    case .replay(let name), .badMAC(let name):
      guard let sent = run.lastSent(name, ue: index) else { return .ended(.failed("the UE has sent no \(name)")) }
      octets = sent
      if case .badMAC = content {
        guard octets.count > 6 else { return .ended(.failed("\(name) was sent without a MAC")) }
        octets[1] ^= 0xFF
      }
    }
    run.driver.serving(ue: index) { .rrc($0, .nas(octets)) }
    return .ended()
  }
}

extension ProfileRun {
  /// The NAS-PDU of that name that a UE sent last.
  func lastSent(_ name: MessageName, ue: Int) -> [UInt8]? {
    for case .message(let message) in sightings.reversed().map(\.body) where message.direction == .uplink && message.ue == ue {
      if let nas = message.nas.first(where: { $0.name == name.title }) { return nas.octets }
    }
    return nil
  }
}
