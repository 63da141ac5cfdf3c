import CLinux
import NASCrypto
import NASMessages
import NASSecurity
import RadioAccess
import S1AP
import TestNetwork
import Testing
import UserEquipment

@testable import Scenario

/// What a registered idle UE takes in memory: Benchmarks/README.md has the figure of 100,000 of them.
@Suite struct IdleUESizeTests {
  static let bound = 2048

  /// In a process of its own, where nobody else takes of the heap: a count, which is the same each time.
  @Test func `a registered idle UE takes no more than 2 KiB, value and heap together`() async {
    await #expect(processExitsWith: .success) {
      try Self.expectSize(of: 400, within: Self.bound)
    }
  }

  @Test func `a bound that is too low ends the process that counts`() async {
    await #expect(processExitsWith: .failure) {
      try Self.expectSize(of: 50, within: 1024)
    }
  }

  static func expectSize(of count: Int, within bound: Int) throws {
    // Few keys kept: they are full when counting begins.
    var engine = CryptoEngine(cachedKeys: 8)
    // What is made once must not count.
    for index in 0..<20 { _ = try idle(900_000 + index, &engine) }
    var ues: [UE] = []
    ues.reserveCapacity(count)
    let before = heap()
    for index in 0..<count { ues.append(try idle(index, &engine)) }
    let each = MemoryLayout<UE>.stride + (heap() - before) / count
    try #require(ues.allSatisfy { $0.state == .registered && !$0.isConnected && $0.contexts.current != nil && $0.registration.guti != nil })
    precondition(each <= bound, "a registered idle UE takes \(each) octets, more than \(bound)")
  }

  /// Octets of the heap that are in use.
  private static func heap() -> Int {
    malloc_trim(0)
    let information = mallinfo2()
    return information.uordblks + information.hblkhd
  }

  /// As an attach and the release after it leave it; nothing of it is shared with another one, or with the network.
  private static func idle(_ index: Int, _ engine: inout CryptoEngine) throws -> UE {
    let digits = String(index)
    let imsi = "001010" + String(repeating: "0", count: 9 - digits.count) + digits
    func credentials() throws -> SubscriberCredentials {
      var random = SeededRandom(seed: UInt64(index))
      return try SubscriberCredentials(
        imsi: imsi, k: KeyMaterial(random.octets(16)), functions: .milenage(opc: KeyMaterial(random.octets(16))))
    }
    let ue = UE(
      configuration: UEConfiguration(imsi: imsi, plmn: Worlds.plmn, accessPointName: "internet"), usim: USIM(credentials: try credentials())
    )
    let radio = RadioNetwork(ues: [ue], eNBs: [(ENodeBConfiguration(plmn: PLMNIdentity(Worlds.plmn)), 0)])
    let mme = MME(configuration: MMEConfiguration(plmns: [Worlds.plmn]), subscribers: [try credentials()], seed: UInt64(index))
    var world = World(radio: radio, core: CoreNetwork(mmes: [mme]))
    world.isTracing = false
    world.connect(using: &engine)
    world.settle(using: &engine)
    world.command(.powerOn, ue: 0, using: &engine)
    world.command(.attach, ue: 0, using: &engine)
    world.settle(using: &engine)
    world.command(.release, imsi: imsi, using: &engine)
    world.settle(using: &engine)
    return world.radio.ue(0)
  }
}
