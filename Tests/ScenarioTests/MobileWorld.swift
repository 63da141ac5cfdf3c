import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import RadioInterface
import S1AP
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// A world of several cells, its UE attached in the first, and the log of what crossed S1.
final class MobileWorld {
  var engine = CryptoEngine()
  var world: World
  /// The S1AP messages so far, with their legs' eNBs and directions.
  var messages: [(eNB: Int, direction: LinkDirection, pdu: S1APPDU)] = []
  /// The octets of these, with the stream.
  var wire: [ControlledMessage] = []
  var notes: [String] = []
  /// Every event, where they are kept.
  var events: [(time: Duration, body: TraceEvent.Body)] = []
  private let keepsEvents: Bool

  init(
    keepsEvents: Bool = false, eNBs: Int = 3, trackingAreas: [UInt16] = [1], seed: UInt64 = 1, deviations: Set<Deviation> = [],
    mme: (inout MMEConfiguration) -> Void = { _ in }, eNB: (Int, inout ENodeBConfiguration) -> Void = { _, _ in },
    ue: (inout UEConfiguration) -> Void = { _ in }
  ) {
    self.keepsEvents = keepsEvents
    var configuration = MMEConfiguration(plmns: [Worlds.plmn], trackingAreaCodes: trackingAreas)
    mme(&configuration)
    let credentials = Worlds.credentials()
    var equipment = UEConfiguration(
      imsi: credentials.imsi, plmn: Worlds.plmn, accessPointName: AccessPointName("internet"), transfersESMInformationProtected: false)
    equipment.deviations = deviations
    ue(&equipment)
    let radio = RadioNetwork(
      ues: [UE(configuration: equipment, usim: USIM(credentials: credentials))],
      eNBs: (0..<eNBs).map { index in
        var configuration = ENodeBConfiguration(
          name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index),
          trackingAreaCode: trackingAreas[index % trackingAreas.count],
          cell: .init(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350))
        eNB(index, &configuration)
        return (configuration, 0)
      })
    world = World(radio: radio, core: CoreNetwork(mmes: [MME(configuration: configuration, subscribers: [credentials], seed: seed)]))
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    drain()
  }

  func drain() {
    for effect in world.effects {
      if keepsEvents, case .trace(let body) = effect { events.append((world.now, body)) }
      switch effect {
      case .trace(.s1ap(let leg, let direction, let stream, let octets)):
        wire.append(ControlledMessage(leg: leg, direction: direction, stream: stream, octets: octets))
        if let pdu = try? S1APPDU(decoding: octets) { messages.append((leg.eNB, direction, pdu)) }
      case .trace(.note(let text)): notes.append(text)
      case .trace(.discard(_, let reason, let clause)): notes.append("discarded: \(reason) (\(clause))")
      default: break
      }
    }
    world.effects.removeAll()
  }

  func settle() {
    world.settle(using: &engine)
    drain()
  }

  /// Lets time pass until nothing moves and no timer is due within the span.
  func wait(_ span: Duration) {
    let limit = world.now + span
    settle()
    while world.expireNextTimer(notAfter: limit, using: &engine) { settle() }
  }

  func handover(to target: Int, _ kind: HandoverKind) {
    world.handover(ue: 0, toENB: target, kind: kind, using: &engine)
    settle()
  }

  func network(_ command: NetworkCommand) {
    world.command(command, imsi: Worlds.imsi, using: &engine)
    settle()
  }

  /// Forgets the messages so far.
  func clear() {
    messages = []
    wire = []
    notes = []
  }

  /// Names in order, `1>` uplink of eNB 1, `1<` downlink.
  var sequence: [String] { messages.map { "\($0.eNB)\($0.direction == .uplink ? ">" : "<") \($0.pdu.message.title)" } }

  /// NCC of every Security Context sent, in order.
  var chainingCounts: [UInt8] { pairs.map(\.nextHopChainingCount) }

  var pairs: [S1AP.SecurityContext] {
    messages.compactMap { $0.pdu[.securityContext].flatMap { try? S1AP.SecurityContext($0.value) } }
  }

  var servingENB: Int { world.radio.servingENB(ofUE: 0) }
  var ue: UE { world.radio.ue(0) }

  /// AS keys of both sides are there and the same.
  var keysAgree: Bool { world.accessStratumKeysAgree(ue: 0) && ue.accessStratum != nil }

  func count(_ message: S1APMessage) -> Int { messages.count { $0.pdu.message == message } }
}
