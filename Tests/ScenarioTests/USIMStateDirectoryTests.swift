import Foundation
import NASMessages
import Testing
import UserEquipment

@testable import Scenario

/// Files of USIMs on disk: read back as written, and never overwritten when they are not what they should be.
@Suite struct USIMStateDirectoryTests {
  let imsi = "001010123456780"
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("nasue-usim-\(UUID().uuidString)").path

  func withDirectory(_ body: (USIMStateDirectory) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(USIMStateDirectory(path))
  }

  var files: USIMFiles {
    let plmn = PLMN("00101")!
    return USIMFiles(
      location: EPSLocationInformation(
        guti: GUTI(plmn: plmn, mmeGroupID: 2, mmeCode: 3, mTMSI: 4), lastVisitedTrackingArea: TrackingAreaIdentity(plmn: plmn, tac: 7),
        updateStatus: .updated))
  }

  @Test func aNewCardHasNothing() throws {
    try withDirectory { directory in
      let files = try directory.read(imsi: imsi)
      #expect(files == USIMFiles())
    }
  }

  @Test func whatWasWrittenIsRead() throws {
    try withDirectory { directory in
      try directory.write(files, imsi: imsi)
      #expect(try directory.read(imsi: imsi) == files)
      try directory.write(USIMFiles(), imsi: imsi)
      #expect(try directory.read(imsi: imsi) == USIMFiles())
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(imsi)").sorted() == ["6F07", "6FE3", "6FE4"])
    }
  }

  @Test func efIMSI() {
    #expect(USIMStateDirectory.encoded(imsi: imsi) == [8, 0x09, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0x08])
  }

  @Test func aCorruptFileIsToldAndKept() throws {
    try withDirectory { directory in
      try directory.write(files, imsi: imsi)
      for name in ["6FE3", "6FE4", "6F07"] {
        let file = URL(fileURLWithPath: "\(path)/\(imsi)/\(name)")
        let before = try Data(contentsOf: file)
        try Data([1, 2, 3]).write(to: file)
        let error = #expect(throws: InputFileError.self) { try directory.read(imsi: imsi) }
        #expect(error?.file == file.path && error?.message.isEmpty == false)
        #expect(try Data(contentsOf: file) == Data([1, 2, 3]))
        try before.write(to: file)
      }
    }
  }

  @Test func anotherCardsFilesAreToldAndKept() throws {
    try withDirectory { directory in
      try directory.write(files, imsi: "001010999999999")
      try FileManager.default.moveItem(atPath: "\(path)/001010999999999", toPath: "\(path)/\(imsi)")
      #expect(throws: InputFileError.self) { try directory.read(imsi: imsi) }
      try FileManager.default.removeItem(atPath: "\(path)/\(imsi)/6F07")
      #expect(throws: InputFileError.self) { try directory.read(imsi: imsi) }
    }
  }

  @Test func aDirectoryThatCannotBeIsTold() {
    #expect(throws: InputFileError.self) { try USIMStateDirectory("/dev/null/x").write(files, imsi: imsi) }
  }
}
