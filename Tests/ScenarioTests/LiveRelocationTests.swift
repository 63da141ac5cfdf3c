import Alignment
import Foundation
import GTPv2C
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import Synchronization
import TestNetwork
import Testing
import Trace
import Transport
import UserEquipment

@testable import Scenario

/// Handover between two MMEs by the wall clock, S10 over UDP on the loopback: in this process, and, where the stage kernel-sctp runs
/// them, between two `nasue mme` over the kernel's SCTP.
@Suite(.serialized) struct LiveRelocationTests {
  /// An MME on a thread of its own.
  final class Server: Sendable {
    private let orders = Mutex<[NetworkOrder]>([])
    private let isDone = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)
    let log = Mutex<[TraceEvent.Body]>([])

    func start(_ mme: MME, on network: InProcessNetwork, at address: SocketAddress, s10: sending DatagramSocket) {
      let isListening = DispatchSemaphore(value: 0)
      let box = Mutex<DatagramSocket?>(s10)
      Thread { [self] in
        let socket = box.withLock { $0.take() }
        guard let transport = try? InProcessTransport(on: network), let server = try? MMEServer(mme: mme, transport: transport, s10: socket)
        else { return }
        try? server.listen(on: [address])
        isListening.signal()
        while !isDone.load(ordering: .relaxed) {
          try? server.advance(until: server.now + .milliseconds(20))
          for order in orders.withLock({ orders in
            defer { orders = [] }
            return orders
          }) { server.order(order) }
          for effect in server.takeEffects() {
            if case .trace(let body) = effect.effect { log.withLock { $0.append(body) } }
          }
        }
        server.shutDown()
        hasEnded.signal()
      }.start()
      isListening.wait()
    }

    func order(_ text: String) { if let order = try? NetworkOrder(parsing: text) { orders.withLock { $0.append(order) } } }

    func stop() {
      isDone.store(true, ordering: .relaxed)
      hasEnded.wait()
    }

    var gtp: [GTPv2CMessageType] {
      log.withLock { $0.compactMap { if case .gtp(_, _, let octets) = $0 { GTPv2CMessage.outline(of: octets)?.type } else { nil } } }
    }
  }

  /// One UE, an eNB at each MME.
  private static func driver(_ transport: any SignallingTransport, _ remotes: [[SocketAddress]]) -> LiveDriver {
    let radio = RadioNetwork(
      ues: [Worlds.ue(Worlds.credentials())],
      eNBs: (0..<2).map { index in
        let cell = ENodeBConfiguration.Cell(identifier: 1, physicalCellIdentity: 1 + UInt16(index), downlinkEARFCN: 3350)
        return (
          ENodeBConfiguration(
            name: "enb-\(index)", plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32(index), trackingAreaCode: UInt16(index + 1),
            cell: cell),
          index
        )
      })
    return LiveDriver(radio: radio, transport: transport, remotes: remotes, local: [])
  }

  /// What crossed S1, and the verdicts on it.
  final class Observed {
    var alignment = AlignmentEngine(subscribers: [Worlds.credentials()])
    var log = TraceLog()
    var sequence: [String] = []
    private let driver: LiveDriver

    init(_ driver: LiveDriver) { self.driver = driver }

    func drain() {
      for timed in driver.takeEffects() {
        guard case .trace(let body) = timed.effect else { continue }
        let event = log.append(time: timed.time, body: body)
        driver.withEngine { alignment.consume(event, using: &$0) }
        if case .s1ap(let leg, let direction, _, let octets) = body, let pdu = try? S1APPDU(decoding: octets) {
          sequence.append("\(leg.eNB)\(direction == .uplink ? ">" : "<") \(pdu.message.title)")
        }
      }
    }

    /// Lets things happen until something has.
    func run(until done: () -> Bool) throws -> Bool {
      let limit = driver.now + .seconds(30)
      drain()
      while !done() {
        guard driver.now < limit else { return false }
        _ = try driver.advance(until: driver.now + .milliseconds(20))
        drain()
      }
      return true
    }
  }

  /// SECURITY MODE COMPLETE is held, the eNB asks for a handover to the other MME, and nothing comes of that until it is let go.
  ///
  /// - Parameter order: gives the first MME a command line.
  /// - Parameter isComplete: whether what the MMEs tell of themselves is complete; they tell it at their own pace.
  private func relocateDuringSMC(_ driver: LiveDriver, order: (String) -> Void, isComplete: () -> Bool = { true }) throws {
    let observed = Observed(driver)
    try driver.connect()
    #expect(try observed.run { observed.sequence.filter { $0.hasSuffix("S1 SETUP RESPONSE") }.count == 2 })
    driver.command(.powerOn, ue: 0)
    driver.command(.attach, ue: 0)
    #expect(
      try observed.run { driver.ue(0).accessStratum != nil && observed.sequence.filter { $0.hasSuffix("UPLINK NAS TRANSPORT") }.count > 2 })
    let old = driver.ue(0).contexts.current?.kasme
    driver.control.add(MessageRule("complete", MessageFilter(.uplinkNASTransport, nas: .securityModeComplete), .hold()))
    order("authenticate \(Worlds.imsi)")
    #expect(try observed.run { !driver.control.held(by: "complete").isEmpty })
    driver.handover(ue: 0, toENB: 1, kind: .s1)
    #expect(try observed.run { observed.sequence.contains("0> HANDOVER REQUIRED") })
    // Long enough for a request that does not wait; shorter than the eNB waits.
    let wait = driver.now + .seconds(1)
    _ = try observed.run { driver.now >= wait }
    #expect(!observed.sequence.contains("1< HANDOVER REQUEST"))
    // Nothing orders the two associations: the status that the source's eNB sends comes before the UE's arrival is told.
    driver.control.add(MessageRule("notify", MessageFilter(.handoverNotify), .hold()))
    driver.control.add(MessageRule("update", MessageFilter(.uplinkNASTransport, nas: .trackingAreaUpdateRequest), .hold()))
    driver.release("complete")
    #expect(try observed.run { observed.sequence.contains("1< MME STATUS TRANSFER") })
    driver.release("notify")
    driver.release("update")
    #expect(try observed.run { observed.sequence.contains("1> HANDOVER NOTIFY") })
    // The update, and the key change that both contexts owe.
    #expect(try observed.run { observed.sequence.contains("1> UE CONTEXT MODIFICATION RESPONSE") })
    #expect(driver.ue(0).contexts.current?.kasme != old)
    #expect(driver.ue(0).accessStratum?.keys.kasme == driver.ue(0).contexts.current?.kasme)
    let verdicts = observed.alignment.verdicts()
    #expect(verdicts.filter { $0.verdict == .misaligned }.map(\.slug) == [])
    #expect(verdicts.contains { $0.slug == "relocation-waits" && $0.verdict == .aligned })
    #expect(try observed.run { isComplete() })
    driver.shutDown()
  }

  @Test func `two MMEs over UDP: FORWARD RELOCATION REQUEST waits for the SMC`() throws {
    let network = InProcessNetwork()
    let loopback = try #require(SocketAddress("127.0.0.1", port: 0))
    // Ports that were free a moment ago.
    let addresses = try [DatagramSocket(on: loopback), DatagramSocket(on: loopback)].map {
      CoreAddress(octets: $0.address.octets, port: $0.address.port)
    }
    let s1 = try (0..<2).map { try #require(SocketAddress("127.0.40.\($0 + 1)", port: 36412)) }
    let servers = [Server(), Server()]
    for number in 0..<2 {
      var configuration = MMEConfiguration(plmns: [Worlds.plmn], mmeCode: UInt8(number + 1), trackingAreaCodes: [UInt16(number + 1)])
      configuration.s10Address = addresses[number]
      configuration.peers = try S10Peer.parse(
        ["\(2 - number)=127.0.0.1:\(addresses[1 - number].port)", "00101-1-\(2 - number)=127.0.0.1:\(addresses[1 - number].port)"],
        plmn: Worlds.plmn)
      servers[number].start(
        MME(configuration: configuration, subscribers: [Worlds.credentials()], seed: UInt64(number + 5)), on: network, at: s1[number],
        s10: try DatagramSocket(on: try #require(SocketAddress("127.0.0.1", port: addresses[number].port))))
    }
    defer { for server in servers { server.stop() } }
    try relocateDuringSMC(
      Self.driver(try InProcessTransport(on: network), s1.map { [$0] }), order: { servers[0].order($0) },
      isComplete: { servers[0].gtp.contains(.forwardRelocationCompleteAcknowledge) })
    #expect(
      servers[0].gtp == [
        .forwardRelocationRequest, .forwardRelocationResponse, .forwardAccessContextNotification, .forwardAccessContextAcknowledge,
        .forwardRelocationCompleteNotification, .forwardRelocationCompleteAcknowledge,
      ])
  }

  private static let environment = ProcessInfo.processInfo.environment

  @Test(.enabled(if: environment["NASUE_S10_MMES"] != nil, "the job relocation of the stage kernel-sctp starts two nasue mme"))
  func `two nasue mme over kernel SCTP and UDP: FORWARD RELOCATION REQUEST waits for the SMC`() throws {
    let addresses = (Self.environment["NASUE_S10_MMES"] ?? "").split(separator: ",").compactMap { SocketAddress(String($0)) }
    let orders = try #require(Self.environment["NASUE_S10_ORDERS"])
    try #require(addresses.count == 2)
    try relocateDuringSMC(Self.driver(try KernelSCTP(), addresses.map { [$0] })) { line in
      guard let file = FileHandle(forWritingAtPath: orders) else { return }
      try? file.write(contentsOf: Data((line + "\n").utf8))
      try? file.close()
    }
  }
}
