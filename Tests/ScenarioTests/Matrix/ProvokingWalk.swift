import Alignment
import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Trace
import UserEquipment

@testable import Scenario

/// SMC, handover, service request, TAU, re-authentication and release in random order, and between them what brings out defects that those orders
/// alone do not: messages lost, held, forged, rejected.
struct ProvokingWalk {
  private(set) var done: [String] = []
  private var random: SeededRandom
  let network: MobileWorld
  private static let imsi = Worlds.imsi

  /// With two MMEs there are orders that take both, what is held holds up associations, and every third walk has a second UE.
  private let hasTwoMMEs: Bool

  /// What comes between the orders.
  enum Provocation: CaseIterable {
    /// Messages lost, held, forged, rejected.
    case messages
    /// One direction of an association held up.
    case associations
    /// Messages between the MMEs held up.
    case s10
  }
  private let provocations: Set<Provocation>

  init(
    seed: UInt64, defects: Set<Defect> = [], hasTwoMMEs: Bool = false, provocations: Set<Provocation> = Set(Provocation.allCases)
  ) {
    self.hasTwoMMEs = hasTwoMMEs
    self.provocations = provocations
    random = SeededRandom(seed: 0x9e0c_0000 + seed)
    let early = seed % 2 == 0
    network = MobileWorld(
      keepsEvents: true, mmes: hasTwoMMEs ? 2 : 1, sharesList: hasTwoMMEs && seed % 4 < 2, ues: hasTwoMMEs && seed % 3 == 2 ? 2 : 1,
      seed: seed
    ) {
      $0.defects = defects
    } ue: {
      $0.networkCapability = UENetworkCapability(eea: 0xF0, eia: 0x60, uea: 0xC0, uia: 0x40)
      $0.transfersESMInformationProtected = early
    }
    // One walk in eight begins with the uplink COUNT near its wraps.
    if seed % 8 == 1 { for _ in 0..<14 { network.trackingAreaUpdate() } }
    if seed % 8 == 5 { for _ in 0..<(hasTwoMMEs ? 126 : 125) { network.trackingAreaUpdate() } }
  }

  mutating func run(steps: Int = 25) -> [Verdict] {
    for _ in 0..<steps {
      act()
      if random.next() % 4 == 0 {
        for _ in 0..<(random.next() % 10) where network.world.step(using: &network.engine) {}
        network.drain()
      } else {
        network.settle()
        if random.next() % 3 == 0 { network.wait(.seconds(30)) }
      }
    }
    if hasTwoMMEs { letAssociationsGo() }
    network.world.release("held")
    network.settle()
    network.wait(.seconds(60))
    return network.verdicts()
  }

  private mutating func act() {
    if hasTwoMMEs, random.next() % 3 == 0 { return orderOfTwo() }
    if random.next() % 3 == 0, provocations.contains(.messages) { provoke() } else { order() }
  }

  private mutating func order() {
    switch random.next() % 12 {
    case 0, 1, 2:
      let target = (network.servingENB + 1 + Int(random.next() % 2)) % 3
      let isOfOne = network.mme(ofENB: target) == network.servingMME()
      let kind: HandoverKind = random.next() % 2 == 0 || !isOfOne ? .s1 : .x2
      done.append("HO-\(kind.rawValue)-\(target)")
      network.world.handover(ue: 0, toENB: target, kind: kind, using: &network.engine)
    case 3, 4: command("reauthenticate", .authenticate())
    case 5: command("SMC", .securityMode(refreshingKeNB: random.next() % 2 == 0))
    case 6, 7: input("service", .requestService)
    case 8: input("TAU", .updateTrackingArea(isActive: random.next() % 2 == 0))
    case 9:
      done.append("release")
      network.world.requestRelease(ue: 0, cause: .userInactivity, using: &network.engine)
    case 10:
      done.append("cancel")
      network.world.cancelHandover(ue: 0, using: &network.engine)
    default: input("attach", .attach)
    }
  }

  private mutating func provoke() {
    let complete = OverlapScenario.complete
    let command = OverlapScenario.command
    switch random.next() % 19 {
    case 0:
      let fewer = UESecurityCapabilities(encryption: 0x8000, integrity: 0x8000)
      rule("fewer capabilities", MessageFilter(.pathSwitchRequest), .alter(.replace(.ueSecurityCapabilities, .typed(.init(fewer)))))
    case 1:
      done.append("hold NAS")
      let isHeld = random.next() % 3 != 0
      network.world.serving(ue: 0, using: &network.engine) { .holdNAS($0, isHeld) }
    case 2: rule("hold COMPLETE", complete, .hold())
    case 3:
      done.append("let go")
      network.world.release("held")
    case 4: rule("lose COMMAND", command, .drop, times: random.next() % 2 == 0 ? 1 : 5)
    case 5: rule("lose COMPLETE", complete, .drop)
    case 6: rule("COMPLETE of type 2", complete, .alter(.nasOctet(at: 0, xor: 0x60)))
    case 7: rule("hold key answer", MessageFilter(.ueContextModificationResponse), .hold())
    case 8: rule("hold key", OverlapScenario.keyChange, .hold())
    case 9: rule("bad MAC", OverlapScenario.uplinkNAS, .alter(.nasOctet(at: 1, xor: 0x55)))
    case 10:
      done.append("replay")
      let sent = network.wire.filter {
        $0.direction == .uplink && OverlapScenario.uplinkNAS.matches(DescribedMessage($0.octets, leg: $0.leg, direction: .uplink))
      }
      for message in sent.suffix(2) { network.inject(message) }
    case 11:
      done.append("forged number")
      network.forge(OverlapScenario.uplinkNAS, changing: [(5, 0x80), (1, 0x55)])
    case 12:
      done.append("forged service request")
      network.forge(OverlapScenario.initialMessage, identity: 0xABCD, changing: [(1, 0x01), (2, 0x55)])
    case 13:
      done.append("plain update")
      network.forge(OverlapScenario.uplinkNAS, nas: network.plainUpdate())
    case 14:
      done.append("foreign attach")
      network.forge(MessageFilter(.initialUEMessage, nas: .attachRequest), identity: 0xABCE)
    case 15:
      self.command("authenticate alone", .authenticate(thenSecurityMode: false))
      self.command("SMC to be rejected", .securityMode(NASAlgorithms(ciphering: .eea2, integrity: .eia3)))
    case 16:
      done.append("vanish")
      network.vanish(to: (network.servingENB + 1) % 3)
      for eNB in 0..<3 { network.world.radio.setReachable(eNB: eNB, true) }
    case 17: refuseKey()
    default:
      self.command("at once", .securityMode(), atOnce: true)
      self.command("information", .emmInformation)
      self.command("new GUTI", .reallocateGUTI)
      if random.next() % 3 == 0 { network.moveSequenceNumbers() }
    }
  }

  /// A key change that a busy eNB refuses, so that it is owed, and perhaps an SMC beside it.
  private mutating func refuseKey() {
    done.append("key refused")
    network.hold("key", OverlapScenario.keyChange)
    network.network(.authenticate())
    network.hold("required", MessageFilter(.handoverRequired))
    network.handover(to: (network.servingENB + 1) % 3, .s1)
    network.release("key")
    if random.next() % 2 == 0 {
      network.hold("held", OverlapScenario.complete)
      network.network(.securityMode())
    }
    network.release("required")
    for name in ["key", "required"] { network.world.control.remove(name) }
  }

  // MARK: Two MMEs

  private mutating func orderOfTwo() {
    switch random.next() % 8 {
    case 0, 1:
      // To the other MME.
      let target = network.servingMME() == 0 ? 2 : Int(random.next() % 2)
      done.append("HO-\(target)")
      network.world.handover(ue: 0, toENB: target, kind: .s1, using: &network.engine)
      for _ in 0..<(random.next() % 12) where network.world.step(using: &network.engine) {}
    case 2:
      // Detached and attached again without a release between.
      input("detach", .detach(switchOff: false))
      for _ in 0..<(random.next() % 10) where network.world.step(using: &network.engine) {}
      input("attach", .attach)
    case 3 where provocations.contains(.associations): holdAssociation()
    case 4: letAssociationsGo()
    case 5 where provocations.contains(.s10):
      // One MME's word to the other is late.
      let types: [GTPv2CMessageType] = [
        .forwardRelocationRequest, .forwardRelocationResponse, .forwardRelocationCompleteNotification, .contextRequest, .contextResponse,
      ]
      let type = types[Int(random.next() % 5)]
      done.append("hold \(type.title)")
      network.world.gtpControl.holding.insert(type)
    default: orderOfTheSecond()
    }
  }

  /// Nothing is lost of an association and nothing goes out of order on it; other associations overtake it.
  private mutating func holdAssociation() {
    let eNB = Int(random.next() % 3)
    let direction: LinkDirection = random.next() % 2 == 0 ? .uplink : .downlink
    done.append("hold \(direction) of \(eNB)")
    if network.world.control.rules.contains(where: { $0.name == "association" }) { return }
    network.world.control.add(MessageRule("association", MessageFilter(direction: direction, eNB: eNB), .hold(), times: nil))
  }

  private mutating func letAssociationsGo() {
    done.append("all go")
    network.world.release("association")
    network.world.control.remove("association")
    for type in network.world.gtpControl.holding.sorted(by: { $0.title < $1.title }) { network.world.releaseGTP(type) }
  }

  private mutating func orderOfTheSecond() {
    guard network.subscribers.count > 1 else { return order() }
    switch random.next() % 6 {
    case 0, 1:
      let target = (network.world.radio.servingENB(ofUE: 1) + 1 + Int(random.next() % 2)) % 3
      let isOfOne = network.mme(ofENB: target) == network.servingMME(ofUE: 1)
      done.append("second HO-\(target)")
      network.world.handover(ue: 1, toENB: target, kind: isOfOne && random.next() % 2 == 0 ? .x2 : .s1, using: &network.engine)
    case 2:
      done.append("second reauthenticate")
      network.world.command(
        .authenticate(), imsi: network.subscribers[1].imsi, mme: network.servingMME(ofUE: 1), using: &network.engine)
    case 3:
      done.append("second release")
      network.world.requestRelease(ue: 1, cause: .userInactivity, using: &network.engine)
    case 4:
      done.append("second service")
      network.world.command(.requestService, ue: 1, using: &network.engine)
    default:
      done.append("second attach")
      network.world.command(.attach, ue: 1, using: &network.engine)
    }
  }

  private mutating func input(_ name: String, _ input: UE.Input) {
    done.append(name)
    network.world.command(input, ue: 0, using: &network.engine)
  }

  private mutating func command(_ name: String, _ command: NetworkCommand, atOnce: Bool = false) {
    done.append(name)
    network.world.command(command, imsi: Self.imsi, mme: network.servingMME(), atOnce: atOnce, using: &network.engine)
  }

  private mutating func rule(_ name: String, _ filter: MessageFilter, _ action: MessageAction, times: Int? = 1) {
    done.append(name)
    if network.world.control.rules.count > 3 { network.world.control.remove("held") }
    network.world.control.add(MessageRule("held", filter, action, times: times))
  }
}
