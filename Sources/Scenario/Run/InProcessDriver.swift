import NASCrypto
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Trace
import Transport
import UserEquipment

/// Drives a ``World``: simulated time that jumps, every run the same from its seed.
public final class InProcessDriver: NetworkDriver {
  /// The network as it is now; a copy of it goes on independently.
  public internal(set) var world: World
  private var engine = CryptoEngine()
  private var effects: [TimedEffect] = []

  public init(world: World) { self.world = world }

  public var now: Duration { world.now }
  public var ueCount: Int { world.radio.ueCount }
  public var eNBCount: Int { world.radio.eNBCount }
  public func ue(_ index: Int) -> UE { world.radio.ue(index) }
  public let quietPeriod: Duration = .zero
  public func hasBacklog(ue: Int) -> Bool { false }

  public func connect() {
    world.connect(using: &engine)
    collect()
  }

  public func command(_ input: UE.Input, ue: Int) {
    world.command(input, ue: ue, using: &engine)
    collect()
  }

  public func order(_ command: NetworkCommand, imsi: String, atOnce: Bool) -> Bool {
    // Each UE's word goes to the MME of the eNB that it camps on.
    let ue = (0..<ueCount).first { world.radio.ue($0).configuration.imsi == imsi }
    let mme = ue.map { world.radio.mme(ofENB: world.radio.servingENB(ofUE: $0)) } ?? 0
    world.command(command, imsi: imsi, mme: mme, atOnce: atOnce, using: &engine)
    collect()
    return true
  }

  public func requestRelease(ue: Int, cause: Cause) {
    world.requestRelease(ue: ue, cause: cause, using: &engine)
    collect()
  }

  public func advance(until deadline: Duration) -> Bool {
    defer { collect() }
    if world.step(using: &engine) || world.expireNextTimer(notAfter: deadline, using: &engine) { return true }
    world.passTime(to: deadline)
    return false
  }

  public var radioNetwork: RadioNetwork { world.radio }

  public var control: MessageControl {
    get { world.control }
    set { world.control = newValue }
  }

  public func release(_ rule: String) {
    world.release(rule)
    collect()
  }

  public func handover(ue: Int, toENB target: Int, kind: HandoverKind) {
    world.handover(ue: ue, toENB: target, kind: kind, using: &engine)
    collect()
  }

  public func handover(ue: Int, to target: OtherSystemTarget) -> Bool {
    guard world.core.sgsn != nil else { return false }
    world.handover(ue: ue, to: target, using: &engine)
    collect()
    return true
  }

  public func returnToEUTRAN(ue: Int, toENB target: Int) -> Bool {
    guard world.core.sgsn != nil else { return false }
    world.returnToEUTRAN(ue: ue, toENB: target)
    collect()
    return true
  }

  public func serving(ue: Int, _ input: (UEHandle) -> ENodeB.Input) {
    world.serving(ue: ue, using: &engine, input)
    collect()
  }

  public func send(s1ap octets: [UInt8], stream: UInt16, fromENB eNB: Int) {
    world.send(s1ap: octets, stream: stream, fromENB: eNB)
    collect()
  }

  public func camp(ue: Int, onENB eNB: Int) {
    world.camp(ue: ue, onENB: eNB, using: &engine)
    collect()
  }

  public func setReachable(eNB: Int, _ isReachable: Bool) { world.radio.setReachable(eNB: eNB, isReachable) }

  public func setBarred(eNB: Int, _ isBarred: Bool) {
    world.setBarred(eNB: eNB, isBarred, using: &engine)
    collect()
  }

  public func reportContexts(cause: String, ofUEs ues: Set<Int>?) {
    for index in 0..<world.radio.ueCount {
      let ue = world.radio.ue(index)
      let imsi = ue.configuration.imsi
      guard ue.contexts != SecurityContexts() else { continue }
      for report in ue.contexts.reports(owner: .ue(UELabel(imsi)), imsi: imsi, cause: cause) where ues?.contains(index) ?? true {
        effects.append(TimedEffect(time: now, effect: .trace(.securityContext(report))))
      }
      for (number, mme) in world.core.mmes.enumerated() {
        guard let contexts = mme.securityContexts(imsi: imsi) else { continue }
        for report in contexts.reports(owner: .mme(number), imsi: imsi, cause: cause) {
          effects.append(TimedEffect(time: now, effect: .trace(.securityContext(report))))
        }
      }
    }
  }

  public func takeEffects() -> [TimedEffect] {
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  public func shutDown() {}

  public var keeps: ((UE, Duration) -> Void)? {
    didSet { world.radio.touchedUEs = keeps == nil ? nil : [] }
  }

  public func withEngine<R>(_ body: (inout CryptoEngine) -> R) -> R { body(&engine) }

  private func collect() {
    if let keeps { for index in world.radio.takeTouchedUEs() { keeps(world.radio.ue(index), world.now) } }
    for effect in world.effects { effects.append(TimedEffect(time: world.now, effect: effect)) }
    world.effects.removeAll(keepingCapacity: true)
  }
}
