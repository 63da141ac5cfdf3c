import NASMessages
import NASSecurity
import Testing

@testable import NASCrypto
@testable import UserEquipment

/// The auditor of the model test can find fault: a KASME that is deleted, and each key that may come of it.
@Suite struct KeyAuditTests {
  /// A UE whose second KASME took the place of the first, which is gone.
  private func rekeyed() throws -> (Bench, KeyMaterial) {
    let bench = Bench()
    bench.keys = KeyAudit()
    bench.uplinks = UplinkAudit()
    try bench.attach()
    let old = try #require(bench.ue.contexts.current).kasme
    bench.deliver(bench.challenge(eKSI: 3), .ciphered)
    bench.deliver(bench.securityModeCommand())
    #expect(bench.ue.contexts.current?.eKSI.value == 3 && bench.keys?.complaint == nil && bench.uplinks?.complaint == nil)
    #expect(bench.keys?.deleted.contains(old.id) == true)
    return (bench, old)
  }

  /// What the auditor says of a step that derives this and changes nothing.
  private func complaint(
    _ derive: (inout CryptoEngine, KeyMaterial) -> KeyMaterial, _ outputs: (KeyMaterial) -> [UE.Output] = { _ in [] }
  )
    throws -> String?
  {
    let (bench, old) = try rekeyed()
    bench.engine.derivations = []
    let key = derive(&bench.engine, old)
    bench.keys?.look(at: bench.engine.derivations ?? [], from: bench.ue, to: bench.ue, outputs(key))
    return bench.keys?.complaint
  }

  @Test func `every key of a deleted KASME is found, whether it is given out or not`() throws {
    #expect(try complaint { $0.deriveKeNB(kasme: $1, uplinkNASCount: 1) } != nil)
    #expect(try complaint { $0.deriveNextHop(kasme: $1, syncInput: $1) } != nil)
    #expect(try complaint { $0.deriveNASEncryptionKey(kasme: $1, .eea2) } != nil)
    #expect(try complaint { $0.deriveNASIntegrityKey(kasme: $1, .eia2) } != nil)
    #expect(try complaint { $0.deriveHandoverToUTRANKeys(kasme: $1, downlinkNASCount: 1) } != nil)
    #expect(try complaint { $0.deriveNASToken(kasme: $1, uplinkNASCount: 1) } != nil)
    #expect(try complaint { $0.deriveKeNBStar(from: $1, pci: 1, earfcnDL: 1) } != nil)
    #expect(try complaint { engine, _ in engine.deriveKeNB(kasme: KeyMaterial([1]), uplinkNASCount: 1) } != nil)
    #expect(try complaint { _, old in old } == nil)
  }

  @Test func `a context, a trigger and a KeNB that were kept are found`() throws {
    let (bench, old) = try rekeyed()
    let before = bench.ue
    var kept = bench.ue
    kept.keNBTrigger = UE.KeNBTrigger(kasme: old, count: .zero)
    bench.keys?.look(at: [], from: before, to: kept, [])
    #expect(bench.keys?.complaint != nil)
    let (other, _) = try rekeyed()
    other.keys?.look(at: [], from: other.ue, to: other.ue, [.keNB(old, uplinkNASCount: .zero)])
    #expect(other.keys?.complaint != nil)
    let (third, gone) = try rekeyed()
    var revived = third.ue
    revived.contexts = SecurityContexts(
      current: SecurityContext(
        kasme: gone, keySetIdentifier: 0, side: .userEquipment, algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2),
        using: &third.engine))
    third.keys?.look(at: [], from: third.ue, to: revived, [])
    #expect(third.keys?.complaint == "a deleted KASME is held again")
  }

  @Test func `an uplink message with a COUNT that was used is found, and one that no context opens`() throws {
    let (bench, _) = try rekeyed()
    let before = bench.ue
    let outputs = bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(outputs.uplinks.count == 1 && bench.uplinks?.complaint == nil)
    bench.uplinks?.look(from: before, to: bench.ue, outputs, isTakenBack: false)
    #expect(bench.uplinks?.complaint != nil)
    let (other, _) = try rekeyed()
    var octets = try #require(other.give(.sendStatus(.protocolErrorUnspecified, afterLosing: 0)).uplinks.first)
    octets[2] ^= 1
    other.uplinks?.look(from: other.ue, to: other.ue, [.uplinkNAS(octets)], isTakenBack: false)
    #expect(other.uplinks?.complaint == "an uplink message verifies under no context")
  }
}
