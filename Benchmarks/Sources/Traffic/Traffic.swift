import Capture
import Glibc
import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import Scenario
import TestNetwork
import Trace
import UserEquipment

/// Writes a capture of many UEs that attach, are handed over (S1 and X2), become idle, come back and update, by turns, until the file is as
/// long as asked for; and the file of subscribers with which `nasue check` judges it.
///
///     Traffic [--ues N] [--octets N] CAPTURE SUBSCRIBERS
@main
struct Traffic {
  private static let eNBs = 4
  /// UEs whose messages are on their way at one time.
  private static let together = 50

  static func main() {
    var ues = 10_000
    var limit = 200_000_000
    var files: [String] = []
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    while let argument = arguments.next() {
      switch argument {
      case "--ues": ues = arguments.next().flatMap { Int($0) } ?? 0
      case "--octets": limit = arguments.next().flatMap { Int($0) } ?? 0
      default: files.append(argument)
      }
    }
    guard files.count == 2, ues > 0, limit > 0, let traffic = TrafficWriter(ues: ues, eNBs: eNBs, path: files[0]) else {
      print("usage: Traffic [--ues N] [--octets N] CAPTURE SUBSCRIBERS")
      exit(2)
    }
    traffic.writeSubscribers(to: files[1])
    var round = 0
    while traffic.octets < limit {
      for first in stride(from: 0, to: ues, by: together) where traffic.octets < limit {
        traffic.run(round, Array(first..<min(first + together, ues)))
      }
      round += 1
    }
    traffic.finish()
    print("\(traffic.octets) octets, \(traffic.messages) messages, \(ues) UEs, \(round) rounds")
  }
}

/// A network whose S1AP goes to a file.
final class TrafficWriter {
  private static let k: [UInt8] = (0..<16).map { $0 &* 0x11 }
  private static let opc: [UInt8] = (0..<16).map { 0xf0 ^ $0 }

  private(set) var octets = 0
  private(set) var messages = 0
  private let file: UnsafeMutablePointer<FILE>
  private var writer = CaptureWriter(format: .pcap, start: .seconds(1_700_000_000))
  private var world: World
  private var engine = CryptoEngine()
  private let imsis: [String]
  private let eNBs: Int
  private var events = 0

  init?(ues: Int, eNBs: Int, path: String) {
    guard let opened = fopen(path, "w"), let plmn = PLMN("00101") else { return nil }
    file = opened
    self.eNBs = eNBs
    imsis = (0..<ues).map { index in
      let digits = String(index)
      return "001010" + String(repeating: "0", count: 9 - digits.count) + digits
    }
    let subscribers = imsis.compactMap { imsi in
      try? SubscriberCredentials(imsi: imsi, k: KeyMaterial(Self.k), functions: .milenage(opc: KeyMaterial(Self.opc)))
    }
    let equipment = subscribers.map { credentials in
      UE(
        configuration: UEConfiguration(imsi: credentials.imsi, plmn: plmn, accessPointName: "internet"),
        usim: USIM(credentials: credentials))
    }
    let stations = (0..<eNBs).map { index in
      (
        ENodeBConfiguration(
          name: "enb-\(index)", plmn: PLMNIdentity(plmn), enbID: 0x101 + UInt32(index),
          cell: .init(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350)), 0
      )
    }
    world = World(
      radio: RadioNetwork(ues: equipment, eNBs: stations),
      core: CoreNetwork(mmes: [MME(configuration: MMEConfiguration(plmns: [plmn]), subscribers: subscribers, seed: 1)]))
    world.isTracing = true
    world.connect(using: &engine)
    settle()
  }

  func writeSubscribers(to path: String) {
    func hex(_ octets: [UInt8]) -> String { octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    guard let list = fopen(path, "w") else { return }
    fputs("subscribers:\n", list)
    for imsi in imsis { fputs("  - {imsi: \"\(imsi)\", k: \(hex(Self.k)), opc: \(hex(Self.opc))}\n", list) }
    fclose(list)
  }

  /// One thing of each of these UEs; all at once, so that their messages are mixed.
  func run(_ round: Int, _ ues: [Int]) {
    for ue in ues {
      switch round {
      case 0:
        world.command(.powerOn, ue: ue, using: &engine)
        world.command(.attach, ue: ue, using: &engine)
      default:
        let next = (world.radio.servingENB(ofUE: ue) + 1) % eNBs
        switch round % 6 {
        case 1: world.handover(ue: ue, toENB: next, kind: .s1, using: &engine)
        case 2, 3: world.handover(ue: ue, toENB: next, kind: .x2, using: &engine)
        case 4: world.requestRelease(ue: ue, cause: .userInactivity, using: &engine)
        case 5: world.command(.requestService, ue: ue, using: &engine)
        default: world.command(.updateTrackingArea(isActive: true), ue: ue, using: &engine)
        }
      }
    }
    settle()
    world.passTime(to: world.now + .milliseconds(20))
  }

  private func settle() {
    repeat {
      for effect in world.effects {
        guard case .trace(let body) = effect else { continue }
        if case .s1ap = body {
          messages += 1
          writer.consume(TraceEvent(index: events, time: world.now, body: body))
        }
        events += 1
      }
      world.effects.removeAll(keepingCapacity: true)
    } while world.step(using: &engine)
    let made = writer.takeOctets()
    octets += made.count
    fwrite(made, 1, made.count, file)
  }

  func finish() { fclose(file) }
}
