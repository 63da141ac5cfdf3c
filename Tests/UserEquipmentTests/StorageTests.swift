import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// EF_EPSLOCI, EF_EPSNSC (TS 31.102 §4.2.91, §4.2.92) and when they are valid (TS 24.301 §4.4.2.1, Annex C).
@Suite struct StorageTests {
  @Test func locationInformationOctetForOctet() throws {
    let location = EPSLocationInformation(guti: Bench.guti, lastVisitedTrackingArea: Bench.area, updateStatus: .updated)
    let octets: [UInt8] = [
      0x0B, 0xF6, 0x00, 0xF1, 0x10, 0x80, 0x01, 0x01, 0xC0, 0x00, 0x00, 0x01, 0x00, 0xF1, 0x10, 0x00, 0x07, 0x00,
    ]
    #expect(location.encoded() == octets)
    #expect(try EPSLocationInformation(decoding: octets) == location)
    let empty = EPSLocationInformation()
    #expect(empty.encoded() == [UInt8](repeating: 0xFF, count: 16) + [0xFE, 0x01])
    #expect(try EPSLocationInformation(decoding: empty.encoded()) == empty)
  }

  @Test func securityContextOctetForOctet() throws {
    var engine = CryptoEngine()
    let context = SecurityContext(
      kasme: KeyMaterial([UInt8](0..<32)), keySetIdentifier: 3, side: .userEquipment,
      algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia1),
      counts: NASCountPair(nextToSend: NASCount(0x01_0203), largestAccepted: NASCount(0x04_05)), using: &engine)
    let file = EPSNASSecurityContextFile(storing: context)
    let octets: [UInt8] =
      [0xA0, 0x34, 0x80, 1, 3, 0x81, 32] + [UInt8](0..<32) + [0x82, 4, 0, 1, 2, 3, 0x83, 4, 0, 0, 4, 5, 0x84, 1, 0x21]
    #expect(file.encoded() == octets && octets.count == 54)
    #expect(try EPSNASSecurityContextFile(decoding: octets) == file)
    #expect(try EPSNASSecurityContextFile(decoding: octets).context(using: &engine) == context)
  }

  @Test func whatMayNotBeStoredIsMarkedInvalid() throws {
    var engine = CryptoEngine()
    let mapped = SecurityContext(
      mapping: InterSystemTests.umts, nonceUE: 1, nonceMME: 2, keySetIdentifier: 1, side: .userEquipment,
      algorithms: InterSystemTests.algorithms, using: &engine)
    let null = SecurityContext.nullForEmergency(
      localKASME: KeyMaterial([UInt8](repeating: 1, count: 32)), side: .userEquipment, using: &engine)
    let worn = SecurityContext(
      kasme: KeyMaterial([UInt8](repeating: 1, count: 32)), keySetIdentifier: 1, side: .userEquipment,
      algorithms: InterSystemTests.algorithms, using: &engine
    ).with(next: nil)
    for context in [mapped, null, worn, nil] {
      let file = EPSNASSecurityContextFile(storing: context)
      #expect(file == .invalid && file.encoded()[4] == 7 && file.encoded().count == 54)
      #expect(try EPSNASSecurityContextFile(decoding: file.encoded()) == .invalid)
    }
    #expect(try EPSNASSecurityContextFile(decoding: [UInt8](repeating: 0xFF, count: 54)) == .invalid)
  }

  @Test func corruptFilesAreErrors() {
    let good =
      [0xA0, 0x34, 0x80, 1, 3, 0x81, 32] + [UInt8](repeating: 9, count: 32)
      + [0x82, 4, 0, 0, 0, 1, 0x83, 4, 0, 0, 0, 1, 0x84, 1, 0x21] as [UInt8]
    let faults: [(Int, UInt8)] = [(0, 0xA1), (1, 0x70), (2, 0x85), (3, 2), (4, 8), (6, 31), (40, 3), (41, 1), (53, 0x51), (53, 0x20)]
    for (at, value) in faults {
      var bad = good
      bad[at] = value
      #expect(throws: USIMFileError.self, "octet \(at)") { try EPSNASSecurityContextFile(decoding: bad) }
    }
    #expect(throws: USIMFileError.self) { try EPSNASSecurityContextFile(decoding: Array(good.dropLast())) }
    #expect(throws: USIMFileError.self) { try EPSLocationInformation(decoding: [1, 2, 3]) }
    var location = EPSLocationInformation(guti: Bench.guti).encoded()
    location[1] = 0xF4
    #expect(throws: USIMFileError.self) { try EPSLocationInformation(decoding: location) }
    location[1] = 0xF6
    location[17] = 7
    #expect(throws: USIMFileError.self) { try EPSLocationInformation(decoding: location) }
  }

  @Test func anyOctetsAreReadOrRefused() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<5_000 {
      var octets = random.octets(54)
      if Bool.random(using: &random) { octets.replaceSubrange(0..<7, with: [0xA0, 0x34, 0x80, 1, 3, 0x81, 32]) }
      _ = try? EPSNASSecurityContextFile(decoding: octets)
      _ = try? EPSLocationInformation(decoding: Array(octets.prefix(18)))
    }
  }

  @Test func powerOffAndOnUnderTheStoredContext() throws {
    let bench = Bench()
    #expect(bench.ue.usimFiles == USIMFiles())
    try bench.attach()
    // In use: marked invalid.
    #expect(bench.ue.usimFiles.security == .invalid && bench.ue.usimFiles.location.guti == Bench.guti)
    try bench.assertSends(bench.give(.detach(switchOff: true)), .detachRequestFromUE, header: .integrityProtectedAndCiphered)
    let files = bench.ue.usimFiles
    let stored = try EPSNASSecurityContextFile(decoding: files.security.encoded())
    let context = try #require(bench.ue.contexts.current)
    #expect(stored.record?.uplinkNASCount == context.uplinkNASCount && stored.record?.downlinkNASCount == context.downlinkNASCount)

    bench.ue = UE(configuration: bench.ue.configuration, usim: bench.ue.usim, files: files, using: &bench.engine)
    bench.give(.powerOn)
    let request = try bench.assertSends(bench.give(.attach), .attachRequest, header: .integrityProtected)
    #expect(try request[AttachRequest.epsMobileIdentity] == .guti(Bench.guti))
    #expect(try request[AttachRequest.nasKeySetIdentifier] == NASKeySetIdentifier(.native, value: 0))
    #expect(bench.ue.usimFiles.security == .invalid)
    // The network goes on under the context without SMC.
    bench.deliver(Bench.identityRequest(.imei), .ciphered)
    #expect(bench.ue.hasSecureExchange)
  }

  @Test func emergencyRegistrationsLeaveNothing() throws {
    let bench = Bench { $0.attachesForEmergency = true }
    try bench.attach()
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.usimFiles == USIMFiles())
  }
}
