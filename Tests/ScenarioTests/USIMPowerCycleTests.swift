import Alignment
import Foundation
import NASCrypto
import NASMessages
import NASSecurity
import TestNetwork
import Testing
import Trace
import UserEquipment

@testable import Scenario

/// A UE that is switched off and on, its USIM's files on disk between, while the network goes on.
@Suite struct USIMPowerCycleTests {
  /// One life of the UE: from switch-on until the process ends, in order or not.
  final class Life {
    let driver: InProcessDriver
    let slot: USIMSlot
    private var effects: [TimedEffect] = []

    /// - Parameter core: the network as the last life left it.
    init(
      _ path: String, core: CoreNetwork? = nil, wallClock: Duration = .seconds(1_000), configuration: UEConfiguration? = nil
    ) throws {
      var engine = CryptoEngine()
      slot = USIMSlot(USIMStateDirectory(path), wallClock: { wallClock })
      let (files, memory) = try slot.insert(imsi: Worlds.imsi)
      let plain = Worlds.ue(Worlds.credentials())
      let ue = UE(
        configuration: configuration ?? plain.configuration, usim: plain.usim, files: files, memory: memory, using: &engine)
      var world = Worlds.world(ues: [ue])
      if let core { world.core = core }
      driver = InProcessDriver(world: world)
      let slot = slot
      driver.keeps = { slot.keep($0, at: $1) }
      driver.connect()
      settle()
      driver.command(.powerOn, ue: 0)
    }

    var ue: UE { driver.ue(0) }

    func settle() {
      while driver.advance(until: driver.now) {}
      effects += driver.takeEffects()
    }

    func attach() {
      driver.command(.attach, ue: 0)
      settle()
    }

    func switchOff() {
      driver.command(.detach(switchOff: true), ue: 0)
      settle()
    }

    /// The names of the plain or protected messages that the network sent, by what can be read of them.
    var downlink: [[UInt8]] {
      effects.compactMap { if case .trace(.nas(_, .downlink, let octets)) = $0.effect { octets } else { nil } }
    }
    var uplink: [[UInt8]] {
      effects.compactMap { if case .trace(.nas(_, .uplink, let octets)) = $0.effect { octets } else { nil } }
    }
    /// Plain AUTHENTICATION REQUEST, and SECURITY MODE COMMAND.
    var challenges: Int { downlink.count { $0.starts(with: [0x07, 0x52]) } }
    var securityModeCommands: Int { downlink.count { $0.first == 0x37 } }
    /// Plain AUTHENTICATION FAILURE #21.
    var synchFailures: Int { uplink.count { $0.starts(with: [0x07, 0x5C, 21]) } }
  }

  func withDirectory(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-life-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func theNextLifeGoesOnUnderTheStoredContext() throws {
    try withDirectory { path in
      var life: Life? = try Life(path)
      life?.attach()
      #expect(life?.challenges == 1 && life?.securityModeCommands == 1)
      life?.switchOff()
      let left = try #require(life?.ue.contexts.current)
      let core = life?.driver.world.core
      life = nil

      let next = try Life(path, core: core)
      #expect(next.ue.contexts.current == left)
      next.attach()
      #expect(next.ue.state == .registered)
      #expect(next.challenges == 0 && next.securityModeCommands == 0)
      // ATTACH REQUEST, integrity protected, with the COUNT after the last one.
      #expect(next.uplink.first?.first == 0x17)
      #expect(next.uplink.first.map { UInt32($0[5]) } == left.uplinkNASCount?.value)
      #expect(next.ue.contexts.current?.kasme == left.kasme)
    }
  }

  @Test func theVerdictsOfTheNextLifeAreDecided() throws {
    try withDirectory { path in
      var life: Life? = try Life(path)
      life?.attach()
      life?.switchOff()
      let core = life?.driver.world.core
      life = nil

      var engine = CryptoEngine()
      let slot = USIMSlot(USIMStateDirectory(path), wallClock: { .zero })
      let (files, _) = try slot.insert(imsi: Worlds.imsi)
      let plain = Worlds.ue(Worlds.credentials())
      var world = Worlds.world(ues: [UE(configuration: plain.configuration, usim: plain.usim, files: files, using: &engine)])
      world.core = try #require(core)
      var options = AttachRun.Options()
      options.detaches = true
      let run = AttachRun(driver: InProcessDriver(world: world), subscribers: [Worlds.credentials()], options: options)
      try run.run()
      // No challenge passed, and yet every message verifies under the context that the USIM kept.
      #expect(
        !run.log.events.contains { if case .nas(_, .downlink, let octets) = $0.body { octets.starts(with: [0x07, 0x52]) } else { false } })
      #expect(Set(run.verdicts().map(\.slug)).isSuperset(of: ["nas-context/kasme", "nas-context/eksi", "kenb-explained"]))
      for verdict in run.verdicts() { #expect(verdict.verdict == .aligned && verdict.ue == Worlds.imsi, "\(verdict)") }
    }
  }

  @Test func aLifeThatIsCutOffLeavesNoContext() throws {
    // After each step of an attach, the process is killed.
    for steps in 0..<40 {
      try withDirectory { path in
        var life: Life? = try Life(path)
        life?.attach()
        life?.switchOff()
        var core = life?.driver.world.core
        life = nil

        var killed: Life? = try Life(path, core: core)
        killed?.driver.command(.attach, ue: 0)
        for _ in 0..<steps { _ = killed?.driver.advance(until: .zero) }
        core = killed?.driver.world.core
        let accepted = killed?.ue.usim.sequenceNumbers
        killed = nil

        let found = try USIMStateDirectory(path).read(imsi: Worlds.imsi)
        #expect(found.usim.security == .invalid, "step \(steps)")
        #expect(found.usim.sequenceNumbers == accepted, "step \(steps)")
        let next = try Life(path, core: core)
        next.attach()
        #expect(next.ue.state == .registered, "step \(steps)")
        #expect(next.challenges == 1 && next.synchFailures == 0, "step \(steps)")
      }
    }
  }

  @Test func aSequenceNumberIsAcceptedInOneLifeOnly() throws {
    try withDirectory { path in
      var life: Life? = try Life(path)
      life?.attach()
      #expect(life?.ue.usim.sequenceNumbers.highest != 0)
      life = nil
      // A network that has forgotten everything gives out the same SQN again.
      let next = try Life(path)
      next.attach()
      #expect(next.synchFailures == 1)
      #expect(next.ue.state == .registered)
    }
  }

  @Test func t3346GoesOnWhereItWas() throws {
    try withDirectory { path in
      var engine = CryptoEngine()
      let plain = Worlds.ue(Worlds.credentials())
      // T3346 of ten minutes, one of which has passed.
      var life: Life? = try Life(path)
      life = nil
      let directory = USIMStateDirectory(path)
      var state = try directory.read(imsi: Worlds.imsi)
      state.memory = MobileEquipmentMemory(written: .seconds(940), t3346: .seconds(600))
      try directory.write(state, imsi: Worlds.imsi)

      life = try Life(path, wallClock: .seconds(1_000))
      #expect(life?.ue.t3346Left(at: .zero) == .seconds(540))
      life?.attach()
      #expect(life?.ue.state == .deregistered(.normalService) && life?.uplink.isEmpty == true)
      #expect(life?.driver.advance(until: .seconds(539)) == false)
      _ = life?.driver.advance(until: .seconds(541))
      life?.settle()
      #expect(life?.ue.state == .registered)
      #expect(life?.ue.t3346Left(at: .seconds(541)) == nil)
      life = nil
      #expect(try directory.read(imsi: Worlds.imsi).memory.t3346 == nil)

      // The clock was set back: t cannot be told, so all of it runs.
      state.memory = MobileEquipmentMemory(written: .seconds(2_000), t3346: .seconds(600))
      #expect(state.memory.t3346Left(at: .seconds(1_999)) == .seconds(600))
      #expect(state.memory.t3346Left(at: .seconds(2_600)) == nil)
      _ = UE(configuration: plain.configuration, usim: plain.usim, files: state.usim, using: &engine)
    }
  }

  @Test(arguments: [(40, false), (59, false), (60, true), (86_400, true)])
  func `T3245 goes on through the files: what it undoes waits for the rest of it, or is undone at power-on where none is left (§5.3.7a)`(
    off: Int, isOver: Bool
  ) throws {
    try withDirectory { path in
      var configuration = Worlds.ue(Worlds.credentials()).configuration
      configuration.t3245 = .seconds(100)
      var reject = NASMessage(.attachReject)
      reject.set(AttachReject.emmCause, EMMCause(rawValue: 11))
      var life: Life? = try Life(path, configuration: configuration)
      // The network's, before anything else of it: it counts without protection too.
      life?.driver.command(.attach, ue: 0)
      life?.driver.command(.downlinkNAS(reject.encoded()), ue: 0)
      life?.settle()
      #expect(life?.ue.usimFiles.forbiddenPLMNs == [Worlds.plmn])
      // 40 s pass while the UE is on, and `off` while it is not.
      _ = life?.driver.advance(until: .seconds(40))
      life?.settle()
      life?.switchOff()
      #expect(life?.ue.state == .null)
      let core = life?.driver.world.core
      life = nil
      let kept = try USIMStateDirectory(path).read(imsi: Worlds.imsi).memory
      #expect(kept.state.t3245 == .seconds(100), "written when it started; the clock of the files tells the rest")

      let next = try Life(path, core: core, wallClock: .seconds(1_040 + off), configuration: configuration)
      #expect(next.ue.usimFiles.forbiddenPLMNs.isEmpty == isOver)
      #expect(next.ue.mobileEquipmentState(at: .zero).t3245 == (isOver ? nil : .seconds(60 - off)))
      guard !isOver else {
        next.attach()
        #expect(next.ue.state == .registered)
        return
      }
      _ = next.driver.advance(until: .seconds(61 - off))
      next.settle()
      #expect(next.ue.usimFiles.forbiddenPLMNs.isEmpty && next.ue.mobileEquipmentState(at: .seconds(61)).t3245 == nil)
    }
  }

  @Test func anEmergencyAttachLeavesTheFilesAsTheyAre() throws {
    try withDirectory { path in
      var life: Life? = try Life(path)
      life?.attach()
      life?.switchOff()
      life = nil
      let before = try USIMStateDirectory(path).read(imsi: Worlds.imsi)
      #expect(before.usim.security.record != nil && before.usim.location.guti != nil)
      var configuration = Worlds.ue(Worlds.credentials()).configuration
      configuration.attachesForEmergency = true
      var emergency: Life? = try Life(path, configuration: configuration)
      emergency?.attach()
      emergency?.switchOff()
      emergency = nil
      let after = try USIMStateDirectory(path).read(imsi: Worlds.imsi)
      #expect(after.usim.location == before.usim.location)
      // An attach was begun: the context is not valid any more (TS 24.301 §4.4.2.1).
      #expect(after.usim.security == .invalid)
    }
  }
}
