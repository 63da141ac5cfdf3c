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
    // But for the sequence numbers, which a USIM keeps inside whatever the attach was for.
    #expect(bench.ue.usimFiles == USIMFiles(sequenceNumbers: bench.ue.usim.sequenceNumbers))
    #expect(bench.ue.usim.sequenceNumbers != USIMSequenceNumbers())
  }

  @Test func sequenceNumbersOctetForOctet() throws {
    var numbers = USIMSequenceNumbers(indexBits: 2, delta: 0x0102, ageLimit: 7)
    numbers.accept(5 << 2 | 1)
    numbers.accept(6 << 2 | 3)
    let octets = SequenceNumberFile.encoded(numbers, imsi: "001010123456780")
    let head: [UInt8] = [0x53, 0x51, 0x4E, 1, 8, 0x09, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0x08]
    let content: [UInt8] =
      [2] + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0, 0, 0, 0, 7] + [0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 5] + [0, 0, 0, 0, 0, 0]
      + [0, 0, 0, 0, 0, 6]
    #expect(octets.dropLast(4) == (head + content)[...])
    #expect(try SequenceNumberFile.decode(octets, imsi: "001010123456780") == numbers)
    #expect(throws: USIMFileError.self) { try SequenceNumberFile.decode(octets, imsi: "001010123456781") }
    // The check value of CRC-32: that of "123456789".
    #expect(CheckedRecord.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
  }

  @Test func sequenceNumbersThatCannotBeAreRefused() {
    for (bits, sequence) in [(UInt8(17), UInt64(0)), (2, 1 << 46), (3, 0)] {
      let content = [bits] + [UInt8](repeating: 0, count: 16) + (0..<4).flatMap { _ in bigEndian(sequence, count: 6) }
      let octets = SequenceNumberFile.record.encoded(content, imsi: Bench.imsi)
      #expect(throws: USIMFileError.self, "\(bits), \(sequence)") { try SequenceNumberFile.decode(octets, imsi: Bench.imsi) }
    }
  }

  @Test func memoryOctetForOctet() throws {
    let memory = MobileEquipmentMemory(written: .milliseconds(0x0102), t3346: .milliseconds(0x0304))
    let octets = memory.encoded(imsi: "001010123456780")
    #expect(octets.prefix(4) == [0x4E, 0x56, 0x4D, 1] && octets.count == 33)
    #expect(octets[13..<29] == [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4])
    #expect(try MobileEquipmentMemory(decoding: octets, imsi: "001010123456780") == memory)
    // A timer that runs does not become one that does not.
    let short = MobileEquipmentMemory(t3346: .nanoseconds(1))
    #expect(try MobileEquipmentMemory(decoding: short.encoded(imsi: Bench.imsi), imsi: Bench.imsi).t3346 == .milliseconds(1))
    let endless = MobileEquipmentMemory(t3346: .seconds(31 * 320 * 3600 + 1))
    #expect(throws: USIMFileError.self) { try MobileEquipmentMemory(decoding: endless.encoded(imsi: Bench.imsi), imsi: Bench.imsi) }
  }

  @Test func t3346OutlivesTheSwitchOff() throws {
    // §5.3.9: t1 - t at switch-on.
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    var reject = Bench.attachReject(.congestion)
    reject.set(AttachReject.t3346Value, GPRSTimer(seconds: 600))
    bench.deliver(reject, .ciphered)
    #expect(bench.ue.t3346Left(at: .seconds(60)) == .seconds(540))
    let files = bench.ue.usimFiles
    bench.ue = UE(
      configuration: bench.ue.configuration, usim: bench.ue.usim, files: files, memory: MobileEquipmentState(t3346: .seconds(500)),
      using: &bench.engine)
    #expect(bench.give(.powerOn).contains(.startTimer(.t3346, after: .seconds(500))))
    #expect(bench.give(.attach).events == [.attachFailed(.backedOff)])
    #expect(bench.give(.timerExpired(.t3346)).contains { if case .establishConnection = $0 { true } else { false } })
    #expect(bench.ue.t3346Left(at: .zero) == nil)
  }
}
