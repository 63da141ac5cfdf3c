import Alignment
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Trace

@testable import Scenario
@testable import UserEquipment

/// What scenarios do beside handover and commands of the network.
extension MobileWorld {
  func ue(_ input: UE.Input) {
    world.command(input, ue: 0, using: &engine)
    settle()
  }

  func hold(_ name: String, _ filter: MessageFilter, times: Int? = 1) {
    world.control.add(MessageRule(name, filter, .hold(), times: times))
  }

  func drop(_ filter: MessageFilter, times: Int? = 1) { world.control.add(MessageRule("dropped", filter, .drop, times: times)) }

  func alter(_ filter: MessageFilter, _ alteration: MessageAlteration) {
    world.control.add(MessageRule("altered", filter, .alter(alteration)))
  }

  func release(_ rule: String) {
    world.release(rule)
    settle()
  }

  /// The UE becomes idle.
  func idle() {
    world.requestRelease(ue: 0, cause: .userInactivity, using: &engine)
    settle()
  }

  func serviceRequest() { ue(.requestService) }

  func trackingAreaUpdate(isActive: Bool = false) { ue(.updateTrackingArea(isActive: isActive)) }

  /// The command starts beside whatever runs.
  func networkAtOnce(_ command: NetworkCommand) {
    world.command(command, imsi: Worlds.imsi, mme: servingMME(), atOnce: true, using: &engine)
    settle()
  }

  /// The UE loses its cell for good and camps on another; its eNB's word of that does not get to the MME.
  func vanish(to eNB: Int) {
    hold("vanished", MessageFilter(.ueContextReleaseRequest))
    world.radio.setReachable(eNB: world.radio.servingENB(ofUE: 0), false)
    ue(.radio(.linkFailed))
    wait(.seconds(3))
    var effects: [Effect] = []
    world.radio.camp(ue: 0, onENB: eNB, at: world.now, using: &engine, into: &effects)
    world.effects += effects
    settle()
  }

  /// The USIM has seen SQNs that the HSS has not given out.
  func moveSequenceNumbers() {
    let moved = [UInt64](repeating: 100_000, count: 32)
    guard let numbers = USIMSequenceNumbers(indexBits: 5, delta: 1 << 28, ageLimit: nil, sequences: moved) else { return }
    world.radio.subscribers[0].ue.usim.sequenceNumbers = numbers
  }

  // MARK: What no UE of ours sends

  /// An S1AP-PDU on its way to the MME, on the wire like any.
  func inject(_ message: ControlledMessage) {
    world.effects.append(.trace(.s1ap(message.leg, .uplink, stream: message.stream, octets: message.octets)))
    world.s1Hops.append(World.S1Hop(leg: message.leg, direction: .uplink, stream: message.stream, octets: message.octets))
    settle()
  }

  /// The last message of a kind that an eNB sent.
  func last(_ filter: MessageFilter) -> ControlledMessage? {
    wire.last { $0.direction == .uplink && filter.matches(DescribedMessage($0.octets, leg: $0.leg, direction: .uplink)) }
  }

  /// The last message of a kind once more, on another S1 connection if told so, its NAS-PDU changed or exchanged.
  func forge(
    _ filter: MessageFilter, identity: UInt64? = nil, nas: [UInt8]? = nil, changing octets: [(at: Int, xor: UInt8)] = []
  ) {
    guard var message = last(filter) else { return }
    if let nas { message = MessageAlteration.replaceNAS(nas).applied(to: message) }
    for (at, mask) in octets { message = MessageAlteration.nasOctet(at: at, xor: mask).applied(to: message) }
    if let identity { message = MessageAlteration.replace(.eNBUES1APID, .integer(identity)).applied(to: message) }
    inject(message)
  }

  // MARK: Verdicts

  /// What is said of everything that crossed S1 since the world began.
  func verdicts() -> [Verdict] {
    var alignment = AlignmentEngine(subscribers: subscribers, release: 16)
    var log = TraceLog()
    for (time, body) in events { alignment.consume(log.append(time: time, body: body), using: &engine) }
    return alignment.verdicts()
  }
}
