import Alignment
import Foundation
import NASCrypto
import RadioAccess
import S1AP
import Synchronization
import TestNetwork
import Testing
import Trace
import Transport
import UserEquipment

@testable import Scenario

/// The drivers that run by the wall clock, over the in-process transport: what kernel SCTP carries in the stages of `Scripts/test`.
@Suite(.serialized) struct LiveTests {
  /// `nasue mme` on a thread of its own, as the other process is.
  final class Server: Sendable {
    let address = SocketAddress("127.0.0.9", port: 36412)!
    private let isDone = Atomic<Bool>(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    func start(on network: InProcessNetwork, subscribers: [SubscriberCredentials]) {
      let isListening = DispatchSemaphore(value: 0)
      Thread { [self] in
        guard let transport = try? InProcessTransport(on: network),
          let server = try? MMEServer(
            mme: MME(configuration: Worlds.mmeConfiguration(), subscribers: subscribers, seed: 3), transport: transport)
        else { return }
        try? server.listen(on: [address])
        isListening.signal()
        while !isDone.load(ordering: .relaxed) {
          try? server.advance(until: server.now + .milliseconds(50))
          _ = server.takeEffects()
        }
        server.shutDown()
        hasEnded.signal()
      }.start()
      isListening.wait()
    }

    func stop() {
      isDone.store(true, ordering: .relaxed)
      hasEnded.wait()
    }
  }

  private func driver(on network: InProcessNetwork, to address: SocketAddress, ues: [UE], eNBs: Int = 1) throws -> LiveDriver {
    let radio = RadioNetwork(
      ues: ues,
      eNBs: (0..<eNBs).map { (ENodeBConfiguration(plmn: PLMNIdentity(Worlds.plmn), enbID: 0x101 + UInt32($0)), 0) })
    return LiveDriver(radio: radio, transport: try InProcessTransport(on: network), remotes: [[address]], local: [])
  }

  @Test func attachAndDetachByTheWallClock() throws {
    let network = InProcessNetwork()
    let subscribers = (0..<3).map { Worlds.credentials(imsi: "00101012345678\($0)") }
    let server = Server()
    server.start(on: network, subscribers: subscribers)
    defer { server.stop() }
    var options = AttachRun.Options()
    options.detaches = true
    let run = AttachRun(
      driver: try driver(on: network, to: server.address, ues: subscribers.map { Worlds.ue($0) }, eNBs: 2), subscribers: subscribers,
      options: options)
    try run.run()
    for result in run.results {
      #expect(result.attached)
      #expect(result.detached == true)
      #expect(result.failure == nil)
    }
    let verdicts = run.verdicts()
    #expect(!verdicts.contains { $0.verdict == .misaligned })
    for slug in ["nas-context/eksi", "nas-context/kasme", "kenb-explained"] {
      #expect(verdicts.filter { $0.slug == slug && $0.verdict == .aligned }.count == 3, "\(slug)")
    }
  }

  @Test func wrongOPcFailsWithTheCauseInWordsAndWithoutAVerdictThatPasses() throws {
    let network = InProcessNetwork()
    let server = Server()
    server.start(on: network, subscribers: [Worlds.credentials()])
    defer { server.stop() }
    let wrong = Worlds.credentials(opc: "00000000000000000000000000000001")
    let run = AttachRun(driver: try driver(on: network, to: server.address, ues: [Worlds.ue(wrong)]), subscribers: [wrong])
    try run.run()
    let failure = try #require(run.results[0].failure)
    #expect(failure.contains("AUTHENTICATION REJECT") || failure.contains("could not authenticate itself"))
    #expect(!run.verdicts().contains { $0.verdict == .aligned && $0.assertion == "nas-context" })
  }

  @Test func nobodyListensIsATransportError() throws {
    let network = InProcessNetwork()
    let run = AttachRun(
      driver: try driver(on: network, to: SocketAddress("127.0.0.8", port: 36412)!, ues: [Worlds.ue(Worlds.credentials())]),
      subscribers: [Worlds.credentials()])
    do throws(AttachRun.Abort) {
      try run.run()
      Issue.record("connected to nobody")
    } catch {
      guard case .transport(let reason) = error else {
        Issue.record("not the transport: \(error)")
        return
      }
      #expect(reason.code == .refused)
    }
  }

  @Test func anMMEThatNeverAnswersS1SetupEndsTheRun() throws {
    let network = InProcessNetwork()
    let silent = try InProcessTransport(on: network)
    let address = SocketAddress("127.0.0.7", port: 36412)!
    try? silent.listen(on: [address])
    var options = AttachRun.Options()
    options.setupLimit = .milliseconds(200)
    let run = AttachRun(
      driver: try driver(on: network, to: address, ues: [Worlds.ue(Worlds.credentials())]), subscribers: [Worlds.credentials()],
      options: options)
    do throws(AttachRun.Abort) {
      try run.run()
      Issue.record("went on without S1 SETUP RESPONSE")
    } catch {
      guard case .s1Setup = error else {
        Issue.record("not S1 SETUP: \(error)")
        return
      }
    }
  }

  @Test func anInterruptEndsTheRunInOrder() throws {
    let network = InProcessNetwork()
    let server = Server()
    server.start(on: network, subscribers: [Worlds.credentials()])
    defer { server.stop() }
    var steps = 0
    let run = AttachRun(
      driver: try driver(on: network, to: server.address, ues: [Worlds.ue(Worlds.credentials())]), subscribers: [Worlds.credentials()],
      isInterrupted: {
        steps += 1
        return steps > 6
      })
    do throws(AttachRun.Abort) { try run.run() } catch {
      guard case .interrupted = error else {
        Issue.record("not interrupted: \(error)")
        return
      }
    }
    #expect(!run.log.events.isEmpty)
  }
}
