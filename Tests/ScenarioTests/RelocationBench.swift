import Alignment
import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Trace
import UserEquipment

@testable import Scenario

/// Two MMEs with two eNBs each, a UE attached at the first eNB of the first; what crossed S1 and S10.
final class RelocationBench {
  var engine = CryptoEngine()
  var world: World
  /// In order: "0> HANDOVER REQUIRED" from eNB 0, "0< …" to it, "MME 0-1 FORWARD RELOCATION REQUEST" between MMEs.
  var sequence: [String] = []
  var pairs: [S1AP.SecurityContext] = []
  var gtp: [GTPv2CMessage] = []
  var notes: [String] = []
  var log = TraceLog()
  var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])

  /// - Parameters:
  ///   - sharedList: both tracking areas are in both MMEs' TAI lists, so that no update follows a handover.
  init(
    sharedList: Bool = false, defects: [Set<Defect>] = [[], []], attaches: Bool = true,
    mme: (Int, inout MMEConfiguration) -> Void = { _, _ in },
    eNB: (Int, inout ENodeBConfiguration) -> Void = { _, _ in }
  ) {
    let configurations = (0..<2).map { number in
      var configuration = MMEConfiguration(
        name: "mme-\(number)", plmns: [Worlds.plmn], mmeGroupID: 1, mmeCode: UInt8(number + 1), trackingAreaCodes: [UInt16(number + 1)])
      configuration.defects = defects[number]
      mme(number, &configuration)
      return configuration
    }
    let credentials = Worlds.credentials()
    let radio = RadioNetwork(ues: [Worlds.ue(credentials)], eNBs: (0..<4).map { (Self.eNB($0, eNB), $0 / 2) })
    var linked = MMEConfiguration.linked(configurations)
    if sharedList {
      for number in 0..<2 {
        linked[number].trackingAreas.append(.init(plmn: Worlds.plmn, code: UInt16(2 - number)))
      }
    }
    let sgsn = SGSN(beside: &linked)
    world = World(
      radio: radio,
      core: CoreNetwork(
        mmes: linked.enumerated().map { number, configuration in
          MME(configuration: configuration, subscribers: [credentials], seed: UInt64(number + 1))
        }, sgsn: sgsn))
    world.connect(using: &engine)
    settle()
    guard attaches else { return }
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    settle()
  }

  private static func eNB(_ index: Int, _ change: (Int, inout ENodeBConfiguration) -> Void) -> ENodeBConfiguration {
    let cell = ENodeBConfiguration.Cell(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350)
    var configuration = ENodeBConfiguration(
      name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index), trackingAreaCode: UInt16(index / 2 + 1),
      cell: cell)
    change(index, &configuration)
    return configuration
  }

  func drain() {
    for effect in world.effects {
      guard case .trace(let body) = effect else { continue }
      alignment.consume(log.append(time: world.now, body: body), using: &engine)
      switch body {
      case .s1ap(let leg, let direction, _, let octets):
        guard let pdu = try? S1APPDU(decoding: octets) else { continue }
        sequence.append("\(leg.eNB)\(direction == .uplink ? ">" : "<") \(pdu.message.title)")
        if let pair = pdu[.securityContext].flatMap({ try? S1AP.SecurityContext($0.value) }) { pairs.append(pair) }
      case .gtp(let source, let target, let octets):
        guard let message = try? GTPv2CMessage(decoding: octets) else { continue }
        sequence.append("MME \(source)-\(target) \(message.type.title)")
        gtp.append(message)
      case .note(let text): notes.append(text)
      case .discard(let owner, let reason, let clause): notes.append("\(owner) discards: \(reason) (\(clause))")
      default: break
      }
    }
    world.effects.removeAll()
  }

  func settle() {
    while world.step(using: &engine) {}
    drain()
  }

  func wait(_ span: Duration) {
    let limit = world.now + span
    settle()
    while world.expireNextTimer(notAfter: limit, using: &engine) { settle() }
  }

  func handover(to target: Int, _ kind: HandoverKind = .s1) {
    world.handover(ue: 0, toENB: target, kind: kind, using: &engine)
    settle()
  }

  static let utran = OtherSystemTarget.utran(PLMNIdentity(Worlds.plmn))
  static let geran = OtherSystemTarget.geran(PLMNIdentity(Worlds.plmn))

  func handover(to target: OtherSystemTarget) {
    world.handover(ue: 0, to: target, using: &engine)
    settle()
  }

  /// An S1AP-PDU that our eNB would not send now.
  func fromENB(_ eNB: Int, _ octets: [UInt8]) {
    var copy = world
    copy.core.feed(
      .s1ap(octets, association: eNB, stream: 1), mme: eNB / 2, at: copy.now, using: &engine, into: &copy.effects)
    copy.collect()
    world = copy
    settle()
  }

  func network(_ command: NetworkCommand, mme: Int = 0, atOnce: Bool = false) {
    world.command(command, imsi: Worlds.imsi, mme: mme, atOnce: atOnce, using: &engine)
    settle()
  }

  func clear() {
    sequence = []
    pairs = []
    gtp = []
    notes = []
  }

  func count(_ name: String) -> Int { sequence.count { $0.hasSuffix(name) } }
  func messages(_ type: GTPv2CMessageType) -> [GTPv2CMessage] { gtp.filter { $0.type == type } }

  var servingENB: Int { world.radio.servingENB(ofUE: 0) }
  var ue: UE { world.radio.ue(0) }
  var keysAgree: Bool { world.accessStratumKeysAgree(ue: 0) && ue.accessStratum != nil }
  func state(mme: Int) -> String? { world.core.mmes[mme].state(imsi: Worlds.imsi) }
  func contexts(mme: Int) -> SecurityContexts? { world.core.mmes[mme].securityContexts(imsi: Worlds.imsi) }

  /// The UE and an MME hold the same NAS context.
  func nasAgrees(mme: Int) -> Bool {
    guard let ours = ue.contexts.current, let theirs = contexts(mme: mme)?.current else { return false }
    return ours.kasme == theirs.kasme && ours.eKSI == theirs.eKSI && ours.algorithms == theirs.algorithms
      && ours.counts.nextToSend == theirs.counts.largestAccepted?.next && ours.counts.largestAccepted?.next == theirs.counts.nextToSend
  }

  var misaligned: Set<String> { Set(alignment.verdicts().filter { $0.verdict == .misaligned }.map(\.slug)) }
}
