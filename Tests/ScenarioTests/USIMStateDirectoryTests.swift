import Foundation
import NASCrypto
import NASMessages
import NASSecurity
import Synchronization
import Testing
import UserEquipment

@testable import Scenario

/// Files of USIMs on disk: read back as written, never overwritten when they are not what they should be, consistent after any crash.
@Suite struct USIMStateDirectoryTests {
  let imsi = "001010123456780"
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-usim-\(UUID().uuidString)").path
  static let names = ["6F07", "6F7B", "6FE3", "6FE4", "NVM", "SQN"]

  func withDirectory(_ body: (USIMStateDirectory) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(USIMStateDirectory(path))
  }

  func file(_ name: String) -> URL { URL(fileURLWithPath: "\(path)/\(imsi)/\(name)") }

  /// What a UE leaves after its `number`th registration: each differs from the one before in every file.
  func state(_ number: UInt8, isValid: Bool = true) -> USIMStateDirectory.State {
    let plmn = PLMN("00101")!
    var engine = CryptoEngine()
    var numbers = USIMSequenceNumbers()
    for index in 1...UInt64(number) { numbers.accept(index << 5 | index) }
    let context = SecurityContext(
      kasme: KeyMaterial([UInt8](repeating: number, count: 32)), keySetIdentifier: number % 7, side: .userEquipment,
      algorithms: NASAlgorithms(ciphering: .eea2, integrity: .eia2), using: &engine)
    return USIMStateDirectory.State(
      usim: USIMFiles(
        location: EPSLocationInformation(
          guti: GUTI(plmn: plmn, mmeGroupID: 2, mmeCode: 3, mTMSI: UInt32(number)),
          lastVisitedTrackingArea: TrackingAreaIdentity(plmn: plmn, tac: UInt16(number)), updateStatus: .updated),
        security: isValid ? EPSNASSecurityContextFile(storing: context) : .invalid, sequenceNumbers: numbers,
        forbiddenPLMNs: [PLMN("00102")!, PLMN("262\(10 + Int(number))")!]),
      memory: MobileEquipmentMemory(written: .seconds(1_700_000_000), t3346: .seconds(Int(number))))
  }

  @Test func aNewCardHasNothing() throws {
    try withDirectory { directory in
      let state = try directory.read(imsi: imsi)
      #expect(state == USIMStateDirectory.State())
    }
  }

  @Test func whatWasWrittenIsRead() throws {
    try withDirectory { directory in
      for state in [state(1), state(2, isValid: false), USIMStateDirectory.State(), state(3)] {
        try directory.write(state, imsi: imsi)
        #expect(try directory.read(imsi: imsi) == state)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(imsi)").sorted() == Self.names)
      #expect(try Data(contentsOf: file("6F07")) == Data([8, 0x09, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0x08]))
      #expect(try Data(contentsOf: file("6FE3")).count == 18)
      #expect(try Data(contentsOf: file("6FE4")).count == 54)
      #expect(try Data(contentsOf: file("6F7B")).count == 120)
      #expect(try Data(contentsOf: file("SQN")).count == 4 + 9 + 17 + 32 * 6 + 4)
      #expect(try Data(contentsOf: file("NVM")).count == 4 + 9 + 16 + 6 + 4 + 4)
    }
  }

  // MARK: A card without EF_EPSLOCI and EF_EPSNSC

  /// EF_UST without service 85.
  static let bareTable: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xEF, 0xFF]

  @Test func aCardWithoutTheFilesLeavesThemToThePhone() throws {
    // TS 24.301 Annex C.
    try withDirectory { directory in
      try FileManager.default.createDirectory(atPath: "\(path)/\(imsi)", withIntermediateDirectories: true)
      try Data(Self.bareTable).write(to: file("6F38"))
      #expect(try !directory.read(imsi: imsi).hasEMMInformation)
      for number: UInt8 in [1, 2] {
        var state = state(number)
        state.hasEMMInformation = false
        try directory.write(state, imsi: imsi)
        #expect(try directory.read(imsi: imsi) == state)
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(imsi)").sorted() == ["6F07", "6F38", "6F7B", "EMM", "NVM", "SQN"])
      #expect(try Data(contentsOf: file("EMM")).count == 4 + 9 + 18 + 54 + 4)
      // A table of too few octets does not have the service either; with it the card's files count, and there are none.
      try Data([0xFF]).write(to: file("6F38"))
      #expect(try !directory.read(imsi: imsi).hasEMMInformation)
      try Data([UInt8](repeating: 0, count: 10) + [0x10]).write(to: file("6F38"))
      let other = try directory.read(imsi: imsi)
      #expect(other.hasEMMInformation && other.usim.location.guti == nil && other.usim.security.record == nil)
    }
  }

  @Test func whatThePhoneKeepsOfAnotherCardIsToldAndKept() throws {
    try withDirectory { directory in
      var state = state(1)
      state.hasEMMInformation = false
      try directory.write(state, imsi: imsi)
      try Data(Self.bareTable).write(to: file("6F38"))
      let foreign = EMMInformationFile.encoded(state.usim.location, state.usim.security, imsi: "001010000000009")
      for wrong in [foreign, Array(try Data(contentsOf: file("EMM")).dropLast()), []] {
        try Data(wrong).write(to: file("EMM"))
        #expect(throws: USIMStateError.self) { try directory.read(imsi: imsi) }
        #expect(try Data(contentsOf: file("EMM")) == Data(wrong))
      }
    }
  }

  /// Reading refuses, names the file and what it expected, and leaves the file as it is.
  private func expectRefusal(_ directory: USIMStateDirectory, _ name: String, _ octets: Data, _ what: Comment) throws {
    let before = try Data(contentsOf: file(name))
    try octets.write(to: file(name))
    let error = #expect(throws: USIMStateError.self, what) { try directory.read(imsi: imsi) }
    guard case .content(let content) = error else {
      Issue.record("\(what): not told as a matter of content")
      return
    }
    #expect(content.file == file(name).path && !content.message.isEmpty, what)
    #expect(try Data(contentsOf: file(name)) == octets, what)
    // No run begins on it, and none overwrites it.
    let slot = USIMSlot(directory, wallClock: { .zero })
    #expect(throws: USIMStateError.self, what) { try slot.insert(imsi: imsi) }
    #expect(try Data(contentsOf: file(name)) == octets, what)
    try before.write(to: file(name))
  }

  @Test func aCorruptFileIsToldAndKept() throws {
    try withDirectory { directory in
      try directory.write(state(1), imsi: imsi)
      for name in Self.names {
        let whole = try Data(contentsOf: file(name))
        for count in 0..<whole.count { try expectRefusal(directory, name, whole.prefix(count), "\(name) cut to \(count)") }
      }
      for name in ["SQN", "NVM", "6F07"] {
        let whole = try Data(contentsOf: file(name))
        for index in whole.indices {
          var bad = whole
          bad[index] ^= 0x10
          try expectRefusal(directory, name, bad, "\(name), octet \(index)")
        }
      }
      try expectRefusal(directory, "6FE3", try Data(contentsOf: file("6FE3")) + [0], "6FE3 too long")
      try expectRefusal(directory, "SQN", try Data(contentsOf: file("SQN")) + [0], "SQN too long")
    }
  }

  @Test func anotherCardsFilesAreToldAndKept() throws {
    let other = "001010999999999"
    try withDirectory { directory in
      try directory.write(state(2), imsi: other)
      try directory.write(state(1), imsi: imsi)
      for name in ["6F07", "SQN", "NVM", "6FE4"] {
        try expectRefusal(directory, name, try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(other)/\(name)")), "\(name) of another")
      }
      let owner = try Data(contentsOf: file("6F07"))
      try FileManager.default.removeItem(at: file("6F07"))
      #expect(throws: USIMStateError.self) { try directory.read(imsi: imsi) }
      try owner.write(to: file("6F07"))
      #expect(try directory.read(imsi: imsi) == state(1))
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsTold() throws {
    for place in ["/dev/null/x", "/proc/nasue", "/dev/null"] {
      let error = #expect(throws: USIMStateError.self) { try USIMStateDirectory(place).write(state(1), imsi: imsi) }
      guard case .place(let words) = error else {
        Issue.record("\(place): not told as a matter of the place")
        continue
      }
      #expect(words.hasPrefix("/"))
      #expect(throws: USIMStateError.self) { try USIMSlot(USIMStateDirectory(place), wallClock: { .zero }).insert(imsi: imsi) }
    }
  }

  @Test func oneRunAtATime() throws {
    try withDirectory { directory in
      var first: USIMSlot? = USIMSlot(directory, wallClock: { .zero })
      _ = try first?.insert(imsi: imsi)
      let pauses = Mutex(0)
      let second = USIMSlot(directory, wallClock: { .zero }, pause: { pauses.withLock { $0 += 1 } })
      let error = #expect(throws: USIMStateError.self) { try second.insert(imsi: imsi) }
      #expect(error?.description.contains("another run") == true)
      #expect(pauses.withLock { $0 } == USIMSlot.attempts - 1)
      _ = try second.insert(imsi: "001010123456781")
      first = nil
      _ = try second.insert(imsi: imsi)
    }
  }

  @Test func `a lock that outlasts its run for a moment, in a process that is just being started, is waited for`() throws {
    try withDirectory { directory in
      var first: USIMSlot? = USIMSlot(directory, wallClock: { .zero })
      _ = try first?.insert(imsi: imsi)
      // What a child shares between fork and exec: the same open file.
      var shared = try #require((0..<1024).first { isFolderOfCard($0) }.map { dup($0) })
      first = nil
      var pauses = 0
      let second = USIMSlot(
        directory, wallClock: { .zero },
        pause: {
          pauses += 1
          if pauses == 3 {
            close(shared)
            shared = -1
          }
        })
      _ = try second.insert(imsi: imsi)
      #expect(pauses == 3 && shared == -1)
    }
  }

  @Test func `the lock is closed when another program is executed`() throws {
    try withDirectory { directory in
      let slot = USIMSlot(directory, wallClock: { .zero })
      _ = try slot.insert(imsi: imsi)
      let descriptor = try #require((0..<1024).first { isFolderOfCard($0) })
      #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }
  }

  private func isFolderOfCard(_ descriptor: Int32) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == "\(path)/\(imsi)"
  }

  // MARK: Crashes

  /// Counts the steps of writing and ends at one of them, as if the power went.
  private final class Power: Sendable {
    let left: Mutex<Int>
    init(_ steps: Int) { left = Mutex(steps) }
    var isGone: Bool {
      left.withLock {
        $0 -= 1
        return $0 < 0
      }
    }
    /// Whether it went.
    var went: Bool { left.withLock { $0 < 0 } }
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)], [true, false])
  func aCrashAtAnyStepLeavesTheOldOrTheNewContextOrNone(areValid: (Bool, Bool), hasFiles: Bool) throws {
    var (old, new) = (state(1, isValid: areValid.0), state(2, isValid: areValid.1))
    (old.hasEMMInformation, new.hasEMMInformation) = (hasFiles, hasFiles)
    let names = hasFiles ? Self.names : ["6F07", "6F38", "6F7B", "EMM", "NVM", "SQN"]
    var isThrough = false
    for steps in 0..<100 {
      try withDirectory { whole in
        try whole.write(old, imsi: imsi)
        if !hasFiles { try Data(Self.bareTable).write(to: file("6F38")) }
        let power = Power(steps)
        var directory = whole
        directory.files.isInterrupted = { _, _ in power.isGone }
        do throws(USIMStateError) { try directory.write(new, imsi: imsi) } catch { #expect(power.went) }
        let found = try whole.read(imsi: imsi)
        if found.usim.security.record != nil {
          // A valid context is that of the GUTI and the sequence numbers beside it, and is never older than them.
          #expect(found.usim == old.usim || found.usim == new.usim, "step \(steps)")
        }
        #expect([old, new].contains { $0.usim.location == found.usim.location }, "step \(steps)")
        #expect([old, new].contains { $0.usim.sequenceNumbers == found.usim.sequenceNumbers }, "step \(steps)")
        #expect([old, new].contains { $0.memory == found.memory }, "step \(steps)")
        // And the next run writes over what lies there half-done.
        try whole.write(new, imsi: imsi)
        #expect(try whole.read(imsi: imsi) == new)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(imsi)").sorted() == names)
        if !power.went { #expect(steps > 10) }
        isThrough = !power.went
      }
      if isThrough { return }
    }
    Issue.record("the writing never came to its end")
  }

  @Test func aCrashAtAnyStepOfTheFirstWritingLeavesANewCardOrTheFiles() throws {
    let new = state(1)
    for steps in 0..<40 {
      try withDirectory { whole in
        let power = Power(steps)
        var directory = whole
        directory.files.isInterrupted = { _, _ in power.isGone }
        do throws(USIMStateError) { try directory.write(new, imsi: imsi) } catch { #expect(power.went) }
        let found = try whole.read(imsi: imsi)
        #expect(found.usim.security.record == nil || found == new, "step \(steps)")
        try whole.write(new, imsi: imsi)
        #expect(try whole.read(imsi: imsi) == new)
      }
    }
  }

  @Test func aWriterThatFailsIsToldAndEndsNothing() throws {
    try withDirectory { whole in
      var directory = whole
      let power = Power(100)
      directory.files.isInterrupted = { _, _ in power.isGone }
      let slot = USIMSlot(directory, wallClock: { .zero })
      _ = try slot.insert(imsi: imsi)
      power.left.withLock { $0 = 2 }
      var ue = Worlds.ue(Worlds.credentials())
      var engine = CryptoEngine()
      ue = UE(configuration: ue.configuration, usim: ue.usim, files: state(2).usim, using: &engine)
      slot.keep(ue, at: .zero)
      #expect(slot.failure != nil)
    }
  }
}
