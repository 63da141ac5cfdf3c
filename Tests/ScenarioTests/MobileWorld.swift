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
  /// Of its UEs, the first the one that everything is about.
  let subscribers: [SubscriberCredentials]
  private let mmes: Int
  private let eNBs: Int

  /// - Parameters:
  ///   - mmes: with S10 between them where they are several, each with a tracking area of its own, and the eNBs shared out in order.
  ///   - sharesList: of several MMEs, each has the others' tracking areas in its TAI lists too.
  init(
    keepsEvents: Bool = false, mmes: Int = 1, sharesList: Bool = false, ues: Int = 1, eNBs: Int = 3, trackingAreas: [UInt16] = [1],
    seed: UInt64 = 1, deviations: Set<Deviation> = [],
    mme: (inout MMEConfiguration) -> Void = { _ in }, eNB: (Int, inout ENodeBConfiguration) -> Void = { _, _ in },
    ue: (inout UEConfiguration) -> Void = { _ in }
  ) {
    self.keepsEvents = keepsEvents
    self.mmes = mmes
    self.eNBs = eNBs
    let subscribers = (0..<ues).map { Worlds.credentials(imsi: "00101012345678\($0)") }
    self.subscribers = subscribers
    var configurations = (0..<mmes).map { number in
      var configuration =
        mmes == 1
        ? MMEConfiguration(plmns: [Worlds.plmn], trackingAreaCodes: trackingAreas)
        : MMEConfiguration(
          name: "mme-\(number)", plmns: [Worlds.plmn], mmeGroupID: 1, mmeCode: UInt8(number + 1), trackingAreaCodes: [UInt16(number + 1)])
      mme(&configuration)
      return configuration
    }
    if mmes > 1 { configurations = MMEConfiguration.linked(configurations) }
    if sharesList {
      for number in 0..<mmes {
        for other in 0..<mmes where other != number {
          configurations[number].trackingAreas.append(.init(plmn: Worlds.plmn, code: UInt16(other + 1)))
        }
      }
    }
    let radio = RadioNetwork(
      ues: subscribers.map { credentials in
        var equipment = UEConfiguration(
          imsi: credentials.imsi, plmn: Worlds.plmn, accessPointName: AccessPointName("internet"), transfersESMInformationProtected: false)
        equipment.deviations = deviations
        ue(&equipment)
        return UE(configuration: equipment, usim: USIM(credentials: credentials))
      },
      eNBs: (0..<eNBs).map { index in
        let served = index * mmes / eNBs
        var configuration = ENodeBConfiguration(
          name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index),
          trackingAreaCode: mmes == 1 ? trackingAreas[index % trackingAreas.count] : UInt16(served + 1),
          cell: .init(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350))
        eNB(index, &configuration)
        return (configuration, served)
      })
    world = World(
      radio: radio,
      core: CoreNetwork(
        mmes: configurations.enumerated().map { MME(configuration: $1, subscribers: subscribers, seed: seed + UInt64($0)) }))
    world.connect(using: &engine)
    world.settle(using: &engine)
    for ue in 0..<ues {
      world.command(.powerOn, ue: ue, using: &engine)
      world.command(.attach, ue: ue, using: &engine)
      world.settle(using: &engine)
    }
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
    world.command(command, imsi: Worlds.imsi, mme: servingMME(), using: &engine)
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

  /// Of the eNB that serves the UE.
  func servingMME(ofUE ue: Int = 0) -> Int { mme(ofENB: world.radio.servingENB(ofUE: ue)) }
  func mme(ofENB eNB: Int) -> Int { eNB * mmes / eNBs }
  var servingENB: Int { world.radio.servingENB(ofUE: 0) }
  var ue: UE { world.radio.ue(0) }

  /// AS keys of both sides are there and the same.
  var keysAgree: Bool { world.accessStratumKeysAgree(ue: 0) && ue.accessStratum != nil }

  func count(_ message: S1APMessage) -> Int { messages.count { $0.pdu.message == message } }
}
