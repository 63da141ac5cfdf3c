import NASCrypto
import NASMessages
import NASSecurity
import Testing

@testable import UserEquipment

/// What a phone and its card keep beyond EF_EPSLOCI and EF_EPSNSC while they are switched off: T3396 (TS 24.301 §6.5.1.4.2), the forbidden
/// PLMN list in EF_FPLMN (§5.5.1.2.5, TS 31.102 §4.2.16), UE radio capability IDs (Annex C).
@Suite struct NonVolatileMemoryTests {
  @Test(arguments: ["ims", nil] as [AccessPointName?])
  func `T3396 that runs at switch-off is restarted at switch-on with what is left of it, by access point`(name: AccessPointName?) throws {
    let bench = Bench()
    try bench.attach()
    bench.give(.requestSession(.connect(name)))
    let transaction = try #require(bench.ue.sessions.transactions.first)
    var reject = NASMessage(.pdnConnectivityReject, procedureTransactionIdentity: transaction.identity)
    reject.set(PDNConnectivityReject.esmCause, .insufficientResources)
    reject.set(PDNConnectivityReject.backOffTimerValue, GPRSTimer3(seconds: 600))
    try bench.synchroniseNetwork()
    bench.deliver(reject, .ciphered)
    bench.give(.detach(switchOff: true))
    #expect(bench.ue.isBackedOff(name))

    let soon = try bench.restarted(after: .seconds(100))
    #expect(soon.ue.isBackedOff(name) && !soon.ue.isBackedOff("mms"))
    #expect(soon.give(.powerOn).contains(.startSessionTimer(ESMTimer(t3396: name), after: .seconds(500))))
    #expect(soon.ue.mobileEquipmentState(at: .seconds(20)).t3396.map(\.left) == [.seconds(480)])
    soon.give(.sessionTimerExpired(ESMTimer(t3396: name)))
    #expect(!soon.ue.isBackedOff(name))

    let late = try bench.restarted(after: .seconds(600))
    #expect(!late.ue.isBackedOff(name))
    #expect(!late.give(.powerOn).contains { if case .startSessionTimer = $0 { true } else { false } })
    // The clock was set back: all of it runs.
    #expect(try bench.restarted(after: .seconds(-5)).ue.mobileEquipmentState(at: .zero).t3396.map(\.left) == [.seconds(600)])
  }

  @Test func `a T3396 that is deactivated ends with switching off`() throws {
    let bench = Bench()
    try bench.attach()
    bench.ue.sessionBackOffs = [SessionBackOff(accessPointName: "ims", isDeactivated: true)]
    bench.give(.detach(switchOff: true))
    #expect(try !bench.restarted(after: .seconds(1)).ue.isBackedOff("ims"))
  }

  @Test func `what the mobile equipment remembers is another IMSI's: it is not used`() {
    let memory = MobileEquipmentMemory(
      written: .zero, state: MobileEquipmentState(t3396: [.init(accessPointName: "ims", left: .seconds(5))]))
    #expect(throws: USIMFileError.self) { try MobileEquipmentMemory(decoding: memory.encoded(imsi: Bench.imsi), imsi: "001010000000009") }
  }

  @Test func `the memory octet for octet, with access points and radio capability IDs`() throws {
    let state = MobileEquipmentState(
      t3396: [.init(accessPointName: "a.bc", left: .milliseconds(0x0102)), .init(accessPointName: nil, left: .milliseconds(3))],
      radioCapabilityIDs: [AssignedRadioCapabilityID(plmn: Bench.plmn, identity: UERadioCapabilityID(octets: [0x21]))])
    let memory = MobileEquipmentMemory(written: .milliseconds(5), state: state)
    let octets = memory.encoded(imsi: Bench.imsi)
    #expect(
      octets[29..<(octets.count - 4)] == [
        2, 5, 1, 0x61, 2, 0x62, 0x63, 0, 0, 0, 0, 0, 0, 1, 2, 0xFF, 0, 0, 0, 0, 0, 0, 0, 3, 1, 0x00, 0xF1, 0x10, 1, 0x21,
      ])
    #expect(try MobileEquipmentMemory(decoding: octets, imsi: Bench.imsi) == memory)
  }

  @Test(arguments: [(0, nil), (0x0102, nil), (0x0102, 7)] as [(Int64, UInt32?)])
  func `T3245 in the memory octet for octet, before the checksum`(left: Int64, checksum: UInt32?) throws {
    var memory = MobileEquipmentMemory(written: .milliseconds(5), state: MobileEquipmentState())
    memory.state.t3245 = .milliseconds(left)
    memory.contextChecksum = checksum
    let octets = memory.encoded(imsi: Bench.imsi)
    let tail: [UInt8] = [0, 0, 0, 0, 0, 0, UInt8(left >> 8), UInt8(left & 0xFF)] + (checksum.map { [0, 0, 0, UInt8($0)] } ?? [])
    #expect(Array(octets[29..<(octets.count - 4)]) == [0, 0, 0, 0, 0, 0] + tail)
    #expect(try MobileEquipmentMemory(decoding: octets, imsi: Bench.imsi) == memory)
    let record = MobileEquipmentMemory.record
    for spare in [1, 3, 9] {
      let content = [UInt8](repeating: 0, count: 16 + 6 + spare)
      #expect(throws: USIMFileError.self) {
        try MobileEquipmentMemory(decoding: record.encoded(content, imsi: Bench.imsi), imsi: Bench.imsi)
      }
    }
    let endless = [UInt8](repeating: 0, count: 16 + 6) + [1, 0, 0, 0, 0, 0, 0, 0]
    #expect(throws: USIMFileError.self) {
      try MobileEquipmentMemory(decoding: record.encoded(endless, imsi: Bench.imsi), imsi: Bench.imsi)
    }
  }

  @Test func `a memory that is cut short or tells of more than it has is refused`() {
    let content = [UInt8](repeating: 0, count: 16) + [1, 5, 1, 0x61, 2, 0x62, 0x63, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0x00, 0xF1, 0x10, 1, 0x21]
    let record = MobileEquipmentMemory.record
    #expect(throws: Never.self) {
      _ = try MobileEquipmentMemory(decoding: record.encoded(content, imsi: Bench.imsi), imsi: Bench.imsi)
    }
    for count in 0..<content.count where count != 16 {
      #expect(throws: USIMFileError.self, "\(count) octets") {
        try MobileEquipmentMemory(decoding: record.encoded(Array(content.prefix(count)), imsi: Bench.imsi), imsi: Bench.imsi)
      }
    }
    for (at, octet) in [(18, 0), (18, 99), (35, 0), (23, 0xFF)] as [(Int, UInt8)] {
      var wrong = content
      wrong[at] = octet
      #expect(throws: USIMFileError.self, "octet \(at)") {
        try MobileEquipmentMemory(decoding: record.encoded(wrong, imsi: Bench.imsi), imsi: Bench.imsi)
      }
    }
  }

  // MARK: Forbidden PLMNs

  private func rejected(_ cause: EMMCause) -> Bench {
    let bench = Bench()
    bench.give(.attach)
    bench.deliver(bench.challenge(), .plain)
    bench.deliver(bench.securityModeCommand())
    bench.deliver(Bench.attachReject(cause), .ciphered)
    return bench
  }

  @Test(arguments: [(11, true), (35, true), (14, false)] as [(UInt8, Bool)])
  func `#11 and #35 put the PLMN on the USIM's list, which outlives switching off; #14 forbids it until then`(
    cause: UInt8, stays: Bool
  ) throws {
    let bench = rejected(EMMCause(rawValue: cause))
    #expect(bench.ue.forbidden.contains(Bench.area))
    #expect(bench.ue.usimFiles.forbiddenPLMNs == (stays ? [Bench.plmn] : []))
    bench.give(.detach(switchOff: true))
    let next = try bench.restarted(after: .seconds(1))
    next.give(.powerOn)
    #expect(next.ue.forbidden.contains(Bench.area) == stays)
    // The same value, switched off and on.
    bench.give(.powerOn)
    #expect(bench.ue.forbidden.contains(Bench.area) == stays)
  }

  @Test func `a PLMN that accepts the UE after all leaves the list`() throws {
    let bench = Bench()
    bench.ue.forbidden.plmns = [PLMN("26201")!, Bench.plmn]
    bench.ue.forbidden.plmnsForPacketServices = [Bench.plmn]
    try bench.attach()
    #expect(bench.ue.forbidden.plmns == [PLMN("26201")!] && bench.ue.forbidden.plmnsForPacketServices.isEmpty)
  }

  @Test func `EF_FPLMN octet for octet: three octets a PLMN, FF in what is free, the oldest leave a full one`() throws {
    let octets = ForbiddenPLMNFile.encoded([Bench.plmn, PLMN("262420")!])
    #expect(octets.count == 120 && octets.prefix(9) == [0x00, 0xF1, 0x10, 0x62, 0x02, 0x24, 0xFF, 0xFF, 0xFF])
    #expect(try ForbiddenPLMNFile.decode(octets) == [Bench.plmn, PLMN("262420")!])
    var gap = octets
    gap.replaceSubrange(0..<3, with: [0xFF, 0xFF, 0xFF])
    #expect(try ForbiddenPLMNFile.decode(gap) == [PLMN("262420")!])
    let many = (0..<42).map { PLMN("26\(200 + $0)")! }
    #expect(try ForbiddenPLMNFile.decode(ForbiddenPLMNFile.encoded(many)) == Array(many.dropFirst(2)))
    for count in [0, 12, 119, 121, 123] {
      #expect(throws: USIMFileError.self) { try ForbiddenPLMNFile.decode([UInt8](repeating: 0xFF, count: count)) }
    }
    for (at, octet) in [(0, 0x0A), (1, 0xA1), (1, 0xFF), (2, 0x1F)] as [(Int, UInt8)] {
      var wrong = octets
      wrong[at] = octet
      #expect(throws: USIMFileError.self, "octet \(at)") { try ForbiddenPLMNFile.decode(wrong) }
      var location = EPSLocationInformation(guti: Bench.guti, lastVisitedTrackingArea: Bench.area).encoded()
      location[2 + at] = octet
      #expect(throws: USIMFileError.self, "GUTI, octet \(at)") { try EPSLocationInformation(decoding: location) }
      location = EPSLocationInformation(guti: Bench.guti, lastVisitedTrackingArea: Bench.area).encoded()
      location[12 + at] = octet
      #expect(throws: USIMFileError.self, "TAI, octet \(at)") { try EPSLocationInformation(decoding: location) }
    }
  }
}
