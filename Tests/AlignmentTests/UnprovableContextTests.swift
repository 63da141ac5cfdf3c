import NASCrypto
import NASMessages
import Testing
import Trace

@testable import Alignment

/// Contexts of which K and the wire prove nothing: nothing is said of them, and why.
@Suite("Contexts that cannot be proven")
struct UnprovableContextTests {
  static let kasme = "nas-context/kasme"

  private func command(_ network: borrowing SketchedNetwork, _ keySet: NASKeySetIdentifier, integrity: UInt8) -> [UInt8] {
    let message = network.plain(.securityModeCommand) {
      $0.set(SecurityModeCommand.selectedNASSecurityAlgorithms, NASSecurityAlgorithms(ciphering: 0, integrity: integrity))
      $0.set(SecurityModeCommand.nasKeySetIdentifier, keySet)
      $0.set(SecurityModeCommand.replayedUESecurityCapabilities, UESecurityCapability(octets: [0xf0, 0x70]))
    }
    return SecurityProtectedNAS(
      headerType: .integrityProtectedNewContext, mac: integrity == 0 ? 0 : 77, sequenceNumber: 0, payload: message
    )
    .octets
  }

  private func complete(_ network: borrowing SketchedNetwork) -> [UInt8] {
    SecurityProtectedNAS(
      headerType: .integrityProtectedAndCipheredNewContext, mac: 0, sequenceNumber: 0, payload: network.plain(.securityModeComplete)
    ).octets
  }

  private func outcomes(_ found: [Verdict]) -> [String: Verdict.Outcome] {
    Dictionary(found.map { ($0.slug, $0.verdict) }, uniquingKeysWith: { $1 })
  }

  @Test("under 128-EIA0 each side invents a KASME: not applicable, and what they say of the algorithms is compared")
  func emergency() throws {
    for hasOlder in [false, true] {
      var network = try SketchedNetwork()
      if hasOlder {
        try network.attach()
        try network.released()
        network.eNBID += 1
        network.mmeID += 1
      }
      try network.initial(network.attachRequest(network.imsi()))
      try network.down(command(network, NASKeySetIdentifier(value: 0), integrity: 0))
      try network.up(complete(network))
      try network.initialContextSetup(key: KeyMaterial([UInt8](repeating: 3, count: 32)))
      for owner in [TraceEntity.mme(0), .ue(UELabel(network.subscriber.imsi))] {
        network.report(owner) {
          $0.kasme = KeyMaterial([UInt8](repeating: owner == .mme(0) ? 1 : 2, count: 32))
          $0.eKSI = 0
          $0.integrityAlgorithm = .eia0
          $0.cipheringAlgorithm = .eea0
        }
      }
      let found = verdicts(network)
      #expect(misaligned(found) == [])
      let last = outcomes(found)
      #expect(last[Self.kasme] == .notApplicable)
      #expect(last["kenb-explained"] == .notApplicable)
      #expect(last["nas-context/uplink-nas-count"] == .notApplicable)
      #expect(last["nas-context/eksi"] == .aligned)
      #expect(found.last { $0.slug == Self.kasme }?.note.contains("128-EIA0") == true)
      network.report(.mme(0)) {
        $0.kasme = KeyMaterial([UInt8](repeating: 1, count: 32))
        $0.integrityAlgorithm = .eia0
        $0.cipheringAlgorithm = .eea1
      }
      #expect(misaligned(verdicts(network)) == ["nas-context/ciphering-algorithm"])
    }
  }

  @Test("a mapped context after an idle move from UTRAN is unobserved, not misaligned, until a native one is taken")
  func mapped() throws {
    var network = try SketchedNetwork()
    try network.attach()
    try network.released()
    network.eNBID += 1
    network.mmeID += 1
    try network.initial(network.attachRequest(network.imsi()))
    try network.down(command(network, NASKeySetIdentifier(.mapped, value: 3), integrity: 2))
    try network.up(complete(network))
    try network.initialContextSetup(key: KeyMaterial([UInt8](repeating: 3, count: 32)))
    var unknown = network.protection(0)
    unknown.kasme = KeyMaterial([UInt8](repeating: 7, count: 32))
    try network.down(network.protect(network.plain(.emmInformation), .integrityProtectedAndCiphered, .downlink, unknown))
    for owner in [TraceEntity.mme(0), .ue(UELabel(network.subscriber.imsi))] {
      network.report(owner) {
        $0.kasme = unknown.kasme
        $0.isMapped = true
        $0.eKSI = 3
      }
    }
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(outcomes(found)[Self.kasme] == .unobserved)
    #expect(found.last { $0.slug == "kenb-explained" }?.note.contains("mapped") == true)
    try network.secure(keySet: 4)
    network.report(.mme(0))
    #expect(outcomes(verdicts(network))[Self.kasme] == .aligned)
  }

  @Test("a UE that comes from 5GS names its mapped context: what fails its check is no fault; one that names a native one is")
  func fromN1() throws {
    for isMapped in [true, false] {
      var network = try SketchedNetwork()
      try network.attach()
      try network.released()
      network.eNBID += 1
      network.mmeID += 1
      let request = network.plain(.trackingAreaUpdateRequest) {
        $0.set(TrackingAreaUpdateRequest.epsUpdateType, EPSUpdateType(.taUpdating))
        $0.set(TrackingAreaUpdateRequest.nasKeySetIdentifier, NASKeySetIdentifier(isMapped ? .mapped : .native, value: 1))
        $0.set(TrackingAreaUpdateRequest.oldGUTI, .guti(network.guti))
      }
      var unknown = network.protection(3)
      unknown.kasme = KeyMaterial([UInt8](repeating: 7, count: 32))
      let octets = network.protect(request, .integrityProtected, .uplink, unknown)
      network.note(.nas(ue: UELabel(network.subscriber.imsi), .uplink, octets: octets))
      try network.initial(octets)
      #expect(misaligned(verdicts(network)) == (isMapped ? [] : ["self-check"]))
    }
  }

  @Test("what the UE has wrong shows: a COUNT used for a second message, a message ciphered with another algorithm")
  func ownFaults() throws {
    var again = try SketchedNetwork()
    try again.attach()
    let first = again.upProtected(again.plain(.gutiReallocationComplete))
    try again.up(first)
    try again.up(first)
    #expect(misaligned(verdicts(again)) == [])
    again.uplink -= 1
    try again.up(again.upProtected(again.plain(.trackingAreaUpdateComplete)))
    #expect(misaligned(verdicts(again)) == ["nas-context/uplink-nas-count"])

    var other = try SketchedNetwork()
    try other.attach()
    var wrong = other.protection(other.uplink)
    wrong.ciphering = .eea3
    try other.up(
      other.protect(
        other.plain(.gutiReallocationComplete) + [UInt8](repeating: 0, count: 12), .integrityProtectedAndCiphered, .uplink, wrong))
    #expect(misaligned(verdicts(other)) == ["nas-context/ciphering-algorithm"])
  }

  @Test("COMPLETE of an SMC that changes only ciphering, lost on the radio: the UE's next message shows that it took it")
  func lostComplete() throws {
    var network = try SketchedNetwork()
    try network.attach()
    network.ciphering = .eea3
    try network.down(network.downProtected(network.securityModeCommand(), .integrityProtectedNewContext))
    network.uplink += 1
    try network.up(network.upProtected(network.plain(.gutiReallocationComplete)))
    let found = verdicts(network)
    #expect(misaligned(found) == [])
    #expect(found.first { $0.slug == "nas-context/ciphering-algorithm" }?.expected == CipheringAlgorithm.eea3.description)
  }
}
