import NASCrypto
import NASMessages
import Testing

@testable import NASSecurity

/// TS 24.301 §4.4.2.1: which contexts stand after what.
@Suite struct SecurityContextsTests {
  let partial = PartialNativeSecurityContext(kasme: key(9), keySetIdentifier: 2)

  @Test func aAuthenticationReplacesTheNonCurrentContextOnly() {
    var engine = CryptoEngine()
    let current = context(.userEquipment, type: .mapped, using: &engine)
    var contexts = SecurityContexts(mapped: current, pushing: context(.userEquipment, kasme: key(3), using: &engine))
    contexts.authenticated(partial)
    #expect(contexts == SecurityContexts(current: current, partial: partial))
    let second = PartialNativeSecurityContext(kasme: key(10), keySetIdentifier: 3)
    contexts.authenticated(second)
    #expect(contexts == SecurityContexts(current: current, partial: second))
  }

  @Test func bTakingThePartialContextDeletesThePreviousOne() {
    var engine = CryptoEngine()
    var contexts = SecurityContexts(current: context(.userEquipment, using: &engine), partial: partial)
    let taken = SecurityContext(
      taking: partial, side: .userEquipment, algorithms: NASAlgorithms(ciphering: .eea1, integrity: .eia1), using: &engine)
    contexts.take(taken)
    #expect(contexts == SecurityContexts(current: taken))
    #expect(contexts.eKSI == NASKeySetIdentifier(.native, value: 2))
  }

  @Test func newAlgorithmsForTheCurrentContextLeaveThePartialOne() {
    var engine = CryptoEngine()
    let current = context(.userEquipment, using: &engine)
    var contexts = SecurityContexts(current: current, partial: partial)
    var changed = current
    changed.select(NASAlgorithms(ciphering: .eea3, integrity: .eia3), using: &engine)
    contexts.take(changed)
    #expect(contexts == SecurityContexts(current: changed, partial: partial))
  }

  @Test func fTakingTheFullNativeContextDeletesTheMappedOne() {
    var engine = CryptoEngine()
    let native = context(.userEquipment, kasme: key(3), eKSI: 1, using: &engine)
    var contexts = SecurityContexts(mapped: context(.userEquipment, type: .mapped, using: &engine), pushing: native)
    contexts.take(native)
    #expect(contexts == SecurityContexts(current: native))
  }

  @Test func gDeregistrationBringsTheNativeContextBack() {
    var engine = CryptoEngine()
    let native = context(.userEquipment, kasme: key(3), eKSI: 1, using: &engine)
    let mapped = context(.userEquipment, type: .mapped, using: &engine)
    var contexts = SecurityContexts(mapped: mapped, pushing: native)
    contexts.deregistered()
    #expect(contexts == SecurityContexts(current: native))

    contexts = SecurityContexts(current: mapped, partial: partial)
    contexts.deregistered()
    #expect(contexts == SecurityContexts())

    contexts = SecurityContexts(current: native, partial: partial)
    contexts.deregistered()
    #expect(contexts == SecurityContexts(current: native))
  }

  @Test func withoutAContextThereIsNoKey() {
    #expect(SecurityContexts().eKSI == .noKey)
    // A partial context is not told: only the current one protects (§4.4.2.1).
    #expect(SecurityContexts(partial: partial).eKSI == .noKey)
  }

  @Test func theExhaustedContextGoesAndThePartialOneStays() {
    var engine = CryptoEngine()
    var contexts = SecurityContexts(current: context(.userEquipment, using: &engine), partial: partial)
    contexts.deleteCurrent()
    #expect(contexts == SecurityContexts(partial: partial))
    contexts.deleteAll()
    #expect(contexts == SecurityContexts())
  }

  @Test func newAlgorithmsMeanNewKeysAndTheSameCOUNTs() {
    var engine = CryptoEngine()
    let counts = NASCountPair(nextToSend: NASCount(77), largestAccepted: NASCount(33))
    var changed = context(.userEquipment, counts: counts, using: &engine)
    changed.select(NASAlgorithms(ciphering: .eea1, integrity: .eia3), using: &engine)
    #expect(changed == context(.userEquipment, ciphering: .eea1, integrity: .eia3, counts: counts, using: &engine))
  }

  @Test func bothSidesTellTheirCOUNTsAlike() {
    // §4.4.3.1: uplink is the next to use, downlink the largest used.
    var engine = CryptoEngine()
    let ue = context(.userEquipment, using: &engine)
    let mme = context(.mme, using: &engine)
    #expect(ue.uplinkNASCount == .zero && mme.uplinkNASCount == .zero)
    #expect(ue.downlinkNASCount == nil && mme.downlinkNASCount == nil)
  }
}
